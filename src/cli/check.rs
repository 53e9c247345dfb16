//! `misread check`: reports every mistake in settings, environment, policy and texts, and changes nothing.

use std::io::{self, Write as _};
use std::process::ExitCode;

use serde::Serialize;

use super::json::{self, Format};
use crate::config::{self, Environment as _, ProcessEnvironment, Report};
use crate::domain::policy::Policy;
use crate::domain::reply::Macros;

/// The help on exit codes and the JSON document.
pub(super) const HELP: &str = "\
종료 코드: 0 모두 정상, 2 잘못된 곳이 있음.

JSON(--json): {\"good\", \"policy\": {version, rows}, \"macros\": {replies, paragraphs}, \"environment\"(good·not_looked_at),
\"problems\": [{place, what, help}]}. 잘못된 곳이 있으면 good은 false이고, problems 밖의 값은 null입니다.";

#[derive(Default, Serialize)]
struct Document {
    good: bool,
    policy: Option<PolicyFound>,
    macros: Option<MacrosFound>,
    environment: Option<&'static str>,
    problems: Vec<ProblemFound>,
}

#[derive(Serialize)]
struct PolicyFound {
    version: String,
    rows: usize,
}

#[derive(Serialize)]
struct MacrosFound {
    replies: usize,
    paragraphs: usize,
}

#[derive(Serialize)]
struct ProblemFound {
    place: String,
    what: String,
    help: Option<String>,
}

pub(super) fn run(format: Format) -> anyhow::Result<ExitCode> {
    // With no variable set, only the files are checked: operations edit them on machines without the service's secrets.
    let for_serve = is_for_serve();
    let loaded = if for_serve {
        config::load(&ProcessEnvironment).map(|loaded| (loaded.policy, loaded.macros))
    } else {
        config::load_files(&ProcessEnvironment).map(|files| (files.policy, files.macros))
    };
    match loaded {
        Err(report) if format.json => {
            json::print(&wrong(&report))?;
            Ok(ExitCode::from(super::wrong::WRONG))
        }
        Err(report) => Err(report.into()),
        Ok((policy, macros)) => {
            let found = found(&policy, &macros, for_serve);
            if format.json {
                json::print(&found)?;
            } else {
                tell(&found)?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn is_for_serve() -> bool {
    let set = ProcessEnvironment.names().into_iter().filter_map(|name| name.into_string().ok());
    let mut of_serve = set.filter(|name| name.starts_with("MISREAD_") && !name.starts_with("MISREAD_CONFIG"));
    of_serve.next().is_some()
}

fn found(policy: &Policy, macros: &Macros, for_serve: bool) -> Document {
    Document {
        good: true,
        policy: Some(PolicyFound { version: policy.hash().to_owned(), rows: policy.rows().count() }),
        macros: Some(MacrosFound { replies: macros.iter().count(), paragraphs: macros.paragraphs().count() }),
        environment: Some(if for_serve { "good" } else { "not_looked_at" }),
        problems: Vec::new(),
    }
}

fn wrong(report: &Report) -> Document {
    let problems = report.problems().map(|(place, problem)| ProblemFound {
        place,
        what: problem.what.clone(),
        help: problem.help.clone(),
    });
    Document { problems: problems.collect(), ..Document::default() }
}

fn tell(found: &Document) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "설정: 정상")?;
    if let Some(PolicyFound { version, rows }) = &found.policy {
        writeln!(out, "정책: 정상, {rows}행, 버전 {version}")?;
    }
    if let Some(MacrosFound { replies, paragraphs }) = &found.macros {
        writeln!(out, "글: 정상, 매크로 {replies}개, 문단 {paragraphs}개")?;
    }
    let environment = match found.environment {
        Some("good") => "정상",
        _ => "확인하지 않음 (`misread serve`의 MISREAD_ 변수가 하나도 없습니다)",
    };
    writeln!(out, "환경: {environment}")
}

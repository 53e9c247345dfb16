//! `misread case figures`: prints how often what happened, and what was moved, as counted when it happened.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::ExitCode;

use jiff::civil::Date;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::open;
use crate::app::upkeep;
use crate::cli::json::{self, Format};
use crate::cli::wrong::of_ledger;
use crate::domain::case::{Figures, FirstReplies};
use crate::story::figures::{first_replies, korean};

/// The help on the JSON document.
pub(super) const HELP: &str = "\
JSON(--json): {\"figures\": [{day(--by-day일 때만, 아니면 null), name, count}]}. name은 ended.settled, decided.정책행, acted.refund,
won.refund(원), written.reply, answered.identity.yes, heard.not_understood, ordered.retry, deliveries, stuck과 같습니다.
reply.first.*는 티켓의 첫 알림을 받은 때부터 서비스의 첫 공개 답변까지입니다: count(건수), seconds(초의 합),
within_10s·30s·1m·5m·15m·1h·4h·1d(그 시간 안에 답변한 건수). 답변한 날에 셉니다.";

#[derive(Serialize)]
struct Document<'a> {
    figures: Vec<Figure<'a>>,
}

#[derive(Serialize)]
struct Figure<'a> {
    day: Option<Date>,
    name: &'a str,
    count: u64,
}

pub(super) async fn run(since: Option<Date>, by_day: bool, format: Format) -> anyhow::Result<ExitCode> {
    let ledger = open().await?;
    // What an earlier version left, if the service has not counted it yet.
    let (_, unreadable) = upkeep::count(ledger.as_ref(), &CancellationToken::new()).await?;
    for error in &unreadable {
        writeln!(io::stderr(), "세지 않았습니다. {}", of_ledger(error))?;
    }
    let all = match since {
        Some(since) => ledger.figures_since(since).await?,
        None => ledger.figures().await?,
    };
    let figures = if by_day { each_day(&all) } else { sums(&all) };
    if format.json {
        json::print(&Document { figures })?;
    } else {
        tell(&figures)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn each_day(all: &Figures) -> Vec<Figure<'_>> {
    all.iter().map(|((day, name), count)| Figure { day: Some(*day), name, count: *count }).collect()
}

fn sums(all: &Figures) -> Vec<Figure<'_>> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for ((_, name), count) in all {
        *sums.entry(name).or_default() += count;
    }
    sums.into_iter().map(|(name, count)| Figure { day: None, name, count }).collect()
}

fn tell(figures: &[Figure<'_>]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for Figure { day, name, count } in figures {
        let day = day.map(|day| format!("{day}  ")).unwrap_or_default();
        writeln!(out, "{day}{count:>9}  {} ({name})", korean(name))?;
    }
    for of_day in figures.chunk_by(|one, next| one.day == next.day) {
        let sum = |name: &str| of_day.iter().filter(|one| one.name == name).map(|one| one.count).sum();
        if let Some(told) = first_replies(&FirstReplies::of(sum)) {
            let day = of_day[0].day.map(|day| format!("{day}  ")).unwrap_or_default();
            writeln!(out, "{day}{told}")?;
        }
    }
    Ok(())
}

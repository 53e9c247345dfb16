//! `misread policy diff`: lists every situation whose outcome differs between two policies.

use std::io::{self, Write as _};
use std::process::ExitCode;

use serde::Serialize;

use super::{Cell, Gate};
use crate::cli::json::{self, Format};
use crate::domain::policy::{Change, Condition, Outcome, Policy, Row, Then, Trust, compare};

/// The help on exit codes and the JSON document.
pub(super) const HELP: &str = "\
종료 코드: 0 정상(달라지는 것이 있어도 0), 1 실패, 2 잘못된 명령이나 파일. --exit-code를 쓰면 달라지는 상황이 있을 때 3입니다.

JSON(--json): {\"old\", \"new\"(정책 버전), \"situations\"(달라지는 상황의 수), \"changes\": [{before, after: {row, outcome, trust},
situations, differences(한국어 문장), conditions: [[{input, values}]]}]}";

#[derive(Serialize)]
struct Document<'a> {
    old: &'a str,
    new: &'a str,
    situations: usize,
    changes: Vec<Changed<'a>>,
}

#[derive(Serialize)]
struct Changed<'a> {
    before: Side<'a>,
    after: Side<'a>,
    situations: usize,
    differences: Vec<String>,
    conditions: Vec<Vec<Cell>>,
}

#[derive(Serialize)]
struct Side<'a> {
    row: &'a str,
    outcome: Option<&'a Outcome>,
    trust: Trust,
}

pub(super) fn run(old: &Policy, new: &Policy, gate: Gate, format: Format) -> anyhow::Result<ExitCode> {
    let changes = compare(old, new);
    if format.json {
        json::print(&document(old, new, &changes))?;
    } else {
        tell(old, new, &changes)?;
    }
    Ok(gate.code(!changes.is_empty()))
}

fn situations(changes: &[Change<'_>]) -> usize {
    changes.iter().map(|change| change.situations.len()).sum()
}

fn document<'a>(old: &'a Policy, new: &'a Policy, changes: &'a [Change<'a>]) -> Document<'a> {
    let listed = |change: &'a Change<'a>| Changed {
        before: side(change.before, change.trust.0),
        after: side(change.after, change.trust.1),
        situations: change.situations.len(),
        differences: change.differences(),
        conditions: change.in_short(new).iter().map(|line| line.iter().map(Cell::of).collect()).collect(),
    };
    Document {
        old: old.hash(),
        new: new.hash(),
        situations: situations(changes),
        changes: changes.iter().map(listed).collect(),
    }
}

fn side(row: &Row, trust: Trust) -> Side<'_> {
    let outcome = match &row.then {
        Then::Outcome(outcome) => Some(outcome),
        Then::Decide => None,
    };
    Side { row: &row.id, outcome, trust }
}

fn tell(old: &Policy, new: &Policy, changes: &[Change<'_>]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "정책 {} ⇒ {}", old.hash(), new.hash())?;
    if changes.is_empty() {
        return writeln!(out, "달라지는 상황이 없습니다.");
    }
    writeln!(out, "달라지는 상황: {}개", situations(changes))?;
    for change in changes {
        let Change { before, after, situations, .. } = change;
        writeln!(out, "\n{} ⇒ {}  (상황 {}개)", before.id, after.id, situations.len())?;
        writeln!(out, "  이전: {}\n  이후: {}", before.then, after.then)?;
        for difference in change.differences() {
            writeln!(out, "  * {difference}")?;
        }
        for conditions in change.in_short(new) {
            let conditions: Vec<String> = conditions.iter().map(Condition::to_string).collect();
            let all = if conditions.is_empty() { "모든 상황".to_owned() } else { conditions.join(", ") };
            writeln!(out, "    {all}")?;
        }
    }
    Ok(())
}

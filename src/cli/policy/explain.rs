//! `misread policy explain`: shows which row fires in a situation, and why the others do not.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use serde::Serialize;

use crate::app::open_ledger;
use crate::cli::aligned::{line, widths};
use crate::cli::json::{self, Format};
use crate::cli::wrong::Mistyped;
use crate::config::{self, ProcessEnvironment};
use crate::domain::case::Entry;
use crate::domain::ids::TicketId;
use crate::domain::policy::{Decision, Explanation, InputValue, Miss, Outcome, Policy, Row};
use crate::domain::seoul::seoul;
use crate::story::policy::{self as words, trusted};

/// The help on the JSON document.
pub(super) const HELP: &str = "\
JSON(--json): {\"recorded\": --ticket일 때 {ticket_id, at, policy, row, outcome}, 아니면 null, \"decision\": {policy, row, reason, trust, inputs,
outcome}, \"rows\": [적용된 행: {id, table, sentence, source}], \"others\": [{row, input, wants, is}](input이 null이면 결정표를 보지 않음)}";

#[derive(Serialize)]
struct Document<'a> {
    recorded: Option<Recorded<'a>>,
    decision: &'a Decision,
    rows: Vec<Fired<'a>>,
    others: Vec<Other<'a>>,
}

#[derive(Serialize)]
struct Recorded<'a> {
    ticket_id: TicketId,
    at: Timestamp,
    policy: &'a str,
    row: &'a str,
    outcome: &'a Outcome,
}

#[derive(Serialize)]
struct Fired<'a> {
    id: &'a str,
    table: &'static str,
    sentence: &'a str,
    source: &'a str,
}

#[derive(Serialize)]
struct Other<'a> {
    row: &'a str,
    input: Option<&'static str>,
    wants: Vec<&'static str>,
    is: Option<&'static str>,
}

/// A ticket's last decision.
type Last = (TicketId, Timestamp, Decision);

pub(super) async fn run(
    policy: &Policy,
    situation: &[(String, String)],
    ticket: Option<TicketId>,
    format: Format,
) -> anyhow::Result<ExitCode> {
    let last = match ticket {
        Some(id) => Some(last_decision(id).await?),
        None => None,
    };
    let explanation = match &last {
        None => typed(policy, situation)?,
        Some((id, _, decision)) => {
            // A journal may lack an input of today's tables. That is a failure, not a mistake in the command line.
            let cannot_say =
                || format!("정책 {}(으)로는 티켓 {id}의 판단을 설명할 수 없습니다", policy.hash());
            policy.explain(&decision.inputs).with_context(cannot_say)?
        }
    };
    if format.json {
        json::print(&document(last.as_ref(), &explanation))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    if let Some(last) = &last {
        recorded(&mut text, policy, last)?;
    }
    explain(&mut text, policy, &explanation)?;
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn typed<'a>(policy: &'a Policy, situation: &[(String, String)]) -> Result<Explanation<'a>, Mistyped> {
    let explained = policy.complete(situation).and_then(|inputs| policy.explain(&inputs));
    explained.map_err(|unanswered| Mistyped(unanswered.to_string()))
}

async fn last_decision(id: TicketId) -> anyhow::Result<Last> {
    let address = config::load_database_url(&ProcessEnvironment)?;
    let loaded = open_ledger(&address).await?.load(id).await?;
    let decided = loaded.journal.into_iter().rev().find_map(|recorded| match recorded.entry {
        Entry::Decided { decision } => Some((id, recorded.at, *decision)),
        _ => None,
    });
    match decided {
        Some(decided) => Ok(decided),
        None => bail!(
            "원장에 티켓 {id}의 판단이 없습니다. `misread case show {id}`로 어디까지 왔는지 볼 수 있습니다."
        ),
    }
}

fn document<'a>(last: Option<&'a Last>, explanation: &'a Explanation<'a>) -> Document<'a> {
    let Explanation { decision, gate, row, others, .. } = explanation;
    let recorded = |(ticket_id, at, decision): &'a Last| Recorded {
        ticket_id: *ticket_id,
        at: *at,
        policy: &decision.policy,
        row: &decision.row,
        outcome: &decision.outcome,
    };
    let fired = |row: &&'a Row| Fired {
        id: &row.id,
        table: row.table.code(),
        sentence: &row.sentence,
        source: &row.source,
    };
    Document {
        recorded: last.map(recorded),
        decision,
        rows: gate.iter().chain([row]).map(fired).collect(),
        others: others.iter().map(|(row, miss)| other(row, miss)).collect(),
    }
}

fn other<'a>(row: &'a Row, miss: &Miss<'_>) -> Other<'a> {
    match miss {
        Miss::Cell { input, wants, is } => Other {
            row: &row.id,
            input: Some(input.code),
            wants: wants.iter().map(|value| value.code).collect(),
            is: Some(is.code),
        },
        Miss::NotAsked => Other { row: &row.id, input: None, wants: Vec::new(), is: None },
    }
}

/// Writes the recorded decision, which may be of another policy than the explanation below it.
fn recorded(text: &mut String, policy: &Policy, (id, at, decision): &Last) -> fmt::Result {
    let time = seoul(*at).strftime("%Y-%m-%d %H:%M");
    writeln!(text, "티켓 {id}: {time}, 정책 {}의 행 {}(으)로 판단했습니다.", decision.policy, decision.row)?;
    writeln!(text, "  → {}", decision.outcome)?;
    let now = if decision.policy == policy.hash() { "같은 정책" } else { "그때와 다른 정책" };
    writeln!(text, "아래는 {now} {}(으)로 설명합니다.\n", policy.hash())
}

fn explain(text: &mut String, policy: &Policy, explanation: &Explanation<'_>) -> fmt::Result {
    let Explanation { decision, gate, row, others, .. } = explanation;
    writeln!(text, "정책 {}", policy.hash())?;
    for row in gate.iter().chain([row]) {
        writeln!(text, "적용  {} [[{}]]: {}", row.id, row.table.code(), row.sentence)?;
    }
    writeln!(text, "  → {}", decision.outcome)?;
    if let Some((_, todo)) = decision.outcome.hand_over() {
        writeln!(text, "    {todo}")?;
    }
    writeln!(text, "  신뢰 단계: {}", trusted(decision.trust, row))?;
    writeln!(text, "  이유: {}\n  근거: {}", decision.reason, row.source)?;
    writeln!(text, "\n입력")?;
    columns(text, &decision.inputs.iter().map(input).collect::<Vec<_>>())?;
    writeln!(text, "\n다른 행이 적용되지 않은 까닭")?;
    let others = others.iter().map(|(row, miss)| vec![row.id.clone(), miss.to_string()]);
    columns(text, &others.collect::<Vec<_>>())
}

fn input(input: &InputValue) -> Vec<String> {
    let (name, value) = words::input(input);
    vec![format!("{}={}", input.name, input.value), format!("{name}: {value}"), input.source.clone()]
}

fn columns(text: &mut String, rows: &[Vec<String>]) -> fmt::Result {
    let widths = widths(rows);
    rows.iter().try_for_each(|cells| writeln!(text, "  {}", line(cells, &widths)))
}

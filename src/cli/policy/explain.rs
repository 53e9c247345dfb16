//! `misread policy explain`: which row fires and why no other does.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use jiff::Timestamp;

use super::aligned::{line, widths};
use super::trusted;
use crate::app::open_ledger;
use crate::cli::Mistyped;
use crate::config::{self, ProcessEnvironment};
use crate::domain::case::Entry;
use crate::domain::ids::TicketId;
use crate::domain::policy::{Decision, Explanation, InputValue, Policy, korean_words};
use crate::domain::seoul::seoul;

pub(super) async fn run(
    policy: &Policy,
    situation: &[(String, String)],
    ticket: Option<TicketId>,
) -> anyhow::Result<ExitCode> {
    let mut text = String::new();
    let explanation = match ticket {
        None => typed(policy, situation)?,
        Some(id) => {
            let (at, decision) = last_decision(id).await?;
            recorded(&mut text, policy, id, at, &decision)?;
            // A journal may be older than an input of today's tables; nobody typed that.
            let cannot_say = || format!("ticket {id} cannot be explained with policy {}", policy.hash());
            policy.explain(&decision.inputs).with_context(cannot_say)?
        }
    };
    explain(&mut text, policy, &explanation)?;
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn typed<'a>(policy: &'a Policy, situation: &[(String, String)]) -> Result<Explanation<'a>, Mistyped> {
    let explained = policy.complete(situation).and_then(|inputs| policy.explain(&inputs));
    explained.map_err(|unanswered| Mistyped(unanswered.to_string()))
}

async fn last_decision(id: TicketId) -> anyhow::Result<(Timestamp, Decision)> {
    let address = config::load_database_url(&ProcessEnvironment)?;
    let loaded = open_ledger(&address).await?.load(id).await?;
    let decided = loaded.journal.into_iter().rev().find_map(|recorded| match recorded.entry {
        Entry::Decided { decision } => Some((recorded.at, *decision)),
        _ => None,
    });
    match decided {
        Some(decided) => Ok(decided),
        None => {
            bail!("ticket {id} has no decision in the ledger: `misread case show {id}` shows how far it came")
        }
    }
}

/// What was decided then, where the policy may have been another one.
fn recorded(
    text: &mut String,
    policy: &Policy,
    id: TicketId,
    at: Timestamp,
    decision: &Decision,
) -> fmt::Result {
    let time = seoul(at).strftime("%Y-%m-%d %H:%M");
    writeln!(text, "ticket {id}: decided at {time} by row {} of policy {}", decision.row, decision.policy)?;
    writeln!(text, "  → {}", decision.outcome)?;
    let now = if decision.policy == policy.hash() { "the same policy" } else { "ANOTHER policy" };
    writeln!(text, "explained below with {now}, {}\n", policy.hash())
}

fn explain(text: &mut String, policy: &Policy, explanation: &Explanation<'_>) -> fmt::Result {
    let Explanation { decision, gate, row, others } = explanation;
    writeln!(text, "policy {}", policy.hash())?;
    for row in gate.iter().chain([row]) {
        writeln!(text, "fires  {} [[{}]]: {}", row.id, row.table.code(), row.sentence)?;
    }
    writeln!(text, "  → {}", decision.outcome)?;
    if let Some((_, todo)) = decision.outcome.hand_over() {
        writeln!(text, "    {todo}")?;
    }
    writeln!(text, "  신뢰 단계: {}", trusted(decision.trust, row))?;
    writeln!(text, "  이유: {}\n  근거: {}", decision.reason, row.source)?;
    writeln!(text, "\ninputs")?;
    columns(text, &decision.inputs.iter().map(input).collect::<Vec<_>>())?;
    writeln!(text, "\nwhy no other row")?;
    let others = others.iter().map(|(row, miss)| vec![row.id.clone(), miss.to_string()]);
    columns(text, &others.collect::<Vec<_>>())
}

fn input(input: &InputValue) -> Vec<String> {
    let (name, value) = korean_words(&input.name, &input.value).unwrap_or((&input.name, &input.value));
    vec![format!("{}={}", input.name, input.value), format!("{name}: {value}"), input.source.clone()]
}

fn columns(text: &mut String, rows: &[Vec<String>]) -> fmt::Result {
    let widths = widths(rows);
    rows.iter().try_for_each(|cells| writeln!(text, "  {}", line(cells, &widths)))
}

//! `misread case`: cases and their journals, for people.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::bail;
use jiff::Timestamp;

use crate::app::open_ledger;
use crate::config::{self, ProcessEnvironment};
use crate::domain::ids::TicketId;
use crate::domain::korea::seoul;
use crate::ports::CaseState;

pub(super) async fn list(state: Option<CaseState>, limit: usize) -> anyhow::Result<ExitCode> {
    let address = config::load_database_url(&ProcessEnvironment)?;
    let cases = open_ledger(&address).await?.list(state, limit).await?;
    let mut out = io::stdout().lock();
    if cases.is_empty() {
        writeln!(out, "no cases")?;
    }
    for case in cases {
        let due = case.due_at.map(|at| format!("  due {}", time(at))).unwrap_or_default();
        writeln!(
            out,
            "{:>12}  {:<8}  changed {}{due}",
            case.ticket_id,
            name(case.state),
            time(case.updated_at)
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn show(id: TicketId) -> anyhow::Result<ExitCode> {
    let address = config::load_database_url(&ProcessEnvironment)?;
    let loaded = open_ledger(&address).await?.load(id).await?;
    if loaded.journal.is_empty() && loaded.deliveries.is_empty() {
        bail!("there is no case for ticket {id}: `misread case list` shows those there are");
    }
    let mut out = io::stdout().lock();
    writeln!(out, "ticket {id}, times in Asia/Seoul")?;
    for recorded in &loaded.journal {
        writeln!(out, "{:>4}  {}  {}", recorded.position, time(recorded.at), recorded.entry)?;
    }
    for delivery in &loaded.deliveries {
        writeln!(
            out,
            "   -  {}  delivery {} ({}) waits to be taken in",
            time(delivery.received_at),
            delivery.id,
            delivery.kind
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

fn name(state: CaseState) -> &'static str {
    match state {
        CaseState::Active => "active",
        CaseState::Waiting => "waiting",
        CaseState::Ended => "ended",
        CaseState::Stuck => "STUCK",
    }
}

fn time(at: Timestamp) -> String {
    seoul(at).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

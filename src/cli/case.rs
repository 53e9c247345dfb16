//! `misread case`: cases and their journals, for people.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::config::{self, ProcessEnvironment};
use crate::domain::ids::TicketId;
use crate::domain::korea::seoul;
use crate::ports::{CaseState, Store};
use crate::store;

pub(super) async fn list(state: Option<CaseState>, limit: usize) -> anyhow::Result<ExitCode> {
    let cases = open().await?.list(state, limit).await?;
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
    let loaded = open().await?.load(id).await?;
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

async fn open() -> anyhow::Result<Arc<dyn Store>> {
    let address = config::load_database_url(&ProcessEnvironment)?;
    store::open(&address, Arc::new(Notify::new())).await.context("the ledger cannot be opened")
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

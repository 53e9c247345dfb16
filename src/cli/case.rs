//! `misread case`: cases and their journals, for people; and what people may do to them.

mod erase;
mod figures;
mod order;
mod unread;
mod who;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::app::open_ledger;
use crate::config::{self, ProcessEnvironment};
use crate::domain::case::{Case, OrderKind, Rest};
use crate::domain::ids::TicketId;
use crate::domain::seoul::seoul;
use crate::ports::{CaseState, Ledger};

#[derive(Debug, Subcommand)]
pub(super) enum CaseCommand {
    /// List cases, the latest changed first; stuck ones with their reason.
    List {
        /// Only cases in this state.
        #[arg(long, value_enum)]
        state: Option<StateArgument>,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Show one ticket's journal as a timeline.
    Show {
        /// The Zendesk ticket id.
        id: TicketId,
    },
    /// Let stuck cases go on where they stopped, and paused ones at once. A running service takes it up within seconds.
    Retry(order::OrderArguments),
    /// Hand cases to general agents, with a note of all that is known. A running service does it within seconds.
    HandOver(order::OrderArguments),
    /// Erase what is known of a customer: journals and deliveries of cases that have ended. Zendesk and backups keep theirs.
    Erase(erase::EraseArguments),
    /// Count what happened: deliveries, decisions by row, actions, texts, endings. What was erased is counted too.
    Figures {
        /// Only since this day in Seoul, such as 2026-10-01.
        #[arg(long)]
        since: Option<Date>,
        /// Each day by itself.
        #[arg(long)]
        by_day: bool,
    },
    /// List the words of customers that were not understood, by tickets, so that config/words.toml grows from them.
    Unread {
        /// Only since this day in Seoul, such as 2026-10-01.
        #[arg(long)]
        since: Option<Date>,
        /// So many words.
        #[arg(long, default_value_t = 100)]
        at_most: usize,
    },
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum StateArgument {
    Active,
    Waiting,
    Ended,
    Stuck,
}

impl From<StateArgument> for CaseState {
    fn from(state: StateArgument) -> Self {
        match state {
            StateArgument::Active => Self::Active,
            StateArgument::Waiting => Self::Waiting,
            StateArgument::Ended => Self::Ended,
            StateArgument::Stuck => Self::Stuck,
        }
    }
}

pub(super) async fn run(command: CaseCommand) -> anyhow::Result<ExitCode> {
    match command {
        CaseCommand::List { state, limit } => list(state.map(CaseState::from), limit).await,
        CaseCommand::Show { id } => show(id).await,
        CaseCommand::Retry(arguments) => order::run(OrderKind::Retry, arguments).await,
        CaseCommand::HandOver(arguments) => order::run(OrderKind::HandOver, arguments).await,
        CaseCommand::Erase(arguments) => erase::run(arguments).await,
        CaseCommand::Figures { since, by_day } => figures::run(since, by_day).await,
        CaseCommand::Unread { since, at_most } => unread::run(since, at_most).await,
    }
}

/// The ledger that the service works on.
pub(super) async fn open() -> anyhow::Result<Arc<dyn Ledger>> {
    open_ledger(&config::load_database_url(&ProcessEnvironment)?).await
}

/// Where a case stands, by its journal.
enum Standing {
    Active,
    Waiting,
    Ended,
    Stuck(String),
}

/// How many entries a ticket's journal has, and where its case stands; `None`: there is no case.
async fn fold(ledger: &dyn Ledger, id: TicketId) -> anyhow::Result<Option<(usize, Standing)>> {
    let loaded = ledger.load(id).await?;
    if loaded.journal.is_empty() && loaded.deliveries.is_empty() {
        return Ok(None);
    }
    let case = Case::fold(id, loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry)));
    let standing = match case.rest {
        Some(Rest::Stuck(reason)) => Standing::Stuck(reason),
        Some(Rest::Waiting(_)) => Standing::Waiting,
        Some(Rest::Ended(_)) => Standing::Ended,
        None => Standing::Active,
    };
    Ok(Some((loaded.journal.len(), standing)))
}

async fn list(state: Option<CaseState>, limit: usize) -> anyhow::Result<ExitCode> {
    let ledger = open().await?;
    let cases = ledger.list(state, limit).await?;
    let mut out = io::stdout().lock();
    if cases.is_empty() {
        writeln!(out, "no cases")?;
    }
    for case in cases {
        let due = case.due_at.map(|at| format!("  due {}", time(at))).unwrap_or_default();
        let why = match case.state {
            CaseState::Stuck => reason(&*ledger, case.ticket_id).await?,
            _ => String::new(),
        };
        writeln!(
            out,
            "{:>12}  {:<8}  changed {}{due}{why}",
            case.ticket_id,
            name(case.state),
            time(case.updated_at)
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn reason(ledger: &dyn Ledger, id: TicketId) -> anyhow::Result<String> {
    Ok(match fold(ledger, id).await? {
        Some((_, Standing::Stuck(reason))) => format!("  {reason}"),
        _ => String::new(),
    })
}

async fn show(id: TicketId) -> anyhow::Result<ExitCode> {
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
            "   -  {}  waits to be taken in: {}",
            time(delivery.received_at),
            delivery.asks.entry(delivery.id)
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

pub(super) fn time(at: Timestamp) -> String {
    seoul(at).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

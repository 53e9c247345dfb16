//! `misread case retry` and `misread case hand-over`: for one ticket, some, or all that are stuck.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Args;

use super::who::By;
use super::{Standing, fold, open};
use crate::app::{SystemClock, upkeep};
use crate::domain::case::{Order, OrderKind};
use crate::domain::ids::TicketId;
use crate::ports::{CaseState, Clock as _, Ledger};

/// Which cases, and who orders it.
#[derive(Debug, Args)]
pub(in crate::cli) struct OrderArguments {
    /// The Zendesk ticket ids.
    #[arg(required_unless_present = "stuck")]
    ids: Vec<TicketId>,
    /// Instead: all cases that are stuck.
    #[arg(long, conflicts_with = "ids")]
    stuck: bool,
    /// Of the stuck ones, only those with this in their reason.
    #[arg(long, requires = "stuck", value_name = "TEXT")]
    because: Option<String>,
    /// Only say what would be ordered.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    by: By,
}

pub(super) async fn run(what: OrderKind, arguments: OrderArguments) -> anyhow::Result<ExitCode> {
    let by = arguments.by.name()?;
    let ledger = open().await?;
    let OrderArguments { ids, stuck, because, dry_run, .. } = arguments;
    let tickets = if stuck { stuck_ones(&*ledger, because.as_deref()).await? } else { ids };
    let mut out = io::stdout().lock();
    if tickets.is_empty() {
        writeln!(out, "no such case is stuck")?;
    }
    let mut all_ordered = true;
    // A person's machine may have another time than the service, which would take the order up only then.
    let now = ledger.time().await?.unwrap_or_else(|| SystemClock.now());
    for id in tickets {
        match refusal(what, fold(&*ledger, id).await?.map(|(_, standing)| standing)) {
            Some(why) => {
                all_ordered = false;
                writeln!(io::stderr(), "error: ticket {id}: {why}")?;
            }
            None if dry_run => writeln!(out, "{id:>12}  would be ordered: {}", told(what))?,
            None => {
                let order = Order { what, by: by.clone() };
                upkeep::order(&*ledger, id, order, now).await?;
                writeln!(out, "{id:>12}  ordered: {}", told(what))?;
            }
        }
    }
    Ok(if all_ordered { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn stuck_ones(ledger: &dyn Ledger, because: Option<&str>) -> anyhow::Result<Vec<TicketId>> {
    let mut found = Vec::new();
    for case in ledger.list(Some(CaseState::Stuck), usize::MAX).await? {
        let standing = fold(ledger, case.ticket_id).await?.map(|(_, standing)| standing);
        let fits = match &standing {
            Some(Standing::Stuck(reason)) => because.is_none_or(|text| reason.contains(text)),
            _ => false,
        };
        if fits {
            found.push(case.ticket_id);
        }
    }
    Ok(found)
}

/// Why an order would come to nothing.
fn refusal(what: OrderKind, standing: Option<Standing>) -> Option<&'static str> {
    match (what, standing) {
        (_, None) => Some("there is no case for it: `misread case list` shows those there are"),
        (_, Some(Standing::Ended)) => Some("its case has ended; people go on with it in Zendesk"),
        (OrderKind::Retry, Some(Standing::Waiting)) => {
            Some("its case is not stuck: it waits, and goes on by itself (`misread case show`)")
        }
        (_, Some(Standing::Active | Standing::Stuck(_))) | (OrderKind::HandOver, Some(Standing::Waiting)) => {
            None
        }
    }
}

fn told(what: OrderKind) -> &'static str {
    match what {
        OrderKind::Retry => "try again",
        OrderKind::HandOver => "hand over to general agents",
    }
}

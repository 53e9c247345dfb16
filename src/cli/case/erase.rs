//! `misread case erase`: what is known of a customer, by ticket or by account.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Args;

use super::who::By;
use super::{Standing, fold, open};
use crate::app::{SystemClock, upkeep};
use crate::domain::ids::TicketId;
use crate::ports::{Clock as _, Ledger, Tickets};

/// Tickets that are looked for at a time.
const PAGE: usize = 500;

/// Whose record, and who erases it.
#[derive(Debug, Args)]
pub(in crate::cli) struct EraseArguments {
    /// The Zendesk ticket ids.
    #[arg(required_unless_present = "account")]
    ids: Vec<TicketId>,
    /// Instead: every ticket in whose journal this app account stands.
    #[arg(long, conflicts_with = "ids", value_name = "ID")]
    account: Option<String>,
    /// Afterwards write the database anew, so that its files hold no rest of it either. A SQLite ledger takes no deliveries while
    /// its file is copied twice: Zendesk sends them again, but not for long.
    #[arg(long)]
    compact: bool,
    /// Only say what would be erased.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    by: By,
}

pub(super) async fn run(arguments: EraseArguments) -> anyhow::Result<ExitCode> {
    let by = arguments.by.name()?;
    let ledger = open().await?;
    let EraseArguments { ids, account, compact, dry_run, .. } = arguments;
    let tickets = match &account {
        Some(account) => mentioning(&*ledger, account).await?,
        None => ids,
    };
    let mut out = io::stdout().lock();
    if tickets.is_empty() {
        writeln!(out, "no journal mentions this account")?;
    }
    let mut all_erased = true;
    for id in tickets {
        if dry_run {
            writeln!(out, "{id:>12}  {}", would(fold(&*ledger, id).await?.as_ref()))?;
            continue;
        }
        match upkeep::erase(&*ledger, id, SystemClock.now(), &by).await {
            Ok(upkeep::Erased::Entries(entries)) => {
                writeln!(out, "{id:>12}  erased: {entries} journal entries and the deliveries")?;
            }
            Ok(upkeep::Erased::Nothing) => writeln!(out, "{id:>12}  nothing to erase")?,
            Err(upkeep::NotErased::Store(error)) => return Err(error.into()),
            Err(error) => {
                all_erased = false;
                writeln!(io::stderr(), "error: {error}")?;
            }
        }
    }
    if compact && !dry_run {
        ledger.compact().await?;
        writeln!(out, "the database was written anew")?;
    }
    Ok(if all_erased { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn mentioning(ledger: &dyn Ledger, account: &str) -> anyhow::Result<Vec<TicketId>> {
    let mut found = Vec::new();
    loop {
        let page = ledger.tickets(Tickets::Mentioning(account), found.last().copied(), PAGE).await?;
        if page.is_empty() {
            return Ok(found);
        }
        found.extend(page);
    }
}

fn would(found: Option<&(usize, Standing)>) -> String {
    match found {
        None => "there is no case for it".to_owned(),
        Some((entries, Standing::Ended)) => format!("would be erased: {entries} journal entries"),
        Some(_) => "would not be erased: its case has not ended".to_owned(),
    }
}

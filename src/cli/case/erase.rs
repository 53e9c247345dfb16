//! `misread case erase`: what is known of a customer, by ticket or by account.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
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
    /// Do not ask: for scripts.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    by: By,
}

pub(super) async fn run(arguments: EraseArguments) -> anyhow::Result<ExitCode> {
    let by = arguments.by.name()?;
    let ledger = open().await?;
    let EraseArguments { ids, account, compact, dry_run, yes, .. } = arguments;
    let tickets = match &account {
        Some(account) => mentioning(&*ledger, account).await?,
        None => ids,
    };
    if tickets.is_empty() {
        writeln!(io::stdout(), "no journal mentions this account")?;
    }
    let is_any = preview(&*ledger, &tickets).await?;
    if dry_run {
        return Ok(ExitCode::SUCCESS);
    }
    if is_any && !yes && !agrees()? {
        writeln!(io::stdout(), "nothing was erased")?;
        return Ok(ExitCode::FAILURE);
    }
    let all_erased = erase(&*ledger, tickets, &by).await?;
    if compact {
        ledger.compact().await?;
        writeln!(io::stdout(), "the database was written anew")?;
    }
    Ok(if all_erased { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Says what would be erased, and whether that is anything.
async fn preview(ledger: &dyn Ledger, tickets: &[TicketId]) -> anyhow::Result<bool> {
    let (mut cases, mut all_entries) = (0, 0);
    for id in tickets {
        let found = fold(ledger, *id).await?;
        writeln!(io::stdout(), "{id:>12}  {}", would(found.as_ref()))?;
        if let Some((entries, Standing::Ended)) = found {
            (cases, all_entries) = (cases + 1, all_entries + entries);
        }
    }
    if cases > 0 {
        writeln!(io::stdout(), "{cases} cases with {all_entries} journal entries, and their deliveries")?;
    }
    Ok(cases > 0)
}

/// Whether the person at the terminal wants it.
fn agrees() -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        anyhow::bail!(
            "nothing was erased: what is erased cannot be brought back, and nobody can be asked here. Look at the list above, then give `--yes`"
        );
    }
    write!(io::stdout(), "Erase this for ever? [y/N] ")?;
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Erases them; says whether all of them are gone.
async fn erase(ledger: &dyn Ledger, tickets: Vec<TicketId>, by: &str) -> anyhow::Result<bool> {
    let mut all_erased = true;
    for id in tickets {
        match upkeep::erase(ledger, id, SystemClock.now(), by).await {
            Ok(upkeep::Erased::Entries(entries)) => {
                writeln!(io::stdout(), "{id:>12}  erased: {entries} journal entries and the deliveries")?;
            }
            Ok(upkeep::Erased::Nothing) => writeln!(io::stdout(), "{id:>12}  nothing to erase")?,
            Err(upkeep::NotErased::Store(error)) => return Err(error.into()),
            Err(error) => {
                all_erased = false;
                writeln!(io::stderr(), "error: {error}")?;
            }
        }
    }
    Ok(all_erased)
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

//! `misread policy backtest`: recorded decisions under another policy.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::app::open_ledger;
use crate::config::{self, ProcessEnvironment};
use crate::domain::backtest::{Difference, Sum, Tally};
use crate::domain::ids::TicketId;
use crate::domain::policy::{Policy, differences};
use crate::domain::seoul::{seoul, start_of_day};
use crate::ports::{Store, StoreError};

/// Tickets that are read at a time.
const PAGE: usize = 200;

pub(super) async fn run(policy: &Policy, since: Option<Date>) -> anyhow::Result<ExitCode> {
    let since = since.map(start_of_day).transpose().context("--since is not a day that exists in Seoul")?;
    let store = open_ledger(&config::load_database_url(&ProcessEnvironment)?).await?;
    let (mut tally, mut unreadable, mut after) = (Tally::default(), 0, None);
    loop {
        let page = store.decided_since(since.unwrap_or(Timestamp::MIN), after, PAGE).await?;
        for id in &page {
            unreadable += usize::from(!replay(&*store, policy, *id, since, &mut tally).await?);
        }
        match page.last() {
            Some(last) => after = Some(*last),
            None => break,
        }
    }
    summarise(&mut io::stdout().lock(), policy, &tally, unreadable)?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the ticket's journal can be read; one that cannot does not keep the others from being replayed.
async fn replay(
    store: &dyn Store,
    policy: &Policy,
    id: TicketId,
    since: Option<Timestamp>,
    tally: &mut Tally,
) -> anyhow::Result<bool> {
    let journal = match store.load(id).await {
        Ok(loaded) => loaded.journal,
        Err(error @ StoreError::Unreadable { .. }) => {
            writeln!(io::stdout(), "ticket {id}  not replayed: {error}")?;
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    };
    let entries = journal.iter().map(|recorded| (recorded.at, &recorded.entry));
    for difference in tally.replay(policy, id, entries, since) {
        tell(&mut io::stdout().lock(), id, &difference)?;
    }
    Ok(true)
}

fn tell(out: &mut impl Write, id: TicketId, difference: &Difference) -> io::Result<()> {
    let Difference { at, before, after, amount, .. } = difference;
    let time = seoul(*at).strftime("%Y-%m-%d %H:%M");
    match after {
        Ok(after) => {
            let amount = amount.map_or("금액 없음".to_owned(), |amount| amount.to_string());
            writeln!(out, "ticket {id}  {time}  {amount}  {} ⇒ {}", before.row, after.row)?;
            let differences = differences((&before.outcome, before.trust), (&after.outcome, after.trust));
            differences.iter().try_for_each(|difference| writeln!(out, "  * {difference}"))
        }
        Err(unanswered) => {
            writeln!(out, "ticket {id}  {time}  {}: cannot be replayed: {unanswered}", before.row)
        }
    }
}

fn summarise(out: &mut impl Write, policy: &Policy, tally: &Tally, unreadable: usize) -> io::Result<()> {
    let Tally { tickets, decisions, changed, in_all, unanswered } = tally;
    writeln!(
        out,
        "policy {}: replayed {decisions} decisions (tickets: {tickets}), nothing is changed by this",
        policy.hash()
    )?;
    for ((before, after), Sum { tickets, amount }) in changed {
        writeln!(out, "  {before} ⇒ {after}: {amount} (tickets: {tickets})")?;
    }
    writeln!(out, "another outcome: {} (tickets: {})", in_all.amount, in_all.tickets)?;
    if *unanswered > 0 {
        writeln!(out, "cannot be replayed, see above: {unanswered}")?;
    }
    if unreadable > 0 {
        writeln!(out, "cannot be read, see above: {unreadable}")?;
    }
    Ok(())
}

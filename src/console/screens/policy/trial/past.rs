//! The decisions of a recent span, repeated under another policy.

use std::time::Duration;

use jiff::ToSpan as _;
use serde::Serialize;
use tokio::time::timeout;

use crate::console::dispatch::{Refused, Visit};
use crate::domain::backtest::Tally;
use crate::domain::policy::Policy;
use crate::domain::seoul::{seoul, start_of_day};
use crate::ports::StoreError;
use crate::story::backtest::{Differing, replay};
use crate::story::minute;

/// The tickets that are read at once.
const PAGE: usize = 200;
/// The most tickets whose decisions are repeated.
const MOST: usize = 5_000;
/// How long it may take.
const WITHIN: Duration = Duration::from_secs(10);
/// The most tickets on the page.
const SHOWN: usize = 200;

/// How past decisions would differ under the other policy.
#[derive(Serialize)]
pub(super) struct Past {
    days: i8,
    since: String,
    decisions: usize,
    tickets: usize,
    /// The tickets whose outcome would have been another.
    different: usize,
    won: String,
    by_row: Vec<ByRow>,
    unanswered: usize,
    unreadable: usize,
    shown: Vec<Shown>,
    /// Whether there are more than are shown.
    has_more: bool,
    /// Whether the time or the number ended it.
    is_cut: bool,
}

#[derive(Serialize)]
struct ByRow {
    before: String,
    after: String,
    tickets: usize,
    won: String,
}

#[derive(Serialize)]
struct Shown {
    ticket: i64,
    at: String,
    won: Option<String>,
    before: String,
    after: Option<String>,
    differences: Vec<String>,
}

impl From<Differing> for Shown {
    fn from(differing: Differing) -> Self {
        Self {
            ticket: differing.ticket_id.get(),
            at: minute(differing.at),
            won: differing.won.map(|won| won.to_string()),
            before: differing.before,
            after: differing.after,
            differences: differing.differences,
        }
    }
}

/// What has been repeated so far.
#[derive(Default)]
struct Walk {
    tally: Tally,
    differing: Vec<Differing>,
    has_more: bool,
    unreadable: usize,
    is_done: bool,
}

impl Past {
    pub(super) async fn of(visit: &Visit<'_>, policy: &Policy, days: i8) -> Result<Self, Refused> {
        let first = seoul(visit.now).date().saturating_sub((days - 1).days());
        let since = start_of_day(first).map_err(|_| Refused::Failed)?;
        let mut walk = Walk::default();
        // What was repeated until then is shown.
        if let Ok(walked) = timeout(WITHIN, walk.on(visit, policy, since)).await {
            walked?;
        }
        let Walk { tally, differing, has_more, unreadable, is_done } = walk;
        let by_row = tally.changed.into_iter().map(|((before, after), sum)| ByRow {
            before,
            after,
            tickets: sum.tickets,
            won: sum.amount.to_string(),
        });
        Ok(Self {
            days,
            since: first.to_string(),
            decisions: tally.decisions,
            tickets: tally.tickets,
            different: tally.in_all.tickets,
            won: tally.in_all.amount.to_string(),
            by_row: by_row.collect(),
            unanswered: tally.unanswered,
            unreadable,
            shown: differing.into_iter().map(Shown::from).collect(),
            has_more,
            is_cut: !is_done,
        })
    }
}

impl Walk {
    async fn on(
        &mut self,
        visit: &Visit<'_>,
        policy: &Policy,
        since: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        let ledger = visit.console.parts.ledger.as_ref();
        let (mut after, mut left) = (None, MOST);
        while left > 0 {
            let page = ledger.decided_since(since, after, PAGE.min(left)).await?;
            for id in &page {
                match replay(ledger, policy, *id, Some(since), &mut self.tally).await {
                    Ok(differing) => self.add(differing),
                    Err(StoreError::Unreadable { .. }) => self.unreadable += 1,
                    Err(error) => return Err(error),
                }
            }
            after = page.last().copied();
            left -= page.len();
            if after.is_none() {
                self.is_done = true;
                return Ok(());
            }
        }
        // One page more tells whether that was all.
        self.is_done = ledger.decided_since(since, after, 1).await?.is_empty();
        Ok(())
    }

    fn add(&mut self, differing: Vec<Differing>) {
        let room = SHOWN.saturating_sub(self.differing.len());
        self.has_more |= differing.len() > room;
        self.differing.extend(differing.into_iter().take(room));
    }
}

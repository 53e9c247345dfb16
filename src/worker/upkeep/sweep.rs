//! The sweep: finds changes that no webhook reported, and wakes their cases. One replica does it for all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::account::missed::{self as sweep, Change, LastChange, MissedQuery};
use crate::domain::case::{Case, Playbook, Routing};
use crate::domain::ids::TicketId;
use crate::domain::moment::later;
use crate::ports::{
    Accepted, CallError, CaseState, CaseSummary, Clock, DeliveryContent, Found, FoundPage, Ledger,
    NewDelivery, Search, StoreError,
};
use crate::trace::{SpanKind, Traces};
use crate::worker::{Reloadable, UpkeepMetrics};

/// The interval of checks whether it is our turn.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// The name of this chore when replicas take turns.
const CHORE: &str = "sweep";
/// The kind of its wake-ups in the journal.
const KIND: &str = "sweep";
/// The most pages, of a hundred tickets each, read of one search. The rest is found by later sweeps.
const MOST_PAGES: usize = 50;
/// The longest wait of a search for the account's rate limit; then it is left for the next sweep.
const PATIENCE: Duration = Duration::from_mins(2);

/// Searches for tickets that should have a case in work and have none.
#[derive(Debug)]
pub struct Sweeper {
    parts: SweepParts,
    /// The start of this process's last complete sweep; `None`: there was none. Without it the search is unbounded.
    swept: Mutex<Option<Timestamp>>,
    metrics: UpkeepMetrics,
    traces: Traces,
}

/// The dependencies of a sweep.
#[derive(Debug)]
pub struct SweepParts {
    pub ledger: Arc<dyn Ledger>,
    pub search: Arc<dyn Search>,
    pub clock: Arc<dyn Clock>,
    pub playbook: Arc<Reloadable<Playbook>>,
    /// The time from one sweep to the next.
    pub every: SignedDuration,
}

/// Why a sweep ended early.
#[derive(Debug, thiserror::Error)]
enum Unfinished {
    #[error("Zendesk could not be searched: {0}")]
    Search(#[from] CallError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Sweeper {
    /// A sweeper before its first sweep.
    pub fn new(parts: SweepParts) -> Self {
        Self { parts, swept: Mutex::default(), metrics: UpkeepMetrics::default(), traces: Traces::default() }
    }

    /// Counts in `metrics`, which others share.
    #[must_use]
    pub fn counted_by(self, metrics: UpkeepMetrics) -> Self {
        Self { metrics, ..self }
    }

    /// Sends the first span of each turn that a sweep begins to `traces`.
    #[must_use]
    pub fn traced_by(self, traces: Traces) -> Self {
        Self { traces, ..self }
    }

    /// Sweeps when due, until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                _ = self.look() => {}
                () = stop.cancelled() => return,
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Sweeps if it is due and no other replica does it; returns the number of cases woken.
    pub async fn look(&self) -> usize {
        let SweepParts { ledger, clock, playbook, every, .. } = &self.parts;
        let now = clock.now();
        let until = later(now, *every);
        match ledger.take_turn(CHORE, now, until).await {
            Ok(true) => {}
            Ok(false) => return 0,
            Err(error) => {
                tracing::error!(%error, "it is not known whether the sweep is due; asking again");
                return 0;
            }
        }
        let mut woken = 0;
        match self.sweep_all(&playbook.get().routing, &mut woken).await {
            Ok(()) => {
                *self.swept() = Some(now);
                self.metrics.swept(now);
            }
            Err(error) => {
                tracing::warn!(%error, "the sweep ended early; the rest is looked for the next time");
            }
        }
        self.metrics.found(woken);
        if woken > 0 {
            tracing::warn!(
                tickets = woken,
                "no webhook told of these tickets; they were found by searching and are taken up"
            );
        }
        woken
    }

    async fn sweep_all(&self, routing: &Routing, woken: &mut usize) -> Result<(), Unfinished> {
        let swept = *self.swept();
        for told in sweep::told(routing, swept) {
            self.sweep(&told, woken).await?;
        }
        Ok(())
    }

    async fn sweep(&self, told: &MissedQuery, woken: &mut usize) -> Result<(), Unfinished> {
        let mut from = None;
        for _ in 0..MOST_PAGES {
            let page = self.page(told, from.as_deref()).await?;
            *woken += self.wake(&page.tickets, told.only_waiting).await?;
            match page.next {
                Some(next) => from = Some(next),
                None => return Ok(()),
            }
        }
        Ok(())
    }

    /// One page; waits if the account's rate limits are used up.
    async fn page(&self, told: &MissedQuery, from: Option<&str>) -> Result<FoundPage, CallError> {
        let SweepParts { search, clock, .. } = &self.parts;
        let found = search.find(told, from).await;
        let Some(wait) = found.as_ref().err().and_then(CallError::wait).filter(|wait| *wait <= PATIENCE)
        else {
            return found;
        };
        clock.sleep_until(later(clock.now(), wait)).await;
        search.find(told, from).await
    }

    async fn wake(&self, found: &[Found], only_waiting: bool) -> Result<usize, StoreError> {
        let ids: Vec<TicketId> = found.iter().map(|found| found.ticket_id).collect();
        let SweepParts { ledger, clock, .. } = &self.parts;
        let cases = ledger.cases(&ids).await?;
        let cases: BTreeMap<TicketId, CaseSummary> =
            cases.into_iter().map(|case| (case.ticket_id, case)).collect();
        let now = clock.now();
        let mut woken = 0;
        for Found { ticket_id, updated_at } in found.iter().copied() {
            let case = cases.get(&ticket_id);
            if only_waiting && case.is_none_or(|case| case.state != CaseState::Waiting) {
                continue;
            }
            let in_work = case.is_some_and(|case| {
                case.state == CaseState::Active || case.due_at.is_some_and(|due| due <= now)
            });
            let known = case.map(|case| case.updated_at);
            let last = match sweep::change(updated_at, known, now) {
                _ if in_work => LastChange::Seen,
                Change::Known => LastChange::Seen,
                Change::Missed => LastChange::Unseen,
                Change::Close { known } => {
                    sweep::last_change(updated_at, &self.case(ticket_id).await?, known)
                }
            };
            if last == LastChange::Seen {
                continue;
            }
            let began = self.traces.begin();
            let accepted = ledger.accept(delivery(ticket_id, updated_at, now)).await?;
            if let Accepted::New { number } = accepted {
                self.traces.delivery("sweep", SpanKind::Consumer, ticket_id, number, began);
            }
            // A case in doubt is only checked; as far as known, no webhook was missed for it. The same holds where no trigger
            // reports the change.
            woken += usize::from(accepted.is_new() && last == LastChange::Unseen && !only_waiting);
        }
        Ok(woken)
    }

    async fn case(&self, id: TicketId) -> Result<Case, StoreError> {
        let loaded = self.parts.ledger.load(id).await?;
        Ok(Case::fold(id, loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry))))
    }

    fn swept(&self) -> MutexGuard<'_, Option<Timestamp>> {
        // No code panics while holding the lock.
        self.swept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same state of a ticket wakes its case once, however often it is found.
fn delivery(ticket_id: TicketId, updated_at: Timestamp, now: Timestamp) -> NewDelivery {
    NewDelivery {
        dedup_key: format!("{KIND}-{ticket_id}-{}", updated_at.as_millisecond()),
        received_at: now,
        body: String::new(),
        content: DeliveryContent::Wake { ticket_id, kind: KIND.to_owned() },
    }
}

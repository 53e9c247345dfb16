//! Bulk updates: up to a hundred tickets in one job (facts §3.9).

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::account::Account;
use super::batcher::Batcher;
use super::jobs::{Begun, End, Item, Jobs};
use super::reads;
use crate::domain::ids::TicketId;
use crate::domain::moment::later;
use crate::domain::ticket::Seen;
use crate::http::ApiRequest;
use crate::ports::{CallError, Lease};

/// The most tickets in a job.
const MOST: usize = 100;
/// How long a job waits for more tickets.
const MOMENT: Duration = Duration::from_millis(500);
/// The number of reads of the tickets after a job, and the pause between them.
const ASKS: usize = 4;
const ASK_AGAIN: Duration = Duration::from_secs(5);
/// The wait after a rejection that names no time.
const REFUSED: Duration = Duration::from_secs(10);

/// The outcome of one ticket's update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BulkOutcome {
    /// It is on the ticket, with this state afterwards.
    Written(Seen),
    /// It was not written. A single update returns the reason.
    Failed,
}

/// One ticket's update in flight.
#[derive(Debug)]
struct PendingUpdate {
    ticket_id: TicketId,
    /// The ticket object, without its id.
    body: Value,
    lease: Lease,
    answer: oneshot::Sender<Result<BulkOutcome, CallError>>,
}

/// Combines updates into jobs and returns each one's outcome.
#[derive(Debug)]
pub(super) struct BulkUpdater {
    account: Arc<Account>,
    jobs: Arc<Jobs>,
    parcels: Batcher<PendingUpdate>,
}

impl BulkUpdater {
    pub(super) fn new(account: Arc<Account>, jobs: Arc<Jobs>) -> Self {
        Self { account, jobs, parcels: Batcher::new(MOST, MOMENT) }
    }

    /// Sends an update with others, and waits for its outcome. Nothing is sent after the lease has expired, or when the
    /// caller no longer waits.
    pub(super) async fn send(
        self: &Arc<Self>,
        ticket_id: TicketId,
        body: Value,
        lease: Lease,
    ) -> Result<BulkOutcome, CallError> {
        let _under_way = self.account.budget.under_way();
        let (answer, answered) = oneshot::channel();
        if self.parcels.add(PendingUpdate { ticket_id, body, lease, answer }) {
            tokio::spawn(Arc::clone(self).collect());
        }
        let gone = || Err(CallError::Unknown { reason: "the job was given up".to_owned() });
        answered.await.unwrap_or_else(|_| gone())
    }

    async fn collect(self: Arc<Self>) {
        // The job's place first: updates that arrive while there is none share the next job.
        while let Some(place) = self.jobs.place().await {
            let Some(parcels) = self.parcels.group(self.account.clock.as_ref()).await else { return };
            tokio::spawn(Arc::clone(&self).job(parcels, place));
        }
    }

    async fn job(self: Arc<Self>, parcels: Vec<PendingUpdate>, place: OwnedSemaphorePermit) {
        let (parcels, begun) = self.begin(parcels).await;
        let end = match begun {
            Ok(Some(job)) => self.jobs.end_of(job).await,
            // Nothing of it was done.
            Ok(None) => {
                End::Completed(parcels.iter().map(|parcel| (parcel.ticket_id, Item::Failed)).collect())
            }
            Err(error) => return answer_all(parcels, &error),
        };
        drop(place);
        match end {
            End::Completed(items) => self.answer(parcels, |id| items.get(&id).copied()).await,
            End::Unknown(reason) => answer_all(parcels, &CallError::Unknown { reason }),
        }
    }

    /// Requests the job from Zendesk. If it is rejected temporarily, retries for the updates that can still wait; `None`:
    /// Zendesk rejects the job itself.
    async fn begin(
        &self,
        mut parcels: Vec<PendingUpdate>,
    ) -> (Vec<PendingUpdate>, Result<Option<String>, CallError>) {
        let clock = &self.account.clock;
        loop {
            parcels = still_wanted(parcels, clock.now());
            if parcels.is_empty() {
                return (parcels, Ok(None));
            }
            let tickets: Vec<Value> = parcels.iter().map(object).collect();
            let call = ApiRequest::put("api/v2/tickets/update_many", &[], json!({ "tickets": tickets }));
            let answer = match self.account.send(&call).await {
                Ok(answer) => answer,
                Err(CallError::NotYet { wait }) => {
                    clock.sleep_until(later(clock.now(), wait)).await;
                    continue;
                }
                Err(error) => return (parcels, Err(error)),
            };
            match answer.status() {
                StatusCode::OK => {
                    let begun = answer.json::<Begun>().map(|begun| Some(begun.job_status.id));
                    return (parcels, begun);
                }
                StatusCode::TOO_MANY_REQUESTS => {
                    let wait = answer.retry_after(clock.now()).unwrap_or(REFUSED);
                    clock.sleep_until(later(clock.now(), wait)).await;
                }
                // One invalid update may make Zendesk reject all.
                StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => return (parcels, Ok(None)),
                _ => return (parcels, Err(self.account.failure(&answer))),
            }
        }
    }

    /// Returns each outcome, once the state of the written tickets is known.
    async fn answer(&self, parcels: Vec<PendingUpdate>, item: impl Fn(TicketId) -> Option<Item>) {
        let is_done = |parcel: &&PendingUpdate| item(parcel.ticket_id) == Some(Item::Done);
        let done: Vec<TicketId> = parcels.iter().filter(is_done).map(|parcel| parcel.ticket_id).collect();
        let now = self.now(&done).await;
        for parcel in parcels {
            let missing = |what: &str| CallError::Unknown { reason: what.to_owned() };
            let told = match item(parcel.ticket_id) {
                Some(Item::Failed) => Ok(BulkOutcome::Failed),
                None => Err(missing("the job says nothing of this ticket")),
                Some(Item::Done) => now
                    .iter()
                    .find(|(id, _)| *id == parcel.ticket_id)
                    .map(|(_, seen)| BulkOutcome::Written(*seen))
                    .ok_or_else(|| missing("written, but the ticket could not be read again")),
            };
            // The caller may have stopped waiting.
            let _ = parcel.answer.send(told);
        }
    }

    /// The current state of these tickets.
    async fn now(&self, ids: &[TicketId]) -> Vec<(TicketId, Seen)> {
        let clock = &self.account.clock;
        for ask in 1..=ASKS {
            match reads::seen(&self.account, ids).await {
                Ok(seen) => return seen,
                Err(error) => {
                    tracing::debug!(%error, ask, "tickets could not be read again after a job");
                    clock.sleep_until(later(clock.now(), ASK_AGAIN)).await;
                }
            }
        }
        Vec::new()
    }
}

/// The ticket object of one update, as a list element.
fn object(parcel: &PendingUpdate) -> Value {
    let mut object = parcel.body.clone();
    object["id"] = json!(parcel.ticket_id);
    object
}

/// The updates whose callers still wait and still hold the lease; the others are returned as not sent.
fn still_wanted(parcels: Vec<PendingUpdate>, now: Timestamp) -> Vec<PendingUpdate> {
    let (wanted, late): (Vec<_>, Vec<_>) = parcels
        .into_iter()
        .filter(|parcel| !parcel.answer.is_closed())
        .partition(|parcel| !parcel.lease.is_over(now));
    let reason = "not sent: the lease was over".to_owned();
    answer_all(late, &CallError::Retry { after: None, reason });
    wanted
}

fn answer_all(parcels: Vec<PendingUpdate>, error: &CallError) {
    for parcel in parcels {
        // The caller may have stopped waiting.
        let _ = parcel.answer.send(Err(error.clone()));
    }
}

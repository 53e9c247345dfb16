//! The run of one case in one worker: choose the next step, perform it, record it.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::Worker;
use crate::account::sliding_window::{FRESH, Lane};
use crate::domain::case::{Case, Effect, Entry, PauseCause, Playbook, Rest, Step, StuckCause, next};
use crate::domain::ids::Position;
use crate::domain::limits::Tally;
use crate::domain::moment::later;
use crate::domain::retry::AfterFailure;
use crate::ports::{
    Append, CallError, CaseState, Claim, DeliveryRequest, Guard, Lease, QueueMove, Recorded, SendMode,
    StoreError,
};
use crate::trace::{self, Origin};

/// A case never needs this many steps in one run; more mean a loop.
const STEPS_IN_ONE_GO: u32 = 100;
/// After this many consecutive failures an unexpected response, such as 405 or 418, is treated as permanent: with the
/// built-in waits, after about five minutes.
const ODD_ATTEMPTS: u32 = 7;
/// The span over which updates of one ticket are counted (Zendesk facts §7).
const TICKETS_WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// The shortest and the longest wait before the next poll of a job; in between, as long as it has been polled so far.
const JOB_PAUSE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_mins(2));

pub(super) struct CaseRun<'a> {
    pub(super) worker: &'a Worker,
    pub(super) case: Case,
    /// The playbook at the time of the claim: after a reload, one step must not see two.
    pub(super) playbook: Arc<Playbook>,
    claim: Claim,
    /// Since when a person has waited for this.
    waiting_since: Timestamp,
    /// The lease on the case.
    pub(super) lease: Lease,
    /// Learnt but not on disk yet. Reads may wait here; an intention is on disk before it is attempted.
    pub(super) unwritten: Vec<Recorded>,
    /// What the breaker counts of it.
    pub(super) tally: Tally,
    taken_up_to: Option<i64>,
    /// What began the turn, which names its trace.
    pub(super) origin: Origin,
    /// The end of the pause, if the work pauses.
    until: Option<Timestamp>,
}

impl<'a> CaseRun<'a> {
    /// Loads the case and takes in its new deliveries.
    pub(super) async fn take_up(worker: &'a Worker, claim: Claim, lease: Lease) -> Result<Self, StoreError> {
        let loaded = worker.parts.store.load(claim.ticket_id).await?;
        let mut case =
            Case::fold(claim.ticket_id, loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry)));
        case.resume();
        let playbook = worker.parts.playbook.get();
        let taken_up_to = loaded.deliveries.last().map(|delivery| delivery.id);
        let arrived = loaded.deliveries.iter().map(|delivery| delivery.received_at);
        let waiting_since = arrived.chain(case.pending_since).fold(claim.due_since, Timestamp::min);
        let mut case_run = Self {
            worker,
            case,
            playbook,
            claim,
            waiting_since,
            lease,
            unwritten: Vec::new(),
            tally: Tally::default(),
            taken_up_to,
            origin: Origin::Itself(0),
            until: None,
        };
        let quiet = case_run.case.quiet_until(case_run.now()).is_some();
        for delivery in loaded.deliveries {
            // The journal already says that it was woken, and it was not looked at since.
            if quiet && case_run.case.roused.is_some() && matches!(delivery.asks, DeliveryRequest::Refresh(_))
            {
                continue;
            }
            case_run.record(delivery.entry());
        }
        if let Some(Rest::Waiting(waiting)) = &case_run.case.rest
            && waiting.until.is_some_and(|until| until <= case_run.now())
        {
            case_run.record(Entry::TimeUp);
        }
        case_run.origin = origin(loaded.journal.iter().chain(&case_run.unwritten));
        if claim.fruitless_claims > worker.options.fruitless_claims {
            let times = claim.fruitless_claims;
            case_run.record(Entry::Stuck { reason: StuckCause::Claims { times }.into() });
            // On disk before anything else is attempted, since that may crash the process.
            case_run.keep().await?;
        }
        Ok(case_run)
    }

    /// Works the case until it rests, pauses or is released.
    pub(super) async fn work(&mut self, stop: &CancellationToken) -> Result<(), StoreError> {
        for _ in 0..STEPS_IN_ONE_GO {
            let todo = next(&self.case, &self.playbook);
            // Zendesk's first response may show that the clocks differ: nothing is done by a wrong one.
            let is_right = self.worker.parts.clock.is_right();
            if self.until.is_some() || todo == Step::Rest || stop.is_cancelled() || !is_right {
                return self.give_back().await;
            }
            self.take(todo, stop).await?;
        }
        self.record(Entry::Stuck { reason: StuckCause::Circles { steps: STEPS_IN_ONE_GO }.into() });
        self.give_back().await
    }

    async fn take(&mut self, todo: Step, stop: &CancellationToken) -> Result<(), StoreError> {
        match todo {
            Step::Rest => {}
            Step::Record(entry) => self.record(entry),
            Step::BackOff { cause } => self.back_off(None, cause),
            Step::Wait(awaited) => {
                let patience = &self.playbook.patience;
                let waiting = patience.waiting(awaited, &self.case.talk, self.now());
                self.record(Entry::Waiting(waiting));
            }
            Step::LookFor { not_before, .. } if not_before > self.now() => {
                self.defer(not_before, PauseCause::WriteInFlight, false);
            }
            Step::LookFor { position, together: true, .. } => self.look_after_jobs(position).await,
            Step::Look => match self.case.quiet_until(self.now()) {
                Some(until) => self.until = Some(until),
                None => self.look().await,
            },
            Step::LookFor { .. } => self.look().await,
            Step::Confirm => self.confirm().await,
            Step::ReadEarlier(id) => self.read_earlier(id).await?,
            Step::LookUp { account, uses } => self.look_up(account, uses).await,
            Step::Repeat { position, action } => {
                self.keep().await?;
                self.act(position, &action).await;
            }
            Step::Intend(Effect::Act(action)) => {
                if let Some(position) = self.intend(Effect::Act(action.clone()), SendMode::Single).await? {
                    self.act(position, &action).await;
                }
            }
            Step::Intend(Effect::Write(write)) => {
                if let Some(way) = self.admit().await {
                    let update = write.update.clone();
                    if let Some(position) = self.intend(Effect::Write(write), way).await? {
                        self.write(position, &update, way, stop).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Requests room for one update in the ticket's and the account's rate limits.
    async fn admit(&mut self) -> Option<SendMode> {
        let now = self.now();
        let limit = self.worker.options.updates_per_ticket;
        if let Some(free) = self.case.next_write(limit, TICKETS_WINDOW, now) {
            self.defer(free, PauseCause::TicketUpdates, false);
            return None;
        }
        match self.worker.parts.desk.admit(self.case.ticket_id, self.lane()).await {
            Ok(way) => Some(way),
            Err(wait) => {
                self.defer(later(self.now(), wait), PauseCause::AccountUpdates, false);
                None
            }
        }
    }

    /// Looks up a write that may be in a job, once no such job can be running.
    async fn look_after_jobs(&mut self, position: Position) {
        match self.worker.parts.desk.jobs_under_way(&self.key_of(position)).await {
            Ok(None) => self.look().await,
            Ok(Some(asked_for)) => {
                let (shortest, longest) = JOB_PAUSE;
                let until = later(self.now(), asked_for.clamp(shortest, longest));
                self.defer(until, PauseCause::JobInFlight, false);
            }
            Err(error) => self.call_failed(error),
        }
    }

    /// The backlog lane if a person has waited for long, or failures occurred; otherwise the fresh lane.
    pub(super) fn lane(&self) -> Lane {
        if self.waited() > FRESH || self.case.failures > 0 { Lane::Backlog } else { Lane::Fresh }
    }

    /// How long a person has waited for this.
    pub(super) fn waited(&self) -> SignedDuration {
        self.now().duration_since(self.waiting_since)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.worker.parts.clock.now()
    }

    pub(super) fn record(&mut self, entry: Entry) {
        let at = self.now();
        self.tally = self.tally.plus(self.case.tally(&entry));
        self.case.apply(at, &entry);
        let ticket = self.case.ticket_id;
        match &entry {
            Entry::Stuck { reason } => {
                tracing::error!(ticket.id = ticket.get(), %reason, "the case is stuck: a person must look");
            }
            Entry::Deferred { until, reason, failed: true } => {
                tracing::warn!(ticket.id = ticket.get(), %until, %reason, "trying again later");
            }
            Entry::Heard(heard) if !heard.reading.not_understood.is_empty() => tracing::info!(
                ticket.id = ticket.get(),
                sentences = heard.reading.not_understood.len(),
                answers = ?heard.reading.answers,
                "words of the customer were not understood; `misread case unread` lists them"
            ),
            Entry::Recalled { audit_id, .. } => tracing::warn!(
                ticket.id = ticket.get(),
                audit.id = audit_id,
                "the ledger did not know what the service had asked in this ticket, and takes it up from there"
            ),
            Entry::Ended { ending } => tracing::info!(ticket.id = ticket.get(), ?ending, "the case ended"),
            _ => {}
        }
        trace::event(|| entry.name());
        self.unwritten.push(Recorded { position: self.case.last.0, at, entry });
    }

    /// A call failed: pause, or give up after too many consecutive failures.
    pub(super) fn call_failed(&mut self, error: CallError) {
        match error {
            CallError::NotYet { wait } => {
                self.defer(later(self.now(), wait), PauseCause::AccountRequests, false);
            }
            CallError::Retry { after, reason } => self.back_off(after, PauseCause::Failed { error: reason }),
            CallError::Permanent { reason } if self.is_given_up() => {
                self.record(Entry::Stuck { reason: StuckCause::Permanent { error: reason }.into() });
            }
            CallError::Permanent { reason } | CallError::Unknown { reason } => {
                self.back_off(None, PauseCause::Failed { error: reason });
            }
        }
    }

    /// Whether a permanent failure was retried often enough: a proxy or a deployment can cause one for a moment.
    pub(super) fn is_given_up(&self) -> bool {
        self.case.failures + 1 >= ODD_ATTEMPTS.min(self.worker.options.retry.attempts)
    }

    pub(super) fn back_off(&mut self, asked: Option<std::time::Duration>, cause: PauseCause) {
        let now = self.now();
        let failures = self.case.failures + 1;
        match self.worker.options.retry.after_failure(self.case.ticket_id, failures, now, asked) {
            AfterFailure::At(until) => self.defer(until, cause, true),
            AfterFailure::GiveUp => {
                let cause = StuckCause::Failures { times: failures, last: cause };
                self.record(Entry::Stuck { reason: cause.into() });
            }
        }
    }

    pub(super) fn defer(&mut self, until: Timestamp, cause: PauseCause, failed: bool) {
        self.record(Entry::Deferred { until, reason: cause.into(), failed });
        self.until = Some(until);
    }

    /// Writes everything to disk and renews the lease, which proves that the case is still ours.
    pub(super) async fn keep(&mut self) -> Result<(), StoreError> {
        self.keep_guarded(None).await
    }

    pub(super) async fn keep_guarded(&mut self, guard: Option<Guard>) -> Result<(), StoreError> {
        let lease_until = later(self.now(), self.worker.options.lease);
        self.append(QueueMove::Keep { lease_until }, guard).await?;
        self.lease.renew(lease_until);
        Ok(())
    }

    async fn give_back(&mut self) -> Result<(), StoreError> {
        let (state, due_at) = match (&self.case.rest, self.until) {
            // It has given up, and stays due until people are notified.
            (Some(Rest::Stuck(_)), None) if self.case.is_untold() => (CaseState::Stuck, Some(self.now())),
            (Some(Rest::Stuck(_)), until) => (CaseState::Stuck, until),
            // Paused, possibly while a resting case was being checked.
            (_, Some(until)) => (CaseState::Active, Some(until)),
            (Some(Rest::Waiting(waiting)), None) => (CaseState::Waiting, waiting.until),
            (Some(Rest::Ended(_)), None) => (CaseState::Ended, None),
            (None, None) => (CaseState::Active, Some(self.now())),
        };
        let queue_move = QueueMove::Release { state, due_at };
        self.append(queue_move, None).await
    }

    async fn append(&mut self, queue_move: QueueMove, guard: Option<Guard>) -> Result<(), StoreError> {
        let (claim, entries) = (self.claim, std::mem::take(&mut self.unwritten));
        let (tally, taken_up_to) = (std::mem::take(&mut self.tally), self.taken_up_to);
        let outline = Some(Box::new(self.case.outline()));
        let append = Append { claim, entries, taken_up_to, queue_move, guard, tally, outline };
        self.worker.parts.store.append(append).await?;
        self.taken_up_to = None;
        self.worker.got_on();
        Ok(())
    }

    pub(super) fn key_of(&self, position: Position) -> crate::domain::ids::EffectKey {
        self.case.key(position)
    }
}

/// What began the turn that this journal ends in: the first delivery after the last rest.
fn origin<'a>(journal: impl Iterator<Item = &'a Recorded>) -> Origin {
    let (mut first, mut rested_at) = (None, 0);
    for Recorded { position, entry, .. } in journal {
        match entry {
            Entry::Woken { delivery, .. } => first = first.or(Some(Origin::Delivery(*delivery))),
            Entry::Ordered { delivery, .. } => first = first.or(Some(Origin::Order(*delivery))),
            Entry::Waiting(_) | Entry::Ended { .. } | Entry::Stuck { .. } => {
                (first, rested_at) = (None, *position);
            }
            _ => {}
        }
    }
    first.unwrap_or(Origin::Itself(rested_at))
}

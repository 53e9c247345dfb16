//! One case in one worker's hand: ask what is next, do it, write it down.

use std::sync::Arc;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::Worker;
use crate::domain::case::{Case, Effect, Entry, Playbook, Rest, Step, next};
use crate::domain::ids::Position;
use crate::domain::retry::{AfterFailure, later};
use crate::ports::{Append, CallError, CaseState, Claim, QueueMove, Recorded, StoreError};

/// A case never needs so many steps in one go; more means that it turns in circles.
const STEPS_IN_ONE_GO: usize = 100;

pub(super) struct Hand<'a> {
    pub(super) worker: &'a Worker,
    pub(super) case: Case,
    /// The one that held when the case was taken up: a reload in between would let one step see two.
    pub(super) playbook: Arc<Playbook>,
    claim: Claim,
    /// Learnt but not yet on disk. Reads may wait here; an intention is on disk before it is tried.
    unwritten: Vec<Recorded>,
    taken_up_to: Option<i64>,
    /// Set when the work pauses: when it goes on.
    until: Option<Timestamp>,
}

impl<'a> Hand<'a> {
    /// Loads the case and takes in what arrived for it.
    pub(super) async fn take_up(worker: &'a Worker, claim: Claim) -> Result<Self, StoreError> {
        let loaded = worker.parts.store.load(claim.ticket_id).await?;
        let mut case =
            Case::fold(claim.ticket_id, loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry)));
        case.resume();
        let playbook = worker.parts.playbook.get();
        let taken_up_to = loaded.deliveries.last().map(|delivery| delivery.id);
        let mut hand =
            Self { worker, case, playbook, claim, unwritten: Vec::new(), taken_up_to, until: None };
        for delivery in loaded.deliveries {
            hand.record(delivery.asks.entry(delivery.id));
        }
        if let Some(Rest::Waiting(waiting)) = &hand.case.rest
            && waiting.until.is_some_and(|until| until <= hand.now())
        {
            hand.record(Entry::TimeUp);
        }
        if claim.fruitless_claims > worker.options.fruitless_claims {
            let reason = format!("claimed {} times without a recorded step", claim.fruitless_claims);
            hand.record(Entry::Stuck { reason });
        }
        Ok(hand)
    }

    /// Works the case until it rests, pauses or is given back.
    pub(super) async fn work(&mut self, stop: &CancellationToken) -> Result<(), StoreError> {
        for _ in 0..STEPS_IN_ONE_GO {
            let todo = next(&self.case, &self.playbook);
            if self.until.is_some() || todo == Step::Rest || stop.is_cancelled() {
                return self.give_back().await;
            }
            self.take(todo).await?;
        }
        self.record(Entry::Stuck {
            reason: format!("no end after {STEPS_IN_ONE_GO} steps: the case turns in circles"),
        });
        self.give_back().await
    }

    async fn take(&mut self, step: Step) -> Result<(), StoreError> {
        match step {
            Step::Rest => {}
            Step::Record(entry) => self.record(entry),
            Step::BackOff { reason } => self.back_off(None, reason.to_owned()),
            Step::Wait(awaited) => {
                let patience = &self.playbook.patience;
                let waiting = patience.waiting(awaited, &self.case.talk, self.now());
                self.record(Entry::Waiting(waiting));
            }
            Step::Look { not_before: Some(at) } if at > self.now() => {
                let reason = "a write whose answer was lost may still be under way".to_owned();
                self.defer(at, reason, false);
            }
            Step::Look { .. } => self.look().await,
            Step::ReadAccount(id) => self.read_account(id).await,
            Step::ReadUses(query) => self.read_uses(&query).await,
            Step::Repeat { position, action } => {
                self.keep().await?;
                self.act(position, &action).await;
            }
            Step::Intend(effect) => self.intend(effect).await?,
        }
        Ok(())
    }

    async fn intend(&mut self, effect: Effect) -> Result<(), StoreError> {
        if let Effect::Write(_) = &effect
            && let Err(wait) = self.worker.parts.desk.admit(self.case.ticket_id)
        {
            self.defer(later(self.now(), wait), "the budget of ticket updates is used up".to_owned(), false);
            return Ok(());
        }
        self.record(Entry::Intended { effect: effect.clone() });
        let position = self.case.last;
        self.keep().await?;
        match effect {
            Effect::Act(action) => self.act(position, &action).await,
            Effect::Write(write) => self.write(position, &write.update).await,
        }
        Ok(())
    }

    pub(super) fn now(&self) -> Timestamp {
        self.worker.parts.clock.now()
    }

    pub(super) fn record(&mut self, entry: Entry) {
        let at = self.now();
        self.case.apply(at, &entry);
        let ticket = self.case.ticket_id;
        match &entry {
            Entry::Stuck { reason } => {
                tracing::error!(ticket.id = ticket.get(), reason, "the case is stuck: a person must look");
            }
            Entry::Deferred { until, reason, failed: true } => {
                tracing::warn!(ticket.id = ticket.get(), %until, reason, "trying again later");
            }
            Entry::Ended { ending } => tracing::info!(ticket.id = ticket.get(), ?ending, "the case ended"),
            _ => {}
        }
        self.unwritten.push(Recorded { position: self.case.last.0, at, entry });
    }

    /// A call brought no answer: pause, or give up after too many failures in a row.
    pub(super) fn call_failed(&mut self, error: CallError) {
        match error {
            CallError::Retry { after, reason } => self.back_off(after, reason),
            CallError::Unknown { reason } => self.back_off(None, reason),
            CallError::Permanent { reason } => self.record(Entry::Stuck { reason }),
        }
    }

    pub(super) fn back_off(&mut self, asked: Option<std::time::Duration>, reason: String) {
        let now = self.now();
        let failures = self.case.failures + 1;
        match self.worker.options.retry.after_failure(self.case.ticket_id, failures, now, asked) {
            AfterFailure::At(until) => self.defer(until, reason, true),
            AfterFailure::GiveUp => {
                self.record(Entry::Stuck {
                    reason: format!("gave up after {failures} failures in a row; the last: {reason}"),
                });
            }
        }
    }

    fn defer(&mut self, until: Timestamp, reason: String, failed: bool) {
        self.record(Entry::Deferred { until, reason, failed });
        self.until = Some(until);
    }

    /// Puts everything on disk, renews the lease, and so proves that the case is still ours.
    async fn keep(&mut self) -> Result<(), StoreError> {
        let lease_until = later(self.now(), self.worker.options.lease);
        self.append(QueueMove::Keep { lease_until }).await
    }

    async fn give_back(&mut self) -> Result<(), StoreError> {
        let (state, due_at) = match (&self.case.rest, self.until) {
            // Paused, perhaps while it looked whether a resting case goes on.
            (_, Some(until)) => (CaseState::Active, Some(until)),
            (Some(Rest::Waiting(waiting)), None) => (CaseState::Waiting, waiting.until),
            (Some(Rest::Ended(_)), None) => (CaseState::Ended, None),
            (Some(Rest::Stuck(_)), None) => (CaseState::Stuck, None),
            (None, None) => (CaseState::Active, Some(self.now())),
        };
        let queue_move = QueueMove::Release { state, due_at };
        self.append(queue_move).await
    }

    async fn append(&mut self, queue_move: QueueMove) -> Result<(), StoreError> {
        let (claim, entries) = (self.claim, std::mem::take(&mut self.unwritten));
        let append = Append { claim, entries, taken_up_to: self.taken_up_to.take(), queue_move };
        self.worker.parts.store.append(append).await?;
        self.worker.pulse.beat(self.now());
        Ok(())
    }

    pub(super) fn key_of(&self, position: Position) -> crate::domain::ids::EffectKey {
        self.case.key(position)
    }
}

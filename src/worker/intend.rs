//! Records an intention on disk, past limits and breaker.

use super::case_run::CaseRun;
use crate::domain::case::{Effect, Entry, EscalationCause};
use crate::domain::ids::Position;
use crate::domain::limits::{Limit, Trip};
use crate::ports::{Guard, SendMode, StoreError};

impl CaseRun<'_> {
    /// Appends the intention to the journal, on disk; `None` if a limit or the breaker forbids it, so that a person must
    /// see it first.
    pub(super) async fn intend(
        &mut self,
        effect: Effect,
        way: SendMode,
    ) -> Result<Option<Position>, StoreError> {
        let guard = self.guard(&effect);
        // Only a guarded append can be refused.
        let before =
            guard.is_some().then(|| Box::new((self.case.clone(), self.unwritten.clone(), self.tally)));
        let sealed = matches!(effect, Effect::Write(_));
        let (together, first_since) = (way == SendMode::Bulk, self.case.first_since(&effect));
        self.record(Entry::Intended { effect, together, sealed, first_since });
        let position = self.case.last;
        match (self.keep_guarded(guard).await, before) {
            (Ok(()), _) => Ok(Some(position)),
            (Err(StoreError::OverLimit { limit }), Some(before)) => {
                (self.case, self.unwritten, self.tally) = *before;
                self.limited(limit);
                Ok(None)
            }
            (Err(StoreError::BreakerOpen { trip, newly }), Some(before)) => {
                (self.case, self.unwritten, self.tally) = *before;
                self.restrained(&trip, newly);
                Ok(None)
            }
            (Err(error), _) => Err(error),
        }
    }

    /// The checks for an effect; `None`: no checks.
    fn guard(&self, effect: &Effect) -> Option<Guard> {
        let movement = match effect {
            Effect::Act(action) => self.case.movement(action),
            Effect::Write(_) => None,
        };
        let unseen = self.case.goes_out_unseen(effect);
        (unseen || movement.is_some()).then_some(Guard {
            movement,
            limits: self.playbook.limits,
            released: !unseen,
        })
    }

    /// Agents take over: the amount exceeds a limit.
    fn limited(&mut self, limit: Limit) {
        tracing::warn!(
            ticket.id = self.case.ticket_id.get(),
            limit = limit.setting(),
            "a limit was reached: a person must act"
        );
        self.record(EscalationCause::LimitReached { limit }.into());
    }

    /// The turn only prepares its decision: the breaker is open.
    fn restrained(&mut self, trip: &Trip, newly: bool) {
        let (measure, ticket) = (trip.measure.code(), self.case.ticket_id.get());
        if newly {
            tracing::error!(
                measure,
                in_hour = trip.in_hour,
                usual = trip.usual,
                passes = trip.most,
                "the breaker is open: every row is only prepared until a person lifts it with `misread limits lift`"
            );
        }
        tracing::info!(ticket.id = ticket, measure, "the breaker is open: the ticket is only prepared");
        self.record(Entry::Restrained { reason: trip.clone().into() });
    }
}

//! The calls to the world, and how their outcomes read in the journal.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::hand::Hand;
use crate::domain::case::{Action, Earlier, Entry};
use crate::domain::ids::{AccountId, Position, TicketId};
use crate::domain::retry::later;
use crate::domain::ticket::TicketUpdate;
use crate::ports::{
    ActionOutcome, ActionRequest, CallError, Sending, StoreError, UpdateOutcome, UseQuery, Way,
};

impl Hand<'_> {
    /// Reads the ticket and then its changes: what happens in between makes the next write conflict.
    pub(super) async fn look(&mut self) {
        let desk = &self.worker.parts.desk;
        if let Err(wait) = desk.may_read(self.lane()) {
            let reason = "the account's budget of requests is used up".to_owned();
            return self.defer(later(self.now(), wait), reason, false);
        }
        let ticket = match desk.ticket(self.case.ticket_id, self.lane()).await {
            Ok(Some(ticket)) => ticket,
            // Reads lag behind the trigger that told of a new ticket.
            Ok(None) if self.case.facts.ticket.is_none() && !self.is_given_up() => {
                return self.back_off(None, "the ticket is not there, or not yet".to_owned());
            }
            Ok(None) => return self.record(Entry::TicketGone),
            Err(error) => return self.call_failed(error),
        };
        match desk.changes(self.case.ticket_id, ticket.requester.id).await {
            Ok(changes) => {
                self.record(Entry::TicketRead { ticket: Box::new(ticket) });
                self.record(Entry::ChangesRead { changes });
            }
            Err(error) => self.call_failed(error),
        }
    }

    /// What the ledger knows of the closed ticket that this one follows.
    pub(super) async fn read_earlier(&mut self, id: TicketId) -> Result<(), StoreError> {
        let loaded = self.worker.parts.store.load(id).await?;
        let journal = loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry));
        let earlier = Box::new(Earlier::of(id, journal));
        self.record(Entry::EarlierRead { earlier });
        Ok(())
    }

    pub(super) async fn read_account(&mut self, id: AccountId) {
        match self.worker.parts.parking.account(&id).await {
            Ok(account) => self.record(Entry::AccountRead { id, account }),
            Err(error) => self.call_failed(error),
        }
    }

    pub(super) async fn read_uses(&mut self, query: &UseQuery) {
        match self.worker.parts.parking.uses(query).await {
            Ok(page) => self.record(Entry::UsesRead { uses: page.uses, has_more: page.has_more }),
            Err(error) => self.call_failed(error),
        }
    }

    /// Acts under the key of the intention at `of`; repeating is safe, the parking system keeps keys for ever.
    pub(super) async fn act(&mut self, of: Position, action: &Action) {
        let request = ActionRequest {
            ticket_id: self.case.ticket_id,
            action: action.action,
            use_id: action.use_id.clone(),
            lot_id: action.lot_id.clone(),
            amount: action.amount,
        };
        let outcome = self.worker.parts.parking.act(&self.key_of(of), &request).await;
        match outcome {
            Ok(ActionOutcome::Done(receipt)) => self.record(Entry::Acted { of, receipt }),
            Ok(ActionOutcome::Conflict { error, parking_use }) => {
                self.record(Entry::ActionConflict { of, error, parking_use });
            }
            Ok(ActionOutcome::Refused { error }) => {
                self.refused(of, error);
            }
            Err(CallError::Permanent { reason }) if self.is_given_up() => {
                self.refused(of, reason);
            }
            Err(error) => self.effect_unclear(of, error, None),
        }
    }

    /// Writes to the ticket as it was last seen.
    pub(super) async fn write(
        &mut self,
        of: Position,
        update: &TicketUpdate,
        way: Way,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        let Some(seen) = self.case.seen else {
            // `next` reads the ticket before it writes.
            self.record(Entry::Stuck { reason: "a write before the ticket was read".to_owned() });
            return Ok(());
        };
        let (desk, key) = (Arc::clone(&self.worker.parts.desk), self.key_of(of));
        let (ticket_id, lease) = (self.case.ticket_id, self.lease.clone());
        let sending = Sending { ticket_id, key: &key, update, seen, way, lease: &lease };
        let outcome = match way {
            Way::Alone => desk.update(sending).await,
            Way::Together => match self.while_it_takes(desk.update(sending), stop).await? {
                Some(outcome) => outcome,
                None => return Ok(()),
            },
        };
        match outcome {
            Ok(UpdateOutcome::Written { audit_id, updated_at, crossed }) => {
                self.record(Entry::Written { of, audit_id, updated_at, found_by_marker: false, crossed });
            }
            Ok(UpdateOutcome::Conflict) => self.record(Entry::WriteConflict { of }),
            Ok(UpdateOutcome::Refused { closed: ticket_closed, reason, missing_fields }) => {
                self.record(Entry::Refused { of, reason, ticket_closed, missing_fields });
            }
            Err(CallError::Permanent { reason }) if self.is_given_up() => {
                self.refused(of, reason);
            }
            Err(error) => {
                let settle = Duration::try_from(self.playbook.unknown_settle).ok();
                self.effect_unclear(of, error, settle);
            }
        }
        Ok(())
    }

    /// Waits for what may take longer than a lease, and renews the lease meanwhile. `None`: the service stops; what became of
    /// it is found out by whoever takes the case up next.
    async fn while_it_takes<T>(
        &mut self,
        call: impl Future<Output = T>,
        stop: &CancellationToken,
    ) -> Result<Option<T>, StoreError> {
        let clock = Arc::clone(&self.worker.parts.clock);
        tokio::pin!(call);
        loop {
            let renew_at = later(clock.now(), self.worker.options.lease / 3);
            tokio::select! {
                biased;
                done = &mut call => return Ok(Some(done)),
                () = stop.cancelled() => {
                    self.defer(clock.now(), "the service stops while a write is under way".to_owned(), false);
                    return Ok(None);
                }
                () = clock.sleep_until(renew_at) => self.keep().await?,
            }
        }
    }

    fn refused(&mut self, of: Position, reason: String) {
        self.record(Entry::Refused { of, reason, ticket_closed: false, missing_fields: Vec::new() });
    }

    /// The effect stays unclear in the journal, and is cleared up after a pause: looked for (Zendesk) or repeated under the
    /// same key (parking). Even what surely was not done goes this way: one way of coming back is enough.
    fn effect_unclear(&mut self, of: Position, error: CallError, settle: Option<Duration>) {
        if let CallError::Unknown { reason } = error {
            self.record(Entry::OutcomeUnknown { of, reason: reason.clone() });
            self.back_off(settle, reason);
        } else {
            self.call_failed(error);
        }
    }
}

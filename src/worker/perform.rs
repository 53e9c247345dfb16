//! The calls to other systems, and their outcomes as journal entries.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::case_run::CaseRun;
use crate::domain::case::{Action, Earlier, Entry, PauseCause, StuckCause};
use crate::domain::ids::{AccountId, Position, TicketId};
use crate::domain::moment::later;
use crate::domain::ticket::{Seen, Ticket, TicketChange, TicketUpdate, newest};
use crate::ports::{
    ActionOutcome, ActionRequest, CallError, SendMode, StoreError, TicketWrite, UpdateOutcome, UseQuery,
};

/// The second of a time without fractions, the next one to which it may be rounded, and one for the inaccuracy of the
/// clocks.
const WHOLE_SECONDS: SignedDuration = SignedDuration::from_secs(3);

impl CaseRun<'_> {
    /// Reads the ticket and then its changes: a change in between makes the next write conflict. If it is uncertain whether
    /// the ticket includes another author's change, both are read again: the ticket then includes everything read before.
    pub(super) async fn look(&mut self) {
        let Some((mut ticket, mut changes)) = self.read_both().await else { return };
        let mut held = None;
        if self.case.is_in_doubt(&ticket, &changes) {
            held = Some(newest(&changes));
            let Some(again) = self.read_both().await else { return };
            (ticket, changes) = again;
        }
        self.record(Entry::TicketRead { ticket: Box::new(ticket) });
        self.record(Entry::ChangesRead { changes, held });
    }

    /// Compares the ticket's audits with those that the decision rests on: the ticket's time has whole seconds, so a reply
    /// by a person in the same second does not change it. If there are new audits, everything is read again.
    ///
    /// In bulk mode the ticket itself is read once more instead, with many others in one call: a comment in the same second
    /// changes the number of comments, any other change by a person changes the content.
    pub(super) async fn confirm(&mut self) {
        if self.is_still_the_same().await {
            return self.record(Entry::Confirmed { audit_id: self.case.read_up_to });
        }
        match self.read_changes().await {
            Ok(changes) if self.case.is_as_read(&changes) => {
                self.record(Entry::Confirmed { audit_id: newest(&changes) });
            }
            Ok(_) => self.look().await,
            Err(error) => self.call_failed(error),
        }
    }

    /// Whether updates go in bulk and the ticket equals the one read. If that is uncertain, the audits decide.
    async fn is_still_the_same(&self) -> bool {
        let desk = &self.worker.parts.desk;
        let Some(read) = self.case.facts.ticket.as_ref().filter(|read| read.comments.is_some()) else {
            return false;
        };
        desk.writes_together()
            && matches!(desk.ticket(self.case.ticket_id, self.lane()).await, Ok(Some(now)) if now == *read)
    }

    /// `None`: the reason is in the journal.
    async fn read_both(&mut self) -> Option<(Ticket, Vec<TicketChange>)> {
        let desk = &self.worker.parts.desk;
        let ticket = match desk.ticket(self.case.ticket_id, self.lane()).await {
            Ok(Some(ticket)) => ticket,
            // Reads lag behind the trigger that reported a new ticket.
            Ok(None) if self.case.facts.ticket.is_none() && !self.is_given_up() => {
                self.back_off(None, PauseCause::TicketMissing);
                return None;
            }
            Ok(None) => {
                self.record(Entry::TicketGone);
                return None;
            }
            Err(error) => {
                self.call_failed(error);
                return None;
            }
        };
        match desk.changes(self.case.ticket_id, ticket.requester.id).await {
            Ok(changes) => Some((ticket, changes)),
            Err(error) => {
                self.call_failed(error);
                None
            }
        }
    }

    async fn read_changes(&self) -> Result<Vec<TicketChange>, CallError> {
        let requester_id = self.case.facts.ticket.as_ref().map_or(0, |ticket| ticket.requester.id);
        self.worker.parts.desk.changes(self.case.ticket_id, requester_id).await
    }

    /// The ledger's knowledge of the closed ticket that this one follows.
    pub(super) async fn read_earlier(&mut self, id: TicketId) -> Result<(), StoreError> {
        let loaded = self.worker.parts.store.load(id).await?;
        let journal = loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry));
        let earlier = Box::new(Earlier::of(id, journal));
        self.record(Entry::EarlierRead { earlier });
        Ok(())
    }

    /// Queries both concurrently. Actions run one after the other: a refused one ends or changes the turn, and the rest
    /// must not have been done by then.
    pub(super) async fn look_up(&mut self, account: Option<AccountId>, uses: Option<UseQuery>) {
        let parking = &self.worker.parts.parking;
        let accounts = async {
            let id = account?;
            let account = parking.account(&id).await;
            Some(account.map(|account| Entry::AccountRead { id, account }))
        };
        let uses = async {
            let page = parking.uses(&uses?).await;
            Some(page.map(|page| Entry::UsesRead { uses: page.uses, has_more: page.has_more }))
        };
        let (account, uses) = tokio::join!(accounts, uses);
        for read in [account, uses].into_iter().flatten() {
            match read {
                Ok(entry) => self.record(entry),
                Err(error) => return self.call_failed(error),
            }
        }
    }

    /// Acts under the key of the intention at `of`. A retry is safe: the parking system keeps keys forever.
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

    /// Writes to the ticket, based on its state when last seen.
    pub(super) async fn write(
        &mut self,
        of: Position,
        update: &TicketUpdate,
        way: SendMode,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        let Some(seen) = self.case.seen else {
            // `next` reads the ticket before it writes.
            self.record(Entry::Stuck { reason: StuckCause::WriteBeforeRead.into() });
            return Ok(());
        };
        if way == SendMode::Single && self.may_be_overtaken(update, seen) {
            match self.read_changes().await {
                Ok(changes) if self.case.is_as_read(&changes) => {}
                Ok(_) => {
                    self.record(Entry::WriteConflict { of });
                    return Ok(());
                }
                Err(error) => {
                    self.effect_unclear(of, error, None);
                    return Ok(());
                }
            }
        }
        let (desk, key) = (Arc::clone(&self.worker.parts.desk), self.key_of(of));
        let (ticket_id, lease) = (self.case.ticket_id, self.lease.clone());
        let sending = TicketWrite { ticket_id, key: &key, update, seen, way, lease: &lease };
        let outcome = match way {
            SendMode::Single => desk.update(sending).await,
            SendMode::Bulk => match self.while_it_takes(desk.update(sending), stop).await? {
                Some(outcome) => outcome,
                None => return Ok(()),
            },
        };
        match outcome {
            Ok(UpdateOutcome::Written { audit_id, updated_at, crossed }) => {
                self.record(Entry::Written { of, audit_id, updated_at, found_by_marker: false, crossed });
                if update.public {
                    self.worker.metrics.replied_after(self.waited());
                }
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

    /// Whether a public text about moved money goes to a ticket that changed so recently that a person's reply may be of
    /// the same second: Zendesk would then not reject the write. This compares two clocks, with their known difference, at
    /// most the configured one. Bulk writes are checked afterwards instead.
    fn may_be_overtaken(&self, update: &TicketUpdate, seen: Seen) -> bool {
        let since = self.now().duration_since(seen.updated_at);
        let apart = self.worker.parts.clock.desk_ahead().unwrap_or(self.worker.options.clocks_apart);
        let at_most = apart.abs().saturating_add(WHOLE_SECONDS);
        update.public && self.case.receipts_of_turn().next().is_some() && since <= at_most
    }

    /// Waits for a call that may take longer than the lease, and renews the lease meanwhile. `None`: the service stops; the
    /// next worker of the case finds the outcome.
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
                    self.defer(clock.now(), PauseCause::Stopping, false);
                    return Ok(None);
                }
                () = clock.sleep_until(renew_at) => self.keep().await?,
            }
        }
    }

    fn refused(&mut self, of: Position, reason: String) {
        self.record(Entry::Refused { of, reason, ticket_closed: false, missing_fields: Vec::new() });
    }

    /// The effect stays unknown in the journal and is resolved after a pause: looked up (Zendesk) or retried under the same
    /// key (parking). Effects that were certainly not done go this way too: one recovery path is enough.
    fn effect_unclear(&mut self, of: Position, error: CallError, settle: Option<Duration>) {
        if let CallError::Unknown { reason } = error {
            self.record(Entry::OutcomeUnknown { of, reason: reason.clone() });
            self.back_off(settle, PauseCause::Failed { error: reason });
        } else {
            self.call_failed(error);
        }
    }
}

//! Giving up: people are notified in the ticket, since no agent sees a case that is stuck only in the ledger.

use super::effect::{Rest, Write, WriteKind};
use super::fold::Case;
use super::halt::StuckCause;
use super::reason::Reason;
use super::record::{EffectRecord, EffectState};
use super::routing::Routing;
use crate::domain::ticket::{ChangeAuthor, TicketStatus};

/// The second attempt omits the routing that Zendesk refused. After that, only the log and the ledger report the case.
const TIMES_TO_NOTIFY: usize = 2;

impl Case {
    /// People are notified in the ticket, with the usual number of attempts. If that fails too, only the log reports it.
    pub(super) fn gave_up(&mut self, reason: &Reason<StuckCause>) {
        self.untold = !matches!(self.rest, Some(Rest::Stuck(_)));
        if self.untold {
            self.interrupted = self.rest.replace(Rest::Stuck(reason.clone()));
        }
        self.progress();
    }

    /// Whether it is stuck and the note that says so is not written yet.
    pub fn is_untold(&self) -> bool {
        let is_closed =
            self.facts.ticket.as_ref().is_some_and(|ticket| ticket.status == TicketStatus::Closed);
        self.untold
            && !self.gone
            && !is_closed
            && !self.is_told()
            && self.stuck_note_refusals() < TIMES_TO_NOTIFY
    }

    /// Whether the note of this turn still tells the truth. A write after a retry took its mark off.
    fn is_told(&self) -> bool {
        self.told_of_stop().is_some_and(|told| {
            let mut later = self.writes().filter(|(_, record)| record.position > told.position);
            self.retried < told.position || !later.any(|(_, record)| record.state == EffectState::Written)
        })
    }

    /// The latest note of this turn by which people were told that the service gave up.
    pub(super) fn told_of_stop(&self) -> Option<&EffectRecord> {
        let told = self.writes().rfind(|(write, record)| {
            let of_turn = record.position > self.turn.from && write.kind == WriteKind::StuckNote;
            of_turn && record.state == EffectState::Written
        });
        told.map(|(_, record)| record)
    }

    /// The note by which the ticket looks stuck, though a person has ordered a retry since and the case goes on. As long as
    /// the ticket was not read again, it counts as it was written.
    pub(super) fn stuck_mark(&self, routing: &Routing) -> Option<(&Write, &EffectRecord)> {
        if self.gone || matches!(self.rest, Some(Rest::Stuck(_))) {
            return None;
        }
        let ticket = self.facts.ticket.as_ref()?;
        let (write, record) = self
            .writes()
            .rfind(|(write, record)| write.update.tags.is_some() && record.state == EffectState::Written)?;
        let marks = write.update.tags.iter().flatten().any(|tag| *tag == routing.stuck_tag);
        // No view shows a solved ticket.
        let is_over = matches!(ticket.status, TicketStatus::Solved | TicketStatus::Closed);
        let is_seen = !is_over && ticket.tags.contains(&routing.stuck_tag);
        let refused = self.writes().any(|(write, record)| {
            let later = write.kind == WriteKind::Resumed && record.position > self.retried;
            later && matches!(record.state, EffectState::Refused { .. })
        });
        let stands = marks && !refused && (is_seen || self.changes.is_none());
        (stands && self.retried > record.position).then_some((write, record))
    }

    /// What the ticket had before the note that it is stuck replaced it: the service's own tags, and the status if that note
    /// changed it. `None`: a person has changed the ticket since, and it stays as they left it.
    pub(super) fn before_stop(
        &self,
        (note, told): (&Write, &EffectRecord),
        routing: &Routing,
    ) -> Option<(Vec<String>, Option<TicketStatus>)> {
        let told_at = self.audit_of(told)?;
        let by_another = |author| matches!(author, ChangeAuthor::Other { .. });
        if self.changes.iter().flatten().any(|change| change.audit_id > told_at && by_another(change.author))
        {
            return None;
        }
        let earlier = || {
            let earlier = self.writes().rev().filter(|(_, record)| record.position < told.position);
            earlier.filter(|(_, record)| record.state == EffectState::Written).map(|(write, _)| &write.update)
        };
        let marks = routing.marks();
        let tags = earlier().find_map(|update| update.tags.as_ref()).into_iter().flatten();
        let tags = tags.filter(|tag| marks.contains(tag)).cloned().collect();
        let status = note.update.status.and_then(|_| earlier().find_map(|update| update.status));
        Some((tags, status))
    }

    /// How often Zendesk refused the note in this turn.
    pub(super) fn stuck_note_refusals(&self) -> usize {
        let of_turn = self
            .writes()
            .filter(|(write, record)| write.kind == WriteKind::StuckNote && record.position > self.turn.from);
        of_turn.filter(|(_, record)| matches!(record.state, EffectState::Refused { .. })).count()
    }
}

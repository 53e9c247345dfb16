//! Giving up: people are notified in the ticket, since no agent sees a case that is stuck only in the ledger.

use super::effect::{Rest, WriteKind};
use super::fold::Case;
use super::halt::StuckCause;
use super::reason::Reason;
use super::record::EffectState;
use crate::domain::ticket::TicketStatus;

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
            && !self.has_written(WriteKind::StuckNote)
            && self.stuck_note_refusals() < TIMES_TO_NOTIFY
    }

    /// How often Zendesk refused the note in this turn.
    pub(super) fn stuck_note_refusals(&self) -> usize {
        let of_turn = self
            .writes()
            .filter(|(write, record)| write.kind == WriteKind::StuckNote && record.position > self.turn.from);
        of_turn.filter(|(_, record)| matches!(record.state, EffectState::Refused { .. })).count()
    }
}

//! Notifies people that the service gave up: no agent sees a case that is stuck only in the ledger.

use super::effect::{Effect, WriteKind};
use super::fold::{Case, Rest};
use super::internal;
use super::next::{Step, clear_up_writes, only_watches};
use super::playbook::Playbook;
use super::record::EffectState;
use crate::domain::ticket::TicketStatus;

/// The second attempt omits the routing that Zendesk refused. After that, only the log and the ledger report the case.
const TIMES_TO_TELL: usize = 2;

/// The next step of a stuck case.
pub(super) fn tell(case: &Case, playbook: &Playbook, reason: &str) -> Step {
    if !case.is_untold() {
        return Step::Rest;
    }
    let (Some(ticket), Some(_)) = (&case.facts.ticket, &case.changes) else {
        return Step::Look;
    };
    if let Some(step) = clear_up_writes(case, playbook) {
        return step;
    }
    let write = if refusals(case) == 0 && !only_watches(case, playbook) {
        internal::stuck_note(case, playbook, ticket, reason)
    } else {
        internal::plain_stuck_note(case, playbook, reason)
    };
    Step::Intend(Effect::Write(write))
}

impl Case {
    /// People are notified in the ticket, with the usual number of attempts. If that fails too, only the log reports it.
    pub(super) fn gave_up(&mut self, reason: &str) {
        self.untold = !matches!(self.rest, Some(Rest::Stuck(_)));
        if self.untold {
            self.interrupted = self.rest.replace(Rest::Stuck(reason.to_owned()));
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
            && refusals(self) < TIMES_TO_TELL
    }
}

/// How often Zendesk refused the note in this turn.
fn refusals(case: &Case) -> usize {
    let of_turn = case
        .writes()
        .filter(|(write, record)| write.kind == WriteKind::StuckNote && record.position > case.turn.from);
    of_turn.filter(|(_, record)| matches!(record.state, EffectState::Refused { .. })).count()
}

//! Operator commands on a case: retry, hand over, erase.

use jiff::Timestamp;

use super::cause::EscalationCause;
use super::effect::{Effect, Ending, Occasion, Order, OrderKind, Rest};
use super::fold::Case;
use super::record::EffectState;
use crate::domain::ids::Position;

impl Case {
    pub(super) fn ordered(&mut self, order: &Order) {
        match order.what {
            OrderKind::Retry => self.retry(),
            OrderKind::HandOver => self.hand_over(&order.by),
        }
    }

    /// The case goes on as after any wake-up. A write that Zendesk refused is built and sent again, since the reason may be
    /// gone. A refused action stays refused: it already led to a person.
    fn retry(&mut self) {
        self.wake();
        self.progress();
        self.retried = self.last;
        self.changes = None;
        for record in &mut self.effects {
            let refused = matches!(record.state, EffectState::Refused { ticket_closed: false, .. });
            if refused && matches!(record.effect, Effect::Write(_)) {
                record.state = EffectState::NotDone;
            }
        }
    }

    /// Begins a turn that only hands the ticket over. A case that has ended meanwhile is not resumed for it.
    fn hand_over(&mut self, by: &str) {
        if let Some(Rest::Ended(_)) = self.rest {
            return;
        }
        let stuck = match &self.rest {
            Some(Rest::Stuck(why)) => Some(why.clone()),
            _ => None,
        };
        if stuck.is_some() {
            self.rest = self.interrupted.take();
        }
        self.begin_turn(Occasion::Ordered, None);
        self.escalated = Some(EscalationCause::Ordered { by: by.to_owned(), stuck }.into());
    }

    /// Keeps only how the case ended and which positions are used up.
    pub(super) fn erased(&mut self, at: Timestamp, entries: u32, ending: Ending) {
        let last = Position(entries.saturating_add(1));
        let rest = Some(Rest::Ended(ending));
        let marks = std::mem::take(&mut self.marks);
        *self = Self { last, rest, erased: Some(at), marks, ..Self::new(self.ticket_id) };
    }
}

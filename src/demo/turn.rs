//! Splits a journal into turns: from the event that resumed the case to its next rest.

use jiff::Timestamp;

use crate::domain::case::{Effect, Entry, Heard, Occasion, WriteKind};
use crate::domain::ids::{EffectKey, Position, TicketId};
use crate::domain::parking::{ParkingAction, Receipt};
use crate::domain::policy::Decision;
use crate::ports::Recorded;

/// One turn of a journal.
#[derive(Clone, Debug)]
pub struct Turn {
    pub began_at: Timestamp,
    pub occasion: Occasion,
    /// What the customer's messages in it mean, and what speaks against their being the customer's.
    pub heard: Option<Heard>,
    /// The last policy decision in it, if any.
    pub decision: Option<Decision>,
    /// Why the decision was not carried out, if general agents took over instead.
    pub escalated: Option<String>,
    /// The intended actions at the parking system, in order.
    pub actions: Vec<Action>,
    /// The writes to the ticket, in order.
    pub writes: Vec<Written>,
}

/// An intended action at the parking system.
#[derive(Clone, Debug)]
pub struct Action {
    pub key: EffectKey,
    pub action: ParkingAction,
    /// The receipt; `None`: it was not done.
    pub receipt: Option<Receipt>,
}

/// A write to the ticket.
#[derive(Clone, Debug)]
pub struct Written {
    pub kind: WriteKind,
    /// Its key, which is its marker on the ticket.
    pub key: EffectKey,
}

impl Turn {
    fn new(began_at: Timestamp, occasion: Occasion) -> Self {
        let (actions, writes) = (Vec::new(), Vec::new());
        Self { began_at, occasion, heard: None, decision: None, escalated: None, actions, writes }
    }

    /// Whether nothing was done or written in it.
    pub fn only_looked(&self) -> bool {
        self.actions.is_empty() && self.writes.is_empty()
    }

    /// The number of its public texts.
    pub fn public_texts(&self) -> usize {
        self.writes.iter().filter(|written| written.kind.is_public()).count()
    }

    /// The number of its internal notes.
    pub fn notes(&self) -> usize {
        self.writes.len() - self.public_texts()
    }
}

/// The turns of a ticket's journal, oldest first.
pub(super) fn turns(ticket: TicketId, journal: &[Recorded]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut intended: Vec<(Position, WriteKind)> = Vec::new();
    for Recorded { position, at, entry } in journal {
        if let Entry::TurnBegan { occasion, .. } = entry {
            turns.push(Turn::new(*at, *occasion));
        } else if turns.is_empty() {
            turns.push(Turn::new(*at, Occasion::Start));
        }
        let Some(turn) = turns.last_mut() else { continue };
        match entry {
            Entry::Heard(heard) => turn.heard = Some(heard.clone()),
            Entry::Decided { decision } => turn.decision = Some((**decision).clone()),
            Entry::Escalated(escalation) => turn.escalated = Some(escalation.reason.to_string()),
            Entry::Intended { effect: Effect::Act(act), .. } => {
                let key = EffectKey::new(ticket, Position(*position));
                turn.actions.push(Action { key, action: act.action, receipt: None });
            }
            Entry::Acted { of, receipt } => {
                let key = EffectKey::new(ticket, *of);
                if let Some(action) = turn.actions.iter_mut().find(|action| action.key == key) {
                    action.receipt = Some((**receipt).clone());
                }
            }
            Entry::Intended { effect: Effect::Write(write), .. } => {
                intended.push((Position(*position), write.kind));
            }
            Entry::Written { of, .. } => {
                let kind = intended.iter().find(|(position, _)| position == of).map(|(_, kind)| *kind);
                turn.writes.extend(kind.map(|kind| Written { kind, key: EffectKey::new(ticket, *of) }));
            }
            _ => {}
        }
    }
    turns
}

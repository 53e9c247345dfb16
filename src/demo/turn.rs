//! A journal, turn by turn: from what made the case go on to where it rested again.

use jiff::Timestamp;

use crate::domain::case::{Effect, Entry, Heard, Occasion, WriteKind};
use crate::domain::ids::{EffectKey, Position, TicketId};
use crate::domain::parking::{ParkingAction, Receipt};
use crate::domain::policy::Decision;
use crate::ports::Recorded;

/// One turn as its journal tells it.
#[derive(Clone, Debug)]
pub struct Turn {
    /// When it began.
    pub began_at: Timestamp,
    /// Why.
    pub occasion: Occasion,
    /// What the customer's messages in it were understood to say, and what speaks against taking them for theirs.
    pub heard: Option<Heard>,
    /// What the policy decided last in it, if it was asked.
    pub decision: Option<Decision>,
    /// Why the decision was not carried out, if general agents took over instead.
    pub escalated: Option<String>,
    /// What was intended at the parking system, in order.
    pub actions: Vec<Action>,
    /// What was written to the ticket, in order.
    pub writes: Vec<Written>,
}

/// Something that was intended at the parking system.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its key.
    pub key: EffectKey,
    /// What.
    pub action: ParkingAction,
    /// The proof; `None`: it was not done.
    pub receipt: Option<Receipt>,
}

/// Something that was written to the ticket.
#[derive(Clone, Debug)]
pub struct Written {
    /// What for.
    pub kind: WriteKind,
    /// Its key, which is its marker on the ticket.
    pub key: EffectKey,
}

impl Turn {
    fn new(began_at: Timestamp, occasion: Occasion) -> Self {
        let (actions, writes) = (Vec::new(), Vec::new());
        Self { began_at, occasion, heard: None, decision: None, escalated: None, actions, writes }
    }

    /// Whether nothing was done or written in it: it only looked.
    pub fn only_looked(&self) -> bool {
        self.actions.is_empty() && self.writes.is_empty()
    }

    /// How many of its writes the customer reads.
    pub fn public_texts(&self) -> usize {
        self.writes.iter().filter(|written| written.kind.is_public()).count()
    }

    /// How many of its writes are internal notes.
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
            Entry::Escalated { reason, .. } => turn.escalated = Some(reason.clone()),
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

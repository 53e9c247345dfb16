//! What is known of an effect that was intended.

use jiff::Timestamp;

use super::effect::Effect;
use crate::domain::ids::Position;
use crate::domain::parking::Receipt;

/// An effect with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectRecord {
    /// Where it was intended; makes its key.
    pub position: Position,
    /// What.
    pub effect: Effect,
    /// Whether it was sent with others in a job.
    pub together: bool,
    /// When its outcome became unclear: when it was intended, or when its answer was lost.
    pub since: Timestamp,
    /// What became of it.
    pub state: EffectState,
}

/// Why the decision cannot be carried out as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// What was seen, in Korean, for the note.
    pub reason: String,
    /// What the agents have to do, in Korean.
    pub todo: String,
    /// The reply that could not be sent.
    pub draft: Option<String>,
}

/// What became of an effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EffectState {
    /// Intended; whether it was done is not known (yet).
    Unknown,
    /// It was not done: refused because the world had changed, or looked up and not there.
    NotDone,
    /// Done at the parking system.
    Acted(Box<Receipt>),
    /// Done at Zendesk.
    Written,
    /// Never possible as asked.
    Refused {
        /// What the other side said.
        reason: String,
        /// Whether the ticket takes no more updates at all.
        ticket_closed: bool,
        /// The ticket fields, by their titles, that must be filled before that.
        missing_fields: Vec<String>,
    },
}

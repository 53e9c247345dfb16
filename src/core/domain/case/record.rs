//! What is known of an intended effect.

use jiff::Timestamp;

use super::effect::{Effect, Write};
use crate::domain::ids::{EffectKey, Position};
use crate::domain::marker;
use crate::domain::parking::Receipt;
use crate::domain::ticket::{ChangeAuthor, TicketChange};

/// An intended effect and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct EffectRecord {
    /// The position of its intention; makes its key.
    pub position: Position,
    /// The newest audit read at the time of the intention.
    pub after: i64,
    pub effect: Effect,
    /// Whether it was sent with others in a bulk job.
    pub together: bool,
    /// Whether the marker of a write is sealed.
    pub sealed: bool,
    /// The audit of a write, if Zendesk returned it.
    pub audit_id: Option<i64>,
    /// When its outcome became unknown: when it was intended, or when its response was lost.
    pub since: Timestamp,
    pub state: EffectState,
}

impl EffectRecord {
    /// Whether this change is the write that was intended here under this key: by the audit id that Zendesk returned, or
    /// else by its marker in a change of the service's own user. A write that was sealed must also match the seal.
    pub fn is(&self, change: &TicketChange, key: &EffectKey) -> bool {
        let Effect::Write(Write { update, .. }) = &self.effect else { return false };
        if self.audit_id.is_some() {
            return self.audit_id == Some(change.audit_id);
        }
        let is_named =
            change.author == ChangeAuthor::Service && change.marker.as_deref() == Some(key.as_str());
        is_named
            && match &change.sealed {
                Some(written) => *written == marker::digest(update),
                None => !self.sealed,
            }
    }
}

/// The outcome of an effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EffectState {
    /// Intended; the outcome is not known (yet).
    Unknown,
    /// Not done: refused because the state had changed, or looked up and not found.
    NotDone,
    /// Done at the parking system.
    Acted(Box<Receipt>),
    /// Done at Zendesk; its marker is in the ticket's audits.
    Written,
    /// The request can never succeed as it is.
    Refused {
        /// The upstream's reason.
        reason: String,
        /// Whether the ticket accepts no updates any more.
        ticket_closed: bool,
        /// The titles of the ticket fields that must be filled first.
        missing_fields: Vec<String>,
    },
}

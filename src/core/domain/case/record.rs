//! What is known of an intended effect.

use jiff::Timestamp;

use super::effect::{Effect, Write};
use crate::domain::ids::{EffectKey, Position};
use crate::domain::marker;
use crate::domain::parking::Receipt;
use crate::domain::ticket::{ChangeAuthor, TicketChange};

/// An intended effect and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectRecord {
    /// The position of its intention; makes its key.
    pub position: Position,
    /// The newest audit read at the time of the intention.
    pub after: i64,
    /// The effect.
    pub effect: Effect,
    /// Whether it was sent with others in a bulk job.
    pub together: bool,
    /// Whether the marker of a write is sealed.
    pub sealed: bool,
    /// The audit of a write, if Zendesk returned it.
    pub audit_id: Option<i64>,
    /// When its outcome became unknown: when it was intended, or when its response was lost.
    pub since: Timestamp,
    /// Its outcome.
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
    /// Done at Zendesk.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::case::effect::WriteKind;
    use crate::domain::case::fold::Case;
    use crate::domain::ids::TicketId;
    use crate::domain::ticket::TicketUpdate;

    fn note(text: &str) -> TicketUpdate {
        TicketUpdate::note(text.to_owned())
    }

    fn record(sealed: bool, audit_id: Option<i64>) -> EffectRecord {
        let write = Write {
            kind: WriteKind::Note,
            update: note("처리했습니다"),
            macro_name: None,
            answers: Vec::new(),
            awaits: None,
            promises: None,
            hands_to: None,
            misspelt_tags: Box::default(),
        };
        EffectRecord {
            position: Position(7),
            after: 0,
            effect: Effect::Write(write),
            together: false,
            sealed,
            audit_id,
            since: Timestamp::UNIX_EPOCH,
            state: EffectState::Unknown,
        }
    }

    fn change(author: ChangeAuthor, marker: Option<&str>, sealed: Option<&TicketUpdate>) -> TicketChange {
        TicketChange {
            audit_id: 12,
            at: Timestamp::UNIX_EPOCH,
            author,
            marker: marker.map(str::to_owned),
            sealed: sealed.map(marker::digest),
            in_interface: false,
            spoke_publicly: false,
            said: None,
            added_tags: Vec::new(),
            removed_tags: Vec::new(),
            touched: BTreeSet::new(),
            by_program: None,
            warnings: BTreeSet::new(),
            attachments: 0,
            requester_changed: false,
            said_by_other: None,
            outsider: None,
            service_user: None,
        }
    }

    #[test]
    fn a_write_is_known_by_its_audit_or_by_its_sealed_marker() {
        let ticket = TicketId::try_from(5).unwrap();
        let key = EffectKey::new(ticket, Position(7));
        let (ours, own, other) = (ChangeAuthor::Service, note("처리했습니다"), note("환불했습니다"));
        let another = ChangeAuthor::Other { user_id: 9 };
        let marker = Some("misread-5-7");
        for (record, change, expected) in [
            (record(true, None), change(ours, marker, Some(&own)), true),
            (record(true, None), change(ours, marker, Some(&other)), false),
            (record(true, None), change(ours, marker, None), false),
            (record(true, None), change(ours, Some("misread-5-9"), Some(&own)), false),
            (record(true, None), change(another, marker, Some(&own)), false),
            (record(false, None), change(ours, marker, None), true),
            (record(false, None), change(ours, marker, Some(&other)), false),
            (record(false, None), change(another, marker, None), false),
            (record(true, Some(12)), change(ours, None, None), true),
            (record(true, Some(11)), change(ours, marker, Some(&own)), false),
        ] {
            assert_eq!(record.is(&change, &key), expected, "{record:?} {change:?}");
        }
    }

    #[test]
    fn a_write_without_number_and_marker_is_the_services_first_change_after_its_intention() {
        let mut case = Case::new(TicketId::try_from(5).unwrap());
        let by = |author, audit_id| TicketChange { audit_id, ..change(author, None, None) };
        let (ours, another) = (ChangeAuthor::Service, ChangeAuthor::Other { user_id: 9 });
        case.changes = Some(vec![by(ours, 3), by(another, 7), by(ours, 8), by(ours, 9)]);
        for (after, audit_id, expected) in
            [(5, None, Some(8)), (8, None, Some(9)), (9, None, None), (5, Some(12), Some(12))]
        {
            let write = EffectRecord { after, ..record(true, audit_id) };
            assert_eq!(case.audit_of(&write), expected, "{after} {audit_id:?}");
        }
    }
}

//! An update of a ticket, before it is applied: its parts as people and programs give them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::nullable::Setting;
use crate::domain::ticket::TicketStatus;

/// The changes of an update. Absent keys stay unchanged.
#[derive(Clone, Debug, Default)]
pub(super) struct Update {
    pub(super) comment: Option<NewComment>,
    pub(super) subject: Option<String>,
    pub(super) status: Option<TicketStatus>,
    /// A custom status of its own; the default one of the status when cleared.
    pub(super) custom_status_id: Setting<i64>,
    pub(super) priority: Setting<String>,
    pub(super) ticket_type: Setting<String>,
    pub(super) requester_id: Option<i64>,
    pub(super) assignee_id: Setting<i64>,
    pub(super) group_id: Setting<i64>,
    pub(super) external_id: Setting<String>,
    pub(super) brand_id: Option<i64>,
    pub(super) ticket_form_id: Option<i64>,
    pub(super) copies: Vec<CopyChange>,
    /// The new full set of tags.
    pub(super) tags: Option<BTreeSet<String>>,
    /// Tags to add to those.
    pub(super) added_tags: BTreeSet<String>,
    /// Tags to remove from those.
    pub(super) removed_tags: BTreeSet<String>,
    pub(super) custom_fields: Vec<(i64, Value)>,
    pub(super) macro_ids: Vec<i64>,
    pub(super) metadata: Map<String, Value>,
}

/// A comment to add.
#[derive(Clone, Debug)]
pub(super) struct NewComment {
    pub(super) author_id: i64,
    /// Plain text.
    pub(super) body: String,
    /// The same as HTML, if it was sent as HTML.
    pub(super) html_body: Option<String>,
    /// When absent: like the ticket's first comment (facts §3.3).
    pub(super) public: Option<bool>,
    /// Zendesk's flags on it, by number.
    pub(super) flags: BTreeSet<i64>,
    /// The names of its files.
    pub(super) attachments: Vec<String>,
    /// Whether it is a call's recording.
    pub(super) spoken: bool,
}

impl NewComment {
    /// A comment with the visibility of the ticket's first one.
    pub(super) fn plain(author_id: i64, body: String) -> Self {
        let (flags, attachments) = (BTreeSet::new(), Vec::new());
        Self { author_id, body, html_body: None, public: None, flags, attachments, spoken: false }
    }
}

/// A person to add to or remove from a list.
#[derive(Clone, Debug)]
pub(super) struct CopyChange {
    pub(super) person: Person,
    pub(super) kind: CopyKind,
    /// `false`: remove.
    pub(super) wanted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CopyKind {
    /// Public replies, by e-mail.
    EmailCc,
    /// Everything, for agents.
    Follower,
}

/// A person in an update.
#[derive(Clone, Debug)]
pub(super) enum Person {
    /// The id of an existing user.
    Known(i64),
    /// By address; Zendesk creates an end user for an unknown one.
    ByEmail { email: String, name: Option<String> },
}

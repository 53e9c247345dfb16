//! A Zendesk ticket as the service reads and writes it.

mod change;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub(in crate::domain) use change::is_zero;
pub use change::{ChangeAuthor, TicketChange, Warning, newest, newest_held};

use super::ids::{AccountId, TicketId};

/// A ticket read at one moment, with its requester.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Ticket {
    pub id: TicketId,
    pub status: TicketStatus,
    /// Changes with every update by anyone; whole seconds. Sent back as `updated_stamp`. The order of changes goes by
    /// audits, not by this.
    pub updated_at: Timestamp,
    /// The first message in the customer's original text.
    pub description: String,
    pub tags: Vec<String>,
    /// The group it is in.
    pub group_id: Option<i64>,
    pub assignee_id: Option<i64>,
    pub requester: Requester,
    /// The original text of the plate field.
    pub plate: Option<String>,
    /// The option value of 상담유형.
    pub consultation_type: Option<String>,
    /// The original text of the field for the time of parking.
    #[serde(default)]
    pub used_at: Option<String>,
    /// The number of comments including the opening, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<u64>,
    /// Its brand and form.
    #[serde(default, skip_serializing_if = "Place::is_unknown")]
    pub place: Place,
    /// The closed ticket that it follows: Zendesk created it from an answer to that ticket, with its tags and fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<TicketId>,
    /// Readers and channels that need special care.
    #[serde(default, skip_serializing_if = "Audience::is_plain")]
    pub audience: Audience,
}

/// The brand and form of a ticket, in an account with several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Place {
    #[serde(default)]
    pub brand_id: Option<i64>,
    #[serde(default)]
    pub form_id: Option<i64>,
}

impl Place {
    /// Whether neither is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// A ticket's state when last seen: the baseline for a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its `updated_at`. Zendesk rejects a conflicting write only by the second (facts §3.6), so changes in the same second
    /// are looked for in the audits.
    pub updated_at: Timestamp,
    /// The number of comments, if known.
    pub comments: Option<u64>,
}

impl Seen {
    /// The state after one more comment, made at `updated_at`.
    #[must_use]
    pub fn after_comment(self, updated_at: Timestamp) -> Self {
        let comments = self.comments.map(|comments| comments.saturating_add(1));
        Self { updated_at: self.updated_at.max(updated_at), comments }
    }
}

/// Who reads a public comment, beside the requester by mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Audience {
    /// The ticket uses a messaging channel: it is uncertain whether a comment by the API arrives there.
    pub messaging: bool,
    /// The number of CCs, who each get a copy of every public comment.
    pub copies: usize,
    /// The CCs, as far as Zendesk names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub copied: Vec<Person>,
    /// The requester has no address for public comments, such as a caller on the telephone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unreachable: bool,
}

/// A Zendesk user as a comment or a change names them, without a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Zendesk's user id.
    pub id: i64,
    /// The name shown to agents; empty if unknown.
    pub name: String,
}

impl Audience {
    /// Whether the requester certainly reads a public comment, and no one else does.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// The end user who opened the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// Zendesk's user id.
    pub id: i64,
    /// The name shown to agents.
    pub name: String,
    /// The app account that the company's own systems linked to this user; `None` if they do not know the user.
    pub external_id: Option<AccountId>,
    /// Whether Zendesk has verified one of the user's identities.
    pub verified: bool,
    /// The user's role; `None` if Zendesk did not return it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<UserRole>,
    /// Whether Zendesk has suspended the user: it rejects replies to them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
}

/// A Zendesk user's role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserRole {
    /// A customer: everyone who is not of the account's staff.
    EndUser,
    /// A member of staff.
    Agent,
    /// An administrator of the account.
    Admin,
    /// An unknown word.
    #[serde(other)]
    Unknown,
}

/// A ticket's status. A custom status counts as its category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStatus {
    /// No agent has looked at it.
    New,
    /// Waiting for the centre.
    Open,
    /// Waiting for the customer.
    Pending,
    /// Waiting for a third party.
    Hold,
    /// Done; a new comment reopens it.
    Solved,
    /// Final: it cannot be changed.
    Closed,
    /// An unknown word.
    #[serde(other)]
    Unknown,
}

/// One write to a ticket: at most one comment, and the changes with it (Zendesk facts §3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketUpdate {
    /// The comment's text; plain, never HTML.
    pub body: String,
    /// Whether the customer sees it.
    pub public: bool,
    /// The new status, if it changes.
    pub status: Option<TicketStatus>,
    /// The new group, if it changes; Zendesk clears the assignee with it (facts §5.3).
    pub group_id: Option<i64>,
    /// The full set of tags, if it changes: Zendesk replaces all of them (facts §3.5).
    pub tags: Option<Vec<String>>,
    /// The option value of 상담유형, if it changes.
    pub consultation_type: Option<String>,
    /// The macros in it and their further actions.
    #[serde(default, skip_serializing_if = "ByMacro::is_nothing")]
    pub by_macro: ByMacro,
}

impl TicketUpdate {
    /// An internal comment that changes nothing else, so that it conflicts with no change by others.
    pub fn note(body: String) -> Self {
        Self {
            body,
            public: false,
            status: None,
            group_id: None,
            tags: None,
            consultation_type: None,
            by_macro: ByMacro::default(),
        }
    }
}

/// The actions of a public reply's macros beside its text, status, group and tags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ByMacro {
    /// The account's macros in the reply, so that Zendesk counts their use (Zendesk facts §3.4).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub macro_ids: Vec<i64>,
    /// The new priority, if it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The custom fields that change, by their ids.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<i64, FieldValue>,
}

impl ByMacro {
    /// Whether it is empty.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Why a public text was not sent: Zendesk stored it as an internal note, as it does for light agents.
pub const STORED_PRIVATE: &str =
    "stored as an internal note: the service's Zendesk user may write no public comments (a light agent)";

/// Zendesk's four priorities, ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// low
    Low,
    /// normal
    Normal,
    /// high
    High,
    /// urgent
    Urgent,
}

/// The new value of a custom field (Zendesk facts §5.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// A checkbox, ticked or not.
    Flag(bool),
    /// A text, a date, a number, or an option of a drop-down.
    Text(String),
    /// Options of a multi-select.
    List(Vec<String>),
}

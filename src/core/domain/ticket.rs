//! What we know of a Zendesk ticket and what we write to it.

mod change;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub(in crate::domain) use change::is_zero;
pub use change::{ChangeAuthor, TicketChange, Warning, newest, newest_held};

use super::ids::{AccountId, TicketId};

/// A ticket as read at one moment, with its requester.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The ticket's id.
    pub id: TicketId,
    /// Its status.
    pub status: TicketStatus,
    /// Moves whenever somebody changes the ticket; whole seconds. Sent back as `updated_stamp`. What came after what is told by audits.
    pub updated_at: Timestamp,
    /// The first message, as the customer wrote it.
    pub description: String,
    /// All tags.
    pub tags: Vec<String>,
    /// The group it is in.
    pub group_id: Option<i64>,
    /// The agent who has it.
    pub assignee_id: Option<i64>,
    /// Who asks.
    pub requester: Requester,
    /// The plate field's text, as it stands.
    pub plate: Option<String>,
    /// The option value of 상담유형.
    pub consultation_type: Option<String>,
    /// The text of the field that says when the customer is said to have parked, as it stands.
    #[serde(default)]
    pub used_at: Option<String>,
    /// How many comments it has, the opening one included, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<u64>,
    /// Where in the account it stands.
    #[serde(default, skip_serializing_if = "Place::is_unknown")]
    pub place: Place,
    /// The closed ticket that it follows: Zendesk made it of an answer to that, with its tags and fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<TicketId>,
    /// How others than the requester, or other ways than a comment, come into it.
    #[serde(default, skip_serializing_if = "Audience::is_plain")]
    pub audience: Audience,
}

/// Where in an account with several brands and forms a ticket stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its brand.
    #[serde(default)]
    pub brand_id: Option<i64>,
    /// Its form.
    #[serde(default)]
    pub form_id: Option<i64>,
}

impl Place {
    /// Whether nothing is known of it.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// How a ticket stood when it was seen last: what a write is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its `updated_at`: Zendesk refuses a write by the second alone (facts §3.6), so what is of the same second is looked for in the audits.
    pub updated_at: Timestamp,
    /// How many comments it had, where that is known.
    pub comments: Option<u64>,
}

impl Seen {
    /// After one more comment, which made the ticket change last then.
    #[must_use]
    pub fn after_comment(self, updated_at: Timestamp) -> Self {
        let comments = self.comments.map(|comments| comments.saturating_add(1));
        Self { updated_at: self.updated_at.max(updated_at), comments }
    }
}

/// Who reads a public comment, as far as that is not plain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Audience {
    /// The conversation runs over a messaging channel: whether a comment by the API arrives there is not certain.
    pub messaging: bool,
    /// So many others get each public comment as a copy (Zendesk's CCs).
    pub copies: usize,
    /// Who they are, as far as Zendesk names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub copied: Vec<Person>,
    /// The requester has no address at which a public comment could reach them, such as a caller on the telephone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unreachable: bool,
}

/// Somebody by their Zendesk user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Zendesk's user id.
    pub id: i64,
    /// The name as shown to agents; empty where it is not known.
    pub name: String,
}

impl Audience {
    /// Whether only the requester reads, and surely does.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// The end user who opened the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// Zendesk's user id.
    pub id: i64,
    /// The name as shown to agents.
    pub name: String,
    /// The app account that the company's own systems tied to this user; absent for somebody unknown to them.
    pub external_id: Option<AccountId>,
    /// Whether Zendesk has verified one of the user's identities.
    pub verified: bool,
    /// What kind of user it is; `None` where Zendesk did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether Zendesk has suspended the user: it refuses replies to them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
}

/// What kind of user somebody is in Zendesk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A customer.
    EndUser,
    /// Somebody who works in the account.
    Agent,
    /// Somebody who administers the account.
    Admin,
    /// A word that we do not know.
    #[serde(other)]
    Unknown,
}

/// A ticket's status. A custom status counts as its category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStatus {
    /// Nobody has looked.
    New,
    /// Waiting for us.
    Open,
    /// Waiting for the customer.
    Pending,
    /// Waiting for somebody else.
    Hold,
    /// Done; a new comment reopens it.
    Solved,
    /// Done for ever: cannot be changed.
    Closed,
    /// A word that we do not know.
    #[serde(other)]
    Unknown,
}

/// One write to a ticket: at most one comment, and what changes with it (Zendesk facts §3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketUpdate {
    /// The comment's text; plain, never HTML.
    pub body: String,
    /// Whether the customer sees it.
    pub public: bool,
    /// The new status, if it changes.
    pub status: Option<TicketStatus>,
    /// The group that takes over; the assignee is cleared with it (facts §5.3).
    pub group_id: Option<i64>,
    /// The full set of tags afterwards, if it changes: Zendesk replaces them all (facts §3.5).
    pub tags: Option<Vec<String>>,
    /// The option value of 상담유형, if it changes.
    pub consultation_type: Option<String>,
    /// What else its macros do, and which they are.
    #[serde(default, skip_serializing_if = "ByMacro::is_nothing")]
    pub by_macro: ByMacro,
}

/// What the macros of a public reply do beside its text, status, group and tags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ByMacro {
    /// The account's macros that the reply was made of, so that their use is counted there (Zendesk facts §3.4).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub macro_ids: Vec<i64>,
    /// The new priority, if it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The custom fields that change, by their numbers.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<i64, FieldValue>,
}

impl ByMacro {
    /// Whether there is nothing of it.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Why a public text was not sent: Zendesk kept it as an internal note, as it does with what a light agent writes.
pub const STORED_PRIVATE: &str =
    "stored as an internal note: the service's Zendesk user may write no public comments (a light agent)";

/// How urgent a ticket is.
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

/// What a custom field is set to (Zendesk facts §5.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// A checkbox.
    Flag(bool),
    /// A text, a date, a number, or an option of a drop-down.
    Text(String),
    /// Options of a multi-select.
    List(Vec<String>),
}

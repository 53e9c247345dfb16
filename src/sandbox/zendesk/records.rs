//! The records of the fake Zendesk: users, groups, tickets with their comments and audits.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::attachments::Attachment;
use super::flags::Flags;
use super::nullable;
use super::placement::Placement;
use super::profile::Profile;
use crate::domain::ticket::TicketStatus;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    EndUser,
    /// A member of staff, or the service itself.
    Agent,
    /// May change the account's set-up.
    Admin,
}

/// A user of the fake account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: i64,
    /// The name shown to agents.
    pub name: String,
    /// Also the user name for an API token. Empty for a user without an address; the API then returns null.
    #[serde(default, deserialize_with = "nullable::text")]
    pub email: String,
    pub role: Role,
    /// The app account that the company's systems linked to this user.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Whether one of the user's identities is verified.
    #[serde(default)]
    pub verified: bool,
    /// The groups of an agent.
    #[serde(default)]
    pub group_ids: BTreeSet<i64>,
    #[serde(flatten)]
    pub profile: Profile,
}

/// A ticket's own fields, without its history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TicketFields {
    pub id: i64,
    pub subject: String,
    /// The first comment's text.
    pub description: String,
    pub status: TicketStatus,
    /// `low` to `urgent`.
    pub priority: Option<String>,
    /// `question`, `incident`, `problem` or `task`.
    #[serde(rename = "type")]
    pub ticket_type: Option<String>,
    pub requester_id: i64,
    /// The author of the first comment.
    pub submitter_id: i64,
    pub via: Via,
    /// The company's own id for it.
    pub external_id: Option<String>,
    pub assignee_id: Option<i64>,
    pub group_id: Option<i64>,
    /// In alphabetical order, lower case.
    pub tags: BTreeSet<String>,
    /// By field id; fields without a value are absent.
    pub custom_fields: BTreeMap<i64, Value>,
    /// Whether the customer can see the ticket.
    pub is_public: bool,
    /// Brand, form, custom status, copies.
    #[serde(flatten)]
    pub placement: Placement,
    /// Whole seconds.
    pub created_at: Timestamp,
    /// Whole seconds; changes with every audit.
    pub updated_at: Timestamp,
}

/// A ticket with its history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FakeTicket {
    #[serde(flatten)]
    pub fields: TicketFields,
    /// Oldest first.
    pub comments: Vec<Comment>,
    /// Oldest first.
    pub audits: Vec<Audit>,
}

/// A public reply or an internal note.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comment {
    pub id: i64,
    pub audit_id: i64,
    pub author_id: i64,
    /// Plain text.
    pub body: String,
    /// The original HTML, if it was sent as HTML.
    pub html_body: Option<String>,
    /// Whether the customer sees it.
    pub public: bool,
    pub via: Via,
    /// Whole seconds.
    pub created_at: Timestamp,
    /// The custom metadata of the update that added it.
    pub metadata: Map<String, Value>,
    /// Zendesk's flags on it.
    pub flags: Flags,
    pub attachments: Vec<Attachment>,
    /// Whether it is a call's recording: a `VoiceComment`.
    pub spoken: bool,
}

/// One update of a ticket with all its changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Audit {
    pub id: i64,
    pub ticket_id: i64,
    /// Whole seconds.
    pub created_at: Timestamp,
    pub author_id: i64,
    pub via: Via,
    /// The update's own metadata: `metadata.custom` on the wire.
    pub custom: Map<String, Value>,
    /// Zendesk's flags on its comment.
    pub flags: Flags,
    /// The changes, in Zendesk's form.
    pub events: Vec<Value>,
}

/// The channel of a ticket, of a comment or of an update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    Web,
    Email,
    /// A chat conversation: it is uncertain whether a public comment by the API reaches the customer there.
    Messaging,
    Voice,
    Api,
    /// A trigger or an automation.
    Rule {
        id: i64,
        title: String,
        /// `trigger` or `automation`.
        rel: &'static str,
    },
}

/// Zendesk's word for a status.
pub(super) fn status_word(status: TicketStatus) -> &'static str {
    match status {
        TicketStatus::New => "new",
        TicketStatus::Open | TicketStatus::Unknown => "open",
        TicketStatus::Pending => "pending",
        TicketStatus::Hold => "hold",
        TicketStatus::Solved => "solved",
        TicketStatus::Closed => "closed",
    }
}

/// The status of a word.
pub(super) fn parse_status(word: &str) -> Option<TicketStatus> {
    match word {
        "new" => Some(TicketStatus::New),
        "open" => Some(TicketStatus::Open),
        "pending" => Some(TicketStatus::Pending),
        "hold" => Some(TicketStatus::Hold),
        "solved" => Some(TicketStatus::Solved),
        "closed" => Some(TicketStatus::Closed),
        _ => None,
    }
}

/// The rank of a status: triggers compare statuses (facts §5.1).
pub(super) fn status_rank(status: TicketStatus) -> u8 {
    match status {
        TicketStatus::New => 0,
        TicketStatus::Open | TicketStatus::Unknown => 1,
        TicketStatus::Pending => 2,
        TicketStatus::Hold => 3,
        TicketStatus::Solved => 4,
        TicketStatus::Closed => 5,
    }
}

/// The tags in a text or in a list's item: lower case, separated by spaces (facts §6, the likeliest reading).
pub(super) fn split_tags(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_lowercase)
}

impl Role {
    /// Whether this is a member of staff.
    pub(super) fn is_staff(self) -> bool {
        self != Self::EndUser
    }
}

/// The value is not an id.
#[derive(Debug)]
pub(super) struct NotAnId;

/// An id as a number or as text; `None` for null and for empty text.
pub(super) fn optional_id(value: &Value) -> Result<Option<i64>, NotAnId> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => number.as_i64().map(Some).ok_or(NotAnId),
        Value::String(text) if text.is_empty() => Ok(None),
        Value::String(text) => text.parse().map(Some).map_err(|_| NotAnId),
        _ => Err(NotAnId),
    }
}

//! What the fake Zendesk keeps: users, groups, tickets with their comments and audits.

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

/// What a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A customer.
    EndUser,
    /// Somebody of the centre, or the service itself.
    Agent,
    /// May change the account's set-up.
    Admin,
}

/// Somebody in the fake account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Zendesk's id.
    pub id: i64,
    /// As shown to agents.
    pub name: String,
    /// Also the user name for an API token. Empty for somebody without an address; Zendesk then says null.
    #[serde(default, deserialize_with = "nullable::text")]
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// The app account that the company's systems tied to this user.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Whether one of the user's identities is verified.
    #[serde(default)]
    pub verified: bool,
    /// The groups that an agent works in.
    #[serde(default)]
    pub group_ids: BTreeSet<i64>,
    /// All else that Zendesk keeps of them.
    #[serde(flatten)]
    pub profile: Profile,
}

/// A ticket's own fields, without its history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TicketFields {
    /// Zendesk's id.
    pub id: i64,
    /// The subject.
    pub subject: String,
    /// The first comment's text.
    pub description: String,
    /// Where it stands.
    pub status: TicketStatus,
    /// `low` to `urgent`.
    pub priority: Option<String>,
    /// `question`, `incident`, `problem` or `task`.
    #[serde(rename = "type")]
    pub ticket_type: Option<String>,
    /// Who asks.
    pub requester_id: i64,
    /// Who wrote the first comment.
    pub submitter_id: i64,
    /// By which way it came in.
    pub via: Via,
    /// The company's own id of it.
    pub external_id: Option<String>,
    /// Which agent has it.
    pub assignee_id: Option<i64>,
    /// Which group has it.
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
    /// Whole seconds; moves with every audit.
    pub updated_at: Timestamp,
}

/// A ticket with its history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FakeTicket {
    /// As it is now.
    #[serde(flatten)]
    pub fields: TicketFields,
    /// Oldest first.
    pub comments: Vec<Comment>,
    /// Oldest first.
    pub audits: Vec<Audit>,
}

/// A ticket that was deleted.
#[derive(Clone, Debug)]
pub(super) struct DeletedTicket {
    pub(super) ticket: FakeTicket,
    /// Whole seconds.
    pub(super) at: Timestamp,
    /// Who deleted it.
    pub(super) by: i64,
}

/// A public reply or an internal note.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comment {
    /// Zendesk's id.
    pub id: i64,
    /// The audit that it came with.
    pub audit_id: i64,
    /// Who wrote it.
    pub author_id: i64,
    /// Plain text.
    pub body: String,
    /// As it was sent, when it was sent as HTML.
    pub html_body: Option<String>,
    /// Whether the customer sees it.
    pub public: bool,
    /// By which way it came.
    pub via: Via,
    /// Whole seconds.
    pub created_at: Timestamp,
    /// The update's metadata.
    pub metadata: Map<String, Value>,
    /// What Zendesk says against it.
    pub flags: Flags,
    /// The files that came with it.
    pub attachments: Vec<Attachment>,
    /// Whether it is a call's recording: a `VoiceComment`.
    pub spoken: bool,
}

/// One update of a ticket: all that changed at once.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Audit {
    /// Zendesk's id.
    pub id: i64,
    /// Which ticket.
    pub ticket_id: i64,
    /// Whole seconds.
    pub created_at: Timestamp,
    /// Who.
    pub author_id: i64,
    /// By which way.
    pub via: Via,
    /// The update's own metadata: `metadata.custom` on the wire.
    pub custom: Map<String, Value>,
    /// What Zendesk says against its comment.
    pub flags: Flags,
    /// What changed, in Zendesk's form.
    pub events: Vec<Value>,
}

/// By which way something came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The customer's form.
    Web,
    /// An e-mail.
    Email,
    /// A conversation in a chat window: whether a public comment by API reaches the customer there is not certain.
    Messaging,
    /// A telephone call.
    Voice,
    /// The API.
    Api,
    /// A trigger or an automation.
    Rule {
        /// Its id.
        id: i64,
        /// Its title.
        title: String,
        /// `trigger` or `automation`.
        rel: &'static str,
    },
}

/// The word for a status as Zendesk writes it.
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

/// The status that a word means.
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

/// How far a ticket is: triggers compare statuses (facts §5.1).
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

/// The tags in a text or in a list's item: lower case, blanks part them (facts §6, the likeliest reading).
pub(super) fn split_tags(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_lowercase)
}

impl Role {
    /// Whether this is somebody of the centre.
    pub(super) fn is_staff(self) -> bool {
        self != Self::EndUser
    }
}

/// The value names nothing: it is no id.
#[derive(Debug)]
pub(super) struct NotAnId;

/// An id as a number or as text; nothing for null and for empty text.
pub(super) fn optional_id(value: &Value) -> Result<Option<i64>, NotAnId> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => number.as_i64().map(Some).ok_or(NotAnId),
        Value::String(text) if text.is_empty() => Ok(None),
        Value::String(text) => text.parse().map(Some).map_err(|_| NotAnId),
        _ => Err(NotAnId),
    }
}

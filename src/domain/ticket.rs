//! What we know of a Zendesk ticket and what we write to it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{AccountId, TicketId};

/// A ticket as read at one moment, with its requester.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The ticket's id.
    pub id: TicketId,
    /// Its status.
    pub status: TicketStatus,
    /// Moves whenever somebody changes the ticket; whole seconds. Sent back as `updated_stamp`.
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
    /// Its `updated_at`.
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
    /// The group that takes over; the assignee is cleared with it (§5.3).
    pub group_id: Option<i64>,
    /// The full set of tags afterwards, if it changes: Zendesk replaces them all (§3.5).
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

/// One change of a ticket, from its audits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketChange {
    /// The audit's id; [`Self::OPENING`] where the ticket itself told of its opening.
    pub audit_id: i64,
    /// When; whole seconds.
    pub at: Timestamp,
    /// Who.
    pub author: ChangeAuthor,
    /// Our marker, if the change is one of this service's writes (`metadata.custom`).
    pub marker: Option<String>,
    /// Whether a comment that the customer can see came with it.
    pub spoke_publicly: bool,
    /// What the requester said in it for all to see, if they did; empty where their comment has no text.
    #[serde(default)]
    pub said: Option<String>,
    /// The tags that were added by it.
    #[serde(default)]
    pub added_tags: Vec<String>,
    /// What speaks against taking `said` for the requester's own word. Empty where the requester said nothing.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub warnings: BTreeSet<Warning>,
    /// How many files came with what the requester said, pictures within the text included.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attachments: usize,
    /// Whether another requester was put in by it, after the ticket's opening.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub requester_changed: bool,
    /// The first person other than the requester whose public comment came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by_other: Option<i64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it may skip by reference")]
pub(super) fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl TicketChange {
    /// Stands for the audit of a ticket's opening where that was not read. Journals of earlier versions hold it.
    pub const OPENING: i64 = 0;

    /// Where it stands among the ticket's changes: Zendesk's times have whole seconds, and audits are numbered as they come.
    pub fn place(&self) -> (Timestamp, i64) {
        (self.at, self.audit_id)
    }
}

/// Why a comment may not be the word of the person whose name it bears (Zendesk, "Ticket comments", flags of a comment's metadata;
/// help articles 4408843002650 and 4408843970842).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// Flag 0, or `trusted: false` without a flag that says why: Zendesk is not sure whether to trust it.
    NotTrusted,
    /// Flag 2: its author was no part of the conversation.
    NotInConversation,
    /// Flag 3: its author was not signed in.
    NotSignedIn,
    /// Flag 4: a machine wrote it, such as an out-of-office answer.
    Automatic,
    /// Flag 5: a file that came with it was too large and is not there.
    AttachmentRejected,
    /// Flag 11, or the change's author is not the comment's: somebody wrote it in the author's name.
    OnBehalf,
    /// It came over the API: a program sent it.
    OverApi,
    /// A flag that we do not know.
    UnknownFlag,
}

impl Warning {
    /// The centre's words for it.
    pub fn korean(self) -> &'static str {
        match self {
            Self::NotTrusted => "Zendesk가 작성자를 신뢰하지 못함",
            Self::NotInConversation => "대화 참여자가 아닌 사람이 작성",
            Self::NotSignedIn => "로그인하지 않고 작성",
            Self::Automatic => "자동으로 작성된 글",
            Self::AttachmentRejected => "첨부 파일이 너무 커서 빠짐",
            Self::OnBehalf => "다른 사람이 대신 작성",
            Self::OverApi => "API로 작성",
            Self::UnknownFlag => "알 수 없는 Zendesk 경고",
        }
    }
}

/// Who changed a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum ChangeAuthor {
    /// A write of this service: it carries our marker.
    Service,
    /// Zendesk's own rules (triggers, automations).
    Rule,
    /// The customer who opened it.
    Requester,
    /// Anybody else: an agent or another system.
    Other {
        /// Zendesk's user id.
        user_id: i64,
    },
}

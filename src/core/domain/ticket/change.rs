//! How a ticket was changed, as its audits tell it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One change of a ticket, from its audits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketChange {
    /// The audit's id; [`Self::OPENING`] where the ticket itself told of its opening. It grows with every change of the ticket and so says
    /// what came after what.
    pub audit_id: i64,
    /// When; whole seconds, so it tells no order: several changes may have the same.
    pub at: Timestamp,
    /// Who.
    pub author: ChangeAuthor,
    /// The key that its marker names, if the service's own user made it (`metadata.custom`).
    pub marker: Option<String>,
    /// What the marker's seal proves to be written, as a digest; `None`: it bears no seal, as those of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<String>,
    /// Whether a person made it in the agents' interface: neither a program over the API nor a rule did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_interface: bool,
    /// Whether a comment that the customer can see came with it.
    pub spoke_publicly: bool,
    /// What the requester said in it for all to see, if they did; empty where their comment has no text.
    #[serde(default)]
    pub said: Option<String>,
    /// The tags that were added by it.
    #[serde(default)]
    pub added_tags: Vec<String>,
    /// The tags that were taken off by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed_tags: Vec<String>,
    /// What else was changed by it, where it is neither the service's nor the requester's: fields by their names, custom fields by
    /// their numbers, and types of events that are neither comments nor changes of tags.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub touched: BTreeSet<String>,
    /// By which channel a program made it, where it is neither the service's nor the requester's: over the API, or as an app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_program: Option<String>,
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
    /// Who wrote a comment with it that only agents see, because Zendesk does not know them as a part of the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outsider: Option<i64>,
    /// As which user the service wrote it, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_user: Option<i64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it may skip by reference")]
pub(in crate::domain) fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl TicketChange {
    /// Stands for the audit of a ticket's opening where that was not read. Journals of earlier versions hold it.
    pub const OPENING: i64 = 0;

    /// Whether a person other than the requester did it by their own hand, in the agents' interface.
    pub fn is_by_a_person(&self) -> bool {
        self.in_interface && matches!(self.author, ChangeAuthor::Other { .. })
    }
}

/// The newest of these changes, by its audit; [`TicketChange::OPENING`] where there are none.
pub fn newest(changes: &[TicketChange]) -> i64 {
    changes.iter().map(|change| change.audit_id).max().unwrap_or(TicketChange::OPENING)
}

/// The newest of these changes that a ticket surely holds which was read before them and was last changed at `updated_at`.
///
/// The only place where times tell what came first: a ticket names no audit, only the second of its last change. What is older than
/// that second it holds, and of that second the first; whatever else is of that second or later may have come after the ticket was read.
pub fn newest_held(updated_at: Timestamp, changes: &[TicketChange]) -> i64 {
    let before = changes.iter().filter(|change| change.at < updated_at).map(|change| change.audit_id).max();
    let last = changes.iter().filter(|change| change.at == updated_at).map(|change| change.audit_id).min();
    before.max(last).unwrap_or(TicketChange::OPENING)
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
    /// The service: its own Zendesk user made it.
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

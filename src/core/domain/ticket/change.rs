//! A ticket's changes, from its audits.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One change of a ticket, from its audits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketChange {
    /// The audit's id; [`Self::OPENING`] if the ticket itself reported its opening. Ids grow with every change of the
    /// ticket and so define the order of changes.
    pub audit_id: i64,
    /// The time in whole seconds. It defines no order: several changes may have the same.
    pub at: Timestamp,
    /// The user or rule that made it.
    pub author: ChangeAuthor,
    /// The key in its marker, if the service's own user made it (`metadata.custom`).
    pub marker: Option<String>,
    /// The digest of the written text that the marker's seal proves; `None`: it has no seal, like markers of earlier
    /// versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<String>,
    /// Whether a person made it in the agent interface, not a program over the API or a rule.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_interface: bool,
    /// Whether it has a comment that the customer can see.
    pub spoke_publicly: bool,
    /// The requester's public words in it, if any; empty if their comment has no text.
    #[serde(default)]
    pub said: Option<String>,
    /// The tags it added.
    #[serde(default)]
    pub added_tags: Vec<String>,
    /// The tags it removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed_tags: Vec<String>,
    /// What else it changed, if its author is neither the service nor the requester: fields by name, custom fields by id,
    /// and types of events that are neither comments nor tag changes.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub touched: BTreeSet<String>,
    /// The channel by which a program made it, if its author is neither the service nor the requester: the API, or an app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_program: Option<String>,
    /// What speaks against treating `said` as the requester's own words. Empty if the requester said nothing.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub warnings: BTreeSet<Warning>,
    /// The number of files with the requester's words, including inline images.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attachments: usize,
    /// Whether it replaced the requester, after the ticket's opening.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub requester_changed: bool,
    /// The first person other than the requester with a public comment in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by_other: Option<i64>,
    /// The author of a comment in it that only agents see, because Zendesk does not count them as part of the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outsider: Option<i64>,
    /// The Zendesk user under which the service wrote it, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_user: Option<i64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it may skip by reference")]
pub(in crate::domain) fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl TicketChange {
    /// The audit id of a ticket's opening if its audit was not read. Journals of earlier versions contain it.
    pub const OPENING: i64 = 0;

    /// Whether a person other than the requester made it by hand, in the agent interface.
    pub fn is_by_a_person(&self) -> bool {
        self.in_interface && matches!(self.author, ChangeAuthor::Other { .. })
    }
}

/// The audit id of the newest of these changes; [`TicketChange::OPENING`] if there are none.
pub fn newest(changes: &[TicketChange]) -> i64 {
    changes.iter().map(|change| change.audit_id).max().unwrap_or(TicketChange::OPENING)
}

/// The newest of these changes that a ticket certainly includes, if it was read before them and last changed at
/// `updated_at`.
///
/// Only here do times define an order: a ticket names no audit, only the second of its last change. It includes everything
/// older than that second, and the first change of that second. Other changes of that second or later may be newer than the
/// ticket read.
pub fn newest_held(updated_at: Timestamp, changes: &[TicketChange]) -> i64 {
    let before = changes.iter().filter(|change| change.at < updated_at).map(|change| change.audit_id).max();
    let last = changes.iter().filter(|change| change.at == updated_at).map(|change| change.audit_id).min();
    before.max(last).unwrap_or(TicketChange::OPENING)
}

/// Why a comment may not be the named author's own words (Zendesk, "Ticket comments", flags of a comment's metadata; help
/// articles 4408843002650 and 4408843970842).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// Flag 0, or `trusted: false` without a flag for the reason: Zendesk does not fully trust it.
    NotTrusted,
    /// Flag 2: its author was not part of the conversation.
    NotInConversation,
    /// Flag 3: its author was not signed in.
    NotSignedIn,
    /// Flag 4: it is automatic, such as an out-of-office reply.
    Automatic,
    /// Flag 5: an attached file was too large and is missing.
    AttachmentRejected,
    /// Flag 11, or the change's author differs from the comment's: another person wrote it on the author's behalf.
    OnBehalf,
    /// It came over the API: a program sent it.
    OverApi,
    /// An unknown flag.
    UnknownFlag,
}

impl Warning {
    /// Its Korean description in the centre.
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

/// The author of a ticket's change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum ChangeAuthor {
    /// The service, by its own Zendesk user.
    Service,
    /// Zendesk's own rules (triggers, automations).
    Rule,
    /// The customer who opened the ticket.
    Requester,
    /// Any other author: an agent or another system.
    Other {
        /// Zendesk's user id.
        user_id: i64,
    },
}

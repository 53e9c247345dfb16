//! Everything that people configure and that a case's course depends on.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use unicode_normalization::UnicodeNormalization;

use crate::domain::parking::Linkage;
use crate::domain::policy::{Policy, Team};
use crate::domain::reply::Macros;
use crate::domain::ticket::Ticket;
use crate::domain::words::Words;

/// Policy, words, macros and routing: read together, constant, and only ever replaced as a whole.
#[derive(Debug)]
pub struct Playbook {
    /// The decision tables.
    pub policy: Policy,
    /// What customers' words mean.
    pub words: Words,
    /// The public replies.
    pub macros: Macros,
    /// How tickets are recognised and where they go.
    pub routing: Routing,
    /// How long to wait before a write whose answer was lost is looked up: it may still be under way.
    pub unknown_settle: SignedDuration,
}

/// How tickets are recognised and where they go.
#[derive(Clone, Debug)]
pub struct Routing {
    /// A ticket with one of these tags is ours (compared in NFC and lower case, facts §6).
    pub start_tags: Vec<String>,
    /// Set on tickets that the service has answered.
    pub done_tag: String,
    /// Set on tickets that the service has handed to a team.
    pub handed_over_tag: String,
    /// The Zendesk group of each team.
    pub groups: BTreeMap<Team, i64>,
    /// The option values of 상담유형.
    pub consultation_types: ConsultationTypes,
    /// Pages of the guide, for notes.
    pub guide: GuideLinks,
}

impl Routing {
    /// Whether a ticket is of the kind that this service settles and has not been through its hands. A tag proves nothing
    /// about who set it; it only tells which tickets to look at.
    pub fn is_ours(&self, ticket: &Ticket) -> bool {
        let has = |wanted: &str| ticket.tags.iter().any(|tag| same_tag(tag, wanted));
        let typed =
            ticket.consultation_type.as_deref().is_some_and(|value| self.consultation_types.contains(value));
        let start = typed || self.start_tags.iter().any(|tag| has(tag));
        start && !has(&self.done_tag) && !has(&self.handed_over_tag)
    }
}

/// Facts §6: how an account stores a tag is not certain, so spellings are compared in NFC and lower case.
fn same_tag(left: &str, right: &str) -> bool {
    let folded = |tag: &str| tag.nfc().flat_map(char::to_lowercase).collect::<String>();
    folded(left) == folded(right)
}

/// The option values of 상담유형 ▶ 결제 ▶ 본인 미사용, by the lot's linkage (policy, consultation type and routing).
#[derive(Clone, Debug)]
pub struct ConsultationTypes {
    /// 연동
    pub linked: String,
    /// 비연동
    pub unlinked: String,
    /// 기타
    pub other: String,
}

impl ConsultationTypes {
    /// The option for a lot.
    pub fn of(&self, linkage: Linkage) -> &str {
        match linkage {
            Linkage::Linked => &self.linked,
            Linkage::Unlinked => &self.unlinked,
            Linkage::Other => &self.other,
        }
    }

    /// Whether a ticket's consultation type is one of ours.
    pub fn contains(&self, value: &str) -> bool {
        [&self.linked, &self.unlinked, &self.other].iter().any(|option| *option == value)
    }
}

/// Pages of the guide, for notes.
#[derive(Clone, Debug)]
pub struct GuideLinks {
    /// The compensation policy.
    pub compensation: String,
    /// Restricted consultation (상담제한).
    pub restricted_consultation: String,
}

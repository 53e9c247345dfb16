//! How tickets are recognised and where they go.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::domain::parking::Linkage;
use crate::domain::policy::Team;
use crate::domain::ticket::Ticket;

/// How tickets are recognised and routed.
#[derive(Clone, Debug)]
pub struct Routing {
    /// A ticket with one of these tags is ours (compared in NFC and lower case, facts §6).
    pub start_tags: Vec<String>,
    /// Set on tickets that the service has answered.
    pub done_tag: String,
    /// Set on tickets that the service has handed to a team.
    pub handed_over_tag: String,
    /// Set on tickets that wait for the customer.
    pub waiting_tag: String,
    /// Set on tickets with a prepared reply that waits for release.
    pub prepared_tag: String,
    /// Set, beside the tag of a hand-over, on tickets that the service gave up on.
    pub stuck_tag: String,
    /// Set by an agent who has done their part and gives the ticket back.
    pub give_back_tag: String,
    /// Set by an agent who releases what was prepared.
    pub release_tag: String,
    /// Set by the start trigger, so that it fires once per ticket.
    pub sent_tag: String,
    /// Only tickets of these brands are ours; empty: all brands.
    pub brands: Vec<i64>,
    /// Only tickets of these forms are ours; empty: all forms.
    pub forms: Vec<i64>,
    /// The tickets whose replies a person sends.
    pub by_hand: ManualReply,
    /// Whose changes may be harmless.
    pub harmless: Harmless,
    /// The Zendesk group of each team.
    pub groups: BTreeMap<Team, i64>,
    /// The option values of 상담유형.
    pub consultation_types: ConsultationTypes,
    /// Pages of the guide, for notes.
    pub guide: GuideLinks,
    /// The address of the console without a slash at the end, for notes; `None`: they have no link.
    pub console: Option<String>,
}

/// Tickets whose public replies the service does not send itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManualReply {
    /// Tickets of messaging channels: it is uncertain whether a comment by the API reaches the customer there.
    pub messaging: bool,
    /// Tickets with CCs: others would read facts about a customer's parking.
    pub copies: bool,
}

impl Routing {
    /// Whether a ticket is of the kind that this service settles and was not handled by it yet. A tag proves nothing about
    /// who set it; it only selects the tickets to look at.
    pub fn is_ours(&self, ticket: &Ticket) -> bool {
        let has = |wanted: &str| ticket.tags.iter().any(|tag| same_tag(tag, wanted));
        // A tag with spaces may have been stored as one tag for each word (facts §6).
        let in_words = |tag: &str| tag.contains(' ') && tag.split_whitespace().all(has);
        let typed =
            ticket.consultation_type.as_deref().is_some_and(|value| self.consultation_types.contains(value));
        let start = typed || self.start_tags.iter().any(|tag| has(tag) || in_words(tag));
        let among =
            |ours: &[i64], id: Option<i64>| ours.is_empty() || id.is_some_and(|id| ours.contains(&id));
        let here = among(&self.brands, ticket.place.brand_id) && among(&self.forms, ticket.place.form_id);
        start && here && !has(&self.done_tag) && !has(&self.handed_over_tag)
    }
}

/// How an account stores a tag is uncertain (facts §6), so tags are compared in NFC and lower case.
pub(super) fn same_tag(left: &str, right: &str) -> bool {
    folded(left) == folded(right)
}

/// The form in which tags are compared.
pub(super) fn folded(tag: &str) -> String {
    tag.nfc().flat_map(char::to_lowercase).collect()
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

/// Whose changes may be harmless, and which changes never are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Harmless {
    /// The authors whose changes do not count as a person's by themselves.
    pub from: HarmlessFrom,
    /// The ids of the custom fields that the service reads or sets: a change of one always counts.
    pub fields: BTreeSet<i64>,
}

/// The authors whose changes may be harmless. A change made in the agent interface always counts, as any user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum HarmlessFrom {
    Nobody,
    AllIntegrations,
    /// Programs that are signed in as one of these users.
    Users(BTreeSet<i64>),
}

//! The first messages of tickets and their possible authors, labelled by hand.

use misread::domain::ids::AccountId;
use misread::domain::ticket::{Requester, UserRole, Warning};

use super::rng::Rng;

/// A plate that belongs to no car in these runs.
pub(super) const ANOTHER_PLATE: &str = "88허8888";

/// The first message.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    pub(super) kind: Kind,
    /// The author that typed the message.
    pub(super) by: TypedBy,
    /// Zendesk's warning.
    pub(super) flag: Option<Warning>,
    pub(super) files: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Makes the usual request.
    Honest,
    /// Contains an objection of this kind.
    Against(&'static str),
    /// Names the plate of the use.
    SamePlate,
    /// Names another plate.
    OtherPlate,
    /// A file without text.
    Blank,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TypedBy {
    Requester,
    /// An agent, as their own comment.
    Agent,
    /// An agent, as the requester's comment.
    AgentOnBehalf,
    /// A program that uses the API.
    Program,
}

/// The reason why the requester must not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Excluded {
    Staff,
    Suspended,
    /// By telephone, without an address.
    Unreachable,
}

/// Objections to the request, and how customers express them.
const AGAINST: &[(&str, &str)] = &[
    ("did park", "제가 주차한 건 맞는데 확인 부탁드려요."),
    ("not wanted", "저 주차한 적 없는데 결제됐어요. 취소는 하지 마시고 확인만 해 주세요."),
    ("for another", "어머니 계정으로 결제됐는데 제가 대신 문의드려요. 취소해 주세요."),
    ("car sold", "그 차는 지난달에 팔았는데 아직 결제가 돼요. 취소해 주세요."),
    ("charged twice", "같은 주차장에서 두 번 결제됐어요. 취소해 주세요."),
    ("amount", "요금이 너무 많이 나왔어요. 취소해 주세요."),
    ("solved", "문의드린 건은 이미 해결됐어요. 감사합니다."),
    ("threat", "당장 취소 안 하면 경찰에 신고하겠습니다."),
    ("minor", "저는 중학생인데 모르는 주차 요금이 결제됐어요. 취소해 주세요."),
];

impl Opening {
    pub(super) fn random(rng: &mut Rng) -> Self {
        let against = rng.pick(AGAINST).0;
        let kind = rng.weigh(&[
            (76, Kind::Honest),
            (9, Kind::Against(against)),
            (6, Kind::SamePlate),
            (5, Kind::OtherPlate),
            (4, Kind::Blank),
        ]);
        let by = rng.weigh(&[
            (91, TypedBy::Requester),
            (3, TypedBy::Agent),
            (3, TypedBy::AgentOnBehalf),
            (3, TypedBy::Program),
        ]);
        let flags = [Warning::NotTrusted, Warning::NotInConversation, Warning::NotSignedIn];
        let flag = (by == TypedBy::Requester && rng.percent(6)).then(|| rng.pick(&flags));
        let files = usize::from(kind == Kind::Blank || rng.percent(8));
        Self { kind, by, flag, files }
    }

    /// Its text, given an honest message and the use's plate.
    pub(super) fn text(&self, honest: String, plate: &str) -> String {
        match self.kind {
            Kind::Honest => honest,
            Kind::Against(how) => {
                let said = AGAINST.iter().find(|(kind, _)| *kind == how);
                said.map_or("", |(_, text)| text).to_owned()
            }
            Kind::SamePlate => format!("{honest} 제 차는 {plate}입니다."),
            Kind::OtherPlate => format!("{honest} 제 차는 {ANOTHER_PLATE}입니다."),
            Kind::Blank => String::new(),
        }
    }

    /// Whether it contains an objection, so that a person must decide.
    pub(super) fn is_against(&self) -> bool {
        matches!(self.kind, Kind::Against(_) | Kind::OtherPlate)
    }

    /// Whether it may come from someone other than the requester.
    pub(super) fn is_doubted(&self) -> bool {
        self.flag.is_some() || self.by != TypedBy::Requester
    }

    /// The warning in Zendesk's audit.
    pub(super) fn warnings(&self) -> impl Iterator<Item = Warning> {
        let by = match self.by {
            TypedBy::Requester | TypedBy::Agent => None,
            TypedBy::AgentOnBehalf => Some(Warning::OnBehalf),
            TypedBy::Program => Some(Warning::OverApi),
        };
        by.into_iter().chain(self.flag)
    }
}

impl Excluded {
    /// Whether this run's requester must not be asked.
    pub(super) fn random(rng: &mut Rng) -> Option<Self> {
        rng.weigh(&[
            (95, None),
            (2, Some(Self::Staff)),
            (2, Some(Self::Suspended)),
            (1, Some(Self::Unreachable)),
        ])
    }
}

/// In some runs, ties the requester to another person's account, or to none.
pub(super) fn retie(requester: &mut Requester, rng: &mut Rng) {
    match rng.between(0, 99) {
        0..4 => requester.external_id = Some(AccountId::new("acct-stranger")),
        4..6 => requester.external_id = None,
        6..8 => requester.role = None,
        _ => {}
    }
}

pub(super) fn exclude(requester: &mut Requester, excluded: Option<Excluded>) {
    match excluded {
        Some(Excluded::Staff) => requester.role = Some(UserRole::Agent),
        Some(Excluded::Suspended) => requester.suspended = true,
        Some(Excluded::Unreachable) | None => {}
    }
}

//! The facts that a macro may name: a closed list.

use crate::domain::policy::Status;

/// A fact that a macro may name as `{{ path }}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Placeholder {
    /// `ticket.id`
    TicketId,
    /// `ticket.requester.name`
    RequesterName,
    /// `parking.entered_at`
    EnteredAt,
    /// `parking.exited_at`
    ExitedAt,
    /// `parking.amount`
    Amount,
    /// `parking.plate`
    Plate,
    /// `parking.place`: the lot's name when ownership is verified, otherwise the region.
    Place,
    /// `parking.region`
    Region,
    /// `reply.paragraphs`: the paragraphs that answer what the customer also asked.
    Paragraphs,
}

impl Placeholder {
    /// Every placeholder.
    pub const ALL: &'static [Self] = &[
        Self::TicketId,
        Self::RequesterName,
        Self::EnteredAt,
        Self::ExitedAt,
        Self::Amount,
        Self::Plate,
        Self::Place,
        Self::Region,
        Self::Paragraphs,
    ];

    /// The path, spelt as in Zendesk where Zendesk has it.
    pub fn path(self) -> &'static str {
        match self {
            Self::TicketId => "ticket.id",
            Self::RequesterName => "ticket.requester.name",
            Self::EnteredAt => "parking.entered_at",
            Self::ExitedAt => "parking.exited_at",
            Self::Amount => "parking.amount",
            Self::Plate => "parking.plate",
            Self::Place => "parking.place",
            Self::Region => "parking.region",
            Self::Paragraphs => "reply.paragraphs",
        }
    }

    /// What it says, for those who write macros.
    pub fn korean(self) -> &'static str {
        match self {
            Self::TicketId => "문의 번호",
            Self::RequesterName => "문의한 고객의 이름",
            Self::EnteredAt => "입차 시각(한국 시각). 예: 2026년 11월 20일(금) 오후 2시 5분",
            Self::ExitedAt => "출차 시각(한국 시각). 이용 중이거나 고객이 취소한 건에는 없습니다.",
            Self::Amount => "청구 금액. 예: 12,000원. 이용 중이거나 고객이 취소한 건에는 없습니다.",
            Self::Plate => "차량번호",
            Self::Place => "주차한 곳. 소유인증이 된 차량이면 주차장 이름, 아니면 지역(시·동)",
            Self::Region => "주차장이 있는 지역(시·동)",
            Self::Paragraphs => "고객님이 함께 물어보신 것에 답하는 문단. 물어보신 것이 없으면 없습니다.",
        }
    }

    /// The placeholder with this path.
    pub(super) fn parse(path: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|placeholder| placeholder.path() == path)
    }

    /// Whether every use in this state has the fact (API contract, `Use`).
    pub fn is_known_in(self, status: Status) -> bool {
        match self {
            Self::ExitedAt | Self::Amount => matches!(status, Status::Completed | Status::Unpaid),
            Self::Paragraphs => false,
            _ => true,
        }
    }

    /// Whether it is a fact of the use, which only the established holder may hear (guide, order of a consultation, 1).
    pub fn is_of_the_use(self) -> bool {
        match self {
            Self::TicketId | Self::RequesterName | Self::Paragraphs => false,
            Self::EnteredAt | Self::ExitedAt | Self::Amount | Self::Plate | Self::Place | Self::Region => {
                true
            }
        }
    }
}

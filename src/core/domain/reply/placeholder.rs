//! The facts that a macro may use: a closed list.

use crate::domain::policy::Status;

/// A fact that a macro may use as `{{ path }}`.
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
    /// `reply.paragraphs`: the paragraphs that answer the customer's other questions.
    Paragraphs,
    /// `reply.questions`: the questions with their choices.
    Questions,
    /// `reply.is_first`: this is our first text to the customer on this ticket.
    IsFirst,
    /// `reply.is_answer`: the customer has just answered a question.
    IsAnswer,
    /// `reply.is_letter`: the customer reads a mail or a page, not a chat line.
    IsLetter,
}

impl Placeholder {
    /// All placeholders.
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
        Self::Questions,
        Self::IsFirst,
        Self::IsAnswer,
        Self::IsLetter,
    ];

    /// The path, spelt as in Zendesk if Zendesk has it.
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
            Self::Questions => "reply.questions",
            Self::IsFirst => "reply.is_first",
            Self::IsAnswer => "reply.is_answer",
            Self::IsLetter => "reply.is_letter",
        }
    }

    /// Its meaning in Korean, for authors of macros.
    pub fn korean(self) -> &'static str {
        match self {
            Self::TicketId => "문의 번호",
            Self::RequesterName => "문의한 고객의 이름",
            Self::EnteredAt => "입차 시각(한국 시각). 예: 2026년 11월 20일(금) 오후 2시 5분",
            Self::ExitedAt => "출차 시각(한국 시각). 이용 중이거나 고객이 취소한 건에는 없습니다.",
            Self::Amount => "청구 금액. 예: 12,000원. 이용 중이거나 고객이 취소한 건에는 없습니다.",
            Self::Plate => "차량번호",
            Self::Place => {
                "주차한 곳. 소유인증이 된 차량이면 주차장 이름, 아니면 지역까지만(예: 서울 강남구 역삼동의 한 주차장)"
            }
            Self::Region => "주차장이 있는 지역(시·동)",
            Self::Paragraphs => "고객님이 함께 물어보신 것에 답하는 문단. 물어보신 것이 없으면 없습니다.",
            Self::Questions => {
                "여쭤볼 것과 고를 수 있는 답(question_… 문단). 다시 여쭙거나 알려 드릴 때는 아직 답하지 않으신 것만 들어갑니다."
            }
            Self::IsFirst => "이 문의에서 처음 드리는 글일 때만 있습니다. {% if %}로만 씁니다.",
            Self::IsAnswer => {
                "고객님이 여쭌 것에 답하신 다음에 드리는 글일 때만 있습니다. {% if %}로만 씁니다."
            }
            Self::IsLetter => {
                "메일이나 웹 문의처럼 인사말이 필요한 글일 때만 있습니다(메시징 대화에는 없음). {% if %}로만 씁니다."
            }
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
            Self::Paragraphs | Self::Questions | Self::IsFirst | Self::IsAnswer | Self::IsLetter => false,
            _ => true,
        }
    }

    /// Whether it is a fact of the use, which only the established holder may learn (guide, order of a consultation, 1).
    pub fn is_of_the_use(self) -> bool {
        match self {
            Self::TicketId
            | Self::RequesterName
            | Self::Paragraphs
            | Self::Questions
            | Self::IsFirst
            | Self::IsAnswer
            | Self::IsLetter => false,
            Self::EnteredAt | Self::ExitedAt | Self::Amount | Self::Plate | Self::Place | Self::Region => {
                true
            }
        }
    }

    /// Whether it can only be tested (`{% if %}`), never printed.
    pub(super) fn is_condition(self) -> bool {
        matches!(self, Self::IsFirst | Self::IsAnswer | Self::IsLetter)
    }
}

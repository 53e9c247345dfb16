//! The macros and paragraphs that the service itself asks for, beside those that rows of the policy name.

use crate::domain::ticket::TicketStatus;
use crate::domain::words::{Question, Wish};

/// Asks once more what the customer's answer left unclear.
pub const ASK_AGAIN: &str = "ask_again";
/// Reminds a customer who has not answered.
pub const REMINDER: &str = "reminder";
/// Closes the ticket of a customer who never answered.
pub const CLOSED_SILENT: &str = "closed_silent";
/// Answers only what the customer asked later.
pub const FOLLOW_UP: &str = "follow_up";

/// A macro that the service itself asks for.
pub(super) struct Own {
    pub(super) name: &'static str,
    /// When it is sent, as a Korean sentence without a full stop.
    pub(super) when: &'static str,
    /// What it must make of the ticket: one that waits on is pending, one that is done with is solved.
    pub(super) status: TicketStatus,
}

/// Every macro that the service itself asks for.
pub(super) const MACROS: &[Own] = &[
    Own {
        name: ASK_AGAIN, when: "고객의 답변이 분명하지 않을 때 보냅니다", status: TicketStatus::Pending
    },
    Own {
        name: REMINDER, when: "고객의 답변이 늦어질 때 보냅니다", status: TicketStatus::Pending
    },
    Own {
        name: CLOSED_SILENT, when: "끝내 답변이 없을 때 보냅니다", status: TicketStatus::Solved
    },
    Own {
        name: FOLLOW_UP,
        when: "처리가 끝난 뒤 고객이 다른 것을 물을 때 보냅니다",
        status: TicketStatus::Solved,
    },
];

/// Every paragraph that answers a wish, with the wish.
pub(super) const PARAGRAPHS: &[(&str, Wish)] = &[
    ("self_cancel", Wish::SelfCancel),
    ("self_cancel_not_offered", Wish::SelfCancel),
    ("pass_cancel", Wish::CancelPass),
    ("who_was_it", Wish::WhoWasIt),
    ("who_was_it_directly_operated", Wish::WhoWasIt),
    ("why_hidden", Wish::WhyHidden),
];

/// Every paragraph that asks, with what it asks. It holds the answers to choose from, by number.
pub(super) const QUESTIONS: &[(&str, &[Question])] = &[
    ("question_identity", &[Question::Identity]),
    ("question_vehicle", &[Question::Vehicle]),
    ("question_both", &[Question::Identity, Question::Vehicle]),
    ("question_coupon", &[Question::Coupon]),
];

/// The paragraphs that ask these questions: one for all of them, or one for each.
pub fn questions(questions: &[Question]) -> Vec<&'static str> {
    let asks = |questions: &[Question]| {
        QUESTIONS.iter().find(|(_, asked)| *asked == questions).map(|(name, _)| *name)
    };
    asks(questions).map_or_else(
        || questions.iter().filter_map(|question| asks(&[*question])).collect(),
        |name| vec![name],
    )
}

/// What a paragraph asks, if it asks.
pub fn asks(paragraph: &str) -> Option<&'static [Question]> {
    QUESTIONS.iter().find(|(name, _)| *name == paragraph).map(|(_, questions)| *questions)
}

/// When the service itself sends a macro, beside the rows that name it, in Korean; `None` if it does not.
pub fn sent_when(name: &str) -> Option<&'static str> {
    MACROS.iter().find(|own| own.name == name).map(|own| own.when)
}

/// The wish that a paragraph answers, if the service asks for that paragraph.
pub fn answers(paragraph: &str) -> Option<Wish> {
    PARAGRAPHS.iter().find(|(name, _)| *name == paragraph).map(|(_, wish)| *wish)
}

/// What a paragraph may say of the lot (guide, follow-ups).
#[derive(Clone, Copy, Debug)]
pub struct LotFacts {
    /// Whether it is known to the customer that this lot offers no [앱결제 취소].
    pub no_self_cancel: bool,
    /// Whether the company runs the lot itself.
    pub operated_by_us: bool,
}

/// The paragraph that answers a wish (guide, follow-ups).
pub fn paragraph(wish: Wish, lot: LotFacts) -> &'static str {
    match wish {
        Wish::SelfCancel if lot.no_self_cancel => "self_cancel_not_offered",
        Wish::SelfCancel => "self_cancel",
        Wish::CancelPass => "pass_cancel",
        Wish::WhoWasIt if lot.operated_by_us => "who_was_it_directly_operated",
        Wish::WhoWasIt => "who_was_it",
        Wish::WhyHidden => "why_hidden",
    }
}

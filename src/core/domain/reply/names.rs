//! The macros and paragraphs that the service itself uses, beside those named by policy rows.

use crate::domain::ticket::TicketStatus;
use crate::domain::words::{Question, Wish};

/// Asks again after an unclear answer.
pub const ASK_AGAIN: &str = "ask_again";
/// Reminds a customer who has not answered.
pub const REMINDER: &str = "reminder";
/// Closes the ticket of a customer who did not answer.
pub const CLOSED_SILENT: &str = "closed_silent";
/// Answers only what the customer asked later.
pub const FOLLOW_UP: &str = "follow_up";

/// A macro that the service itself uses.
pub(super) struct Own {
    pub(super) name: &'static str,
    /// When it is sent, as a Korean sentence without a full stop.
    pub(super) when: &'static str,
    /// The status it must set: pending if the ticket still waits, solved if it is finished.
    pub(super) status: TicketStatus,
}

/// All macros that the service itself uses.
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

/// All paragraphs that answer a wish, with the wish.
pub(super) const PARAGRAPHS: &[(&str, Wish)] = &[
    ("self_cancel", Wish::SelfCancel),
    ("self_cancel_not_offered", Wish::SelfCancel),
    ("pass_cancel", Wish::CancelPass),
    ("who_was_it", Wish::WhoWasIt),
    ("who_was_it_directly_operated", Wish::WhoWasIt),
    ("why_hidden", Wish::WhyHidden),
];

/// All paragraphs that ask, with their questions. Each contains the numbered choices.
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

/// The questions of a paragraph, if it asks any.
pub fn asks(paragraph: &str) -> Option<&'static [Question]> {
    QUESTIONS.iter().find(|(name, _)| *name == paragraph).map(|(_, questions)| *questions)
}

/// When the service itself sends a macro, beside the rows that name it, in Korean; `None` if it does not.
pub fn sent_when(name: &str) -> Option<&'static str> {
    MACROS.iter().find(|own| own.name == name).map(|own| own.when)
}

/// The wish that a paragraph answers, if the service uses that paragraph.
pub fn answers(paragraph: &str) -> Option<Wish> {
    PARAGRAPHS.iter().find(|(name, _)| *name == paragraph).map(|(_, wish)| *wish)
}

/// The facts of the lot that a paragraph may contain (guide, follow-ups).
#[derive(Clone, Copy, Debug)]
pub struct LotFacts {
    /// Whether the customer knows that this lot offers no [앱결제 취소].
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

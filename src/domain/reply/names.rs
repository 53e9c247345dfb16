//! The macros and paragraphs that the service itself asks for, beside those that rows of the policy name.

use crate::domain::ticket::TicketStatus;
use crate::domain::words::Wish;

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
    /// When it is sent.
    pub(super) when: &'static str,
    /// What it must make of the ticket: one that waits on is pending, one that is done with is solved.
    pub(super) status: TicketStatus,
}

/// Every macro that the service itself asks for.
pub(super) const MACROS: &[Own] = &[
    Own {
        name: ASK_AGAIN,
        when: "the service sends it when an answer is not clear",
        status: TicketStatus::Pending,
    },
    Own {
        name: REMINDER,
        when: "the service sends it when an answer is overdue",
        status: TicketStatus::Pending,
    },
    Own {
        name: CLOSED_SILENT,
        when: "the service sends it when no answer ever came",
        status: TicketStatus::Solved,
    },
    Own {
        name: FOLLOW_UP,
        when: "the service sends it when a customer asks something after the case was settled",
        status: TicketStatus::Solved,
    },
];

/// Every paragraph that answers a wish, with the wish.
pub(super) const PARAGRAPHS: &[(&str, Wish)] = &[
    ("self_cancel", Wish::SelfCancel),
    ("self_cancel_not_offered", Wish::SelfCancel),
    ("pass_cancel", Wish::CancelPass),
    ("who_was_it", Wish::WhoWasIt),
    ("why_hidden", Wish::WhyHidden),
];

/// When the service itself sends a macro, beside the rows that name it; `None` if it does not.
pub fn sent_when(name: &str) -> Option<&'static str> {
    MACROS.iter().find(|own| own.name == name).map(|own| own.when)
}

/// The wish that a paragraph answers, if the service asks for that paragraph.
pub fn answers(paragraph: &str) -> Option<Wish> {
    PARAGRAPHS.iter().find(|(name, _)| *name == paragraph).map(|(_, wish)| *wish)
}

/// The paragraph that answers a wish (guide, follow-ups). `self_cancel`: whether the lot offers [앱결제 취소].
pub fn paragraph(wish: Wish, self_cancel: bool) -> &'static str {
    match wish {
        Wish::SelfCancel if self_cancel => "self_cancel",
        Wish::SelfCancel => "self_cancel_not_offered",
        Wish::CancelPass => "pass_cancel",
        Wish::WhoWasIt => "who_was_it",
        Wish::WhyHidden => "why_hidden",
    }
}

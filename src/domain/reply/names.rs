//! The macros and paragraphs that the service itself asks for, beside those that rows of the policy name.

use crate::domain::words::Wish;

/// Asks once more what the customer's answer left unclear.
pub const ASK_AGAIN: &str = "ask_again";
/// Reminds a customer who has not answered.
pub const REMINDER: &str = "reminder";
/// Closes the ticket of a customer who never answered.
pub const CLOSED_SILENT: &str = "closed_silent";
/// Answers only what the customer asked later.
pub const FOLLOW_UP: &str = "follow_up";

/// Every macro that the service itself asks for, with when it is sent.
pub(super) const MACROS: &[(&str, &str)] = &[
    (ASK_AGAIN, "the service sends it when an answer is not clear"),
    (REMINDER, "the service sends it when an answer is overdue"),
    (CLOSED_SILENT, "the service sends it when no answer ever came"),
    (FOLLOW_UP, "the service sends it when a customer asks something after the case was settled"),
];

/// Every paragraph that answers a wish.
pub(super) const PARAGRAPHS: &[&str] =
    &["self_cancel", "self_cancel_not_offered", "pass_cancel", "who_was_it", "why_hidden"];

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

//! The update for which triggers run.

use crate::zendesk::records::TicketFields;

/// Whether the ticket was opened or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::zendesk) enum UpdateType {
    Create,
    Change,
}

/// The update for which triggers run, by a person or a program, before any trigger's changes.
#[derive(Debug)]
pub(in crate::zendesk) struct Occasion {
    pub(in crate::zendesk) update_type: UpdateType,
    pub(in crate::zendesk) author_id: i64,
    /// Whether the comment is public; `None` without a comment.
    pub(in crate::zendesk) comment_public: Option<bool>,
    /// The ticket before the update. It matters only for a change: a new ticket has no former state.
    pub(in crate::zendesk) before: TicketFields,
}

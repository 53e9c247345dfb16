//! What triggers are run for.

use crate::zendesk::records::TicketFields;

/// Whether the ticket was opened or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::zendesk) enum UpdateType {
    Create,
    Change,
}

/// What the triggers are run for: the update by a person or a program, before any trigger changed anything.
#[derive(Debug)]
pub(in crate::zendesk) struct Occasion {
    pub(in crate::zendesk) update_type: UpdateType,
    pub(in crate::zendesk) author_id: i64,
    /// Whether the comment is public; `None` without a comment.
    pub(in crate::zendesk) comment_public: Option<bool>,
    /// The ticket before the update. It counts only for a change: a new ticket was nothing before.
    pub(in crate::zendesk) before: TicketFields,
}

//! The subjects of conditions, and the operators for each (facts §5.1).

use super::operator::{OF_A_CHOICE, OF_A_FIELD, OF_A_RANK, OF_A_SET, OF_A_STATUS, OF_WORDS, Operator};
use crate::zendesk::records::parse_status;

/// The subject of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Status,
    CustomStatus,
    Priority,
    Type,
    Assignee,
    Group,
    Requester,
    Organization,
    Brand,
    Form,
    CustomField(i64),
    Tags,
    TitleWords,
    UpdateType,
    CurrentUser,
    CommentIsPublic,
    TicketIsPublic,
    Via,
    UpdateVia,
}

/// Lowest first; no priority is lower still.
pub(super) const PRIORITIES: [&str; 4] = ["low", "normal", "high", "urgent"];
pub(super) const TYPES: [&str; 4] = ["question", "incident", "problem", "task"];

/// All subjects except custom fields, with Zendesk's words.
const SUBJECTS: [(Subject, &str); 18] = [
    (Subject::Status, "status"),
    (Subject::CustomStatus, "custom_status_id"),
    (Subject::Priority, "priority"),
    (Subject::Type, "type"),
    (Subject::Assignee, "assignee_id"),
    (Subject::Group, "group_id"),
    (Subject::Requester, "requester_id"),
    (Subject::Organization, "organization_id"),
    (Subject::Brand, "brand_id"),
    (Subject::Form, "ticket_form_id"),
    (Subject::Tags, "current_tags"),
    (Subject::TitleWords, "subject_includes_word"),
    (Subject::UpdateType, "update_type"),
    (Subject::CurrentUser, "role"),
    (Subject::CommentIsPublic, "comment_is_public"),
    (Subject::TicketIsPublic, "ticket_is_public"),
    (Subject::Via, "via_id"),
    (Subject::UpdateVia, "current_via_id"),
];

impl Subject {
    pub(super) fn parse(field: &str) -> Option<Self> {
        let known = SUBJECTS.iter().find(|(_, word)| *word == field).map(|(subject, _)| *subject);
        known.or_else(|| field.strip_prefix("custom_fields_")?.parse().ok().map(Self::CustomField))
    }

    pub(super) fn operators(self) -> &'static [Operator] {
        match self {
            Self::Status | Self::Priority => OF_A_RANK,
            Self::CustomStatus => OF_A_STATUS,
            Self::CustomField(_) => OF_A_FIELD,
            Self::Tags => OF_A_SET,
            Self::TitleWords => OF_WORDS,
            Self::UpdateType | Self::CommentIsPublic | Self::TicketIsPublic => &[Operator::Is],
            Self::CurrentUser | Self::Via | Self::UpdateVia => &[Operator::Is, Operator::IsNot],
            _ => OF_A_CHOICE,
        }
    }

    /// Whether a text is a valid value for this subject. Whether an id exists is not checked here.
    pub(super) fn takes(self, text: &str) -> bool {
        let is_id = text.parse::<i64>().is_ok();
        match self {
            Self::Status => parse_status(text).is_some(),
            Self::Priority => text.is_empty() || PRIORITIES.contains(&text),
            Self::Type => text.is_empty() || TYPES.contains(&text),
            Self::Assignee => is_id || matches!(text, "" | "current_user" | "requester_id"),
            Self::Requester => is_id || matches!(text, "current_user" | "assignee_id"),
            Self::Group | Self::Organization => is_id || text.is_empty(),
            Self::CustomStatus | Self::Brand | Self::Form | Self::Via | Self::UpdateVia => is_id,
            Self::CurrentUser => is_id || matches!(text, "agent" | "end_user"),
            Self::CommentIsPublic => {
                matches!(text, "true" | "false" | "not_relevant" | "requester_can_see_comment")
            }
            Self::TicketIsPublic => matches!(text, "public" | "private"),
            Self::UpdateType => matches!(text, "Create" | "Change"),
            Self::Tags | Self::TitleWords => !text.is_empty(),
            Self::CustomField(_) => true,
        }
    }
}

//! A trigger's conditions (facts §5.1).

use serde_json::Value;

use super::{Condition, Occasion, UpdateType};
use crate::domain::ticket::TicketStatus;
use crate::sandbox::SandboxError;
use crate::sandbox::zendesk::records::{TicketFields, optional_id, parse_status, split_tags, status_rank};

/// A condition that the engine understands.
#[derive(Clone, Debug)]
pub(super) struct Check {
    subject: Subject,
    operator: Operator,
}

#[derive(Clone, Debug)]
enum Subject {
    Status(Option<TicketStatus>),
    Tags(Vec<String>),
    UpdateType(UpdateType),
    RoleIsStaff(bool),
    Author(i64),
    /// `None`: there is a comment at all.
    CommentIsPublic(Option<bool>),
    CustomField(i64, Value),
    Group(Option<i64>),
    Assignee(Option<i64>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Is,
    IsNot,
    LessThan,
    GreaterThan,
    Changed,
    NotChanged,
    Present,
    NotPresent,
}

impl Check {
    pub(super) fn parse(condition: &Condition) -> Result<Self, SandboxError> {
        let unsupported = || {
            let Condition { field, operator, value } = condition;
            SandboxError::UnsupportedRule(format!("the condition `{field} {operator} {value}`"))
        };
        let operator = match condition.operator.as_str() {
            "is" | "includes" => Operator::Is,
            "is_not" | "not_includes" => Operator::IsNot,
            "less_than" => Operator::LessThan,
            "greater_than" => Operator::GreaterThan,
            "changed" => Operator::Changed,
            "not_changed" => Operator::NotChanged,
            "present" => Operator::Present,
            "not_present" => Operator::NotPresent,
            _ => return Err(unsupported()),
        };
        let subject = Subject::parse(condition).ok_or_else(unsupported)?;
        let check = Self { subject, operator };
        if check.makes_sense() { Ok(check) } else { Err(unsupported()) }
    }

    fn makes_sense(&self) -> bool {
        use Operator::{Changed, GreaterThan, Is, IsNot, LessThan, NotChanged, NotPresent, Present};
        match &self.subject {
            Subject::Status(value) => match self.operator {
                Changed | NotChanged => true,
                Is | IsNot | LessThan | GreaterThan => value.is_some(),
                Present | NotPresent => false,
            },
            Subject::CustomField(..) => !matches!(self.operator, LessThan | GreaterThan),
            Subject::Group(_) | Subject::Assignee(_) => {
                matches!(self.operator, Is | IsNot | Changed | NotChanged)
            }
            _ => matches!(self.operator, Is | IsNot),
        }
    }

    pub(super) fn holds(&self, ticket: &TicketFields, occasion: &Occasion, author_is_staff: bool) -> bool {
        let before = &occasion.before;
        match &self.subject {
            Subject::Status(wanted) => self.status_holds(*wanted, ticket, before),
            Subject::Tags(tags) => self.agrees(tags.iter().any(|tag| ticket.tags.contains(tag))),
            Subject::UpdateType(update_type) => self.agrees(*update_type == occasion.update_type),
            Subject::RoleIsStaff(staff) => self.agrees(*staff == author_is_staff),
            Subject::Author(id) => self.agrees(*id == occasion.author_id),
            Subject::CommentIsPublic(None) => self.agrees(occasion.comment_public.is_some()),
            Subject::CommentIsPublic(wanted) => self.agrees(*wanted == occasion.comment_public),
            Subject::CustomField(id, wanted) => {
                let (value, old) = (ticket.custom_fields.get(id), before.custom_fields.get(id));
                match self.operator {
                    Operator::Present => value.is_some(),
                    Operator::NotPresent => value.is_none(),
                    _ => self.compare(value, Some(wanted), old),
                }
            }
            Subject::Group(wanted) => {
                self.compare(ticket.group_id.as_ref(), wanted.as_ref(), before.group_id.as_ref())
            }
            Subject::Assignee(wanted) => {
                self.compare(ticket.assignee_id.as_ref(), wanted.as_ref(), before.assignee_id.as_ref())
            }
        }
    }

    fn status_holds(
        &self,
        wanted: Option<TicketStatus>,
        ticket: &TicketFields,
        before: &TicketFields,
    ) -> bool {
        let rank = status_rank(ticket.status);
        match self.operator {
            Operator::LessThan => wanted.is_some_and(|wanted| rank < status_rank(wanted)),
            Operator::GreaterThan => wanted.is_some_and(|wanted| rank > status_rank(wanted)),
            _ => self.compare(Some(&ticket.status), wanted.as_ref(), Some(&before.status)),
        }
    }

    fn compare<T: PartialEq>(&self, now: Option<&T>, wanted: Option<&T>, before: Option<&T>) -> bool {
        match self.operator {
            Operator::Changed => now != before,
            Operator::NotChanged => now == before,
            _ => self.agrees(now == wanted),
        }
    }

    fn agrees(&self, matches: bool) -> bool {
        matches == (self.operator == Operator::Is)
    }
}

impl Subject {
    fn parse(condition: &Condition) -> Option<Self> {
        let value = &condition.value;
        let text = value.as_str();
        match condition.field.as_str() {
            "status" => match text {
                Some(word) if !word.is_empty() => parse_status(word).map(|status| Self::Status(Some(status))),
                _ => Some(Self::Status(None)),
            },
            "current_tags" => Some(Self::Tags(split_tags(text?).collect())),
            "update_type" => match text? {
                "Create" => Some(Self::UpdateType(UpdateType::Create)),
                "Change" => Some(Self::UpdateType(UpdateType::Change)),
                _ => None,
            },
            "role" => match text? {
                "end_user" => Some(Self::RoleIsStaff(false)),
                "agent" => Some(Self::RoleIsStaff(true)),
                id => id.parse().ok().map(Self::Author),
            },
            "comment_is_public" => match (value, text) {
                (Value::Bool(public), _) => Some(Self::CommentIsPublic(Some(*public))),
                (_, Some("true")) => Some(Self::CommentIsPublic(Some(true))),
                (_, Some("false")) => Some(Self::CommentIsPublic(Some(false))),
                (_, Some("not_relevant")) => Some(Self::CommentIsPublic(None)),
                _ => None,
            },
            "group_id" => optional_id(value).ok().map(Self::Group),
            "assignee_id" => optional_id(value).ok().map(Self::Assignee),
            field => {
                let id = field.strip_prefix("custom_fields_")?.parse().ok()?;
                Some(Self::CustomField(id, value.clone()))
            }
        }
    }
}

//! The actions on a ticket that triggers and macros share (facts §4.2).

use serde_json::Value;

use super::subject::{PRIORITIES, TYPES};
use crate::domain::ticket::TicketStatus;
use crate::zendesk::records::{TicketFields, optional_id, parse_status, split_tags};

/// A change of a ticket by a rule.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::zendesk) enum TicketAction {
    Status(TicketStatus),
    CustomStatus(i64),
    Priority(Option<String>),
    Type(Option<String>),
    Group(Option<i64>),
    Assignee(Option<Who>),
    AddTags(Vec<String>),
    RemoveTags(Vec<String>),
    SetTags(Vec<String>),
    CustomField(i64, Value),
    Brand(i64),
    Form(i64),
    Copy(Who),
    Follower(Who),
}

/// A person named in a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::zendesk) enum Who {
    /// The user who made the update or applies the macro.
    CurrentUser,
    Requester,
    User(i64),
}

impl Who {
    pub(in crate::zendesk) fn parse(value: &Value) -> Option<Self> {
        match value.as_str() {
            Some("current_user") => Some(Self::CurrentUser),
            Some("requester_id") => Some(Self::Requester),
            _ => optional_id(value).ok().flatten().map(Self::User),
        }
    }

    pub(super) fn id(self, ticket: &TicketFields, actor: i64) -> i64 {
        self.named(actor).unwrap_or(ticket.requester_id)
    }

    /// The person's id, if it does not depend on the ticket.
    pub(in crate::zendesk) fn named(self, actor: i64) -> Option<i64> {
        match self {
            Self::CurrentUser => Some(actor),
            Self::Requester => None,
            Self::User(id) => Some(id),
        }
    }
}

impl TicketAction {
    /// Parses one action; `None` if it is not one of these or has an invalid value.
    pub(in crate::zendesk) fn understand(field: &str, value: &Value) -> Option<Self> {
        let tags = || value.as_str().map(|text| split_tags(text).collect::<Vec<_>>());
        let id = || optional_id(value).ok().flatten();
        let choice = |choices: &[&str]| match value.as_str() {
            Some("") => Some(None),
            Some(word) if choices.contains(&word) => Some(Some(word.to_owned())),
            _ => None,
        };
        match field {
            "status" => {
                let status = value.as_str().and_then(parse_status);
                status.filter(|status| *status != TicketStatus::New).map(Self::Status)
            }
            "custom_status_id" => id().map(Self::CustomStatus),
            "priority" => choice(&PRIORITIES).map(Self::Priority),
            "type" => choice(&TYPES).map(Self::Type),
            "group_id" => optional_id(value).ok().map(Self::Group),
            "assignee_id" if value == "" || value.is_null() => Some(Self::Assignee(None)),
            "assignee_id" => Who::parse(value).map(|who| Self::Assignee(Some(who))),
            "current_tags" => tags().map(Self::AddTags),
            "remove_tags" => tags().map(Self::RemoveTags),
            "set_tags" => tags().map(Self::SetTags),
            "brand_id" => id().map(Self::Brand),
            "ticket_form_id" => id().map(Self::Form),
            "cc" => Who::parse(value).map(Self::Copy),
            "follower" => Who::parse(value).map(Self::Follower),
            field => {
                let id = field.strip_prefix("custom_fields_")?.parse().ok()?;
                Some(Self::CustomField(id, value.clone()))
            }
        }
    }
}

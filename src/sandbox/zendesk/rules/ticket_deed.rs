//! The actions on a ticket that triggers and macros share (facts §4.2).

use serde_json::Value;

use super::subject::{PRIORITIES, TYPES};
use crate::domain::ticket::TicketStatus;
use crate::zendesk::records::{TicketFields, optional_id, parse_status, split_tags};
use crate::zendesk::state::State;
use crate::zendesk::statuses::category_of;

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

    fn id(self, ticket: &TicketFields, actor: i64) -> i64 {
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

    /// Applies it to a ticket on behalf of the user who made the update, or applies the macro.
    pub(in crate::zendesk) fn apply(&self, state: &State, ticket: &mut TicketFields, actor: i64) {
        match self {
            Self::Status(status) => {
                ticket.status = *status;
                ticket.placement.chosen_status = None;
            }
            Self::CustomStatus(id) => {
                if let Some(status) = state.configuration.statuses.get(id) {
                    ticket.placement.chosen_status = Some(*id);
                    if category_of(ticket.status) != status.category {
                        ticket.status = status.category;
                    }
                }
            }
            Self::Priority(priority) => ticket.priority.clone_from(priority),
            Self::Type(ticket_type) => ticket.ticket_type.clone_from(ticket_type),
            Self::Group(group) => {
                ticket.group_id = *group;
                let works_there = |id: &i64| state.works_in(*id, *group);
                ticket.assignee_id = ticket.assignee_id.filter(works_there);
            }
            Self::Assignee(who) => {
                let id = who.map(|who| who.id(ticket, actor));
                ticket.assignee_id =
                    id.filter(|id| state.users.get(id).is_some_and(|user| user.role.is_staff()));
            }
            Self::AddTags(tags) => {
                let all = ticket.tags.iter().chain(tags).cloned().collect::<Vec<_>>();
                state.set_tags(ticket, all);
            }
            Self::RemoveTags(tags) => {
                let left = ticket.tags.iter().filter(|tag| !tags.contains(tag)).cloned().collect::<Vec<_>>();
                state.set_tags(ticket, left);
            }
            Self::SetTags(tags) => state.set_tags(ticket, tags.clone()),
            Self::CustomField(id, value) => state.set_field(ticket, *id, value.clone()),
            Self::Brand(id) => ticket.placement.brand_id = *id,
            Self::Form(id) => ticket.placement.ticket_form_id = *id,
            Self::Copy(who) => {
                ticket.placement.email_cc_ids.insert(who.id(ticket, actor));
            }
            Self::Follower(who) => {
                ticket.placement.follower_ids.insert(who.id(ticket, actor));
            }
        }
    }

    /// Whether it references an object that does not exist in the account.
    pub(in crate::zendesk) fn names_nothing(&self, state: &State) -> bool {
        let configuration = &state.configuration;
        match self {
            Self::CustomStatus(id) => !configuration.statuses.contains_key(id),
            Self::Group(Some(id)) => !state.has_group(*id),
            Self::Assignee(Some(Who::User(id)))
            | Self::Copy(Who::User(id))
            | Self::Follower(Who::User(id)) => !state.users.contains_key(id),
            Self::CustomField(id, _) => !state.fields.contains_key(id),
            Self::Brand(id) => !configuration.brands.contains_key(id),
            Self::Form(id) => !configuration.forms.contains_key(id),
            _ => false,
        }
    }
}

impl State {
    /// Whether an agent is a member of a group; without a group, always.
    fn works_in(&self, user_id: i64, group_id: Option<i64>) -> bool {
        let user = self.users.get(&user_id);
        group_id.is_none_or(|group_id| user.is_some_and(|user| user.group_ids.contains(&group_id)))
    }
}

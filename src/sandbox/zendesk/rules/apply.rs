//! Applies a rule's change to a ticket, and checks its references, in the account as it is.

use super::ticket_action::{TicketAction, Who};
use crate::zendesk::records::TicketFields;
use crate::zendesk::state::State;
use crate::zendesk::statuses::category_of;

impl TicketAction {
    /// Applies it to a ticket on behalf of the user who made the update, or applies the macro.
    pub(in crate::zendesk) fn apply(&self, state: &State, ticket: &mut TicketFields, actor: i64) {
        match self {
            Self::Status(status) => {
                ticket.status = *status;
                ticket.placement.chosen_status = None;
            }
            Self::CustomStatus(id) => {
                if let Some(status) = state.statuses.get(id) {
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
                let works_there = |id: &i64| works_in(state, *id, *group);
                ticket.assignee_id = ticket.assignee_id.filter(works_there);
            }
            Self::Assignee(who) => {
                let id = who.map(|who| who.id(ticket, actor));
                ticket.assignee_id =
                    id.filter(|id| state.users.get(id).is_some_and(|user| user.role.is_staff()));
            }
            Self::AddTags(tags) => {
                let all = ticket.tags.iter().chain(tags).cloned().collect::<Vec<_>>();
                state.fields.set_tags(ticket, all);
            }
            Self::RemoveTags(tags) => {
                let left = ticket.tags.iter().filter(|tag| !tags.contains(tag)).cloned().collect::<Vec<_>>();
                state.fields.set_tags(ticket, left);
            }
            Self::SetTags(tags) => state.fields.set_tags(ticket, tags.clone()),
            Self::CustomField(id, value) => state.fields.set_field(ticket, *id, value.clone()),
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
        match self {
            Self::CustomStatus(id) => !state.statuses.contains_key(id),
            Self::Group(Some(id)) => !state.groups.takes_tickets(*id),
            Self::Assignee(Some(Who::User(id)))
            | Self::Copy(Who::User(id))
            | Self::Follower(Who::User(id)) => !state.users.contains_key(id),
            Self::CustomField(id, _) => !state.fields.contains_key(id),
            Self::Brand(id) => !state.brands.contains_key(id),
            Self::Form(id) => !state.forms.contains_key(id),
            _ => false,
        }
    }
}

/// Whether an agent is a member of a group; without a group, always.
fn works_in(state: &State, user_id: i64, group_id: Option<i64>) -> bool {
    let user = state.users.get(&user_id);
    group_id.is_none_or(|group_id| user.is_some_and(|user| user.group_ids.contains(&group_id)))
}

//! Runs triggers: their view of an update, and their order.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::occasion::{Occasion, UpdateType};
use super::subject::Subject;
use crate::SandboxError;
use crate::zendesk::fields::FieldKind;
use crate::zendesk::records::{Audit, TicketFields, Via, status_word};
use crate::zendesk::state::State;
use crate::zendesk::wire;

/// The context of conditions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    pub(super) state: &'a State,
    /// Its current state, after earlier triggers.
    pub(super) ticket: &'a TicketFields,
    pub(super) occasion: &'a Occasion,
    /// The channel of the update.
    pub(super) via: &'a Via,
}

impl Scene<'_> {
    /// The values of a subject in the ticket or the update; empty if none.
    pub(super) fn now(&self, subject: Subject) -> BTreeSet<String> {
        let comment = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        match subject {
            Subject::UpdateType => one(match self.occasion.update_type {
                UpdateType::Create => "Create",
                UpdateType::Change => "Change",
            }),
            Subject::CurrentUser => {
                let author = self.occasion.author_id;
                let role = if self.author_is_staff() { "agent" } else { "end_user" };
                BTreeSet::from([role.to_owned(), author.to_string()])
            }
            Subject::CommentIsPublic => match self.occasion.comment_public {
                None => BTreeSet::new(),
                Some(true) => comment(&["true", "not_relevant", "requester_can_see_comment"]),
                Some(false) => comment(&["false", "not_relevant"]),
            },
            Subject::Via => {
                let audits = self.state.tickets.get(&self.ticket.id).map(|ticket| &ticket.audits);
                channel(audits.and_then(|audits| audits.first()).map_or(self.via, |first| &first.via))
            }
            Subject::UpdateVia => channel(self.via),
            _ => self.of_ticket(subject, self.ticket),
        }
    }

    /// The same before the update. A new ticket has no former values: each of its values counts as changed, except that it
    /// is new.
    pub(super) fn before(&self, subject: Subject) -> BTreeSet<String> {
        match (self.occasion.update_type, subject) {
            (UpdateType::Change, _) => self.of_ticket(subject, &self.occasion.before),
            (UpdateType::Create, Subject::Status) => one("new"),
            (UpdateType::Create, Subject::CustomStatus) if one("new") == self.now(Subject::Status) => {
                self.now(subject)
            }
            (UpdateType::Create, _) => BTreeSet::new(),
        }
    }

    fn of_ticket(&self, subject: Subject, ticket: &TicketFields) -> BTreeSet<String> {
        let id = |id: Option<i64>| id.map(|id| id.to_string()).into_iter().collect();
        match subject {
            Subject::Status => one(status_word(ticket.status)),
            Subject::CustomStatus => id(self.state.custom_status_of(ticket)),
            Subject::Priority => ticket.priority.clone().into_iter().collect(),
            Subject::Type => ticket.ticket_type.clone().into_iter().collect(),
            Subject::Assignee => id(ticket.assignee_id),
            Subject::Group => id(ticket.group_id),
            Subject::Requester => id(Some(ticket.requester_id)),
            Subject::Organization => id(self.state.organization_of(ticket)),
            Subject::Brand => id(Some(ticket.placement.brand_id)),
            Subject::Form => id(Some(ticket.placement.ticket_form_id)),
            Subject::Tags => ticket.tags.clone(),
            Subject::TicketIsPublic => one(if ticket.is_public { "public" } else { "private" }),
            Subject::CustomField(field) => self.of_field(field, ticket),
            _ => BTreeSet::new(),
        }
    }

    fn of_field(&self, id: i64, ticket: &TicketFields) -> BTreeSet<String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match ticket.custom_fields.get(&id) {
            Some(Value::Array(values)) => values.iter().map(text).collect(),
            Some(value) => BTreeSet::from([text(value)]),
            None => {
                let kind = self.state.fields.get(&id).map(|field| field.kind);
                if kind == Some(FieldKind::Checkbox) { one("false") } else { BTreeSet::new() }
            }
        }
    }

    /// The meaning of a condition's text: some texts name a person by their role in the update. `None` if there is none.
    pub(super) fn meant(&self, subject: Subject, text: &str) -> Option<String> {
        match (subject, text) {
            (_, "") => None,
            (Subject::Assignee | Subject::Requester, "current_user") => {
                Some(self.occasion.author_id.to_string())
            }
            (Subject::Assignee, "requester_id") => Some(self.ticket.requester_id.to_string()),
            (Subject::Requester, "assignee_id") => self.ticket.assignee_id.map(|id| id.to_string()),
            _ => Some(text.to_owned()),
        }
    }

    fn author_is_staff(&self) -> bool {
        self.state.users.get(&self.occasion.author_id).is_none_or(|user| user.role.is_staff())
    }
}

fn one(word: &str) -> BTreeSet<String> {
    BTreeSet::from([word.to_owned()])
}

/// The number of a channel in conditions.
fn channel(via: &Via) -> BTreeSet<String> {
    let channel = wire::via(via)["channel"].as_str().unwrap_or_default().to_owned();
    let numbers = [("web", "0"), ("email", "4"), ("mail", "4"), ("api", "5"), ("rule", "8"), ("chat", "29")];
    numbers
        .iter()
        .find(|(word, _)| *word == channel)
        .map(|(_, number)| (*number).to_owned())
        .into_iter()
        .collect()
}

impl State {
    /// Runs the triggers on a ticket and returns the audit with their changes.
    ///
    /// After each that fires, the list is checked again from the top; each fires at most once per update. Loops over
    /// webhooks remain possible: a write by a webhook's receiver is a new update.
    pub(in crate::zendesk) fn run_triggers(
        &mut self,
        ticket_id: i64,
        occasion: &Occasion,
        mut audit: Audit,
        now: Timestamp,
    ) -> Result<Audit, SandboxError> {
        let mut waiting = self.triggers.clone();
        loop {
            let ticket = self.ticket(ticket_id)?.fields.clone();
            let scene = Scene { state: self, ticket: &ticket, occasion, via: &audit.via };
            let Some(at) = waiting.iter().position(|trigger| trigger.fires(&scene)) else {
                break;
            };
            let trigger = waiting.remove(at);
            let (after, told) = self.perform(&trigger, &ticket, occasion, now);
            let title = self.resolved(&trigger.definition.title);
            let via = Via::Rule { id: trigger.id, title, rel: "trigger" };
            let known = audit.events.len();
            self.record_differences(&ticket, &after, Some(&via), &mut audit);
            audit.events.extend(told);
            if audit.events.len() > known {
                self.replace_latest_audit(after, &audit, now)?;
            }
        }
        Ok(audit)
    }

    /// The triggers' changes are part of the audit of the update that they ran for.
    fn replace_latest_audit(
        &mut self,
        fields: TicketFields,
        audit: &Audit,
        now: Timestamp,
    ) -> Result<(), SandboxError> {
        let id = fields.id;
        let ticket = self.tickets.get_mut(&id).ok_or_else(|| SandboxError::unknown("ticket", id))?;
        ticket.audits.retain(|known| known.id != audit.id);
        self.commit(fields, audit, now);
        Ok(())
    }

    /// The organisation of a ticket: its requester's.
    pub(in crate::zendesk) fn organization_of(&self, ticket: &TicketFields) -> Option<i64> {
        self.users.get(&ticket.requester_id).and_then(|user| user.profile.organization_id)
    }

    /// Sorts the triggers in execution order: by category, position, title and id.
    pub(in crate::zendesk) fn sort_triggers(&mut self) {
        let categories = &self.configuration.categories;
        let place = |trigger: &Arc<super::Trigger>| {
            let category =
                categories.get(&trigger.category_id).map_or(i64::MAX, |category| category.position);
            (category, trigger.position, trigger.definition.title.clone(), trigger.id)
        };
        self.triggers.sort_by_key(place);
    }
}

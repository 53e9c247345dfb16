//! A trigger's actions (facts §4.2, §2.1).

use jiff::Timestamp;
use serde_json::Value;

use super::{Occasion, Placeholders, RuleAction, Trigger};
use crate::domain::ticket::TicketStatus;
use crate::sandbox::SandboxError;
use crate::sandbox::zendesk::records::{TicketFields, optional_id, parse_status, split_tags};
use crate::sandbox::zendesk::state::State;

/// An action that the engine understands.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    NotifyWebhook { webhook_id: String, template: String },
    AddTags(Vec<String>),
    RemoveTags(Vec<String>),
    SetTags(Vec<String>),
    Status(TicketStatus),
    Group(Option<i64>),
    Assignee(Option<i64>),
    Priority(String),
    CustomField(i64, Value),
}

impl Deed {
    pub(super) fn parse(action: &RuleAction) -> Result<Self, SandboxError> {
        let RuleAction { field, value } = action;
        Self::understand(field, value)
            .ok_or_else(|| SandboxError::UnsupportedRule(format!("the action `{field}` with {value}")))
    }

    fn understand(field: &str, value: &Value) -> Option<Self> {
        let tags = || value.as_str().map(|text| split_tags(text).collect::<Vec<_>>());
        match field {
            "notification_webhook" => {
                let [webhook_id, template] = value.as_array()?.as_slice() else {
                    return None;
                };
                let (webhook_id, template) = (webhook_id.as_str()?.to_owned(), template.as_str()?.to_owned());
                Some(Self::NotifyWebhook { webhook_id, template })
            }
            "current_tags" => tags().map(Self::AddTags),
            "remove_tags" => tags().map(Self::RemoveTags),
            "set_tags" => tags().map(Self::SetTags),
            "status" => value.as_str().and_then(parse_status).map(Self::Status),
            "group_id" => optional_id(value).ok().map(Self::Group),
            "assignee_id" => optional_id(value).ok().map(Self::Assignee),
            "priority" => value.as_str().map(|word| Self::Priority(word.to_owned())),
            field => {
                let id = field.strip_prefix("custom_fields_")?.parse().ok()?;
                Some(Self::CustomField(id, value.clone()))
            }
        }
    }
}

impl State {
    /// Performs a trigger's actions in order; the ticket as it is afterwards is returned, not stored.
    pub(super) fn perform(
        &mut self,
        trigger: &Trigger,
        ticket: &TicketFields,
        occasion: &Occasion,
        now: Timestamp,
    ) -> TicketFields {
        let mut after = ticket.clone();
        for deed in &trigger.deeds {
            match deed {
                Deed::NotifyWebhook { webhook_id, template } => {
                    let placeholders = Placeholders::new(self, &after, occasion.author_id);
                    let body = placeholders.render(template, self.switches.escaping);
                    self.enqueue(webhook_id, after.id, body, now);
                }
                Deed::AddTags(tags) => {
                    let all = after.tags.iter().chain(tags).cloned().collect::<Vec<_>>();
                    self.set_tags(&mut after, all);
                }
                Deed::RemoveTags(tags) => {
                    let left =
                        after.tags.iter().filter(|tag| !tags.contains(tag)).cloned().collect::<Vec<_>>();
                    self.set_tags(&mut after, left);
                }
                Deed::SetTags(tags) => self.set_tags(&mut after, tags.clone()),
                Deed::Status(status) => after.status = *status,
                Deed::Group(group) => after.group_id = *group,
                Deed::Assignee(assignee) => after.assignee_id = *assignee,
                Deed::Priority(priority) => after.priority = Some(priority.clone()),
                Deed::CustomField(id, value) => self.set_field(&mut after, *id, value.clone()),
            }
        }
        after
    }
}

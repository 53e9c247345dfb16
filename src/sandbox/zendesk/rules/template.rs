//! Placeholders in a trigger's webhook body (facts §2.2, §2.3).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sandbox::zendesk::change::status_title;
use crate::sandbox::zendesk::records::{Comment, TicketFields, User};
use crate::sandbox::zendesk::state::State;

/// What happens to quotes and line ends in a placeholder's value: nobody outside Zendesk knows (facts §2.3), so both can be had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Escaping {
    /// Values are escaped as in a JSON string.
    #[default]
    Json,
    /// Values are put in as they are, and may break the body.
    Raw,
}

/// Where a placeholder's value comes from.
#[derive(Debug)]
pub(in crate::sandbox::zendesk) struct Placeholders<'a> {
    state: &'a State,
    ticket: &'a TicketFields,
    author_id: i64,
}

impl<'a> Placeholders<'a> {
    pub(in crate::sandbox::zendesk) fn new(
        state: &'a State,
        ticket: &'a TicketFields,
        author_id: i64,
    ) -> Self {
        Self { state, ticket, author_id }
    }

    /// Replaces every `{{name}}`; unknown and empty ones render as nothing.
    pub(in crate::sandbox::zendesk) fn render(&self, template: &str, escaping: Escaping) -> String {
        let mut rendered = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            rendered.push_str(before);
            let Some((name, after)) = after.split_once("}}") else {
                rendered.push_str("{{");
                rest = after;
                continue;
            };
            let value = self.value(name.trim()).unwrap_or_default();
            match escaping {
                Escaping::Raw => rendered.push_str(&value),
                Escaping::Json => {
                    let quoted = Value::from(value).to_string();
                    rendered.push_str(&quoted[1..quoted.len() - 1]);
                }
            }
            rest = after;
        }
        rendered.push_str(rest);
        rendered
    }

    fn value(&self, name: &str) -> Option<String> {
        let ticket = self.ticket;
        if let Some(name) = name.strip_prefix("current_user.") {
            return user_value(self.state.users.get(&self.author_id)?, name);
        }
        let name = name.strip_prefix("ticket.")?;
        let field = |prefix| name.strip_prefix(prefix).and_then(|id: &str| id.parse::<i64>().ok());
        if let Some(name) = name.strip_prefix("requester.") {
            return user_value(self.state.users.get(&ticket.requester_id)?, name);
        }
        if let Some(name) = name.strip_prefix("assignee.") {
            return user_value(self.state.users.get(&ticket.assignee_id?)?, name);
        }
        if let Some(id) = field("ticket_field_option_title_") {
            let value = ticket.custom_fields.get(&id)?.as_str()?;
            let options = &self.state.fields.get(&id)?.options;
            return options.iter().find(|option| option.value == value).map(|option| option.name.clone());
        }
        if let Some(id) = field("ticket_field_") {
            return ticket.custom_fields.get(&id)?.as_str().map(str::to_owned);
        }
        Some(match name {
            "id" => ticket.id.to_string(),
            "title" => ticket.subject.clone(),
            "description" => ticket.description.clone(),
            "status" => status_title(ticket.status),
            "priority" => ticket.priority.clone()?,
            "ticket_type" => ticket.ticket_type.clone()?,
            "tags" => ticket.tags.iter().map(String::as_str).collect::<Vec<_>>().join(" "),
            "created_at_with_timestamp" => ticket.created_at.to_string(),
            "updated_at_with_timestamp" => ticket.updated_at.to_string(),
            "url" | "link" => format!("{}/agent/tickets/{}", self.state.base_url, ticket.id),
            "group.name" => self.state.groups.get(&ticket.group_id?)?.name.clone(),
            "latest_comment" | "latest_comment.value" => self.latest(|_| true)?,
            "latest_public_comment" | "latest_public_comment.value" => {
                self.latest(|comment| comment.public)?
            }
            _ => return None,
        })
    }

    fn latest(&self, wanted: impl Fn(&Comment) -> bool) -> Option<String> {
        let comments = &self.state.tickets.get(&self.ticket.id)?.comments;
        comments.iter().rev().find(|comment| wanted(comment)).map(|comment| comment.body.clone())
    }
}

fn user_value(user: &User, name: &str) -> Option<String> {
    match name {
        "id" => Some(user.id.to_string()),
        "name" => Some(user.name.clone()),
        "email" => Some(user.email.clone()),
        "external_id" => user.external_id.clone(),
        _ => None,
    }
}

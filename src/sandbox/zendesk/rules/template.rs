//! Placeholders in a trigger's webhook body (facts §2.2, §2.3).
//!
//! Supported are all in facts §2.2 that apply to an account without organisations, schedules, due dates, satisfaction
//! ratings and attachments; others, like unknown ones, render as nothing. Of Liquid's filters, `downcase`, `upcase` and
//! `strip_newlines` are supported; others change nothing.

mod comments;
mod person;
mod ticket;

use serde_json::Value;

use crate::zendesk::records::TicketFields;
use crate::zendesk::state::State;

/// The escaping of quotes and line ends in a placeholder's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::zendesk) enum Escaping {
    /// Values are escaped as in a JSON string: the likeliest for a webhook's body (facts §2.3).
    Json,
    /// Values are inserted unchanged.
    Raw,
}

/// The source of placeholders' values.
#[derive(Debug)]
pub(in crate::zendesk) struct Placeholders<'a> {
    state: &'a State,
    ticket: &'a TicketFields,
    author_id: i64,
}

impl<'a> Placeholders<'a> {
    pub(in crate::zendesk) fn new(state: &'a State, ticket: &'a TicketFields, author_id: i64) -> Self {
        Self { state, ticket, author_id }
    }

    /// Replaces every `{{name}}`; unknown and empty ones render as nothing.
    pub(in crate::zendesk) fn render(&self, template: &str, escaping: Escaping) -> String {
        let mut rendered = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            rendered.push_str(before);
            let Some((name, after)) = after.split_once("}}") else {
                rendered.push_str("{{");
                rest = after;
                continue;
            };
            let value = self.filtered(name);
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

    /// The value of `name | filter | filter`.
    fn filtered(&self, expression: &str) -> String {
        let mut parts = expression.split('|').map(str::trim);
        let value = parts.next().and_then(|name| self.value(name)).unwrap_or_default();
        parts.fold(value, |value, filter| match filter {
            "downcase" => value.to_lowercase(),
            "upcase" => value.to_uppercase(),
            "strip_newlines" => value.replace(['\r', '\n'], ""),
            _ => value,
        })
    }

    fn value(&self, name: &str) -> Option<String> {
        if let Some(name) = name.strip_prefix("current_user.") {
            return self.person(self.author_id, name);
        }
        let name = name.strip_prefix("ticket.")?;
        let people = [
            ("requester.", Some(self.ticket.requester_id)),
            ("assignee.", self.ticket.assignee_id),
            ("submitter.", Some(self.ticket.submitter_id)),
        ];
        for (prefix, id) in people {
            if let Some(name) = name.strip_prefix(prefix) {
                return self.person(id?, name);
            }
        }
        self.of_field(name).or_else(|| self.of_comments(name)).or_else(|| self.of_ticket(name))
    }
}

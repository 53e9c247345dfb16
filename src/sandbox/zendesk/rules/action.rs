//! A trigger's actions (facts §4.2, §2.1): parsed once, performed whenever it fires.

use serde_json::Value;

use super::{RuleAction, TicketAction};
use crate::zendesk::records::optional_id;

/// An action that the engine supports.
#[derive(Clone, Debug)]
pub(super) enum AuditKind {
    Ticket(TicketAction),
    NotifyWebhook { webhook_id: String, template: Template },
    Notify { recipient: Recipient, subject: String, body: String },
}

/// The payload for a webhook.
#[derive(Clone, Debug)]
pub(super) enum Template {
    /// The whole body.
    Text(String),
    /// Parameters, for webhooks without a body of their own and for form-encoded ones.
    Pairs(Vec<(String, String)>),
}

/// The recipients of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recipient {
    Requester,
    RequesterAndCopies,
    Assignee,
    CurrentUser,
    AllAgents,
    User(i64),
    Group(i64),
    AssignedGroup,
}

impl AuditKind {
    /// Parses an action; `Err` is the problem in Zendesk's words.
    pub(super) fn parse(action: &RuleAction) -> Result<Self, String> {
        let RuleAction { field, value } = action;
        let action = match field.as_str() {
            "notification_webhook" => notify_webhook(value),
            "notification_user" => notify(value, user),
            "notification_group" => notify(value, group),
            _ => TicketAction::understand(field, value).map(Self::Ticket),
        };
        action.ok_or_else(|| {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("Invalid action '{field}' with '{shown}'")
        })
    }
}

fn notify_webhook(value: &Value) -> Option<AuditKind> {
    let [webhook_id, template] = value.as_array()?.as_slice() else { return None };
    let template = match template {
        Value::String(text) => Template::Text(text.clone()),
        Value::Array(pairs) => Template::Pairs(pairs.iter().map(pair).collect::<Option<_>>()?),
        _ => return None,
    };
    Some(AuditKind::NotifyWebhook { webhook_id: webhook_id.as_str()?.to_owned(), template })
}

fn pair(value: &Value) -> Option<(String, String)> {
    let [name, value] = value.as_array()?.as_slice() else { return None };
    Some((name.as_str()?.to_owned(), value.as_str()?.to_owned()))
}

/// `[recipient, subject, body]`
fn notify(value: &Value, recipient: impl FnOnce(&Value) -> Option<Recipient>) -> Option<AuditKind> {
    let [to, subject, body] = value.as_array()?.as_slice() else { return None };
    let (subject, body) = (subject.as_str()?.to_owned(), body.as_str()?.to_owned());
    Some(AuditKind::Notify { recipient: recipient(to)?, subject, body })
}

fn user(value: &Value) -> Option<Recipient> {
    match value.as_str() {
        Some("requester_id") => Some(Recipient::Requester),
        Some("requester_and_ccs") => Some(Recipient::RequesterAndCopies),
        Some("assignee_id") => Some(Recipient::Assignee),
        Some("current_user") => Some(Recipient::CurrentUser),
        Some("all_agents") => Some(Recipient::AllAgents),
        _ => optional_id(value).ok().flatten().map(Recipient::User),
    }
}

fn group(value: &Value) -> Option<Recipient> {
    match value.as_str() {
        Some("group_id") => Some(Recipient::AssignedGroup),
        _ => optional_id(value).ok().flatten().map(Recipient::Group),
    }
}

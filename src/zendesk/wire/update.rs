//! The JSON of one ticket update (facts §3.2).

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::CustomField;
use crate::domain::ticket::{ByMacro, FieldValue, Priority, TicketStatus, TicketUpdate};
use crate::zendesk::Names;
use crate::zendesk::write_identity::Marker;

#[derive(Serialize)]
struct TicketChanges<'a> {
    comment: Comment,
    /// Always true when sent: `false` would have the same effect (facts §3.6).
    safe_update: bool,
    updated_stamp: String,
    metadata: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<TicketStatus>,
    /// Of the same category as the status (facts §5.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_status_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee_id: Option<Nobody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<Priority>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    custom_fields: Vec<CustomField<FieldValue>>,
    /// Counted in the account's macro usage (facts §3.4).
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    macro_ids: &'a [i64],
}

#[derive(Serialize)]
struct Comment {
    body: String,
    /// Always explicit: the default depends on how the ticket began (facts §3.3).
    public: bool,
}

/// Serialised as `null`: an assignee outside the new group would make Zendesk reject the whole update (facts §3.7).
#[derive(Serialize)]
struct Nobody;

/// The ticket object of one update.
pub(in crate::zendesk) fn update(
    marker: &Marker,
    update: &TicketUpdate,
    read_at: Timestamp,
    names: &Names,
) -> Value {
    let ByMacro { macro_ids, priority, fields } = &update.by_macro;
    let consultation_type = update.consultation_type.iter();
    let own =
        consultation_type.map(|value| (names.fields.consultation_type, FieldValue::Text(value.clone())));
    let fields = fields.iter().map(|(id, value)| (*id, value.clone()));
    let ticket = TicketChanges {
        comment: Comment { body: without_placeholders(&update.body), public: update.public },
        safe_update: true,
        updated_stamp: format!("{read_at:.0}"),
        metadata: marker.metadata(),
        status: update.status,
        custom_status_id: update.status.and_then(|status| names.statuses.get(&status).copied()),
        group_id: update.group_id,
        assignee_id: update.group_id.map(|_| Nobody),
        tags: update.tags.as_deref(),
        priority: *priority,
        custom_fields: own.chain(fields).map(|(id, value)| CustomField { id, value }).collect(),
        macro_ids,
    };
    json!(ticket)
}

/// The key for the macros used in an update.
pub(in crate::zendesk) const MACROS: &str = "macro_ids";

/// Removes the macros from an update.
pub(in crate::zendesk) fn without_macros(ticket: &mut Value) {
    if let Some(ticket) = ticket.as_object_mut() {
        ticket.remove(MACROS);
    }
}

/// Zendesk renders `{{…}}` in a comment, and possibly `{%…%}` (facts §9): a customer's text must not inject one.
fn without_placeholders(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if safe.ends_with('{') && matches!(character, '{' | '%') {
            safe.push(' ');
        }
        safe.push(character);
    }
    safe
}

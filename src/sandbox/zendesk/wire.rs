//! Zendesk's JSON (facts §3, §5): what its recorded answers look like.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::html;
use super::records::{
    Audit, Comment, FieldKind, Group, TicketField, TicketFields, User, Via, status_rank, status_word,
};
use super::state::State;
use crate::domain::ticket::TicketStatus;

/// The custom statuses of a new account have ids in a row.
const FIRST_CUSTOM_STATUS: i64 = 6_130_830_355_738;

/// The fields whose changes an audit tells, by their names there; ids are strings (§3.10).
pub(super) fn auditable(ticket: &TicketFields) -> BTreeMap<String, Value> {
    let id = |id: Option<i64>| id.map(|id| id.to_string());
    let mut fields = BTreeMap::from([
        ("subject".to_owned(), json!(ticket.subject)),
        ("status".to_owned(), json!(status_word(ticket.status))),
        ("priority".to_owned(), json!(ticket.priority)),
        ("type".to_owned(), json!(ticket.ticket_type)),
        ("requester_id".to_owned(), json!(id(Some(ticket.requester_id)))),
        ("assignee_id".to_owned(), json!(id(ticket.assignee_id))),
        ("group_id".to_owned(), json!(id(ticket.group_id))),
        ("external_id".to_owned(), json!(ticket.external_id)),
        ("brand_id".to_owned(), json!(id(Some(ticket.placement.brand_id)))),
        ("ticket_form_id".to_owned(), json!(id(Some(ticket.placement.ticket_form_id)))),
        ("tags".to_owned(), json!(ticket.tags)),
    ]);
    fields.extend(ticket.custom_fields.iter().map(|(id, value)| (id.to_string(), value.clone())));
    fields
}

pub(super) fn via(via: &Via) -> Value {
    let plain =
        |channel: &str| json!({ "channel": channel, "source": { "from": {}, "to": {}, "rel": null } });
    match via {
        Via::Web => plain("web"),
        Via::Email => plain("email"),
        Via::Messaging => plain("native_messaging"),
        Via::Api => plain("api"),
        Via::Rule { id, title, rel } => {
            json!({ "channel": "rule", "source": { "from": { "id": id, "title": title }, "rel": rel, "to": {} } })
        }
    }
}

pub(super) fn ticket(state: &State, ticket: &TicketFields) -> Value {
    let custom_fields: Vec<_> = state
        .fields
        .keys()
        .map(|id| json!({ "id": id, "value": ticket.custom_fields.get(id).unwrap_or(&Value::Null) }))
        .collect();
    let (id, placement) = (ticket.id, &ticket.placement);
    json!({
        "url": format!("{}/api/v2/tickets/{id}.json", state.base_url), "id": id,
        "external_id": ticket.external_id, "via": via(&ticket.via),
        "created_at": ticket.created_at, "updated_at": ticket.updated_at,
        "generated_timestamp": ticket.updated_at.as_second(), "type": ticket.ticket_type,
        "subject": ticket.subject, "raw_subject": ticket.subject, "description": ticket.description,
        "priority": ticket.priority, "status": status_word(ticket.status), "recipient": null,
        "requester_id": ticket.requester_id, "submitter_id": ticket.submitter_id, "assignee_id": ticket.assignee_id,
        "organization_id": null, "group_id": ticket.group_id,
        "collaborator_ids": &placement.email_cc_ids | &placement.follower_ids, "follower_ids": placement.follower_ids,
        "email_cc_ids": placement.email_cc_ids, "forum_topic_id": null, "problem_id": null, "has_incidents": false,
        "is_public": ticket.is_public, "due_at": null, "tags": ticket.tags, "custom_fields": custom_fields,
        "satisfaction_rating": null, "sharing_agreement_ids": [], "custom_status_id": custom_status_id(ticket.status),
        "fields": custom_fields, "followup_ids": [], "ticket_form_id": placement.ticket_form_id,
        "brand_id": placement.brand_id,
        "allow_channelback": false, "allow_attachments": true,
        "from_messaging_channel": ticket.via == Via::Messaging,
    })
}

/// The id of the custom status that stands for a status, where an account has made no others. Closed tickets keep that of the
/// solved ones.
fn custom_status_id(status: TicketStatus) -> i64 {
    FIRST_CUSTOM_STATUS + i64::from(status_rank(status).min(status_rank(TicketStatus::Solved)))
}

pub(super) fn user(state: &State, user: &User) -> Value {
    json!({
        "id": user.id, "url": format!("{}/api/v2/users/{}.json", state.base_url, user.id), "name": user.name,
        "email": user.email, "role": user.role, "external_id": user.external_id, "verified": user.verified,
        "active": true, "suspended": false, "time_zone": "Seoul", "locale": "ko", "organization_id": null, "tags": [],
    })
}

/// Who `/users/me` says that somebody unknown is (§5.3).
pub(super) fn anonymous() -> Value {
    json!({ "user": { "id": null, "name": "Anonymous user", "email": "invalid@example.com", "role": "end-user",
        "verified": false, "active": null } })
}

pub(super) fn audit(audit: &Audit) -> Value {
    json!({
        "id": audit.id, "ticket_id": audit.ticket_id, "created_at": audit.created_at, "author_id": audit.author_id,
        "metadata": metadata(&audit.custom), "events": audit.events, "via": via(&audit.via),
    })
}

pub(super) fn comment(comment: &Comment) -> Value {
    let mut value = comment_event(comment);
    value["created_at"] = json!(comment.created_at);
    value["metadata"] = metadata(&comment.metadata);
    value["via"] = via(&comment.via);
    value
}

/// A comment as an audit's event shows it.
pub(super) fn comment_event(comment: &Comment) -> Value {
    let html = match &comment.html_body {
        Some(html) => html.clone(),
        None => format!("<p dir=\"auto\">{}</p>", html::escaped(&comment.body)),
    };
    json!({
        "id": comment.id, "type": "Comment", "author_id": comment.author_id, "body": comment.body,
        "html_body": format!("<div class=\"zd-comment\" dir=\"auto\">{html}</div>"),
        "plain_body": comment.body, "public": comment.public, "attachments": [], "audit_id": comment.audit_id,
    })
}

fn metadata(custom: &serde_json::Map<String, Value>) -> Value {
    json!({ "system": { "client": "sandbox", "ip_address": "127.0.0.1", "location": "Seoul, 11, Korea, Republic of" },
        "custom": custom })
}

pub(super) fn group(state: &State, group: &Group) -> Value {
    json!({
        "id": group.id, "url": format!("{}/api/v2/groups/{}.json", state.base_url, group.id), "name": group.name,
        "description": "", "default": false, "deleted": false, "is_public": true,
    })
}

pub(super) fn ticket_field(state: &State, field: &TicketField) -> Value {
    let mut value = json!({
        "id": field.id, "url": format!("{}/api/v2/ticket_fields/{}.json", state.base_url, field.id), "type": field.kind,
        "title": field.title, "raw_title": field.title, "description": "", "active": true, "required": false,
        "visible_in_portal": true, "editable_in_portal": true, "tag": null, "removable": true,
    });
    if field.kind == FieldKind::Tagger {
        value["custom_field_options"] = field_options(field);
    }
    value
}

pub(super) fn field_options(field: &TicketField) -> Value {
    field
        .options
        .iter()
        .map(|option| {
            json!({ "id": option.id, "name": option.name, "raw_name": option.name, "value": option.value, "default": false })
        })
        .collect()
}

//! Zendesk's JSON (facts §3, §5), in the form of its recorded responses.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::attachments::Attachment;
use super::audit_log::LogEntry;
use super::brands::Brand;
use super::fields::{FieldOption, SYSTEM_FIELDS, SystemField, TicketField};
use super::flags::Flags;
use super::forms::TicketForm;
use super::groups::{Group, Membership};
use super::html;
use super::moments::ACCOUNT_OPENED;
use super::profile::KOREAN;
use super::records::{Audit, Comment, Role, TicketFields, User, Via, status_word};
use super::state::State;

/// The fields whose changes an audit contains, by their names there; ids are strings (facts §3.10).
pub(super) fn auditable(state: &State, ticket: &TicketFields) -> BTreeMap<String, Value> {
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
        ("custom_status_id".to_owned(), json!(id(state.statuses.of(ticket)))),
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
        Via::Voice => {
            json!({ "channel": "voice", "source": { "from": {}, "to": {}, "rel": "inbound" } })
        }
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
    let mut value = json!({
        "url": format!("{}/api/v2/tickets/{id}.json", state.base_url), "id": id,
        "external_id": ticket.external_id, "via": ticket_via(state, ticket),
        "created_at": ticket.created_at, "updated_at": ticket.updated_at,
        "generated_timestamp": ticket.updated_at.as_second(), "type": ticket.ticket_type,
        "subject": ticket.subject, "raw_subject": ticket.subject, "description": ticket.description,
        "priority": ticket.priority, "status": status_word(ticket.status), "recipient": null,
        "requester_id": ticket.requester_id, "submitter_id": ticket.submitter_id, "assignee_id": ticket.assignee_id,
        "organization_id": state.organization_of(ticket), "group_id": ticket.group_id,
        "collaborator_ids": &placement.email_cc_ids | &placement.follower_ids, "follower_ids": placement.follower_ids,
        "email_cc_ids": placement.email_cc_ids, "forum_topic_id": null, "problem_id": null, "has_incidents": false,
        "is_public": ticket.is_public, "due_at": null, "tags": ticket.tags, "custom_fields": custom_fields,
        "satisfaction_rating": null, "sharing_agreement_ids": [], "custom_status_id": state.statuses.of(ticket),
        "fields": custom_fields, "followup_ids": state.follow_ups_of(id), "ticket_form_id": placement.ticket_form_id,
        "brand_id": placement.brand_id,
        "allow_channelback": false, "allow_attachments": true,
        "from_messaging_channel": ticket.via == Via::Messaging,
    });
    if let Some(followed) = placement.followup_source_id {
        value["followup_source_id"] = json!(followed);
    }
    value
}

/// A follow-up of a closed ticket names it, whatever its channel (facts §14).
fn ticket_via(state: &State, ticket: &TicketFields) -> Value {
    let mut value = via(&ticket.via);
    if let Some(followed) = ticket.placement.followup_source_id {
        let parent = state.tickets.get(&followed).map(|parent| &parent.fields);
        let channel = parent.map(|parent| via(&parent.via)["channel"].clone());
        let subject = parent.map(|parent| parent.subject.as_str());
        value["source"]["rel"] = json!("follow_up");
        value["source"]["from"] = json!({ "ticket_id": followed, "subject": subject, "channel": channel });
    }
    value
}

pub(super) fn user(state: &State, user: &User) -> Value {
    let profile = &user.profile;
    let staff = user.role.is_staff();
    json!({
        "id": user.id, "url": format!("{}/api/v2/users/{}.json", state.base_url, user.id), "name": user.name,
        "email": (!user.email.is_empty()).then_some(&user.email), "created_at": profile.created_at,
        "updated_at": profile.updated_at, "time_zone": "Seoul", "iana_time_zone": "Asia/Seoul", "phone": profile.phone,
        "shared_phone_number": null, "photo": null, "locale_id": profile.locale_id,
        "locale": if profile.locale_id == KOREAN { "ko" } else { "en-US" },
        "organization_id": profile.organization_id, "role": user.role, "verified": user.verified,
        "external_id": user.external_id, "tags": profile.tags, "alias": null, "active": profile.active,
        "shared": false, "shared_agent": false, "last_login_at": null, "two_factor_auth_enabled": false,
        "signature": null, "details": profile.details, "notes": profile.notes,
        "role_type": if profile.light { Some(1) } else { (user.role == Role::Admin).then_some(4) }, "custom_role_id": null, "moderator": staff,
        "ticket_restriction": (!staff).then_some("requested"), "only_private_comments": profile.light,
        "restricted_agent": !staff, "suspended": profile.suspended, "default_group_id": user.group_ids.first(),
        "report_csv": user.role == Role::Admin, "user_fields": {},
    })
}

/// The anonymous user in `/users/me` (facts §5.3).
pub(super) fn anonymous() -> Value {
    json!({ "user": { "id": null, "name": "Anonymous user", "email": "invalid@example.com", "role": "end-user",
        "verified": false, "active": null } })
}

pub(super) fn audit(audit: &Audit) -> Value {
    json!({
        "id": audit.id, "ticket_id": audit.ticket_id, "created_at": audit.created_at, "author_id": audit.author_id,
        "metadata": metadata(&audit.custom, &audit.flags), "events": audit.events, "via": via(&audit.via),
    })
}

pub(super) fn comment(comment: &Comment) -> Value {
    let mut value = comment_event(comment);
    value["created_at"] = json!(comment.created_at);
    value["metadata"] = metadata(&comment.metadata, &comment.flags);
    value["via"] = via(&comment.via);
    value
}

/// A comment in the form of an audit's event.
pub(super) fn comment_event(comment: &Comment) -> Value {
    let html = match &comment.html_body {
        Some(html) => html.clone(),
        None => format!("<p dir=\"auto\">{}</p>", html::escaped(&comment.body)),
    };
    let attachments: Vec<Value> = comment.attachments.iter().map(Attachment::json).collect();
    json!({
        "id": comment.id, "type": if comment.spoken { "VoiceComment" } else { "Comment" }, "author_id": comment.author_id, "body": comment.body,
        "html_body": format!("<div class=\"zd-comment\" dir=\"auto\">{html}</div>"),
        "plain_body": comment.body, "public": comment.public, "attachments": attachments, "audit_id": comment.audit_id,
    })
}

fn metadata(custom: &serde_json::Map<String, Value>, flags: &Flags) -> Value {
    let mut metadata = json!({ "system": { "client": "sandbox", "ip_address": "127.0.0.1", "location": "Seoul, 11, Korea, Republic of" },
        "custom": custom });
    flags.write_on(&mut metadata);
    metadata
}

pub(super) fn group(state: &State, group: &Group) -> Value {
    json!({
        "url": format!("{}/api/v2/groups/{}.json", state.base_url, group.id), "id": group.id,
        "is_public": group.is_public, "name": group.name, "description": group.description,
        "default": state.groups.keys().next() == Some(&group.id), "deleted": group.deleted,
        "created_at": group.created_at, "updated_at": group.updated_at,
    })
}

pub(super) fn membership(state: &State, membership: Membership) -> Value {
    let since = state.users.get(&membership.user_id).and_then(|user| user.profile.created_at);
    membership.json(&state.base_url, since)
}

pub(super) fn log_entry(state: &State, entry: &LogEntry) -> Value {
    let actor = state.users.get(&entry.actor_id).map(|user| user.name.as_str());
    entry.json(&state.base_url, actor)
}

/// A brand with its forms: every form is in every brand.
pub(super) fn brand(state: &State, brand: &Brand) -> Value {
    brand.json(&state.base_url, &state.forms.keys().copied().collect::<Vec<_>>())
}

pub(super) fn form(state: &State, form: &TicketForm) -> Value {
    form.json(&state.base_url, &state.fields)
}

pub(super) fn ticket_field(state: &State, field: &TicketField) -> Value {
    let title_in_portal = field.title_in_portal.as_ref().unwrap_or(&field.title);
    let mut value = json!({
        "url": format!("{}/api/v2/ticket_fields/{}.json", state.base_url, field.id), "id": field.id, "type": field.kind,
        "title": field.title, "raw_title": field.title,
        "description": field.description, "raw_description": field.description,
        "position": field.position, "active": field.active, "required": field.required,
        "collapsed_for_agents": field.collapsed_for_agents, "regexp_for_validation": field.regexp_for_validation,
        "title_in_portal": title_in_portal, "raw_title_in_portal": title_in_portal,
        "visible_in_portal": field.visible_in_portal, "editable_in_portal": field.editable_in_portal,
        "required_in_portal": field.required_in_portal, "tag": field.tag, "created_at": field.created_at,
        "updated_at": field.updated_at, "removable": true, "key": null, "agent_description": field.agent_description,
    });
    if field.kind.has_options() {
        let option = |option: &FieldOption| {
            json!({ "id": option.id, "name": option.name, "raw_name": option.name,
                "value": option.value, "default": option.default })
        };
        value["custom_field_options"] = field.options.iter().map(option).collect();
    }
    value
}

pub(super) fn system_field(state: &State, field: &SystemField) -> Value {
    // Customers fill in only subject and description.
    let asked = matches!(field.kind, "subject" | "description");
    let position = SYSTEM_FIELDS.iter().position(|known| known.id == field.id).map_or(0, |at| at + 1);
    let mut value = json!({
        "url": format!("{}/api/v2/ticket_fields/{}.json", state.base_url, field.id), "id": field.id, "type": field.kind,
        "title": field.title, "raw_title": field.title, "description": field.title, "raw_description": field.title,
        "position": position, "active": true,
        "required": state.required_system_fields.contains(&field.id), "collapsed_for_agents": false,
        "regexp_for_validation": null, "title_in_portal": field.title, "raw_title_in_portal": field.title,
        "visible_in_portal": asked, "editable_in_portal": asked, "required_in_portal": asked, "tag": null,
        "created_at": ACCOUNT_OPENED, "updated_at": ACCOUNT_OPENED, "removable": false, "key": null,
        "agent_description": null,
    });
    if let (Value::Object(value), Value::Object(particulars)) =
        (&mut value, field.particulars(&state.statuses))
    {
        value.extend(particulars);
    }
    value
}

/// An option in the form of its own endpoints.
pub(super) fn field_option(state: &State, field: &TicketField, at: usize) -> Value {
    let (option, base) = (&field.options[at], &state.base_url);
    json!({
        "id": option.id, "name": option.name, "raw_name": option.name, "value": option.value,
        "position": at, "allow_solving": option.allow_solving,
        "url": format!("{base}/api/v2/ticket_fields/{}/options/{}.json", field.id, option.id),
    })
}

//! Zendesk's shapes (facts §3) and how they map to ours. Keys that we do not know are ignored.

mod update;

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) use self::update::{MACROS, update, without_macros};
use super::Fields;
use crate::domain::ids::{AccountId, TicketId};
use crate::domain::ticket::{Audience, ChangeAuthor, Place, Requester, Ticket, TicketChange, TicketStatus};
use crate::ports::SeenTicket;

/// The user id of Zendesk itself, taken for a change that names nobody.
const SYSTEM_USER: i64 = -1;

#[derive(Deserialize)]
pub(super) struct TicketAnswer {
    pub(super) ticket: TicketShape,
    #[serde(default)]
    pub(super) users: Vec<User>,
}

#[derive(Deserialize)]
pub(super) struct TicketsAnswer {
    pub(super) tickets: Vec<TicketShape>,
    #[serde(default)]
    pub(super) users: Vec<User>,
}

#[derive(Clone, Deserialize)]
pub(super) struct TicketShape {
    pub(super) id: TicketId,
    pub(super) requester_id: i64,
    submitter_id: Option<i64>,
    status: TicketStatus,
    created_at: Option<Timestamp>,
    updated_at: Timestamp,
    description: Option<String>,
    is_public: Option<bool>,
    /// Only where it was asked for.
    comment_count: Option<u64>,
    #[serde(default)]
    from_messaging_channel: bool,
    #[serde(default)]
    email_cc_ids: Vec<i64>,
    /// Must be there: an update replaces the whole set, so a set believed to be empty would be wiped.
    tags: Vec<String>,
    group_id: Option<i64>,
    assignee_id: Option<i64>,
    brand_id: Option<i64>,
    ticket_form_id: Option<i64>,
    #[serde(default)]
    custom_fields: Vec<CustomField<Value>>,
}

#[derive(Deserialize)]
pub(super) struct UserAnswer {
    pub(super) user: User,
}

#[derive(Clone, Deserialize)]
pub(super) struct User {
    pub(super) id: i64,
    name: Option<String>,
    external_id: Option<String>,
    verified: Option<bool>,
}

#[derive(Clone, Serialize, Deserialize)]
struct CustomField<V> {
    id: i64,
    value: V,
}

impl TicketShape {
    pub(super) fn with(self, requester: User, fields: Fields) -> SeenTicket {
        let opening = self.opening();
        let text = |id: i64| {
            let field = self.custom_fields.iter().find(|field| field.id == id)?;
            field.value.as_str().map(str::to_owned)
        };
        let copies = self.email_cc_ids.iter().filter(|id| **id != self.requester_id).count();
        let ticket = Ticket {
            id: self.id,
            status: self.status,
            updated_at: self.updated_at,
            plate: fields.plate.and_then(text),
            consultation_type: text(fields.consultation_type),
            used_at: fields.used_at.and_then(text),
            description: self.description.unwrap_or_default(),
            tags: self.tags,
            group_id: self.group_id,
            assignee_id: self.assignee_id,
            requester: Requester {
                id: requester.id,
                name: requester.name.unwrap_or_default(),
                external_id: requester.external_id.filter(|id| !id.is_empty()).map(AccountId::new),
                verified: requester.verified.unwrap_or(false),
            },
            comments: self.comment_count,
            place: Place { brand_id: self.brand_id, form_id: self.ticket_form_id },
            audience: Audience { messaging: self.from_messaging_channel, copies },
        };
        SeenTicket { ticket, opening }
    }

    /// The opening, where the ticket says that its first comment, by the requester's own hand and for all to see, is still its
    /// only one. Every write of ours and every word of anybody else is a comment.
    fn opening(&self) -> Option<TicketChange> {
        let plain = self.comment_count == Some(1)
            && self.submitter_id == Some(self.requester_id)
            && self.is_public == Some(true);
        let said = self.description.clone().filter(|text| !text.trim().is_empty())?;
        Some(TicketChange {
            audit_id: TicketChange::OPENING,
            at: self.created_at.filter(|_| plain)?,
            author: ChangeAuthor::Requester,
            marker: None,
            spoke_publicly: true,
            said: Some(said),
            added_tags: Vec::new(),
        })
    }
}

#[derive(Deserialize)]
pub(super) struct UpdateAnswer {
    pub(super) ticket: UpdatedTicket,
    pub(super) audit: WrittenAudit,
}

#[derive(Deserialize)]
pub(super) struct UpdatedTicket {
    pub(super) id: TicketId,
    pub(super) updated_at: Timestamp,
}

#[derive(Deserialize)]
pub(super) struct WrittenAudit {
    pub(super) id: i64,
}

#[derive(Deserialize)]
pub(super) struct AuditsPage {
    pub(super) audits: Vec<Audit>,
    /// Archived tickets do not paginate.
    #[serde(default)]
    pub(super) meta: PageMeta,
}

/// The end is told by `has_more` alone: `links.next` is there on the last page too (facts §3.10).
#[derive(Default, Deserialize)]
pub(super) struct PageMeta {
    #[serde(default)]
    pub(super) has_more: bool,
    pub(super) after_cursor: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Audit {
    id: i64,
    created_at: Timestamp,
    author_id: Option<i64>,
    #[serde(default)]
    via: Value,
    #[serde(default)]
    metadata: Value,
    #[serde(default)]
    events: Vec<Event>,
}

/// What is read of an event of any type. Types are an open set (facts §3.10): a key that holds something unexpected in a type that
/// we do not know must not make a whole history unreadable.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    public: Option<bool>,
    #[serde(default)]
    via: Value,
    #[serde(default)]
    author_id: Value,
    #[serde(default)]
    body: Value,
    #[serde(default)]
    field_name: Value,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    previous_value: Value,
}

impl Event {
    /// A comment that does not say otherwise is public (facts §3.3).
    fn is_public_comment(&self) -> bool {
        matches!(self.kind.as_str(), "Comment" | "VoiceComment") && self.public != Some(false)
    }

    /// What this person said in it for all to see. A comment that names no author is the audit's author's.
    fn said_by(&self, person: i64, audit_author: i64) -> Option<&str> {
        let author = if self.author_id.is_null() { Some(audit_author) } else { self.author_id.as_i64() };
        let theirs = self.kind == "Comment" && self.public != Some(false) && author == Some(person);
        self.body.as_str().filter(|body| theirs && !body.trim().is_empty())
    }

    /// The tags that the ticket has by it and had not before.
    fn added_tags(&self) -> impl Iterator<Item = String> {
        let of_tags = self.field_name == "tags" && matches!(self.kind.as_str(), "Change" | "Create");
        let before: HashSet<String> = tags(&self.previous_value).into_iter().collect();
        tags(&self.value).into_iter().filter(move |tag| of_tags && !before.contains(tag))
    }
}

/// Tags as Zendesk writes them into an audit: a list; or, as in a trigger, one text in which blanks part them.
fn tags(value: &Value) -> Vec<String> {
    let listed = value.as_array().into_iter().flatten().chain(value.is_string().then_some(value));
    listed.filter_map(Value::as_str).flat_map(str::split_whitespace).map(str::to_owned).collect()
}

fn is_rule(via: &Value) -> bool {
    via["channel"] == "rule"
}

impl Audit {
    /// Events of a trigger may ride in the audit of the update that fired it. Who changed the ticket is the audit's own author, and
    /// a rule's event is nobody's word and nobody's tag: a tag that a person adds is a permission.
    pub(super) fn into_change(self, requester_id: i64) -> TicketChange {
        let marker = self.metadata["custom"]["misread"].as_str().map(str::to_owned);
        let user_id = self.author_id.unwrap_or(SYSTEM_USER);
        let author = if marker.is_some() {
            ChangeAuthor::Service
        } else if is_rule(&self.via) {
            ChangeAuthor::Rule
        } else if user_id == requester_id {
            ChangeAuthor::Requester
        } else {
            ChangeAuthor::Other { user_id }
        };
        let spoke_publicly = self.events.iter().any(Event::is_public_comment);
        let own: Vec<&Event> =
            self.events.iter().filter(|event| !is_rule(&self.via) && !is_rule(&event.via)).collect();
        let said: Vec<&str> = own.iter().filter_map(|event| event.said_by(requester_id, user_id)).collect();
        let mut added_tags: Vec<String> = own.iter().flat_map(|event| event.added_tags()).collect();
        added_tags.sort_unstable();
        added_tags.dedup();
        TicketChange {
            audit_id: self.id,
            at: self.created_at,
            author,
            marker,
            spoke_publicly,
            said: (!said.is_empty()).then(|| said.join("\n\n")),
            added_tags,
        }
    }
}

/// The keys that `x-zendesk-api-warn` calls unpermitted (facts §3.2). What is no key may be a value, and is left out.
pub(super) fn warned_keys(warning: &str) -> Vec<&str> {
    let is_key = |text: &&str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.' | b'[' | b']'))
    };
    let listed = warning.split_once("unpermitted_keys").map_or("", |(_, after)| after);
    let listed = listed.split("invalid_values").next().unwrap_or_default();
    listed.split('"').skip(1).step_by(2).filter(is_key).collect()
}

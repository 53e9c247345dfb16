//! Zendesk's JSON (facts §3) and its mapping to the domain. Unknown keys are ignored.

mod audit;
pub mod trust;
mod update;
mod user;
mod via;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) use self::audit::{Audit, AuditsPage, Reading};
pub(super) use self::update::{MACROS, update, without_macros};
pub(super) use self::user::{User, UserAnswer};
use super::Fields;
use crate::domain::ids::TicketId;
use crate::domain::ticket::{Audience, Person, Place, Ticket, TicketStatus};
use crate::http::ApiResponse;
use crate::ports::CallError;

#[derive(Deserialize)]
pub(super) struct TicketAnswer {
    pub(super) ticket: TicketShape,
    pub(super) users: Vec<User>,
}

#[derive(Deserialize)]
pub(super) struct TicketsAnswer {
    pub(super) tickets: Vec<TicketShape>,
    pub(super) users: Vec<User>,
}

#[derive(Clone, Deserialize)]
pub(super) struct TicketShape {
    pub(super) id: TicketId,
    pub(super) requester_id: i64,
    status: TicketStatus,
    updated_at: Timestamp,
    description: Option<String>,
    #[serde(default)]
    via: Value,
    /// Only present if requested.
    comment_count: Option<u64>,
    #[serde(default)]
    followup_source_id: Value,
    #[serde(default)]
    from_messaging_channel: bool,
    /// Required, like every list: a missing list is not an empty one. A CC would go unnoticed.
    email_cc_ids: Vec<i64>,
    /// An update replaces the whole set, so tags missing here would be deleted.
    tags: Vec<String>,
    group_id: Option<i64>,
    assignee_id: Option<i64>,
    brand_id: Option<i64>,
    ticket_form_id: Option<i64>,
    custom_fields: Vec<CustomField<Value>>,
}

#[derive(Clone, Serialize, Deserialize)]
struct CustomField<V> {
    id: i64,
    value: V,
}

impl TicketShape {
    /// Combines it with its requester, and with the names of CCs as far as they are among `users`.
    pub(super) fn with(self, requester: User, users: &[User], fields: Fields) -> Ticket {
        let text = |id: i64| {
            let field = self.custom_fields.iter().find(|field| field.id == id)?;
            field.value.as_str().map(str::to_owned)
        };
        let others = self.email_cc_ids.iter().copied().filter(|id| *id != self.requester_id);
        let copied: Vec<Person> = others.map(|id| user::person(id, users)).collect();
        let audience = Audience {
            messaging: self.from_messaging_channel,
            copies: copied.len(),
            copied,
            unreachable: !requester.has_address()
                && !self.from_messaging_channel
                && (via::is_voice(&self.via) || via::is_by_mail(&self.via)),
        };
        Ticket {
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
            requester: requester.into_requester(),
            comments: self.comment_count,
            follows: via::follows(&self.via)
                .or_else(|| self.followup_source_id.as_i64())
                .and_then(|id| TicketId::try_from(id).ok()),
            place: Place { brand_id: self.brand_id, form_id: self.ticket_form_id },
            audience,
        }
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
    events: Vec<WrittenEvent>,
}

#[derive(Deserialize)]
struct WrittenEvent {
    #[serde(default, rename = "type")]
    kind: Value,
    #[serde(default)]
    public: Value,
}

impl WrittenAudit {
    /// Whether the customer can see the written comment; `None`: the response does not say.
    pub(super) fn is_public(&self) -> Option<bool> {
        self.events.iter().find(|event| event.kind == "Comment").and_then(|event| event.public.as_bool())
    }
}

/// The pagination of a list. Only `has_more` marks the end: `links.next` is present on the last page too (facts §3.10).
#[derive(Deserialize)]
pub(super) struct PageMeta {
    has_more: bool,
    after_cursor: Option<String>,
}

impl PageMeta {
    /// The cursor after the page that began at `from`; `None`: it is the last.
    pub(super) fn next(self, answer: &ApiResponse, from: Option<&str>) -> Result<Option<String>, CallError> {
        if !self.has_more {
            return Ok(None);
        }
        let next = self.after_cursor.filter(|next| Some(next.as_str()) != from);
        next.map(Some).ok_or_else(|| answer.contradiction("it promises more and does not say where"))
    }
}

/// The keys that `x-zendesk-api-warn` calls unpermitted (facts §3.2). Anything that is not a key may be a value, and is
/// omitted.
pub(super) fn warned_keys(warning: &str) -> Vec<&str> {
    let is_key = |text: &&str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.' | b'[' | b']'))
    };
    let listed = warning.split_once("unpermitted_keys").map_or("", |(_, after)| after);
    let listed = listed.split("invalid_values").next().unwrap_or_default();
    listed.split('"').skip(1).step_by(2).filter(is_key).collect()
}

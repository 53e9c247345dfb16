//! The fake account's state: everything that it keeps, and where its ids come from.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use serde_json::Value;

use super::SERVICE_USER;
use super::breaker::Breaker;
use super::idempotency::IdempotencyKeys;
use super::jobs::Jobs;
use super::limits::{Window, Windows};
use super::oauth::Tokens;
use super::records::{
    Audit, DeletedTicket, FakeTicket, FieldKind, Group, Role, TicketField, TicketFields, User,
};
use super::refusal::Refusal;
use super::rules::Trigger;
use super::search::SearchIndex;
use super::ticket_switches::TicketSwitches;
use super::webhooks::{Invocation, Webhook, WebhookSwitches};
use crate::domain::ticket::TicketStatus;
use crate::sandbox::SandboxError;

/// Where ids of the account begin, as wide as real ones: they do not fit into 32 bits.
const FIRST_ID: i64 = 6_164_068_000_000;
/// Ticket ids are small in real accounts too.
const FIRST_TICKET: i64 = 35_001;

#[derive(Debug)]
pub(super) struct State {
    /// Where the fake is served: the beginning of every `url`.
    pub(super) base_url: String,
    pub(super) users: BTreeMap<i64, User>,
    pub(super) groups: BTreeMap<i64, Group>,
    pub(super) fields: BTreeMap<i64, TicketField>,
    pub(super) tickets: BTreeMap<i64, FakeTicket>,
    /// Soft-deleted tickets: the API no longer finds them.
    pub(super) deleted: BTreeMap<i64, DeletedTicket>,
    /// In the order in which they run.
    pub(super) triggers: Vec<Trigger>,
    pub(super) webhooks: BTreeMap<String, Webhook>,
    pub(super) switches: WebhookSwitches,
    pub(super) ticket_switches: TicketSwitches,
    pub(super) outbox: VecDeque<Invocation>,
    pub(super) ended_invocations: Vec<Invocation>,
    /// How many notifications there were about each ticket.
    pub(super) notifications: BTreeMap<i64, u32>,
    /// By webhook.
    pub(super) breakers: BTreeMap<String, Breaker>,
    /// When invocations were sent within the last minute.
    pub(super) sent: Window,
    pub(super) tokens: Tokens,
    pub(super) windows: Windows,
    pub(super) idempotency_keys: IdempotencyKeys,
    pub(super) jobs: Jobs,
    pub(super) index: SearchIndex,
    ids: i64,
    ticket_ids: i64,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            base_url: "http://localhost".to_owned(),
            users: BTreeMap::from([(SERVICE_USER, service_user())]),
            groups: BTreeMap::new(),
            fields: BTreeMap::new(),
            tickets: BTreeMap::new(),
            deleted: BTreeMap::new(),
            triggers: Vec::new(),
            webhooks: BTreeMap::new(),
            switches: WebhookSwitches::default(),
            ticket_switches: TicketSwitches::default(),
            outbox: VecDeque::new(),
            ended_invocations: Vec::new(),
            notifications: BTreeMap::new(),
            breakers: BTreeMap::new(),
            sent: Window::default(),
            tokens: Tokens::default(),
            windows: Windows::default(),
            idempotency_keys: IdempotencyKeys::default(),
            jobs: Jobs::default(),
            index: SearchIndex::default(),
            ids: FIRST_ID,
            ticket_ids: FIRST_TICKET,
        }
    }

    /// A new id for anything but a ticket.
    pub(super) fn next_id(&mut self) -> i64 {
        self.ids += 1;
        self.ids
    }

    pub(super) fn next_ticket_id(&mut self) -> i64 {
        let id = self.ticket_ids;
        self.ticket_ids += 1;
        id
    }

    pub(super) fn ticket(&self, id: i64) -> Result<&FakeTicket, SandboxError> {
        self.tickets.get(&id).ok_or_else(|| SandboxError::unknown("ticket", id))
    }

    /// Refuses a ticket that takes no updates.
    pub(super) fn writable(&self, id: i64) -> Result<(), Refusal> {
        if self.ticket(id)?.fields.status == TicketStatus::Closed { Err(Refusal::closed()) } else { Ok(()) }
    }

    pub(super) fn user(&self, id: i64) -> Result<&User, SandboxError> {
        self.users.get(&id).ok_or_else(|| SandboxError::unknown("user", id))
    }

    /// Takes a ticket's new fields and, if something happened, the audit that tells of it.
    pub(super) fn commit(&mut self, fields: TicketFields, audit: &Audit, now: Timestamp) {
        let Some(ticket) = self.tickets.get_mut(&fields.id) else {
            return;
        };
        let is_new = ticket.audits.is_empty();
        let before = std::mem::replace(&mut ticket.fields, fields);
        if !audit.events.is_empty() {
            ticket.fields.updated_at = now;
            ticket.audits.push(audit.clone());
        }
        let before = (!is_new).then_some(before);
        self.index.changed(before, &ticket.fields, self.ticket_switches.search_lag, now);
    }

    /// Replaces all tags. A tagger whose option's tag went loses its value; a tag that is an option selects it (facts §5.2, §6).
    pub(super) fn set_tags(&self, ticket: &mut TicketFields, tags: impl IntoIterator<Item = String>) {
        ticket.tags = tags.into_iter().collect();
        for field in self.fields.values().filter(|field| field.kind == FieldKind::Tagger) {
            let selected = ticket.custom_fields.get(&field.id).and_then(Value::as_str);
            if selected.is_some_and(|value| ticket.tags.contains(value)) {
                continue;
            }
            match field.options.iter().find(|option| ticket.tags.contains(&option.value)) {
                Some(option) => ticket.custom_fields.insert(field.id, Value::from(option.value.clone())),
                None => ticket.custom_fields.remove(&field.id),
            };
        }
    }

    /// Sets one custom field. Values that a tagger does not offer are dropped without an error (facts §14.15, the harsher reading).
    pub(super) fn set_field(&self, ticket: &mut TicketFields, id: i64, value: Value) {
        let Some(field) = self.fields.get(&id) else { return };
        let value = match value {
            Value::String(text) if text.is_empty() => Value::Null,
            other => other,
        };
        if field.kind == FieldKind::Tagger {
            let offered = field.options.iter().any(|option| Some(option.value.as_str()) == value.as_str());
            if !value.is_null() && !offered {
                return;
            }
            if let Some(old) = ticket.custom_fields.get(&id).and_then(Value::as_str) {
                ticket.tags.remove(old);
            }
            ticket.tags.extend(value.as_str().map(str::to_owned));
        }
        match value {
            Value::Null => ticket.custom_fields.remove(&id),
            value => ticket.custom_fields.insert(id, value),
        };
    }
}

fn service_user() -> User {
    User {
        id: SERVICE_USER,
        name: "misread".to_owned(),
        email: "misread@sandbox.example".to_owned(),
        role: Role::Agent,
        external_id: None,
        verified: true,
        group_ids: BTreeSet::new(),
    }
}

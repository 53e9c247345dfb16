//! The fake account's state and its id generator.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

use super::breaker::Breaker;
use super::configuration::{ACCOUNT_OPENED, Configuration};
use super::fields::TicketField;
use super::groups::Group;
use super::idempotency::IdempotencyKeys;
use super::jobs::Jobs;
use super::limits::{Window, Windows};
use super::oauth::Tokens;
use super::profile::Profile;
use super::records::{Audit, DeletedTicket, FakeTicket, Role, TicketFields, User};
use super::refusal::Refusal;
use super::rules::Trigger;
use super::search::SearchIndex;
use super::ticket_switches::TicketSwitches;
use super::webhooks::{ExchangeLog, Invocation, RegisteredWebhook, WebhookSwitches};
use super::{ADMIN_USER, SERVICE_USER, ZendeskSettings};
use crate::SandboxError;
use crate::domain::ticket::TicketStatus;

/// The first id of the account, as large as real ones: they do not fit into 32 bits.
const FIRST_ID: i64 = 6_164_068_000_000;
/// Ticket ids are small in real accounts too.
const FIRST_TICKET: i64 = 35_001;

#[derive(Debug)]
pub(super) struct State {
    /// The fake's base URL: the prefix of every `url`.
    pub(super) base_url: String,
    pub(super) users: BTreeMap<i64, User>,
    pub(super) groups: BTreeMap<i64, Group>,
    pub(super) fields: BTreeMap<i64, TicketField>,
    pub(super) tickets: BTreeMap<i64, FakeTicket>,
    /// Soft-deleted tickets: the API no longer finds them.
    pub(super) deleted: BTreeMap<i64, DeletedTicket>,
    /// In execution order.
    pub(super) triggers: Vec<Arc<Trigger>>,
    pub(super) webhooks: BTreeMap<String, RegisteredWebhook>,
    /// The rest of the set-up.
    pub(super) configuration: Configuration,
    pub(super) switches: WebhookSwitches,
    pub(super) ticket_switches: TicketSwitches,
    pub(super) outbox: VecDeque<Invocation>,
    pub(super) ended_invocations: Vec<Invocation>,
    pub(super) exchanges: ExchangeLog,
    /// The number of notifications about each ticket.
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
    pub(super) fn new(settings: &ZendeskSettings) -> Self {
        let service = staff(SERVICE_USER, "misread", "misread@sandbox.example", Role::Agent);
        let admin = staff(ADMIN_USER, "관리자", "admin@sandbox.example", Role::Admin);
        Self {
            base_url: "http://localhost".to_owned(),
            users: BTreeMap::from([(SERVICE_USER, service), (ADMIN_USER, admin)]),
            groups: BTreeMap::new(),
            fields: BTreeMap::new(),
            tickets: BTreeMap::new(),
            deleted: BTreeMap::new(),
            triggers: Vec::new(),
            webhooks: BTreeMap::new(),
            configuration: Configuration::new(settings),
            switches: WebhookSwitches::default(),
            ticket_switches: TicketSwitches::default(),
            outbox: VecDeque::new(),
            ended_invocations: Vec::new(),
            exchanges: ExchangeLog::default(),
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

    /// Rejects a ticket that accepts no updates.
    pub(super) fn writable(&self, id: i64) -> Result<(), Refusal> {
        if self.ticket(id)?.fields.status == TicketStatus::Closed { Err(Refusal::closed()) } else { Ok(()) }
    }

    pub(super) fn user(&self, id: i64) -> Result<&User, SandboxError> {
        self.users.get(&id).ok_or_else(|| SandboxError::unknown("user", id))
    }

    /// Stores a ticket's new fields and, if it changed, the audit.
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
}

fn staff(id: i64, name: &str, email: &str, role: Role) -> User {
    let profile =
        Profile { created_at: Some(ACCOUNT_OPENED), updated_at: Some(ACCOUNT_OPENED), ..Profile::default() };
    User {
        id,
        name: name.to_owned(),
        email: email.to_owned(),
        role,
        external_id: None,
        verified: true,
        group_ids: BTreeSet::new(),
        profile,
    }
}

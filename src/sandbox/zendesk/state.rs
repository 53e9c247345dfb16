//! The fake account's state, composed of its parts, and its id generator.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::audit_log::{AuditKind, LogEntry};
use super::brands::Brand;
use super::fields::TicketField;
use super::forms::TicketForm;
use super::groups::Group;
use super::jobs::Jobs;
use super::limits::Windows;
use super::macros::Macro;
use super::oauth::{OAuthClient, Tokens};
use super::records::{Audit, FakeTicket, TicketFields, User};
use super::refusal::Refusal;
use super::search::SearchIndex;
use super::settings::ZendeskSettings;
use super::statuses::CustomStatus;
use super::switches::AccountSwitches;
use super::table::Table;
use super::ticket_switches::TicketSwitches;
use super::triggers::Triggers;
use super::views::View;
use super::webhooks::Webhooks;
use crate::SandboxError;
use crate::domain::ticket::TicketStatus;

/// The first id of the account, as large as real ones: they do not fit into 32 bits.
const FIRST_ID: i64 = 6_164_068_000_000;
/// Ticket ids are small in real accounts too.
const FIRST_TICKET: i64 = 35_001;
/// The ids of the OAuth clients.
const FIRST_CLIENT: i64 = 6_130_830_360_001;

#[derive(Debug)]
pub(super) struct State {
    /// The fake's base URL: the prefix of every `url`.
    pub(super) base_url: String,
    pub(super) users: Table<User>,
    pub(super) groups: Table<Group>,
    pub(super) fields: Table<TicketField>,
    /// System fields that agents must fill in to solve a ticket.
    pub(super) required_system_fields: BTreeSet<i64>,
    pub(super) forms: Table<TicketForm>,
    pub(super) brands: Table<Brand>,
    pub(super) statuses: Table<CustomStatus>,
    pub(super) macros: Table<Macro>,
    pub(super) views: Table<View>,
    pub(super) triggers: Triggers,
    pub(super) webhooks: Webhooks,
    /// Oldest first.
    pub(super) audit_log: Vec<LogEntry>,
    pub(super) tickets: Table<FakeTicket>,
    /// Soft-deleted tickets: the API no longer finds them.
    pub(super) deleted: Table<FakeTicket>,
    pub(super) index: SearchIndex,
    pub(super) jobs: Jobs,
    pub(super) clients: BTreeMap<i64, OAuthClient>,
    pub(super) tokens: Tokens,
    pub(super) windows: Windows,
    pub(super) switches: AccountSwitches,
    pub(super) ticket_switches: TicketSwitches,
    ids: i64,
    ticket_ids: i64,
}

impl State {
    pub(super) fn new(settings: &ZendeskSettings) -> Self {
        Self {
            base_url: "http://localhost".to_owned(),
            users: Table::<User>::of_new_account(),
            groups: Table::default(),
            fields: Table::default(),
            required_system_fields: BTreeSet::new(),
            forms: Table::<TicketForm>::of_new_account(),
            brands: Table::<Brand>::of_new_account(),
            statuses: Table::<CustomStatus>::of_new_account(),
            macros: Table::default(),
            views: Table::default(),
            triggers: Triggers::of_new_account(),
            webhooks: Webhooks::default(),
            audit_log: Vec::new(),
            tickets: Table::default(),
            deleted: Table::default(),
            index: SearchIndex::default(),
            jobs: Jobs::default(),
            clients: (FIRST_CLIENT..).zip(settings.clients()).collect(),
            tokens: Tokens::default(),
            windows: Windows::default(),
            switches: AccountSwitches::default(),
            ticket_switches: TicketSwitches::default(),
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

    /// The organisation of a ticket: its requester's.
    pub(super) fn organization_of(&self, ticket: &TicketFields) -> Option<i64> {
        self.users.get(&ticket.requester_id).and_then(|user| user.profile.organization_id)
    }

    /// Appends a line to the audit log about a source: its type, id and name.
    pub(super) fn log(
        &mut self,
        actor_id: i64,
        kind: AuditKind,
        (source_type, source_id, source_label): (&'static str, i64, &str),
        description: String,
        created_at: Timestamp,
    ) {
        let id = self.next_id();
        let source_label = source_label.to_owned();
        let entry =
            LogEntry { id, actor_id, kind, source_type, source_id, source_label, description, created_at };
        self.audit_log.push(entry);
    }
}

//! Changing a ticket: one update makes one audit, and every trigger gets its turn before it ends (facts §3.2, §5.1, §9).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::placement::PlacementChange;
use super::records::{Audit, Comment, Role, TicketFields, Via, status_word};
use super::rules::{Occasion, UpdateType};
use super::state::State;
use super::wire;
use crate::domain::ticket::TicketStatus;
use crate::sandbox::SandboxError;

/// What an update changes. What is absent stays.
#[derive(Clone, Debug, Default)]
pub(super) struct Update {
    pub(super) comment: Option<NewComment>,
    pub(super) subject: Option<String>,
    pub(super) status: Option<TicketStatus>,
    pub(super) priority: Setting<String>,
    pub(super) ticket_type: Setting<String>,
    pub(super) requester_id: Option<i64>,
    pub(super) assignee_id: Setting<i64>,
    pub(super) group_id: Setting<i64>,
    pub(super) tags: Option<BTreeSet<String>>,
    pub(super) custom_fields: Vec<(i64, Value)>,
    pub(super) placement: PlacementChange,
    pub(super) macro_ids: Vec<i64>,
    pub(super) metadata: Map<String, Value>,
}

/// What an update does to a field that may be empty.
#[derive(Clone, Debug, Default)]
pub(super) enum Setting<T> {
    #[default]
    Keep,
    Clear,
    To(T),
}

impl<T: Clone> Setting<T> {
    /// The field afterwards.
    pub(super) fn applied(&self, now: Option<T>) -> Option<T> {
        match self {
            Self::Keep => now,
            Self::Clear => None,
            Self::To(value) => Some(value.clone()),
        }
    }
}

impl<T> From<Option<T>> for Setting<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::To)
    }
}

#[derive(Clone, Debug)]
pub(super) struct NewComment {
    pub(super) author_id: i64,
    pub(super) body: String,
    /// Absent: as the ticket began (facts §3.3).
    pub(super) public: Option<bool>,
}

impl State {
    /// Applies an update whose values were checked, runs the triggers, and returns the audit.
    pub(super) fn update(
        &mut self,
        ticket_id: i64,
        author_id: i64,
        via: Via,
        update: Update,
        now: Timestamp,
    ) -> Result<Audit, SandboxError> {
        let before = self.ticket(ticket_id)?.fields.clone();
        if before.status == TicketStatus::Closed {
            return Err(SandboxError::TicketClosed(ticket_id));
        }
        let now = whole_seconds(now);
        let mut after = before.clone();
        self.set(&mut after, &update);
        let mut audit = self.new_audit(ticket_id, author_id, via, update.metadata.clone(), now);
        let comment_public =
            update.comment.map(|comment| self.add_comment(&before, comment, &mut audit, now));
        self.record_differences(&before, &after, None, &mut audit);
        for macro_id in update.macro_ids {
            let (id, title) = (self.next_id(), self.macro_title(macro_id));
            audit
                .events
                .push(json!({ "id": id, "type": "AgentMacroReference", "macro_id": macro_id.to_string(),
                "macro_title": title }));
        }
        self.commit(after, &audit, now);
        let occasion = Occasion { update_type: UpdateType::Change, author_id, comment_public, before };
        self.run_triggers(ticket_id, &occasion, audit, now)
    }

    /// Opens a ticket in its requester's name, with its description as the first comment, and runs the triggers.
    pub(super) fn create(
        &mut self,
        fields: TicketFields,
        via: Via,
        now: Timestamp,
    ) -> Result<Audit, SandboxError> {
        let now = whole_seconds(now);
        let (id, author_id) = (fields.id, fields.requester_id);
        let description =
            NewComment { author_id, body: fields.description.clone(), public: Some(fields.is_public) };
        let mut audit = self.new_audit(id, author_id, via, Map::new(), now);
        let ticket =
            super::records::FakeTicket { fields: fields.clone(), comments: Vec::new(), audits: Vec::new() };
        self.tickets.insert(id, ticket);
        let public = self.add_comment(&fields, description, &mut audit, now);
        for (field_name, value) in wire::auditable(self, &fields) {
            let event_id = self.next_id();
            if !value.is_null() {
                audit.events.push(
                    json!({ "id": event_id, "type": "Create", "field_name": field_name, "value": value }),
                );
            }
        }
        self.commit(fields.clone(), &audit, now);
        let occasion = Occasion {
            update_type: UpdateType::Create,
            author_id,
            comment_public: Some(public),
            before: fields,
        };
        self.run_triggers(id, &occasion, audit, now)
    }

    pub(super) fn set(&self, ticket: &mut TicketFields, update: &Update) {
        if let Some(subject) = &update.subject {
            ticket.subject.clone_from(subject);
        }
        ticket.priority = update.priority.applied(ticket.priority.take());
        ticket.ticket_type = update.ticket_type.applied(ticket.ticket_type.take());
        ticket.requester_id = update.requester_id.unwrap_or(ticket.requester_id);
        ticket.group_id = update.group_id.applied(ticket.group_id);
        ticket.assignee_id = update.assignee_id.applied(ticket.assignee_id);
        if let Some(tags) = &update.tags {
            self.set_tags(ticket, tags.clone());
        }
        for (id, value) in &update.custom_fields {
            self.set_field(ticket, *id, value.clone());
        }
        update.placement.apply(&mut ticket.placement);
        if let Some(status) = update.status {
            ticket.status = status;
        } else if update.comment.as_ref().is_some_and(|comment| self.reopens(ticket, comment)) {
            ticket.status = TicketStatus::Open;
        }
    }

    /// A customer's comment brings a ticket back that was waiting or done.
    fn reopens(&self, ticket: &TicketFields, comment: &NewComment) -> bool {
        let waiting =
            matches!(ticket.status, TicketStatus::Pending | TicketStatus::Hold | TicketStatus::Solved);
        waiting && self.users.get(&comment.author_id).is_some_and(|author| author.role == Role::EndUser)
    }

    fn new_audit(
        &mut self,
        ticket_id: i64,
        author_id: i64,
        via: Via,
        custom: Map<String, Value>,
        created_at: Timestamp,
    ) -> Audit {
        Audit { id: self.next_id(), ticket_id, created_at, author_id, via, custom, events: Vec::new() }
    }

    /// Adds the comment to the ticket and its event to the audit; returns whether the customer sees it.
    fn add_comment(
        &mut self,
        ticket: &TicketFields,
        new: NewComment,
        audit: &mut Audit,
        now: Timestamp,
    ) -> bool {
        let comment = Comment {
            id: self.next_id(),
            audit_id: audit.id,
            author_id: new.author_id,
            body: new.body,
            public: new.public.unwrap_or(ticket.is_public),
            created_at: now,
            metadata: audit.custom.clone(),
        };
        let public = comment.public;
        audit.events.push(wire::comment_event(&comment));
        if let Some(ticket) = self.tickets.get_mut(&ticket.id) {
            ticket.comments.push(comment);
        }
        public
    }

    /// Adds one `Change` event for each field that differs; `rule` is the trigger that changed it.
    pub(super) fn record_differences(
        &mut self,
        before: &TicketFields,
        after: &TicketFields,
        rule: Option<&Via>,
        audit: &mut Audit,
    ) {
        let (old, new) = (wire::auditable(self, before), wire::auditable(self, after));
        let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        for field_name in names.into_iter().filter(|name| old.get(*name) != new.get(*name)) {
            let mut event = json!({
                "id": self.next_id(), "type": "Change", "field_name": field_name,
                "value": new.get(field_name), "previous_value": old.get(field_name),
            });
            if let Some(via) = rule {
                event["via"] = wire::via(via);
            }
            audit.events.push(event);
        }
    }
}

/// Zendesk keeps whole seconds.
pub(super) fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// The words of a status, for error texts and placeholders.
pub(super) fn status_title(status: TicketStatus) -> String {
    let word = status_word(status);
    word[..1].to_uppercase() + &word[1..]
}

//! Changes of a ticket: one update creates one audit, and every trigger runs before it ends (facts §3.2, §5.1, §9).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::attachments::Attachment;
use super::flags::Flags;
use super::moments::whole_seconds;
use super::records::{Audit, Comment, Role, TicketFields, Via};
use super::rules::{Occasion, UpdateType};
use super::state::State;
use super::update::{NewComment, Update};
use super::wire;
use crate::SandboxError;
use crate::domain::ticket::TicketStatus;

impl State {
    /// Applies an update with checked values, runs the triggers, and returns the audit.
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
        self.change_copies(&mut after, &update.copies);
        let mut audit = self.new_audit(ticket_id, author_id, via, update.metadata.clone(), now);
        let comment_public =
            update.comment.map(|comment| self.add_comment(&before, comment, &mut audit, now));
        self.record_differences(&before, &after, None, &mut audit);
        self.record_copies(Some(&before), &after, &mut audit);
        self.record_macros(&update.macro_ids, &mut audit);
        self.commit(after, &audit, now);
        let occasion = Occasion { update_type: UpdateType::Change, author_id, comment_public, before };
        self.run_triggers(ticket_id, &occasion, audit, now)
    }

    /// Sets everything except the CCs and followers.
    pub(super) fn set(&self, ticket: &mut TicketFields, update: &Update) {
        if let Some(subject) = &update.subject {
            ticket.subject.clone_from(subject);
        }
        ticket.priority = update.priority.applied(ticket.priority.take());
        ticket.ticket_type = update.ticket_type.applied(ticket.ticket_type.take());
        ticket.external_id = update.external_id.applied(ticket.external_id.take());
        ticket.requester_id = update.requester_id.unwrap_or(ticket.requester_id);
        ticket.placement.brand_id = update.brand_id.unwrap_or(ticket.placement.brand_id);
        ticket.placement.ticket_form_id = update.ticket_form_id.unwrap_or(ticket.placement.ticket_form_id);
        ticket.placement.chosen_status = update.custom_status_id.applied(ticket.placement.chosen_status);
        ticket.group_id = update.group_id.applied(ticket.group_id);
        ticket.assignee_id = update.assignee_id.applied(ticket.assignee_id);
        if update.tags.is_some() || !update.added_tags.is_empty() || !update.removed_tags.is_empty() {
            let tags = update.tags.as_ref().unwrap_or(&ticket.tags);
            let tags = &(tags | &update.added_tags) - &update.removed_tags;
            self.fields.set_tags(ticket, tags);
        }
        for (id, value) in &update.custom_fields {
            self.fields.set_field(ticket, *id, value.clone());
        }
        if let Some(status) = update.status {
            ticket.status = status;
        } else if update.comment.as_ref().is_some_and(|comment| self.reopens(ticket, comment)) {
            ticket.status = TicketStatus::Open;
        }
    }

    /// Whether a customer's comment reopens a waiting or solved ticket.
    fn reopens(&self, ticket: &TicketFields, comment: &NewComment) -> bool {
        let waiting =
            matches!(ticket.status, TicketStatus::Pending | TicketStatus::Hold | TicketStatus::Solved);
        waiting && self.users.get(&comment.author_id).is_some_and(|author| author.role == Role::EndUser)
    }

    pub(super) fn new_audit(
        &mut self,
        ticket_id: i64,
        author_id: i64,
        via: Via,
        custom: Map<String, Value>,
        created_at: Timestamp,
    ) -> Audit {
        let (id, events, flags) = (self.next_id(), Vec::new(), Flags::default());
        Audit { id, ticket_id, created_at, author_id, via, custom, flags, events }
    }

    /// Adds the comment to the ticket and its event to the audit; returns whether the customer sees it.
    pub(super) fn add_comment(
        &mut self,
        ticket: &TicketFields,
        new: NewComment,
        audit: &mut Audit,
        now: Timestamp,
    ) -> bool {
        let sender = self.users.get(&audit.author_id).map(|user| user.name.as_str());
        audit.flags = Flags::of(new.flags, new.author_id, audit.author_id, sender);
        let comment = Comment {
            id: self.next_id(),
            audit_id: audit.id,
            author_id: new.author_id,
            body: new.body,
            html_body: new.html_body,
            public: new.public.unwrap_or(ticket.is_public),
            via: audit.via.clone(),
            created_at: now,
            metadata: audit.custom.clone(),
            flags: audit.flags.clone(),
            attachments: self.attach(new.attachments),
            spoken: new.spoken,
        };
        let public = comment.public;
        audit.events.push(wire::comment_event(&comment));
        if let Some(ticket) = self.tickets.get_mut(&ticket.id) {
            ticket.comments.push(comment);
        }
        public
    }

    /// Adds an event for each macro named in an update.
    pub(super) fn record_macros(&mut self, macro_ids: &[i64], audit: &mut Audit) {
        for macro_id in macro_ids {
            let id = self.next_id();
            let title = self.macros.get(macro_id).map(|known| known.title.clone());
            audit
                .events
                .push(json!({ "id": id, "type": "AgentMacroReference", "macro_id": macro_id.to_string(),
                "macro_title": title }));
        }
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

    /// Adds files by name.
    fn attach(&mut self, file_names: Vec<String>) -> Vec<Attachment> {
        let attach = |file_name| Attachment::new(self.next_id(), file_name, &self.base_url);
        file_names.into_iter().map(attach).collect()
    }
}

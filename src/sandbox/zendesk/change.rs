//! Changes of a ticket: one update creates one audit, and every trigger runs before it ends (facts §3.2, §5.1, §9).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::copies::CopyChange;
use super::flags::Flags;
use super::records::{Audit, Comment, Role, TicketFields, Via};
use super::rules::{Occasion, UpdateType};
use super::state::State;
use super::wire;
use crate::SandboxError;
use crate::domain::ticket::TicketStatus;

/// The changes of an update. Absent keys stay unchanged.
#[derive(Clone, Debug, Default)]
pub(super) struct Update {
    pub(super) comment: Option<NewComment>,
    pub(super) subject: Option<String>,
    pub(super) status: Option<TicketStatus>,
    /// A custom status of its own; the default one of the status when cleared.
    pub(super) custom_status_id: Setting<i64>,
    pub(super) priority: Setting<String>,
    pub(super) ticket_type: Setting<String>,
    pub(super) requester_id: Option<i64>,
    pub(super) assignee_id: Setting<i64>,
    pub(super) group_id: Setting<i64>,
    pub(super) external_id: Setting<String>,
    pub(super) brand_id: Option<i64>,
    pub(super) ticket_form_id: Option<i64>,
    pub(super) copies: Vec<CopyChange>,
    /// The new full set of tags.
    pub(super) tags: Option<BTreeSet<String>>,
    /// Tags to add to those.
    pub(super) added_tags: BTreeSet<String>,
    /// Tags to remove from those.
    pub(super) removed_tags: BTreeSet<String>,
    pub(super) custom_fields: Vec<(i64, Value)>,
    pub(super) macro_ids: Vec<i64>,
    pub(super) metadata: Map<String, Value>,
}

/// An update of an optional field.
#[derive(Clone, Debug, Default)]
pub(super) enum Setting<T> {
    #[default]
    Keep,
    Clear,
    To(T),
}

impl<T: Clone> Setting<T> {
    /// The new value of the field.
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
    /// Plain text.
    pub(super) body: String,
    /// The same as HTML, if it was sent as HTML.
    pub(super) html_body: Option<String>,
    /// When absent: like the ticket's first comment (facts §3.3).
    pub(super) public: Option<bool>,
    /// Zendesk's flags on it, by number.
    pub(super) flags: BTreeSet<i64>,
    /// The names of its files.
    pub(super) attachments: Vec<String>,
    /// Whether it is a call's recording.
    pub(super) spoken: bool,
}

impl NewComment {
    /// A comment with the visibility of the ticket's first one.
    pub(super) fn plain(author_id: i64, body: String) -> Self {
        let (flags, attachments) = (BTreeSet::new(), Vec::new());
        Self { author_id, body, html_body: None, public: None, flags, attachments, spoken: false }
    }
}

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
            self.set_tags(ticket, tags);
        }
        for (id, value) in &update.custom_fields {
            self.set_field(ticket, *id, value.clone());
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
        audit.flags = self.flags(new.flags, new.author_id, audit);
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
            let (id, title) = (self.next_id(), self.macro_title(*macro_id));
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
}

/// Zendesk stores whole seconds.
pub(super) fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

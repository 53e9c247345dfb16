//! Playing the people: the customer opens and comments, the agent comments, changes, closes, merges, deletes.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::FakeZendesk;
use super::change::{NewComment, Setting, Update, whole_seconds};
use super::placement::Placement;
use super::records::{TicketFields, Via, split_tags};
use crate::domain::ids::TicketId;
use crate::domain::ticket::TicketStatus;
use crate::sandbox::SandboxError;

/// Zendesk's number for itself, as the author of what automations do.
const SYSTEM: i64 = -1;

/// What a customer sends in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewTicket {
    /// Who asks.
    pub requester_id: i64,
    /// The subject.
    pub subject: String,
    /// The message.
    pub description: String,
    /// Tags, as a form or a rule would set them.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The group that the ticket arrives in, if any.
    #[serde(default)]
    pub group_id: Option<i64>,
    /// Values of custom fields by field id, for example the plate.
    #[serde(default)]
    pub custom_fields: BTreeMap<i64, Value>,
}

/// What an agent does to a ticket in one go. What is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentUpdate {
    /// A comment's text.
    pub comment: Option<String>,
    /// Whether the customer sees it.
    pub public: bool,
    /// The new status.
    pub status: Option<TicketStatus>,
    /// Tags to add.
    pub add_tags: Vec<String>,
    /// Tags to take away.
    pub remove_tags: Vec<String>,
    /// The agent who takes it.
    pub assignee_id: Option<i64>,
    /// The group that takes it; its assignee goes unless one is named.
    pub group_id: Option<i64>,
    /// Values of custom fields by field id; null clears one.
    pub custom_fields: BTreeMap<i64, Value>,
}

impl FakeZendesk {
    /// Opens a ticket in a customer's name.
    ///
    /// # Errors
    /// When the requester does not exist.
    pub fn open_ticket(&self, new: NewTicket) -> Result<TicketId, SandboxError> {
        self.change(|state, now| {
            state.user(new.requester_id)?;
            let now = whole_seconds(now);
            let id = TicketId::try_from(state.next_ticket_id()).map_err(|problem| SandboxError::Invalid {
                what: "ticket".to_owned(),
                reason: problem.to_string(),
            })?;
            let mut ticket = TicketFields {
                id: id.get(),
                subject: new.subject,
                description: new.description,
                status: TicketStatus::New,
                priority: None,
                ticket_type: None,
                requester_id: new.requester_id,
                assignee_id: None,
                group_id: new.group_id,
                tags: BTreeSet::new(),
                custom_fields: BTreeMap::new(),
                is_public: true,
                placement: Placement::default(),
                created_at: now,
                updated_at: now,
            };
            state.set_tags(&mut ticket, new.tags.iter().flat_map(|tags| split_tags(tags)));
            for (field, value) in new.custom_fields {
                state.set_field(&mut ticket, field, value);
            }
            state.create(ticket, Via::Web, now)?;
            Ok(id)
        })
    }

    /// The requester writes again. A ticket that was waiting or solved is open afterwards.
    ///
    /// # Errors
    /// When there is no such ticket, or it is closed.
    pub fn customer_comments(&self, id: TicketId, text: &str) -> Result<(), SandboxError> {
        self.change(|state, now| {
            let author_id = state.ticket(id.get())?.fields.requester_id;
            let comment = NewComment { author_id, body: text.to_owned(), public: Some(true) };
            let update = Update { comment: Some(comment), ..Update::default() };
            state.update(id.get(), author_id, Via::Web, update, now).map(drop)
        })
    }

    /// An agent writes a public reply or an internal note, and changes nothing else.
    ///
    /// # Errors
    /// When there is no such ticket or agent, or the ticket is closed.
    pub fn agent_comments(
        &self,
        id: TicketId,
        agent_id: i64,
        text: &str,
        public: bool,
    ) -> Result<(), SandboxError> {
        self.agent_changes(
            id,
            agent_id,
            AgentUpdate { comment: Some(text.to_owned()), public, ..AgentUpdate::default() },
        )
    }

    /// An agent changes a ticket in the agent interface.
    ///
    /// # Errors
    /// When there is no such ticket or agent, or the ticket is closed.
    pub fn agent_changes(
        &self,
        id: TicketId,
        agent_id: i64,
        changes: AgentUpdate,
    ) -> Result<(), SandboxError> {
        self.change(|state, now| {
            state.user(agent_id)?;
            state.windows.update_by_person(now);
            let update = changes.into_update(&state.ticket(id.get())?.fields, agent_id);
            state.update(id.get(), agent_id, Via::Web, update, now).map(drop)
        })
    }

    /// One of Zendesk's own rules, not run by anybody's update, changes a ticket.
    ///
    /// # Errors
    /// When there is no such ticket, or it is closed.
    pub fn automation_changes(
        &self,
        id: TicketId,
        title: &str,
        changes: AgentUpdate,
    ) -> Result<(), SandboxError> {
        self.change(|state, now| {
            let via = Via::Rule { id: 1, title: title.to_owned(), rel: "automation" };
            let update = changes.into_update(&state.ticket(id.get())?.fields, SYSTEM);
            state.update(id.get(), SYSTEM, via, update, now).map(drop)
        })
    }

    /// The ticket is closed for ever, as an automation does some days after it was solved.
    ///
    /// # Errors
    /// When there is no such ticket, or it is closed already.
    pub fn close(&self, id: TicketId) -> Result<(), SandboxError> {
        self.automation_changes(id, "Close solved tickets", AgentUpdate::status(TicketStatus::Closed))
    }

    /// An agent merges a ticket into another one: the first is closed, both get a note (§3.7).
    ///
    /// # Errors
    /// When one of them does not exist or is closed, or they are the same.
    pub fn merge(&self, source: TicketId, target: TicketId, agent_id: i64) -> Result<(), SandboxError> {
        if source == target {
            let reason = "a ticket cannot be merged into itself".to_owned();
            return Err(SandboxError::Invalid { what: "merge".to_owned(), reason });
        }
        if self.lock().ticket(target.get())?.fields.status == TicketStatus::Closed {
            return Err(SandboxError::TicketClosed(target.get()));
        }
        let note = |text: String| AgentUpdate { comment: Some(text), ..AgentUpdate::default() };
        let closing = AgentUpdate {
            status: Some(TicketStatus::Closed),
            ..note(format!("This request was closed and merged into request #{target}."))
        };
        self.agent_changes(source, agent_id, closing)?;
        self.agent_changes(
            target,
            agent_id,
            note(format!("Request #{source} was closed and merged into this request.")),
        )
    }

    /// The ticket is deleted: the API no longer finds it.
    ///
    /// # Errors
    /// When there is no such ticket.
    pub fn delete(&self, id: TicketId) -> Result<(), SandboxError> {
        self.delete_by_number(id.get())
    }

    pub(super) fn delete_by_number(&self, id: i64) -> Result<(), SandboxError> {
        self.change(|state, _| {
            let ticket = state.tickets.remove(&id).ok_or_else(|| SandboxError::unknown("ticket", id))?;
            state.deleted.insert(id, ticket);
            Ok(())
        })
    }
}

impl AgentUpdate {
    /// Only a new status.
    pub fn status(status: TicketStatus) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// Only tags added.
    pub fn tags(tags: &[&str]) -> Self {
        Self { add_tags: tags.iter().map(|&tag| tag.to_owned()).collect(), ..Self::default() }
    }

    fn into_update(self, ticket: &TicketFields, author_id: i64) -> Update {
        let mut tags = ticket.tags.clone();
        tags.extend(self.add_tags.iter().flat_map(|tags| split_tags(tags)));
        for tag in self.remove_tags.iter().flat_map(|tags| split_tags(tags)) {
            tags.remove(&tag);
        }
        let public = Some(self.public);
        let assignee_id = match (self.assignee_id, self.group_id) {
            (Some(agent), _) => Setting::To(agent),
            (None, Some(_)) => Setting::Clear,
            (None, None) => Setting::Keep,
        };
        Update {
            comment: self.comment.map(|body| NewComment { author_id, body, public }),
            status: self.status,
            tags: (tags != ticket.tags).then_some(tags),
            assignee_id,
            group_id: self.group_id.map_or(Setting::Keep, Setting::To),
            custom_fields: self.custom_fields.into_iter().collect(),
            metadata: Map::new(),
            ..Update::default()
        }
    }
}

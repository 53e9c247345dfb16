//! Acts as the centre's people and Zendesk's own rules: they comment, change, close, merge, delete.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fake::FakeZendesk;
use super::nullable::Setting;
use super::records::{TicketFields, Via};
use super::tag_spelling::TagSpelling;
use super::update::{NewComment, Update};
use crate::SandboxError;
use crate::domain::ids::TicketId;
use crate::domain::ticket::TicketStatus;

/// Zendesk's id for itself, as the author of automations' changes.
const SYSTEM: i64 = -1;
/// The tag of a ticket that was merged into another one.
const CLOSED_BY_MERGE: &str = "closed_by_merge";

/// One change of a ticket by an agent. Absent parts stay unchanged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentUpdate {
    pub comment: Option<String>,
    /// The comment's author; the agent when absent.
    pub comment_author_id: Option<i64>,
    /// Whether the customer sees it.
    pub public: bool,
    pub status: Option<TicketStatus>,
    pub add_tags: Vec<String>,
    pub remove_tags: Vec<String>,
    pub requester_id: Option<i64>,
    pub assignee_id: Option<i64>,
    /// The new group; the assignee is cleared unless one is given.
    pub group_id: Option<i64>,
    /// Values of custom fields by field id; null clears one.
    pub custom_fields: BTreeMap<i64, Value>,
}

impl FakeZendesk {
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
            for id in [Some(agent_id), changes.requester_id, changes.comment_author_id].into_iter().flatten()
            {
                state.user(id)?;
            }
            state.windows.update_by_person(now);
            let spelling = state.ticket_switches.tag_spelling;
            let update = changes.into_update(&state.ticket(id.get())?.fields, agent_id, spelling)?;
            state.update(id.get(), agent_id, Via::Web, update, now).map(drop)
        })
    }

    /// An agent applies a shared macro to a ticket in the agent interface and submits it.
    ///
    /// # Errors
    /// When there is no such ticket, agent or macro, the agent may not use it, or the ticket is closed.
    pub fn agent_uses_macro(&self, id: TicketId, agent_id: i64, macro_id: i64) -> Result<(), SandboxError> {
        self.change(|state, now| {
            let agent = state.user(agent_id)?;
            let used = state.macros.get(&macro_id).filter(|one| one.active && one.is_for(agent));
            let used = used.ok_or_else(|| SandboxError::unknown("macro", macro_id))?;
            let update = used.update(state, &state.ticket(id.get())?.fields, agent_id);
            state.windows.update_by_person(now);
            state.update(id.get(), agent_id, Via::Web, update, now).map(drop)
        })
    }

    /// One of Zendesk's own rules changes a ticket, independently of any update.
    ///
    /// # Errors
    /// If there is no such ticket, or it is closed.
    pub fn automation_changes(
        &self,
        id: TicketId,
        title: &str,
        changes: AgentUpdate,
    ) -> Result<(), SandboxError> {
        self.change(|state, now| {
            let via = Via::Rule { id: 1, title: title.to_owned(), rel: "automation" };
            let ticket = &state.ticket(id.get())?.fields;
            let update = changes.into_update(ticket, SYSTEM, TagSpelling::Split)?;
            state.update(id.get(), SYSTEM, via, update, now).map(drop)
        })
    }

    /// Closes the ticket for good, as an automation does some days after it was solved.
    ///
    /// # Errors
    /// If there is no such ticket, or it is closed already.
    pub fn close(&self, id: TicketId) -> Result<(), SandboxError> {
        self.automation_changes(id, "Close solved tickets", AgentUpdate::status(TicketStatus::Closed))
    }

    /// An agent merges a ticket into another one: the first is closed, both get a note (facts §3.7).
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
            add_tags: vec![CLOSED_BY_MERGE.to_owned()],
            ..note(format!("This request was closed and merged into request #{target}."))
        };
        self.agent_changes(source, agent_id, closing)?;
        self.agent_changes(
            target,
            agent_id,
            note(format!("Request #{source} was closed and merged into this request.")),
        )
    }

    /// Deletes the ticket: the API no longer finds it.
    ///
    /// # Errors
    /// If there is no such ticket.
    pub fn delete(&self, id: TicketId) -> Result<(), SandboxError> {
        self.change(|state, _| {
            let id = id.get();
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

    fn into_update(
        self,
        ticket: &TicketFields,
        author_id: i64,
        spelling: TagSpelling,
    ) -> Result<Update, SandboxError> {
        let store = |tags: &[String]| {
            spelling.store::<BTreeSet<_>>(tags).map_err(|problem| SandboxError::Invalid {
                what: "tags".to_owned(),
                reason: problem.to_string(),
            })
        };
        let tags = &(&ticket.tags | &store(&self.add_tags)?) - &store(&self.remove_tags)?;
        let public = Some(self.public);
        let writer_id = self.comment_author_id.unwrap_or(author_id);
        let assignee_id = match (self.assignee_id, self.group_id) {
            (Some(agent), _) => Setting::To(agent),
            (None, Some(_)) => Setting::Clear,
            (None, None) => Setting::Keep,
        };
        Ok(Update {
            comment: self.comment.map(|body| NewComment { public, ..NewComment::plain(writer_id, body) }),
            requester_id: self.requester_id,
            status: self.status,
            tags: (tags != ticket.tags).then_some(tags),
            assignee_id,
            group_id: self.group_id.map_or(Setting::Keep, Setting::To),
            custom_fields: self.custom_fields.into_iter().collect(),
            ..Update::default()
        })
    }
}

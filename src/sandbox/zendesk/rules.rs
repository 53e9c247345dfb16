//! The trigger engine: triggers run in order on every create and change, and again after each change that one of them makes.

mod action;
mod condition;
mod template;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::records::{Audit, TicketFields, Via};
use super::state::State;
use crate::sandbox::SandboxError;
use action::Deed;
use condition::Check;
pub use template::Escaping;
pub(super) use template::Placeholders;

/// A trigger in Zendesk's form (facts §5.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriggerDefinition {
    /// As shown to admins.
    pub title: String,
    /// Inactive triggers never run.
    #[serde(default = "active")]
    pub active: bool,
    /// When it runs.
    pub conditions: Conditions,
    /// What it does, in this order.
    pub actions: Vec<RuleAction>,
}

fn active() -> bool {
    true
}

/// When a trigger runs: all of the one list, and at least one of the other unless that is empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conditions {
    /// Every one must hold.
    #[serde(default)]
    pub all: Vec<Condition>,
    /// At least one must hold, if there are any.
    #[serde(default)]
    pub any: Vec<Condition>,
}

/// One condition of a trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// What is looked at, for example `current_tags`.
    pub field: String,
    /// How, for example `includes`.
    pub operator: String,
    /// Compared with what.
    #[serde(default)]
    pub value: Value,
}

/// One action of a trigger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleAction {
    /// What is done, for example `notification_webhook`.
    pub field: String,
    /// With what.
    pub value: Value,
}

/// A trigger that the engine can run.
#[derive(Clone, Debug)]
pub(super) struct Trigger {
    pub(super) id: i64,
    pub(super) definition: TriggerDefinition,
    all: Vec<Check>,
    any: Vec<Check>,
    deeds: Vec<Deed>,
}

/// Whether the ticket was opened or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UpdateType {
    Create,
    Change,
}

/// What the triggers are run for: the update by a person or a program, before any trigger changed anything.
#[derive(Debug)]
pub(super) struct Occasion {
    pub(super) update_type: UpdateType,
    pub(super) author_id: i64,
    /// Whether the comment is public; `None` without a comment.
    pub(super) comment_public: Option<bool>,
    pub(super) before: TicketFields,
}

impl Trigger {
    pub(super) fn new(id: i64, definition: TriggerDefinition) -> Result<Self, SandboxError> {
        let checks =
            |conditions: &[Condition]| conditions.iter().map(Check::parse).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            id,
            all: checks(&definition.conditions.all)?,
            any: checks(&definition.conditions.any)?,
            deeds: definition.actions.iter().map(Deed::parse).collect::<Result<_, _>>()?,
            definition,
        })
    }

    fn fires(&self, ticket: &TicketFields, occasion: &Occasion, author_is_agent: bool) -> bool {
        let holds = |check: &Check| check.holds(ticket, occasion, author_is_agent);
        self.definition.active
            && self.all.iter().all(holds)
            && (self.any.is_empty() || self.any.iter().any(holds))
    }
}

impl State {
    /// Runs the triggers on a ticket and returns the audit with their changes.
    ///
    /// After each that fires, the list is looked through again from the top; each fires at most once in one update. Loops over
    /// webhooks remain possible: what a webhook's receiver writes is a new update.
    pub(super) fn run_triggers(
        &mut self,
        ticket_id: i64,
        occasion: &Occasion,
        mut audit: Audit,
        now: Timestamp,
    ) -> Result<Audit, SandboxError> {
        let author_is_agent = self.users.get(&occasion.author_id).is_none_or(|user| user.role.is_staff());
        let mut waiting = self.triggers.clone();
        loop {
            let ticket = self.ticket(ticket_id)?.fields.clone();
            let Some(at) =
                waiting.iter().position(|trigger| trigger.fires(&ticket, occasion, author_is_agent))
            else {
                break;
            };
            let trigger = waiting.remove(at);
            let after = self.perform(&trigger, &ticket, occasion, now);
            let via = Via::Rule { id: trigger.id, title: trigger.definition.title, rel: "trigger" };
            let known = audit.events.len();
            self.record_differences(&ticket, &after, Some(&via), &mut audit);
            if audit.events.len() > known {
                self.replace_latest_audit(after, &audit, now)?;
            }
        }
        Ok(audit)
    }

    /// The triggers' changes stand in the audit of the update that they ran for.
    fn replace_latest_audit(
        &mut self,
        fields: TicketFields,
        audit: &Audit,
        now: Timestamp,
    ) -> Result<(), SandboxError> {
        let id = fields.id;
        let ticket = self.tickets.get_mut(&id).ok_or_else(|| SandboxError::unknown("ticket", id))?;
        ticket.audits.retain(|known| known.id != audit.id);
        self.commit(fields, audit, now);
        Ok(())
    }
}

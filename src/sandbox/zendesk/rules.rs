//! The trigger engine: triggers run in order on every create and change, and again after each change by one of them.

mod action;
mod apply;
mod condition;
mod defaults;
mod notification;
mod occasion;
mod operator;
mod perform;
mod references;
mod run;
mod scene;
mod subject;
mod template;
mod ticket_action;
mod trigger;

use serde::{Deserialize, Serialize};

pub(super) use defaults::default_triggers;
pub(super) use occasion::{Occasion, UpdateType};
pub(super) use template::{Escaping, Placeholders};
pub(super) use ticket_action::TicketAction;
pub(super) use trigger::{Revision, Trigger};

pub use crate::domain::rule::{Conditions, RuleAction, RuleCondition};

/// A trigger in Zendesk's form (facts §5.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriggerDefinition {
    /// Its title for admins.
    pub title: String,
    /// Inactive triggers never run.
    #[serde(default = "active")]
    pub active: bool,
    pub conditions: Conditions,
    /// Its actions, in this order.
    pub actions: Vec<RuleAction>,
}

fn active() -> bool {
    true
}

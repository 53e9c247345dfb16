//! The trigger engine: triggers run in order on every create and change, and again after each change that one of them makes.

mod action;
mod condition;
mod defaults;
mod definitions;
mod notification;
mod occasion;
mod operator;
mod perform;
mod references;
mod run;
mod subject;
mod template;
mod ticket_deed;
mod trigger;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) use defaults::default_triggers;
pub(super) use definitions::{action_definitions, condition_definitions, macro_actions};
pub(super) use occasion::{Occasion, UpdateType};
pub use template::Escaping;
pub(super) use template::Placeholders;
pub(super) use ticket_deed::TicketDeed;
pub(super) use trigger::{Revision, Trigger};

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

/// One action of a trigger or a macro.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleAction {
    /// What is done, for example `notification_webhook`.
    pub field: String,
    /// With what.
    pub value: Value,
}

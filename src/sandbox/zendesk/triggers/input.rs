//! Requests about triggers.

use serde::Deserialize;
use serde_json::Value;

use super::category::CategoryInput;
use crate::zendesk::records::{NotAnId, optional_id};
use crate::zendesk::rules::{Conditions, RuleAction, RuleCondition, Trigger, TriggerDefinition};

/// A request's data for a trigger. Absent keys stay unchanged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::zendesk) struct TriggerInput {
    title: Option<String>,
    description: Option<String>,
    active: Option<bool>,
    pub(super) position: Option<i64>,
    /// A text or a number.
    category_id: Value,
    /// A category to create for it.
    pub(super) category: Option<CategoryInput>,
    conditions: Option<ConditionsInput>,
    /// The outdated key for the content of `conditions`.
    all: Option<Vec<RuleCondition>>,
    any: Option<Vec<RuleCondition>>,
    actions: Option<Vec<RuleAction>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConditionsInput {
    all: Option<Vec<RuleCondition>>,
    any: Option<Vec<RuleCondition>>,
}

impl TriggerInput {
    /// The id of the requested category.
    pub(super) fn category_id(&self) -> Result<Option<i64>, NotAnId> {
        optional_id(&self.category_id)
    }

    fn conditions(&mut self) -> Option<Conditions> {
        let given = self.conditions.take();
        let touched = given.is_some() || self.all.is_some() || self.any.is_some();
        let given = given.unwrap_or_default();
        let all = given.all.or(self.all.take()).unwrap_or_default();
        let any = given.any.or(self.any.take()).unwrap_or_default();
        touched.then_some(Conditions { all, any })
    }

    /// A new trigger's definition and description, taken from the request.
    pub(super) fn definition(&mut self) -> (TriggerDefinition, Option<String>) {
        let definition = TriggerDefinition {
            conditions: self.conditions().unwrap_or_default(),
            title: self.title.take().unwrap_or_default(),
            active: self.active.unwrap_or(true),
            actions: self.actions.take().unwrap_or_default(),
        };
        (definition, self.description.take())
    }

    /// Applies the request to a trigger, and returns a description of the changes.
    pub(super) fn write_on(&mut self, trigger: &mut Trigger) -> String {
        let before = trigger.definition.clone();
        let conditions = self.conditions();
        let definition = &mut trigger.definition;
        definition.title = self.title.take().unwrap_or_else(|| definition.title.clone());
        definition.active = self.active.unwrap_or(definition.active);
        if conditions.is_some() || self.actions.is_some() {
            definition.conditions = conditions.unwrap_or_default();
            definition.actions = self.actions.take().unwrap_or_default();
        }
        trigger.description = self.description.take().or(trigger.description.take());
        let definition = &trigger.definition;
        let differs = [
            ("Title", before.title != definition.title),
            ("Active", before.active != definition.active),
            ("Conditions", before.conditions != definition.conditions),
            ("Actions", before.actions != definition.actions),
        ];
        let changed = differs.iter().filter(|(_, differs)| *differs);
        changed.map(|(part, _)| format!("{part} changed")).collect::<Vec<_>>().join("\n")
    }
}

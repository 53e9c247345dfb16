//! Requests about triggers.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::CategoryInput;
use crate::zendesk::configuration::Configuration;
use crate::zendesk::records::optional_id;
use crate::zendesk::refusal::{Flaws, Refusal};
use crate::zendesk::rules::{Condition, Conditions, RuleAction, Trigger, TriggerDefinition};
use crate::zendesk::state::State;

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
    category: Option<CategoryInput>,
    conditions: Option<ConditionsInput>,
    /// The outdated key for the content of `conditions`.
    all: Option<Vec<Condition>>,
    any: Option<Vec<Condition>>,
    actions: Option<Vec<RuleAction>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConditionsInput {
    all: Option<Vec<Condition>>,
    any: Option<Vec<Condition>>,
}

impl TriggerInput {
    /// The requested category; a described one is created.
    pub(super) fn category(&self, state: &mut State, now: Timestamp) -> Result<Option<i64>, Refusal> {
        if let Some(category) = &self.category {
            return state.create_category(category.clone(), now).map(Some);
        }
        category_named(&self.category_id, state)
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

fn category_named(value: &Value, state: &State) -> Result<Option<i64>, Refusal> {
    let Configuration { categories, switches, .. } = &state.configuration;
    let known = |id: &i64| switches.trigger_categories && categories.contains_key(id);
    match optional_id(value) {
        Ok(None) => Ok(None),
        Ok(Some(id)) if known(&id) => Ok(Some(id)),
        _ => Err(Flaws::only("category_id", "Category: is invalid", "InvalidValue")),
    }
}

/// A request's data for one of several triggers.
#[derive(Debug, Deserialize)]
pub(in crate::zendesk) struct ManyInput {
    id: i64,
    position: Option<i64>,
    active: Option<bool>,
    #[serde(default)]
    category_id: Value,
}

impl ManyInput {
    pub(in crate::zendesk) fn id(&self) -> i64 {
        self.id
    }

    pub(super) fn write_on(&self, trigger: &mut Trigger, state: &State) -> Result<(), Refusal> {
        trigger.position = self.position.unwrap_or(trigger.position);
        trigger.definition.active = self.active.unwrap_or(trigger.definition.active);
        trigger.category_id = category_named(&self.category_id, state)?.unwrap_or(trigger.category_id);
        Ok(())
    }
}

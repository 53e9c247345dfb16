//! One trigger: its definition, its compiled form, and its former versions.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::TriggerDefinition;
use super::action::AuditKind;
use super::condition::Check;
use crate::SandboxError;

/// A trigger that the engine can run.
#[derive(Clone, Debug)]
pub(in crate::zendesk) struct Trigger {
    pub(in crate::zendesk) id: i64,
    pub(in crate::zendesk) definition: TriggerDefinition,
    pub(in crate::zendesk) description: Option<String>,
    pub(in crate::zendesk) category_id: i64,
    /// Within its category.
    pub(in crate::zendesk) position: i64,
    pub(in crate::zendesk) created_at: Timestamp,
    pub(in crate::zendesk) updated_at: Timestamp,
    /// Oldest first; the last is the current one.
    pub(in crate::zendesk) revisions: Vec<Revision>,
    pub(super) all: Vec<Check>,
    pub(super) any: Vec<Check>,
    pub(super) actions: Vec<AuditKind>,
}

/// A version of a trigger.
#[derive(Clone, Debug)]
pub(in crate::zendesk) struct Revision {
    /// The first is 1.
    pub(in crate::zendesk) id: i64,
    pub(in crate::zendesk) author_id: i64,
    pub(in crate::zendesk) created_at: Timestamp,
    pub(in crate::zendesk) definition: TriggerDefinition,
    pub(in crate::zendesk) description: Option<String>,
}

/// All unsupported parts of a definition, in Zendesk's words.
pub(super) fn problems(definition: &TriggerDefinition) -> Vec<String> {
    let conditions = definition.conditions.all.iter().chain(&definition.conditions.any);
    let in_conditions = conditions.filter_map(|condition| Check::parse(condition).err());
    let in_actions = definition.actions.iter().filter_map(|action| AuditKind::parse(action).err());
    in_conditions.chain(in_actions).collect()
}

impl Trigger {
    /// A trigger at the first position of a category.
    pub(in crate::zendesk) fn new(
        id: i64,
        definition: TriggerDefinition,
        category_id: i64,
        now: Timestamp,
    ) -> Result<Self, SandboxError> {
        let problems = problems(&definition);
        if let Some(problem) = problems.into_iter().next() {
            return Err(SandboxError::UnsupportedRule(problem));
        }
        let mut trigger = Self {
            id,
            definition,
            description: None,
            category_id,
            position: 0,
            created_at: now,
            updated_at: now,
            revisions: Vec::new(),
            all: Vec::new(),
            any: Vec::new(),
            actions: Vec::new(),
        };
        trigger.understand();
        Ok(trigger)
    }

    /// Parses conditions and actions again, after the definition changed. Invalid ones were rejected before.
    pub(in crate::zendesk) fn understand(&mut self) {
        let checks = |conditions: &[super::RuleCondition]| conditions.iter().flat_map(Check::parse).collect();
        self.all = checks(&self.definition.conditions.all);
        self.any = checks(&self.definition.conditions.any);
        self.actions = self.definition.actions.iter().flat_map(AuditKind::parse).collect();
    }

    /// Stores the current version, if it differs from the last one.
    pub(in crate::zendesk) fn revise(&mut self, author_id: i64, now: Timestamp) {
        let last = self.revisions.last();
        let same = last
            .is_some_and(|last| last.definition == self.definition && last.description == self.description);
        if !same {
            let id = last.map_or(1, |last| last.id + 1);
            let (definition, description) = (self.definition.clone(), self.description.clone());
            self.revisions.push(Revision { id, author_id, created_at: now, definition, description });
        }
    }

    /// Its form in the API; without its category in an account that has none.
    pub(in crate::zendesk) fn json(&self, base_url: &str, with_category: bool) -> Value {
        let TriggerDefinition { title, active, conditions, actions } = &self.definition;
        let category = with_category.then(|| self.category_id.to_string());
        json!({
            "url": format!("{base_url}/api/v2/triggers/{}.json", self.id), "id": self.id,
            "title": title, "active": active, "updated_at": self.updated_at,
            "created_at": self.created_at, "default": false, "actions": actions, "conditions": conditions,
            "description": self.description, "position": self.position, "raw_title": title,
            "category_id": category,
        })
    }
}

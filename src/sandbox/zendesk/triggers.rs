//! The account's triggers: created, changed, reordered, revised (facts §5.1).

mod category;
mod input;

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;

use super::audit_log::AuditKind;
use super::refusal::{Flaws, Refusal, listed};
use super::rules::{Trigger, TriggerDefinition};
use super::state::State;
use crate::SandboxError;
pub(super) use category::{CategoryInput, TriggerCategory};
pub(super) use input::{ManyInput, TriggerInput};

impl State {
    /// Adds a trigger after the existing ones, and returns its id. Its references are not checked.
    pub(super) fn add_trigger(
        &mut self,
        definition: TriggerDefinition,
        by: i64,
        now: Timestamp,
    ) -> Result<i64, SandboxError> {
        let id = self.next_id();
        let category_id = self.default_category();
        let mut trigger = Trigger::new(id, definition, category_id, now)?;
        trigger.position = self.last_position(category_id) + 1;
        trigger.revise(by, now);
        self.triggers.push(Arc::new(trigger));
        self.sort_triggers();
        Ok(id)
    }

    pub(super) fn create_trigger(
        &mut self,
        mut input: TriggerInput,
        by: i64,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        let id = self.next_id();
        let (definition, description) = input.definition();
        self.check_trigger(&definition)?;
        let category_id = input.category(self, now)?.unwrap_or_else(|| self.default_category());
        let title = definition.title.clone();
        let mut trigger = Trigger::new(id, definition, category_id, now)?;
        trigger.description = description;
        trigger.position = input.position.unwrap_or_else(|| self.last_position(category_id) + 1);
        trigger.revise(by, now);
        self.triggers.push(Arc::new(trigger));
        self.sort_triggers();
        self.log(by, AuditKind::Create, ("rule", id, &title), String::new(), now);
        Ok(id)
    }

    /// Changes a trigger. Conditions and actions belong together: a change of one replaces both (facts §5.1).
    pub(super) fn update_trigger(
        &mut self,
        id: i64,
        mut input: TriggerInput,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut trigger = self.trigger(id)?.clone();
        trigger.position = input.position.unwrap_or(trigger.position);
        let told = input.write_on(&mut trigger);
        if trigger.definition.title.trim().is_empty() {
            return Err(Flaws::only("title", "Title: cannot be blank", "BlankValue"));
        }
        self.check_rule(&trigger.definition)?;
        trigger.category_id = input.category(self, now)?.unwrap_or(trigger.category_id);
        trigger.understand();
        trigger.updated_at = now;
        trigger.revise(by, now);
        let title = trigger.definition.title.clone();
        self.put_back(trigger);
        self.log(by, AuditKind::Update, ("rule", id, &title), told, now);
        Ok(())
    }

    pub(super) fn delete_trigger(&mut self, id: i64, by: i64, now: Timestamp) -> Result<(), Refusal> {
        let title = self.trigger(id)?.definition.title.clone();
        self.triggers.retain(|trigger| trigger.id != id);
        self.log(by, AuditKind::Destroy, ("rule", id, &title), String::new(), now);
        Ok(())
    }

    /// Changes position, category and activity of several triggers, all or none; other keys are ignored.
    pub(super) fn update_triggers(
        &mut self,
        inputs: &[ManyInput],
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut changed = Vec::new();
        for input in inputs {
            let mut trigger = self.trigger(input.id())?.clone();
            input.write_on(&mut trigger, self)?;
            trigger.updated_at = now;
            trigger.revise(by, now);
            changed.push(trigger);
        }
        for trigger in changed {
            self.put_back(trigger);
        }
        Ok(())
    }

    /// Sorts the triggers in this order. All must be named, and there must be only one category.
    pub(super) fn reorder_triggers(&mut self, ids: &[i64]) -> Result<(), Refusal> {
        if self.configuration.switches.trigger_categories && self.configuration.categories.len() > 1 {
            let title = "Triggers in several categories cannot be reordered at once";
            return Err(listed(StatusCode::BAD_REQUEST, "LimitOneCategory", title));
        }
        let mut named = ids.to_vec();
        named.sort_unstable();
        let mut known: Vec<_> = self.triggers.iter().map(|trigger| trigger.id).collect();
        known.sort_unstable();
        if named != known {
            return Err(Refusal::NotFound);
        }
        for (position, id) in (1..).zip(ids) {
            let mut trigger = self.trigger(*id)?.clone();
            trigger.position = position;
            self.put_back(trigger);
        }
        Ok(())
    }

    pub(super) fn trigger(&self, id: i64) -> Result<&Trigger, Refusal> {
        let found = self.triggers.iter().find(|trigger| trigger.id == id);
        found.map(AsRef::as_ref).ok_or(Refusal::NotFound)
    }

    fn put_back(&mut self, trigger: Trigger) {
        if let Some(place) = self.triggers.iter_mut().find(|known| known.id == trigger.id) {
            *place = Arc::new(trigger);
        }
        self.sort_triggers();
    }

    fn default_category(&self) -> i64 {
        let first = self.configuration.categories.values().min_by_key(|category| category.position);
        first.map_or(0, |category| category.id)
    }

    /// The last position of an active trigger in a category; 0 if there is none.
    fn last_position(&self, category_id: i64) -> i64 {
        let active = self.triggers.iter().filter(|trigger| trigger.definition.active);
        let here = active.filter(|trigger| trigger.category_id == category_id);
        here.map(|trigger| trigger.position).max().unwrap_or(0)
    }

    /// Rejects a trigger without a title or actions, or with unknown references.
    fn check_trigger(&self, definition: &TriggerDefinition) -> Result<(), Refusal> {
        let mut flaws = Flaws::default();
        if definition.title.trim().is_empty() {
            flaws.add("title", "Title: cannot be blank", "BlankValue");
        }
        if definition.actions.is_empty() {
            flaws.add("actions", "Actions: cannot be blank", "BlankValue");
        }
        flaws.into_result()?;
        self.check_rule(definition)
    }
}

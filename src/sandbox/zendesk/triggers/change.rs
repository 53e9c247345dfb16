//! Creates, changes and deletes triggers; their references are checked against the whole account.

use axum::http::StatusCode;
use jiff::Timestamp;

use super::input::TriggerInput;
use crate::SandboxError;
use crate::zendesk::audit_log::AuditKind;
use crate::zendesk::refusal::{Flaws, Refusal, listed};
use crate::zendesk::rules::{Trigger, TriggerDefinition};
use crate::zendesk::state::State;

impl State {
    /// Adds a trigger after the existing ones, and returns its id. Its references are not checked.
    pub(in crate::zendesk) fn add_trigger(
        &mut self,
        definition: TriggerDefinition,
        by: i64,
        now: Timestamp,
    ) -> Result<i64, SandboxError> {
        let id = self.next_id();
        let category_id = self.triggers.default_category();
        let mut trigger = Trigger::new(id, definition, category_id, now)?;
        trigger.position = self.triggers.last_position(category_id) + 1;
        trigger.revise(by, now);
        self.triggers.keep(trigger);
        Ok(id)
    }

    pub(in crate::zendesk) fn create_trigger(
        &mut self,
        mut input: TriggerInput,
        by: i64,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        let id = self.next_id();
        let (definition, description) = input.definition();
        self.check_trigger(&definition)?;
        let category_id = self.category_for(&input, now)?.unwrap_or_else(|| self.triggers.default_category());
        let title = definition.title.clone();
        let mut trigger = Trigger::new(id, definition, category_id, now)?;
        trigger.description = description;
        trigger.position = input.position.unwrap_or_else(|| self.triggers.last_position(category_id) + 1);
        trigger.revise(by, now);
        self.triggers.keep(trigger);
        self.log(by, AuditKind::Create, ("rule", id, &title), String::new(), now);
        Ok(id)
    }

    /// Changes a trigger. Conditions and actions belong together: a change of one replaces both (facts §5.1).
    pub(in crate::zendesk) fn update_trigger(
        &mut self,
        id: i64,
        mut input: TriggerInput,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut trigger = self.triggers.find(id)?.clone();
        trigger.position = input.position.unwrap_or(trigger.position);
        let told = input.write_on(&mut trigger);
        if trigger.definition.title.trim().is_empty() {
            return Err(Flaws::only("title", "Title: cannot be blank", "BlankValue"));
        }
        self.check_rule(&trigger.definition)?;
        trigger.category_id = self.category_for(&input, now)?.unwrap_or(trigger.category_id);
        trigger.understand();
        trigger.updated_at = now;
        trigger.revise(by, now);
        let title = trigger.definition.title.clone();
        self.triggers.keep(trigger);
        self.log(by, AuditKind::Update, ("rule", id, &title), told, now);
        Ok(())
    }

    pub(in crate::zendesk) fn delete_trigger(
        &mut self,
        id: i64,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let title = self.triggers.find(id)?.definition.title.clone();
        self.triggers.remove(id);
        self.log(by, AuditKind::Destroy, ("rule", id, &title), String::new(), now);
        Ok(())
    }

    /// Rejects requests about categories in an account without them (description of the API, "List Ticket Trigger
    /// Categories").
    pub(in crate::zendesk) fn require_categories(&self) -> Result<(), Refusal> {
        if self.switches.trigger_categories {
            return Ok(());
        }
        let title = "Ticket trigger categories are not enabled for your account";
        Err(listed(StatusCode::FORBIDDEN, "TriggerCategoriesNotEnabled", title))
    }

    /// The requested category; a described one is created.
    fn category_for(&mut self, input: &TriggerInput, now: Timestamp) -> Result<Option<i64>, Refusal> {
        if let Some(category) = &input.category {
            self.require_categories()?;
            let id = self.next_id();
            return self.triggers.create_category(id, category.clone(), now).map(Some);
        }
        let known = |id| self.switches.trigger_categories && self.triggers.category(id).is_ok();
        match input.category_id() {
            Ok(None) => Ok(None),
            Ok(Some(id)) if known(id) => Ok(Some(id)),
            _ => Err(Flaws::only("category_id", "Category: is invalid", "InvalidValue")),
        }
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

//! Creates, changes and deletes macros; their actions are checked against the whole account.

use jiff::Timestamp;

use super::action::MacroAction;
use super::input::{MacroInput, told};
use super::{Macro, Restriction};
use crate::zendesk::audit_log::AuditKind;
use crate::zendesk::refusal::{Flaws, Refusal};
use crate::zendesk::state::State;

impl State {
    /// Creates a macro. Agents may create only personal ones.
    pub(in crate::zendesk) fn create_macro(
        &mut self,
        input: MacroInput,
        by: i64,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        let id = self.next_id();
        let fresh = self.macros.fresh(id, now);
        self.keep_macro(input.written_on(fresh), by, now)?;
        Ok(id)
    }

    /// Changes a macro. Given actions replace all; absent ones stay.
    pub(in crate::zendesk) fn update_macro(
        &mut self,
        id: i64,
        input: MacroInput,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let before = self.macros.changed_by(self.user(by)?, id)?.clone();
        self.keep_macro(input.written_on(before), by, now)
    }

    pub(in crate::zendesk) fn delete_macro(
        &mut self,
        id: i64,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let title = self.macros.changed_by(self.user(by)?, id)?.title.clone();
        self.macros.remove(&id);
        self.log(by, AuditKind::Destroy, ("rule", id, &title), String::new(), now);
        Ok(())
    }

    fn keep_macro(&mut self, mut kept: Macro, by: i64, now: Timestamp) -> Result<(), Refusal> {
        if !kept.is_changed_by(self.user(by)?) {
            return Err(Refusal::Forbidden);
        }
        self.check_macro(&kept)?;
        let told = self.macros.get(&kept.id).map(|before| told(before, &kept));
        if told.as_ref().is_some_and(String::is_empty) {
            return Ok(());
        }
        kept.updated_at = now;
        let (id, title) = (kept.id, kept.title.clone());
        self.macros.insert(id, kept);
        let action = if told.is_some() { AuditKind::Update } else { AuditKind::Create };
        self.log(by, action, ("rule", id, &title), told.unwrap_or_default(), now);
        Ok(())
    }

    /// Rejects a macro without title or actions, and actions that a macro cannot have.
    fn check_macro(&self, checked: &Macro) -> Result<(), Refusal> {
        let mut flaws = Flaws::default();
        if checked.title.trim().is_empty() {
            flaws.add("title", "Title: cannot be blank", "BlankValue");
        }
        if checked.actions.is_empty() {
            flaws.add("actions", "Actions: cannot be blank", "BlankValue");
        }
        for action in &checked.actions {
            let fits = match MacroAction::parse(action) {
                None => false,
                Some(MacroAction::Ticket(action)) => !action.names_nothing(self),
                Some(_) => true,
            };
            if !fits {
                flaws.base(&format!("Invalid action '{}'", action.field));
            }
        }
        let unknown = match &checked.restriction {
            None => false,
            Some(Restriction::Group { id, ids }) => {
                !ids.iter().chain([id]).all(|id| self.groups.takes_tickets(*id))
            }
            Some(Restriction::User { id }) => !self.users.contains_key(id),
        };
        if unknown {
            flaws.add("restriction", "Restriction: is invalid", "InvalidValue");
        }
        flaws.into_result()
    }
}

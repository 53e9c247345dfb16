//! The account's macros: prepared replies with actions on a ticket (facts §4).

mod apply;
mod deed;
mod input;
mod usage;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::audit_log::AuditKind;
use super::records::{Role, User};
use super::refusal::{Flaws, Refusal};
use super::rules::RuleAction;
use super::state::State;
use deed::MacroAction;
pub(super) use input::{MacroInput, ManyInput};
pub(super) use usage::SPANS;

/// The positions of custom macros begin here; those of every account come before.
const FIRST_POSITION: i64 = 10_000;

/// A macro.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Macro {
    /// Zendesk's id.
    pub id: i64,
    /// Its title for agents; `::` nests menus. Not unique.
    pub title: String,
    /// Inactive macros are not offered to agents.
    pub active: bool,
    /// Its description.
    pub description: Option<String>,
    /// Its actions, in this order.
    pub actions: Vec<RuleAction>,
    /// Who may use it; all agents when absent.
    pub restriction: Option<Restriction>,
    /// Its position among the macros.
    pub position: i64,
    /// Whole seconds.
    pub created_at: Timestamp,
    /// Whole seconds; changes with every edit.
    pub updated_at: Timestamp,
}

/// The restriction of a macro.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Restriction {
    /// The agents of certain groups.
    Group {
        /// The first of them.
        id: i64,
        /// All of them.
        #[serde(default)]
        ids: Vec<i64>,
    },
    /// One agent: it is their personal macro.
    User {
        /// The agent.
        id: i64,
    },
}

impl Macro {
    /// Whether a user may see and use it. Admins see all.
    pub(super) fn is_for(&self, user: &User) -> bool {
        let admitted = match &self.restriction {
            None => true,
            Some(Restriction::Group { id, ids }) => {
                ids.iter().chain([id]).any(|id| user.group_ids.contains(id))
            }
            Some(Restriction::User { id }) => *id == user.id,
        };
        admitted || user.role == Role::Admin
    }

    /// Whether a user may change it: agents only their own ones.
    pub(super) fn is_changed_by(&self, user: &User) -> bool {
        user.role == Role::Admin || self.restriction == Some(Restriction::User { id: user.id })
    }

    /// The part of the title before `::`.
    pub(super) fn category(&self) -> Option<&str> {
        self.title.split_once("::").map(|(category, _)| category)
    }

    pub(super) fn json(&self, state: &State) -> Value {
        json!({
            "url": format!("{}/api/v2/macros/{}.json", state.base_url, self.id), "id": self.id,
            "title": state.resolved(&self.title), "active": self.active, "updated_at": self.updated_at,
            "created_at": self.created_at, "default": false, "position": self.position,
            "description": self.description, "actions": self.actions, "restriction": self.restriction,
            "raw_title": self.title,
        })
    }
}

impl State {
    /// The macro, if this user may see it.
    pub(super) fn macro_for(&self, id: i64, user_id: i64) -> Result<&Macro, Refusal> {
        let found = self.configuration.macros.get(&id).ok_or(Refusal::NotFound)?;
        if found.is_for(self.user(user_id)?) { Ok(found) } else { Err(Refusal::Forbidden) }
    }

    /// Creates a macro. Agents may create only personal ones.
    pub(super) fn create_macro(
        &mut self,
        input: MacroInput,
        by: i64,
        now: Timestamp,
    ) -> Result<i64, Refusal> {
        let id = self.next_id();
        let last = self.configuration.macros.values().map(|known| known.position).max();
        let fresh = Macro {
            id,
            title: String::new(),
            active: true,
            description: None,
            actions: Vec::new(),
            restriction: None,
            position: last.unwrap_or(0).max(FIRST_POSITION - 1) + 1,
            created_at: now,
            updated_at: now,
        };
        self.keep_macro(input.written_on(fresh.clone()), &fresh, by, now)?;
        Ok(id)
    }

    /// Changes a macro. Given actions replace all; absent ones stay.
    pub(super) fn update_macro(
        &mut self,
        id: i64,
        input: MacroInput,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let before = self.configuration.macros.get(&id).ok_or(Refusal::NotFound)?.clone();
        if !before.is_changed_by(self.user(by)?) {
            return Err(Refusal::Forbidden);
        }
        self.keep_macro(input.written_on(before.clone()), &before, by, now)
    }

    pub(super) fn delete_macro(&mut self, id: i64, by: i64, now: Timestamp) -> Result<(), Refusal> {
        let known = self.configuration.macros.get(&id).ok_or(Refusal::NotFound)?;
        if !known.is_changed_by(self.user(by)?) {
            return Err(Refusal::Forbidden);
        }
        let title = known.title.clone();
        self.configuration.macros.remove(&id);
        self.log(by, AuditKind::Destroy, ("rule", id, &title), String::new(), now);
        Ok(())
    }

    fn keep_macro(
        &mut self,
        mut kept: Macro,
        before: &Macro,
        by: i64,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if !kept.is_changed_by(self.user(by)?) {
            return Err(Refusal::Forbidden);
        }
        self.check_macro(&kept)?;
        let new = !self.configuration.macros.contains_key(&kept.id);
        let told = input::told(before, &kept);
        if told.is_empty() && !new {
            return Ok(());
        }
        kept.updated_at = now;
        let (id, title) = (kept.id, kept.title.clone());
        self.configuration.macros.insert(id, kept);
        let (deed, told) = if new { (AuditKind::Create, String::new()) } else { (AuditKind::Update, told) };
        self.log(by, deed, ("rule", id, &title), told, now);
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
            let deed = MacroAction::parse(action);
            if deed.is_none_or(|deed| deed.names_nothing(self)) {
                flaws.base(&format!("Invalid action '{}'", action.field));
            }
        }
        let unknown = match &checked.restriction {
            None => false,
            Some(Restriction::Group { id, ids }) => !ids.iter().chain([id]).all(|id| self.has_group(*id)),
            Some(Restriction::User { id }) => !self.users.contains_key(id),
        };
        if unknown {
            flaws.add("restriction", "Restriction: is invalid", "InvalidValue");
        }
        flaws.into_result()
    }

    /// Removes actions that set a field to a value it no longer offers (facts §5.2).
    pub(super) fn clean_macros(&mut self, field_id: i64, gone: &[String]) {
        let field = format!("custom_fields_{field_id}");
        for known in self.configuration.macros.values_mut() {
            let stays = |action: &RuleAction| {
                action.field != field || !gone.iter().any(|value| action.value == value.as_str())
            };
            known.actions.retain(stays);
        }
    }

    /// The title of a macro, for the events of its use.
    pub(super) fn macro_title(&self, id: i64) -> Option<String> {
        self.configuration.macros.get(&id).map(|known| self.resolved(&known.title))
    }
}

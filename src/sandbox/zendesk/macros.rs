//! The account's macros: prepared replies with actions on a ticket (facts §4).

mod action;
mod apply;
mod change;
mod input;
mod usage;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::records::{Role, User};
use super::refusal::Refusal;
use super::rules::RuleAction;
use super::table::Table;
pub(super) use input::MacroInput;

/// The positions of custom macros begin here; those of every account come before.
const FIRST_POSITION: i64 = 10_000;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Macro {
    pub id: i64,
    /// Its title for agents; `::` nests menus. Not unique.
    pub title: String,
    /// Inactive macros are not offered to agents.
    pub active: bool,
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

/// The restriction of a macro or a view.
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
    User { id: i64 },
}

impl Restriction {
    /// Whether a user may see and use what has this restriction, or none. Admins see all.
    pub(super) fn admits(restriction: Option<&Self>, user: &User) -> bool {
        let admitted = match restriction {
            None => true,
            Some(Self::Group { id, ids }) => ids.iter().chain([id]).any(|id| user.group_ids.contains(id)),
            Some(Self::User { id }) => *id == user.id,
        };
        admitted || user.role == Role::Admin
    }

    /// Whether a user may change it: agents only what is theirs.
    pub(super) fn is_changed_by(restriction: Option<&Self>, user: &User) -> bool {
        user.role == Role::Admin || restriction == Some(&Self::User { id: user.id })
    }
}

impl Macro {
    /// Whether a user may see and use it. Admins see all.
    pub(super) fn is_for(&self, user: &User) -> bool {
        Restriction::admits(self.restriction.as_ref(), user)
    }

    /// Whether a user may change it: agents only their own ones.
    pub(super) fn is_changed_by(&self, user: &User) -> bool {
        Restriction::is_changed_by(self.restriction.as_ref(), user)
    }

    pub(super) fn json(&self, base_url: &str) -> Value {
        json!({
            "url": format!("{base_url}/api/v2/macros/{}.json", self.id), "id": self.id,
            "title": self.title, "active": self.active, "updated_at": self.updated_at,
            "created_at": self.created_at, "default": false, "position": self.position,
            "description": self.description, "actions": self.actions, "restriction": self.restriction,
            "raw_title": self.title,
        })
    }
}

impl Table<Macro> {
    /// The macro, if this user may see it.
    pub(super) fn seen_by(&self, user: &User, id: i64) -> Result<&Macro, Refusal> {
        let found = self.get(&id).ok_or(Refusal::NotFound)?;
        if found.is_for(user) { Ok(found) } else { Err(Refusal::Forbidden) }
    }

    /// The macro, if this user may change it.
    pub(super) fn changed_by(&self, user: &User, id: i64) -> Result<&Macro, Refusal> {
        let found = self.get(&id).ok_or(Refusal::NotFound)?;
        if found.is_changed_by(user) { Ok(found) } else { Err(Refusal::Forbidden) }
    }

    /// A new macro after the others.
    pub(super) fn fresh(&self, id: i64, now: Timestamp) -> Macro {
        let last = self.values().map(|known| known.position).max();
        Macro {
            id,
            title: String::new(),
            active: true,
            description: None,
            actions: Vec::new(),
            restriction: None,
            position: last.unwrap_or(0).max(FIRST_POSITION - 1) + 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// Removes actions that set a field to a value it no longer offers (facts §5.2).
    pub(super) fn clean(&mut self, field_id: i64, gone: &[String]) {
        let field = format!("custom_fields_{field_id}");
        for known in self.values_mut() {
            let stays = |action: &RuleAction| {
                action.field != field || !gone.iter().any(|value| action.value == value.as_str())
            };
            known.actions.retain(stays);
        }
    }
}

//! The account's audit log: changes of the set-up, their authors and times.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::state::State;

/// The kind of a set-up change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AuditKind {
    Create,
    Update,
    Destroy,
}

impl AuditKind {
    /// The word and its label.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Create => ("create", "Created"),
            Self::Update => ("update", "Updated"),
            Self::Destroy => ("destroy", "Deleted"),
        }
    }
}

/// One line of the log.
#[derive(Clone, Debug)]
pub(super) struct LogEntry {
    pub(super) id: i64,
    pub(super) actor_id: i64,
    pub(super) deed: AuditKind,
    /// `rule` for macros and triggers.
    pub(super) source_type: &'static str,
    pub(super) source_id: i64,
    source_label: String,
    description: String,
    pub(super) created_at: Timestamp,
}

impl LogEntry {
    pub(super) fn json(&self, state: &State) -> Value {
        let (action, label) = self.deed.words();
        let actor = state.users.get(&self.actor_id).map(|user| &user.name);
        json!({
            "url": format!("{}/api/v2/audit_logs/{}.json", state.base_url, self.id), "id": self.id,
            "action": action, "action_label": label, "actor_id": self.actor_id, "actor_name": actor,
            "source_id": self.source_id, "source_type": self.source_type, "source_label": self.source_label,
            "change_description": self.description, "ip_address": "127.0.0.1", "created_at": self.created_at,
        })
    }

    pub(super) fn action(&self) -> &'static str {
        self.deed.words().0
    }
}

impl State {
    /// Appends a line about a source: its type, id and name.
    pub(super) fn log(
        &mut self,
        actor_id: i64,
        deed: AuditKind,
        (source_type, source_id, source_label): (&'static str, i64, &str),
        description: String,
        created_at: Timestamp,
    ) {
        let id = self.next_id();
        let source_label = source_label.to_owned();
        let entry =
            LogEntry { id, actor_id, deed, source_type, source_id, source_label, description, created_at };
        self.configuration.audit_log.push(entry);
    }
}

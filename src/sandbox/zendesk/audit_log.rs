//! The account's audit log: changes of the set-up, their authors and times.

use jiff::Timestamp;
use serde_json::{Value, json};

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
    pub(super) kind: AuditKind,
    /// `rule` for macros and triggers.
    pub(super) source_type: &'static str,
    pub(super) source_id: i64,
    pub(super) source_label: String,
    pub(super) description: String,
    pub(super) created_at: Timestamp,
}

impl LogEntry {
    pub(super) fn json(&self, base_url: &str, actor: Option<&str>) -> Value {
        let (action, label) = self.kind.words();
        json!({
            "url": format!("{base_url}/api/v2/audit_logs/{}.json", self.id), "id": self.id,
            "action": action, "action_label": label, "actor_id": self.actor_id, "actor_name": actor,
            "source_id": self.source_id, "source_type": self.source_type, "source_label": self.source_label,
            "change_description": self.description, "ip_address": "127.0.0.1", "created_at": self.created_at,
        })
    }
}

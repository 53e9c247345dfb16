//! Zendesk's JSON for set-up objects that the plan does not cover. Unknown keys are ignored.

use serde::Deserialize;

/// A status of the account (facts §5.3).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CustomStatus {
    pub id: i64,
    /// `new`, `open`, `pending`, `hold` or `solved`.
    pub status_category: String,
    /// The label for agents.
    pub agent_label: String,
    /// Whether it is in use.
    pub active: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Brand {
    pub id: i64,
    pub name: String,
    /// Whether it is in use.
    pub active: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TicketForm {
    pub id: i64,
    /// Its name for agents.
    pub name: String,
    /// Whether it is in use.
    pub active: bool,
    /// The ids of its fields.
    pub ticket_field_ids: Vec<i64>,
}

/// A user, as far as the set-up needs it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct User {
    /// Their id; `None` for an anonymous user.
    pub id: Option<i64>,
    /// `admin`, `agent` or `end-user`.
    pub role: Option<String>,
    pub name: Option<String>,
    /// Whether their comments are only visible to agents, as with a light agent (facts §14).
    pub only_private_comments: Option<bool>,
}

/// A member of staff in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Membership {
    pub user_id: i64,
    pub group_id: i64,
}

//! The set-up as Zendesk shows it, where nothing is planned for it. Keys that are not known are passed over.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::domain::rule::Action;

/// A status of the account (facts §5.3).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CustomStatus {
    /// Its number.
    pub id: i64,
    /// `new`, `open`, `pending`, `hold` or `solved`.
    pub status_category: String,
    /// What agents see.
    pub agent_label: String,
    /// Whether it is in use.
    pub active: bool,
}

/// A brand.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Brand {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Whether it is in use.
    pub active: bool,
}

/// A ticket form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TicketForm {
    /// Its number.
    pub id: i64,
    /// Its name for agents.
    pub name: String,
    /// Whether it is in use.
    pub active: bool,
    /// The fields that it shows, by number.
    pub ticket_field_ids: Vec<i64>,
}

/// A macro (facts §4.1).
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Macro {
    /// Its number.
    pub id: i64,
    /// Its title; not unique. Menus are separated by `::`.
    pub title: String,
    /// What people wrote about it.
    pub description: Option<String>,
    /// Whether it can be used.
    pub active: bool,
    /// What it does.
    pub actions: Vec<Action>,
    /// Who may use it; `None`: everybody.
    pub restriction: Option<Value>,
    /// When it was changed last.
    pub updated_at: Option<Timestamp>,
}

/// A user, as far as the set-up cares.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct User {
    /// Their number; `None` for nobody.
    pub id: Option<i64>,
    /// `admin`, `agent` or `end-user`.
    pub role: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// Whether only agents see what they write, as with a light agent (facts §14).
    pub only_private_comments: Option<bool>,
}

/// A member of staff in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Membership {
    /// Who.
    pub user_id: i64,
    /// Where.
    pub group_id: i64,
}

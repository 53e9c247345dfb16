//! The parts of an account that the set-up checks. Unknown keys are ignored.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::domain::reply::AccountMacro;
use crate::domain::rule::{Conditions, RuleAction, nullable};

/// A list of the account, as far as known. An unreadable list is not an empty one: objects that seem to be missing would be
/// created twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing<T> {
    /// The complete list.
    Read(Vec<T>),
    /// The part of the list that these credentials see.
    Visible(Vec<T>),
    /// Not requested: these credentials have no access.
    NotAsked,
    /// The request failed; the caller reports why.
    Unread,
}

impl<T> Listing<T> {
    /// The elements read; empty if the list was not read.
    pub fn known(&self) -> &[T] {
        match self {
            Self::Read(list) | Self::Visible(list) => list,
            Self::NotAsked | Self::Unread => &[],
        }
    }

    /// Whether an object that is not in it does not exist.
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Read(_))
    }
}

impl<T> Default for Listing<T> {
    fn default() -> Self {
        Self::Read(Vec::new())
    }
}

/// A webhook (facts §1.8). Its secrets are never included.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Webhook {
    /// Its id, as text.
    pub id: String,
    /// Its name; not unique.
    pub name: String,
    /// Free text for admins; ours contains the mark by which the set-up finds the webhook again.
    pub description: Option<String>,
    /// `active` or `inactive`.
    pub status: String,
    /// The URL it calls.
    pub endpoint: String,
    /// `POST`.
    pub http_method: String,
    /// `json`.
    pub request_format: String,
    /// `conditional_ticket_events`, or types of events.
    #[serde(deserialize_with = "nullable")]
    pub subscriptions: Vec<String>,
    /// How it authenticates to us, beside the signature.
    pub authentication: Option<WebhookAuthentication>,
}

/// How a webhook authenticates (facts §1.6).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WebhookAuthentication {
    /// `bearer_token`, `basic_auth` or `api_key`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A trigger (facts §5.1).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Trigger {
    pub id: i64,
    /// Its title; not unique.
    pub title: String,
    pub description: Option<String>,
    pub active: bool,
    /// Its position in the execution order of triggers.
    pub position: Option<i64>,
    /// The id of its category, as text.
    pub category_id: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub conditions: Conditions,
    #[serde(deserialize_with = "nullable")]
    pub actions: Vec<RuleAction>,
}

/// A category of triggers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TriggerCategory {
    /// Its id, as text.
    pub id: String,
    /// Shown to admins; not unique.
    pub name: String,
}

/// A ticket field (facts §5.2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TicketField {
    /// The number that settings, updates and conditions name it by.
    pub id: i64,
    /// `tagger`, `text`, `date` and so on.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its title for agents; not unique.
    pub title: String,
    /// Whether it is in use.
    pub active: bool,
    /// Whether agents must fill it in to solve a ticket.
    #[serde(default)]
    pub required: bool,
    /// The options of a drop-down; other fields may have none.
    #[serde(default, deserialize_with = "nullable")]
    pub custom_field_options: Vec<FieldOption>,
}

/// An option of a drop-down field.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FieldOption {
    /// Keeps the option the same when its name or tag changes.
    pub id: i64,
    /// The displayed name, with menus separated by `::`.
    pub name: String,
    /// Its value, which is a tag of the ticket while it is selected.
    pub value: String,
}

/// A group of agents.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Group {
    pub id: i64,
    pub name: String,
    /// Whether it was deleted; Zendesk lists it nevertheless.
    #[serde(default)]
    pub deleted: bool,
}

/// A macro (facts §4.1).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Macro {
    pub id: i64,
    /// Its title; not unique. Menus are separated by `::`.
    pub title: String,
    pub description: Option<String>,
    /// Whether it can be used.
    pub active: bool,
    #[serde(deserialize_with = "nullable")]
    pub actions: Vec<RuleAction>,
    /// Who may use it; `None`: all agents.
    pub restriction: Option<Value>,
    /// The time of the last edit.
    pub updated_at: Option<Timestamp>,
}

impl Macro {
    /// The macro in the service's form; `None` if Zendesk does not return the time of its last edit.
    pub fn of_account(self) -> Option<AccountMacro> {
        let Self { id, title, active, actions, updated_at, .. } = self;
        Some(AccountMacro { id, title, active, updated_at: updated_at?, actions })
    }
}

/// A view of tickets (facts §5.4).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct View {
    pub id: i64,
    /// Its title; not unique.
    pub title: String,
    pub description: Option<String>,
    /// Whether agents see it.
    pub active: bool,
    /// Which tickets it shows.
    #[serde(deserialize_with = "nullable")]
    pub conditions: Conditions,
    /// Who may see it; `None`: all agents.
    pub restriction: Option<Value>,
}

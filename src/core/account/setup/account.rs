//! What an account has of what we need, reduced to what is looked at. Keys that are not known are passed over.

use serde::Deserialize;

use crate::domain::rule::{Action, Conditions, nullable};

/// A list of the account, as far as it is known. A list that could not be read is no empty list: what seems to be missing would be made
/// twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing<T> {
    /// All that there is.
    Read(Vec<T>),
    /// It was not asked for: these credentials may not look.
    NotAsked,
    /// It was asked for and could not be read; whoever asked tells why.
    Unread,
}

impl<T> Listing<T> {
    /// What was read; nothing where it was not.
    pub fn known(&self) -> &[T] {
        match self {
            Self::Read(list) => list,
            Self::NotAsked | Self::Unread => &[],
        }
    }

    /// Whether what is not in it is not there.
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Read(_))
    }
}

/// An account that has none.
impl<T> Default for Listing<T> {
    fn default() -> Self {
        Self::Read(Vec::new())
    }
}

/// A webhook (facts §1.8). Its secrets are never shown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Webhook {
    /// Its number, as text.
    pub id: String,
    /// Its name; not unique.
    pub name: String,
    /// What people wrote about it.
    pub description: Option<String>,
    /// `active` or `inactive`.
    pub status: String,
    /// Where it goes.
    pub endpoint: String,
    /// `POST`.
    pub http_method: String,
    /// `json`.
    pub request_format: String,
    /// `conditional_ticket_events`, or types of events.
    #[serde(deserialize_with = "nullable")]
    pub subscriptions: Vec<String>,
    /// How it signs in at our door, beside the signature.
    pub authentication: Option<WebhookAuthentication>,
}

/// How a webhook signs in (facts §1.6).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WebhookAuthentication {
    /// `bearer_token`, `basic_auth` or `api_key`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A trigger (facts §5.1).
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Trigger {
    /// Its number.
    pub id: i64,
    /// Its title; not unique.
    pub title: String,
    /// What people wrote about it.
    pub description: Option<String>,
    /// Whether it runs.
    pub active: bool,
    /// Its place in the order in which triggers run.
    pub position: Option<i64>,
    /// The number of its category, as text.
    pub category_id: Option<String>,
    /// When it fires.
    #[serde(deserialize_with = "nullable")]
    pub conditions: Conditions,
    /// What it does then.
    #[serde(deserialize_with = "nullable")]
    pub actions: Vec<Action>,
}

/// A category of triggers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TriggerCategory {
    /// Its number, as text.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A ticket field (facts §5.2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TicketField {
    /// Its number.
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
    /// Of a drop-down; other fields need not have any.
    #[serde(default, deserialize_with = "nullable")]
    pub custom_field_options: Vec<FieldOption>,
}

/// An option of a drop-down field.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FieldOption {
    /// Its number.
    pub id: i64,
    /// What people see, menus separated by `::`.
    pub name: String,
    /// Its value, which is a tag of the ticket while it is chosen.
    pub value: String,
}

/// A group of agents.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Group {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Whether it was deleted; Zendesk shows it nevertheless.
    #[serde(default)]
    pub deleted: bool,
}

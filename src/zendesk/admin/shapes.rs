//! The set-up as Zendesk shows it, reduced to what is looked at. Keys that are not known are passed over.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    #[serde(default)]
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
    pub conditions: Conditions,
    /// What it does then.
    pub actions: Vec<Action>,
}

/// When a trigger fires.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conditions {
    /// Each of these holds.
    pub all: Vec<Condition>,
    /// And one of these, where there are any.
    pub any: Vec<Condition>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// What is looked at.
    pub field: String,
    /// How it is compared. A few conditions have none.
    #[serde(default)]
    pub operator: String,
    /// With what.
    #[serde(default)]
    pub value: Value,
}

/// What a trigger or a macro does (facts §4.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// What is changed.
    pub field: String,
    /// To what.
    #[serde(default)]
    pub value: Value,
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
    /// Of a drop-down.
    #[serde(default)]
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
    #[serde(default)]
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
}

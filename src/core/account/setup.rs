//! The plan of an account's set-up: compares what the service needs with what the account has. Pure; the caller reads the
//! account and carries out the plan.
//!
//! Nothing that we did not create is ever changed. What we create and may change later (webhook, triggers, macros and views
//! for agents) has a marker in its description, which identifies it whatever its name; groups, fields and options are only
//! ever added.

mod account;
mod fields;
mod for_agents;
mod groups;
mod numbers;
mod others;
mod same;
mod spelling;
mod triggers;
mod webhook;

use serde_json::Value;

use super::triggers::Marks;
use crate::domain::policy::Team;

pub use account::{
    FieldOption, Group, Listing, Macro, TicketField, Trigger, TriggerCategory, View, Webhook,
    WebhookAuthentication,
};
pub use fields::{FieldRole, OPTION_NAMES};
pub use numbers::{Numbers, numbers};
pub use others::others;
pub use spelling::{spelling, words_to_look_for};
pub use webhook::{NAME, our_webhook};

/// What the settings and the environment require of an account.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Tags, options, brands and forms.
    pub marks: Marks,
    /// The URL for deliveries; `None`: not known here.
    pub endpoint: Option<String>,
    /// Whether the webhook must also authenticate with a bearer token.
    pub bearer: bool,
    /// The fields with the ids from the settings; fields without an id are looked up by title.
    pub fields: Vec<(FieldRole, Option<i64>)>,
    /// The groups, likewise.
    pub groups: Vec<(Team, Option<i64>)>,
    /// The Zendesk user under which the service writes.
    pub service_user: i64,
}

/// What the account has.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The webhooks; only admins can read them.
    pub webhooks: Listing<Webhook>,
    /// How our webhook's signing secret compares with ours.
    pub secret: Secret,
    /// Categories of triggers; `None`: the account does not support categories.
    pub categories: Option<Listing<TriggerCategory>>,
    /// Triggers, in execution order.
    pub triggers: Listing<Trigger>,
    /// Ticket fields with their options.
    pub fields: Listing<TicketField>,
    /// Groups, including deleted ones.
    pub groups: Listing<Group>,
    /// The ids of the groups that the service's user is in.
    pub memberships: Listing<i64>,
    /// Macros, including personal ones of the user who looks.
    pub macros: Listing<Macro>,
    /// Views, likewise.
    pub views: Listing<View>,
}

/// How the webhook's signing secret compares with the one that the service verifies with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secret {
    /// No secret is configured here.
    #[default]
    NotCompared,
    /// The request for it failed; the caller reports why.
    Unread,
    /// It is the same, or one of two.
    Same,
    /// Deliveries would fail verification.
    Different,
}

/// One required object and its state.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its name for people.
    pub what: String,
    /// Whether it stands as required, and what people do if not.
    pub verdict: Verdict,
    /// The step that establishes it; `None`: nothing is to be done, or a prerequisite is missing.
    pub step: Option<Step>,
}

/// The state of a required object.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Verdict {
    /// As required.
    Good {
        /// Which object it is.
        note: String,
    },
    /// Missing; it will be created.
    Missing {
        /// Its description, line by line.
        lines: Vec<String>,
    },
    /// Ours, but not as required.
    Differs { differences: Vec<Difference> },
    /// Only a person can fix it.
    Manual { why: String, help: String },
    /// Deliberately not checked.
    NotLooked { why: String },
    /// The request for it returned no usable response: its state is unknown.
    Unread {
        /// The response or error.
        why: String,
        help: String,
    },
}

/// A part that is not as required.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// A key of Zendesk's object, or a word for several of them.
    pub part: String,
    /// Its actual value; `None`: absent.
    pub is: Option<String>,
    /// Its required value; `None`: it must be absent.
    pub should_be: Option<String>,
}

/// The kinds of objects that are created or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    /// A group of agents.
    Group,
    Field,
    /// The webhook. Its bearer token is not part of the plan: it is inserted when the request is sent.
    Webhook,
    /// The category of our triggers.
    Category,
    Trigger,
    /// The service's user in a group.
    Membership,
    /// A macro for agents.
    Macro,
    /// A view for agents.
    View,
}

/// One request that brings the account closer to the required state.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Step {
    Create {
        kind: Kind,
        body: Value,
        /// The request body to try if Zendesk rejects the first.
        or: Option<Value>,
    },
    /// Changes an object of ours.
    Change {
        kind: Kind,
        id: String,
        /// The parts that change.
        body: Value,
        /// The request body to try if Zendesk rejects the first.
        or: Option<Value>,
    },
    /// Adds an option to a field.
    AddOption { field_id: i64, name: String, value: String },
}

impl Verdict {
    /// Whether it needs no step.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Good { .. } | Self::NotLooked { .. })
    }
}

/// All required objects, in the order of their creation. Objects of a list that could not be read are omitted.
pub fn plan(wanted: &Wanted, account: &Account) -> Vec<Item> {
    let mut items = groups::items(wanted, account);
    items.extend(fields::items(wanted, account));
    items.extend(webhook::items(wanted, account));
    items.extend(triggers::items(wanted, account));
    items.extend(for_agents::items(wanted, account));
    items
}

/// The marker in the description that identifies an object of ours.
fn marker(role: &str) -> String {
    format!("[misread:{role}]")
}

fn is_marked(description: Option<&str>, role: &str) -> bool {
    description.is_some_and(|text| text.contains(&marker(role)))
}

impl Item {
    /// An object as required.
    pub fn good(what: impl Into<String>, note: impl Into<String>) -> Self {
        good(what.into(), note.into())
    }

    /// An object that a person must fix.
    pub fn wrong(what: impl Into<String>, why: impl Into<String>, help: impl Into<String>) -> Self {
        by_hand(what.into(), why, help)
    }

    /// An object whose request failed.
    pub fn unread(what: impl Into<String>, why: impl Into<String>, help: impl Into<String>) -> Self {
        let verdict = Verdict::Unread { why: why.into(), help: help.into() };
        Self { what: what.into(), verdict, step: None }
    }

    /// An object that is not checked here.
    pub fn not_looked(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), verdict: Verdict::NotLooked { why: why.into() }, step: None }
    }
}

fn good(what: String, note: String) -> Item {
    Item { what, verdict: Verdict::Good { note }, step: None }
}

fn missing(what: String, lines: Vec<String>, step: Option<Step>) -> Item {
    Item { what, verdict: Verdict::Missing { lines }, step }
}

fn by_hand(what: String, why: impl Into<String>, help: impl Into<String>) -> Item {
    Item { what, verdict: Verdict::Manual { why: why.into(), help: help.into() }, step: None }
}

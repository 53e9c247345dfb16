//! What a Zendesk account must have for the service, compared with what it has: the plan of its set-up. Pure; whoever reads the account and
//! carries the plan out stands outside.
//!
//! Nothing that we did not make is ever changed. What we make and may change later (webhook and triggers) carries a marker in its
//! description, by which it is known again whatever people call it; groups, fields and options are only ever added.

mod account;
mod fields;
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
    FieldOption, Group, Listing, TicketField, Trigger, TriggerCategory, Webhook, WebhookAuthentication,
};
pub use fields::{FieldRole, OPTION_NAMES};
pub use numbers::{Numbers, numbers};
pub use others::others;
pub use spelling::{spelling, words_to_look_for};
pub use webhook::{NAME, our_webhook};

/// What the settings and the environment want of an account.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Tags, options, brands and forms.
    pub marks: Marks,
    /// Where deliveries must go; `None`: not known here.
    pub endpoint: Option<String>,
    /// Whether the webhook must sign in with a bearer token as well.
    pub bearer: bool,
    /// Fields whose numbers the settings name; the others are looked for by title.
    pub fields: Vec<(FieldRole, Option<i64>)>,
    /// Groups, likewise.
    pub groups: Vec<(Team, Option<i64>)>,
    /// As whom the service writes.
    pub service_user: i64,
}

/// What the account has.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// Only an admin is asked for them.
    pub webhooks: Listing<Webhook>,
    /// How our webhook's signing secret stands to ours.
    pub secret: Secret,
    /// Categories of triggers; `None`: the account has no such thing, and its triggers are in no category.
    pub categories: Option<Listing<TriggerCategory>>,
    /// Triggers, in the order in which they run.
    pub triggers: Listing<Trigger>,
    /// Ticket fields with their options.
    pub fields: Listing<TicketField>,
    /// Groups, deleted ones too.
    pub groups: Listing<Group>,
    /// The groups that the service's user is in.
    pub memberships: Listing<i64>,
}

/// How the webhook's signing secret stands to the one that the service checks with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secret {
    /// There is none here to compare it with.
    #[default]
    NotCompared,
    /// It was asked for and could not be read; whoever asked tells why.
    Unread,
    /// It is the same, or one of two.
    Same,
    /// It is another.
    Different,
}

/// One thing that should be there, and how it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is, as a person calls it.
    pub what: String,
    /// How it is.
    pub verdict: Verdict,
    /// How to bring it about; `None`: nothing is to be done, or something else must be there first.
    pub step: Option<Step>,
}

/// How something is.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// As it should be.
    Good {
        /// Which one it is.
        note: String,
    },
    /// Not there; this will be made.
    Missing {
        /// What it will be, line by line.
        lines: Vec<String>,
    },
    /// Ours, and not as it should be.
    Differs {
        /// Where.
        differences: Vec<Difference>,
    },
    /// Only a person can mend it.
    ManualReply {
        /// What is wrong.
        why: String,
        /// What to do.
        help: String,
    },
    /// Not looked at, and not meant to be.
    NotLooked {
        /// Why not.
        why: String,
    },
    /// It was asked for, and there was no usable answer: nothing is known of it.
    Unread {
        /// What came instead.
        why: String,
        /// What to do.
        help: String,
    },
}

/// A part that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub part: String,
    /// How it is; `None`: it is not there.
    pub is: Option<String>,
    /// How it should be; `None`: it should not be there.
    pub should_be: Option<String>,
}

/// A kind of thing that is made or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A group of agents.
    Group,
    /// A ticket field.
    Field,
    /// The webhook. Its bearer token is no part of the plan: it is put in on sending.
    Webhook,
    /// The category of our triggers.
    Category,
    /// A trigger.
    Trigger,
    /// The service's user in a group.
    Membership,
}

/// One call that brings the account nearer to what is wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Make something.
    Create {
        /// Of this kind.
        kind: Kind,
        /// As Zendesk wants it told.
        body: Value,
        /// What to tell it where it refuses that.
        or: Option<Value>,
    },
    /// Change something of ours.
    Change {
        /// Of this kind.
        kind: Kind,
        /// Which.
        id: String,
        /// The parts that change.
        body: Value,
        /// What to tell it where it refuses that.
        or: Option<Value>,
    },
    /// Add an option to a field.
    AddOption {
        /// The field's number.
        field_id: i64,
        /// What people see.
        name: String,
        /// The tag.
        value: String,
    },
}

impl Verdict {
    /// Whether nothing is to be done about it.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Good { .. } | Self::NotLooked { .. })
    }
}

/// Everything that should be there, in the order in which it is brought about. Of a list that could not be read nothing is said.
pub fn plan(wanted: &Wanted, account: &Account) -> Vec<Item> {
    let mut items = groups::items(wanted, account);
    items.extend(fields::items(wanted, account));
    items.extend(webhook::items(wanted, account));
    items.extend(triggers::items(wanted, account));
    items
}

/// By what something of ours is known again: it stands in its description.
fn marker(role: &str) -> String {
    format!("[misread:{role}]")
}

fn is_marked(description: Option<&str>, role: &str) -> bool {
    description.is_some_and(|text| text.contains(&marker(role)))
}

impl Item {
    /// Something as it should be.
    pub fn good(what: impl Into<String>, note: impl Into<String>) -> Self {
        good(what.into(), note.into())
    }

    /// Something that a person must mend.
    pub fn wrong(what: impl Into<String>, why: impl Into<String>, help: impl Into<String>) -> Self {
        by_hand(what.into(), why, help)
    }

    /// Something that was asked for and could not be looked at.
    pub fn unread(what: impl Into<String>, why: impl Into<String>, help: impl Into<String>) -> Self {
        let verdict = Verdict::Unread { why: why.into(), help: help.into() };
        Self { what: what.into(), verdict, step: None }
    }

    /// Something that is not looked at here.
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
    Item { what, verdict: Verdict::ManualReply { why: why.into(), help: help.into() }, step: None }
}

#[cfg(test)]
mod tests;

//! Parses a query and matches it with tickets.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::domain::ticket::TicketStatus;
use crate::zendesk::records::{TicketFields, parse_status, status_rank};

/// A parsed query. A ticket matches it if it fits every part.
#[derive(Debug, Default)]
pub(in crate::zendesk) struct Query {
    /// Whether it names the type.
    pub(in crate::zendesk) names_type: bool,
    /// Any of them; empty: all.
    statuses: Vec<TicketStatus>,
    status_bounds: Vec<(Comparison, u8)>,
    /// Any of them; empty: all.
    tags: Vec<String>,
    absent_tags: Vec<String>,
    updated: Vec<(Comparison, Timestamp)>,
    created: Vec<(Comparison, Timestamp)>,
    /// For each field, any of the values.
    fields: BTreeMap<i64, Vec<String>>,
}

/// A term that the search does not support.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox's search does not know {0:?}")]
pub(in crate::zendesk) struct Unsupported(String);

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    fn holds<T: Ord>(self, value: &T, bound: &T) -> bool {
        match self {
            Self::Less => value < bound,
            Self::AtMost => value <= bound,
            Self::Greater => value > bound,
            Self::AtLeast => value >= bound,
        }
    }
}

impl Query {
    /// Parses all terms; `Err`: the first unsupported one.
    pub(in crate::zendesk) fn parse(text: &str) -> Result<Self, Unsupported> {
        let mut query = Self::default();
        for term in terms(text) {
            query.take(&term).ok_or(Unsupported(term))?;
        }
        Ok(query)
    }

    /// Whether a ticket is found.
    pub(super) fn matches(&self, ticket: &TicketFields) -> bool {
        let rank = status_rank(ticket.status);
        let in_time = |bounds: &[(Comparison, Timestamp)], at: Timestamp| {
            bounds.iter().all(|(comparison, bound)| comparison.holds(&at, bound))
        };
        (self.statuses.is_empty() || self.statuses.contains(&ticket.status))
            && self.status_bounds.iter().all(|(comparison, bound)| comparison.holds(&rank, bound))
            && (self.tags.is_empty() || self.tags.iter().any(|tag| ticket.tags.contains(tag)))
            && !self.absent_tags.iter().any(|tag| ticket.tags.contains(tag))
            && in_time(&self.updated, ticket.updated_at)
            && in_time(&self.created, ticket.created_at)
            && self.fields.iter().all(|(id, wanted)| {
                ticket.custom_fields.get(id).is_some_and(|value| wanted.contains(&plain(value)))
            })
    }

    /// Adds one term; `None` if it is not supported.
    fn take(&mut self, term: &str) -> Option<()> {
        let at = term.find([':', '<', '>'])?;
        let (key, rest) = term.split_at(at);
        let (comparison, value) = comparison(rest)?;
        match (key, comparison) {
            ("order_by" | "sort", None) => {}
            ("type", None) if value == "ticket" => self.names_type = true,
            ("status", None) => self.statuses.push(parse_status(value)?),
            ("status", Some(comparison)) => {
                self.status_bounds.push((comparison, status_rank(parse_status(value)?)));
            }
            ("tags", None) => self.tags.push(value.to_lowercase()),
            ("-tags", None) => self.absent_tags.push(value.to_lowercase()),
            ("updated" | "updated_at", Some(comparison)) => {
                self.updated.push((comparison, value.parse().ok()?));
            }
            ("created" | "created_at", Some(comparison)) => {
                self.created.push((comparison, value.parse().ok()?));
            }
            (key, None) if value != "*" => {
                let id = key.strip_prefix("custom_field_")?.parse().ok()?;
                self.fields.entry(id).or_default().push(value.to_owned());
            }
            _ => return None,
        }
        Some(())
    }
}

/// The operator of a value, `None` for `:`, and the value, which is never empty.
fn comparison(rest: &str) -> Option<(Option<Comparison>, &str)> {
    let operators = [
        (":", None),
        ("<=", Some(Comparison::AtMost)),
        ("<", Some(Comparison::Less)),
        (">=", Some(Comparison::AtLeast)),
        (">", Some(Comparison::Greater)),
    ];
    let found = operators.into_iter().find_map(|(sign, operator)| Some((operator, rest.strip_prefix(sign)?)));
    found.filter(|(_, value)| !value.is_empty())
}

/// A query's terms: separated by spaces outside double quotes, which are removed.
fn terms(text: &str) -> Vec<String> {
    let (mut terms, mut quoted) = (vec![String::new()], false);
    for sign in text.chars() {
        match (sign, terms.last_mut()) {
            ('"', _) => quoted = !quoted,
            (blank, _) if blank.is_whitespace() && !quoted => terms.push(String::new()),
            (sign, Some(term)) => term.push(sign),
            (_, None) => {}
        }
    }
    terms.retain(|term| !term.is_empty());
    terms
}

/// A field's value as a query writes it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

//! The values of a ticket object.

use serde_json::Value;

use crate::domain::ticket::TicketStatus;
use crate::zendesk::records::{optional_id, parse_status};
use crate::zendesk::refusal::Refusal;
use crate::zendesk::state::State;
use crate::zendesk::tag_spelling::TagSpelling;

/// The purpose of a ticket object: the accepted keys differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::zendesk) enum Form {
    /// The update of one ticket.
    Single,
    /// An item of a bulk update: `additional_tags` and `remove_tags` work only here (facts §3.5).
    Bulk,
    New,
}

pub(super) fn invalid(field: &'static str, description: &str) -> Refusal {
    Refusal::Invalid {
        field,
        description: format!("{}{}: {description}", field[..1].to_uppercase(), &field[1..]),
        error: "InvalidValue",
    }
}

/// Text, or a number as text; `None` for null and for empty text.
pub(super) fn any_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Only a new ticket can have the status new.
pub(super) fn status(value: &Value, form: Form) -> Result<TicketStatus, Refusal> {
    match value.as_str().and_then(parse_status) {
        Some(TicketStatus::New) if form != Form::New => Err(invalid("status", "is not included in the list")),
        None => Err(invalid("status", "is not included in the list")),
        Some(status) => Ok(status),
    }
}

/// Parses an id that must exist; null and empty text are `None`.
pub(super) fn known(
    field: &'static str,
    value: &Value,
    exists: impl FnOnce(i64) -> bool,
) -> Result<Option<i64>, Refusal> {
    match optional_id(value) {
        Ok(Some(id)) if exists(id) => Ok(Some(id)),
        Ok(None) => Ok(None),
        _ => Err(invalid(field, "is invalid")),
    }
}

pub(super) fn known_user(field: &'static str, value: &Value, state: &State) -> Result<i64, Refusal> {
    let user = known(field, value, |id| state.users.contains_key(&id))?;
    user.ok_or_else(|| invalid(field, "cannot be blank"))
}

/// A macro named in an update.
pub(super) fn known_macro(value: &Value, state: &State) -> Result<Option<i64>, Refusal> {
    known("macro_ids", value, |id| state.macros.contains_key(&id))
}

/// Tags in the account's stored spelling: a list, or one text always separated by spaces (facts §3.5).
pub(in crate::zendesk) fn tags<C: FromIterator<String>>(state: &State, value: &Value) -> Result<C, Refusal> {
    let stored = match value {
        Value::String(text) => TagSpelling::Split.store([text]),
        Value::Array(list) => state.ticket_switches.tag_spelling.store(list.iter().filter_map(Value::as_str)),
        _ => Ok(std::iter::empty().collect()),
    };
    stored.map_err(|problem| invalid("tags", &problem.to_string()))
}

pub(super) fn custom_fields(value: &Value) -> Vec<(i64, Value)> {
    let pairs = value.as_array().into_iter().flatten();
    pairs.filter_map(|pair| Some((optional_id(pair.get("id")?).ok()??, pair.get("value")?.clone()))).collect()
}

//! Parses requests: the record in a body, and flags in a query.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::paging::Parameters;
use crate::zendesk::refusal::Refusal;

/// The record under a key of a body.
pub(super) fn record<T: DeserializeOwned>(body: &[u8], key: &str) -> Result<T, Refusal> {
    let bad = |problem: serde_json::Error| Refusal::BadRequest(problem.to_string());
    let mut body: Value = serde_json::from_slice(body).map_err(bad)?;
    match body.get_mut(key).map(Value::take) {
        Some(record) if !record.is_null() => serde_json::from_value(record).map_err(bad),
        _ => Err(Refusal::BadRequest(format!("Missing parameter: {key}"))),
    }
}

/// The boolean value of a query parameter; `None` if it is neither true nor false, or absent.
pub(super) fn flag(query: &Parameters, key: &str) -> Option<bool> {
    query.get(key).and_then(|word| word.parse().ok())
}

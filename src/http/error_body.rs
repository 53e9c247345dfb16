//! Parses other systems' error bodies in every shape (Zendesk facts §3.11) and keeps only what may be logged.

use serde_json::Value;

/// The longest text accepted as an error or field name.
const LONGEST_WORD: usize = 64;
/// The most field names reported.
const MOST_FIELDS: usize = 10;

/// An error body without its prose, which may quote a customer.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ErrorBody {
    /// The error's name, for example `RecordInvalid` or `state_conflict`.
    pub name: Option<String>,
    /// The invalid fields, each with its error code if there is one.
    pub fields: Vec<String>,
    /// The ids of the ticket fields that must be filled first.
    pub missing_fields: Vec<i64>,
}

impl ErrorBody {
    /// Never fails: HTML, an empty body, or an unknown shape is an error without a name.
    pub fn parse(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let first = &body["errors"][0];
        let candidates = [
            &body["error"],
            &body["error"]["code"],
            &body["error"]["title"],
            &first["code"],
            &first["title"],
        ];
        let (name, details) = (candidates.into_iter().find_map(word), &body["details"]);
        Self { name, fields: fields(details), missing_fields: missing_fields(details) }
    }
}

/// Zendesk reports a field that is required on solving under `base`, with its id in `ticket_field_id`.
fn missing_fields(details: &Value) -> Vec<i64> {
    let mistakes = details["base"].as_array().into_iter().flatten();
    let mut ids: Vec<i64> = mistakes.filter_map(|mistake| mistake["ticket_field_id"].as_i64()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(MOST_FIELDS);
    ids
}

fn fields(details: &Value) -> Vec<String> {
    let fields = details.as_object().into_iter().flatten();
    let told = fields.filter_map(|(field, mistakes)| {
        let field = identifier(field)?;
        Some(match word(&mistakes[0]["error"]) {
            Some(mistake) => format!("{field}: {mistake}"),
            None => field.to_owned(),
        })
    });
    told.take(MOST_FIELDS).collect()
}

/// The errors in the other system's own words, one sentence each. They may quote the request: only for calls without
/// customer data.
pub fn prose(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let details = body["details"].as_object().into_iter().flat_map(|fields| fields.values());
    let details = details.flat_map(|mistakes| mistakes.as_array().into_iter().flatten());
    let listed = body["errors"].as_array().into_iter().flatten();
    let sentences = details.map(|one| &one["description"]).chain(listed.map(|one| &one["title"]));
    let mut told: Vec<&str> = sentences.filter_map(Value::as_str).take(MOST_FIELDS).collect();
    if told.is_empty() {
        told.extend(body["description"].as_str());
    }
    (!told.is_empty()).then(|| told.join("; "))
}

fn word(value: &Value) -> Option<String> {
    value.as_str().and_then(identifier).map(str::to_owned)
}

/// The text if it is an identifier; sentences, names, addresses and plates are not.
fn identifier(text: &str) -> Option<&str> {
    let fits = (1..=LONGEST_WORD).contains(&text.len());
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    (fits && plain).then_some(text)
}

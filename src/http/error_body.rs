//! Parses other systems' error bodies in every shape (Zendesk facts §3.11) and keeps only what may be logged.

use serde_json::Value;

/// The longest text accepted as an error or field name.
const LONGEST_WORD: usize = 64;
/// The most field names reported.
const MOST_FIELDS: usize = 10;

/// An error body without its prose, which may quote a customer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ErrorBody {
    /// The error's name, for example `RecordInvalid` or `state_conflict`.
    pub(super) name: Option<String>,
    /// The invalid fields, each with its error code if there is one.
    pub(super) fields: Vec<String>,
    /// The ids of the ticket fields that must be filled first.
    pub(super) missing_fields: Vec<i64>,
}

impl ErrorBody {
    /// Never fails: HTML, an empty body, or an unknown shape is an error without a name.
    pub(super) fn parse(body: &[u8]) -> Self {
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
pub(super) fn prose(body: &[u8]) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> (Option<String>, Vec<String>) {
        let error = ErrorBody::parse(body.as_bytes());
        (error.name, error.fields)
    }

    #[test]
    fn every_shape_that_zendesk_sends_is_understood() {
        let named = |name: &str| (Some(name.to_owned()), Vec::new());
        assert_eq!(parse(r#"{"error":"RecordNotFound","description":"Not found"}"#), named("RecordNotFound"));
        assert_eq!(parse(r#"{"error":{"title":"Forbidden","message":"You may not"}}"#), named("Forbidden"));
        assert_eq!(
            parse(r#"{"errors":[{"code":"TriggerNotFound","title":"Not here"}]}"#),
            named("TriggerNotFound")
        );
        assert_eq!(
            parse(r#"{"error":"invalid_token","error_description":"expired"}"#),
            named("invalid_token")
        );
        assert_eq!(
            parse(
                r#"{"error":"RecordInvalid","description":"Record validation errors","details":
                {"360000000001":[{"description":"홍길동","error":"BlankValue"}],"status":[{"description":"x"}],"12가3456":[]}}"#
            ),
            (
                Some("RecordInvalid".to_owned()),
                vec!["360000000001: BlankValue".to_owned(), "status".to_owned()]
            )
        );
    }

    #[test]
    fn fields_that_must_be_filled_are_told_by_number_and_once() {
        let body = r#"{"error":"RecordInvalid","details":{"base":[
            {"description":"환불 사유: is required","error":null,"ticket_field_id":73,"ticket_field_type":"FieldText"},
            {"description":"x","ticket_field_id":72},{"description":"y","ticket_field_id":"72"},{"ticket_field_id":73}]}}"#;
        let error = ErrorBody::parse(body.as_bytes());
        assert_eq!((error.fields, error.missing_fields), (vec!["base".to_owned()], vec![72, 73]));
    }

    #[test]
    fn the_other_system_s_own_words_are_there_for_who_may_read_them() {
        let said = |body: &str| prose(body.as_bytes());
        let invalid = r#"{"error":"RecordInvalid","description":"Record validation errors","details":
            {"base":[{"description":"Invalid value"}],"title":[{"description":"Title: cannot be blank"}]}}"#;
        assert_eq!(said(invalid).as_deref(), Some("Invalid value; Title: cannot be blank"));
        let listed = r#"{"errors":[{"code":"InvalidWebhook","title":"name is invalid"}]}"#;
        assert_eq!(said(listed).as_deref(), Some("name is invalid"));
        let plain = r#"{"error":"Forbidden","description":"You are missing the scope"}"#;
        assert_eq!(said(plain).as_deref(), Some("You are missing the scope"));
        assert_eq!((said("<html>"), said("{}")), (None, None));
    }

    #[test]
    fn prose_html_and_nothing_are_errors_without_a_name() {
        for body in [
            "",
            "null",
            "[]",
            "<html><h1>502 Bad Gateway</h1></html>",
            r#"{"error":"Couldn't authenticate you"}"#,
            r#"{"error":"12가3456"}"#,
            r#"{"error":{"title":"No help desk at acme.example.com"}}"#,
            r#"{"errors":[]}"#,
            r#"{"details":"text"}"#,
        ] {
            assert_eq!(parse(body), (None, Vec::new()), "{body}");
        }
    }
}

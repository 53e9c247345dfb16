//! The errors of a record, field by field: the `details` of a 422 (facts §3.7, §3.11).

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::Refusal;

/// Collects all errors of a record.
#[derive(Debug, Default)]
pub(in crate::zendesk) struct Flaws(Map<String, Value>);

impl Flaws {
    /// A record with one error.
    pub(in crate::zendesk) fn only(field: &str, description: &str, error: &str) -> Refusal {
        let mut flaws = Self::default();
        flaws.add(field, description, error);
        flaws.into_refusal()
    }

    /// Adds an error of a field; `base` means the record as a whole.
    pub(in crate::zendesk) fn add(&mut self, field: &str, description: &str, error: &str) {
        self.push(field, json!({ "description": description, "error": error }));
    }

    /// Adds an error of the record as a whole, as text only.
    pub(in crate::zendesk) fn base(&mut self, description: &str) {
        self.push("base", json!({ "description": description }));
    }

    /// Adds an error of a ticket's field value.
    pub(in crate::zendesk) fn of_field(&mut self, problem: &str, title: &str, id: i64, class: &str) {
        let description = format!("{title}: {problem}");
        self.push(
            "base",
            json!({ "description": description, "error": null, "ticket_field_id": id, "ticket_field_type": class }),
        );
    }

    fn push(&mut self, field: &str, flaw: Value) {
        if let Value::Array(flaws) = self.0.entry(field).or_insert_with(|| json!([])) {
            flaws.push(flaw);
        }
    }

    /// A refusal, if there is an error.
    pub(in crate::zendesk) fn into_result(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into_refusal()) }
    }

    fn into_refusal(self) -> Refusal {
        let body =
            json!({ "error": "RecordInvalid", "description": "Record validation errors", "details": self.0 });
        Refusal::Whole(StatusCode::UNPROCESSABLE_ENTITY, body)
    }
}

/// The form of newer endpoints: `{"errors":[{"code","title"}]}`.
pub(in crate::zendesk) fn listed(status: StatusCode, code: &str, title: &str) -> Refusal {
    Refusal::Whole(status, json!({ "errors": [{ "code": code, "title": title }] }))
}

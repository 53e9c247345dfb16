//! What was sent and what came back: what the API tells of invocations and attempts (facts §1.3, §1.8).

use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{AttemptOutcome, Invocation, InvocationStatus};

/// So many attempts are remembered.
const MOST: usize = 10_000;

/// One attempt as it went over the wire.
#[derive(Clone, Debug)]
pub(in crate::sandbox::zendesk) struct Exchange {
    pub(in crate::sandbox::zendesk) invocation_id: String,
    pub(in crate::sandbox::zendesk) at: Timestamp,
    pub(in crate::sandbox::zendesk) outcome: AttemptOutcome,
    pub(in crate::sandbox::zendesk) request_headers: Vec<(String, String)>,
    pub(in crate::sandbox::zendesk) request_body: String,
    pub(in crate::sandbox::zendesk) response_headers: Vec<(String, String)>,
    pub(in crate::sandbox::zendesk) response_body: String,
}

/// The latest attempts, oldest first.
#[derive(Debug, Default)]
pub(in crate::sandbox::zendesk) struct ExchangeLog(VecDeque<Exchange>);

impl ExchangeLog {
    pub(in crate::sandbox::zendesk) fn push(&mut self, exchange: Exchange) {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(exchange);
    }

    pub(in crate::sandbox::zendesk) fn of<'a>(
        &'a self,
        invocation_id: &'a str,
    ) -> impl Iterator<Item = &'a Exchange> {
        self.0.iter().filter(move |exchange| exchange.invocation_id == invocation_id)
    }
}

/// `[{"key","value"}]`
pub(in crate::sandbox::zendesk) fn header_list(headers: &[(String, String)]) -> Value {
    headers.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

impl Exchange {
    /// As `attempts` lists it. The id is the webhook's, as recorded.
    pub(in crate::sandbox::zendesk) fn json(&self, webhook_id: &str) -> Value {
        let mut shown = Map::new();
        shown.insert("id".to_owned(), json!(webhook_id));
        shown.insert("invocation_id".to_owned(), json!(self.invocation_id));
        if let AttemptOutcome::Answered { status, .. } = self.outcome {
            shown.insert("status_code".to_owned(), json!(status));
            let response =
                json!({ "headers": header_list(&self.response_headers), "payload": self.response_body });
            shown.insert("response".to_owned(), response);
        }
        shown.insert("status".to_owned(), json!(word(self.outcome)));
        let request = json!({ "headers": header_list(&self.request_headers), "payload": self.request_body });
        shown.insert("request".to_owned(), request);
        shown.insert("completed_at".to_owned(), json!(self.at));
        Value::Object(shown)
    }
}

fn word(outcome: AttemptOutcome) -> &'static str {
    if outcome.is_success() { "success" } else { "terminated" }
}

impl Invocation {
    /// As `invocations` lists it: only those that were tried.
    pub(in crate::sandbox::zendesk) fn json(&self) -> Option<Value> {
        let last = self.attempts.last()?;
        let mut shown = Map::new();
        shown.insert("id".to_owned(), json!(self.id));
        if let AttemptOutcome::Answered { status, .. } = last.outcome {
            shown.insert("status_code".to_owned(), json!(status));
        }
        let status = match self.status {
            InvocationStatus::Waiting => "retrying",
            _ => word(last.outcome),
        };
        shown.insert("status".to_owned(), json!(status));
        shown.insert("latest_completed_at".to_owned(), json!(last.at));
        Some(Value::Object(shown))
    }
}

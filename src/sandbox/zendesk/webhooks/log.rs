//! The log of requests and responses: the API's data of invocations and attempts (facts §1.3, §1.8).

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::{Attempt, AttemptOutcome, Invocation};

/// The most attempts stored.
const MOST: usize = 10_000;

/// One attempt on the wire.
#[derive(Clone, Debug)]
pub(in crate::zendesk) struct Exchange {
    pub(in crate::zendesk) invocation_id: String,
    pub(in crate::zendesk) request_headers: Vec<(String, String)>,
    pub(in crate::zendesk) request_body: String,
    /// Headers and body, if there was a response.
    pub(in crate::zendesk) response: Option<(Vec<(String, String)>, String)>,
}

/// The latest attempts, oldest first.
#[derive(Debug, Default)]
pub(in crate::zendesk) struct ExchangeLog(VecDeque<Exchange>);

impl ExchangeLog {
    pub(in crate::zendesk) fn push(&mut self, exchange: Exchange) {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(exchange);
    }

    pub(in crate::zendesk) fn of<'a>(&'a self, invocation_id: &'a str) -> impl Iterator<Item = &'a Exchange> {
        self.0.iter().filter(move |exchange| exchange.invocation_id == invocation_id)
    }
}

/// `[{"key","value"}]`
pub(in crate::zendesk) fn header_list(headers: &[(String, String)]) -> Value {
    headers.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

/// The API's word for an outcome. Only those of failures were recorded.
fn word(outcome: AttemptOutcome) -> &'static str {
    match outcome {
        outcome if outcome.is_success() => "success",
        AttemptOutcome::CircuitBroken => "circuit broken",
        _ => "terminated",
    }
}

impl Attempt {
    /// Its form in `attempts`, with the request and response if there are any. The id is the webhook's, as recorded.
    pub(in crate::zendesk) fn json(&self, invocation: &Invocation, exchange: Option<&Exchange>) -> Value {
        let mut shown = json!({ "id": invocation.webhook_id, "invocation_id": invocation.id,
            "status": word(self.outcome), "completed_at": self.at });
        if let AttemptOutcome::Answered { status, .. } = self.outcome {
            shown["status_code"] = json!(status);
        }
        if let Some(exchange) = exchange {
            let (headers, body) = (header_list(&exchange.request_headers), &exchange.request_body);
            shown["request"] = json!({ "headers": headers, "payload": body });
            if let Some((headers, body)) = &exchange.response {
                shown["response"] = json!({ "headers": header_list(headers), "payload": body });
            }
        }
        shown
    }
}

impl Invocation {
    /// Its form in `invocations`: only those with an attempt.
    pub(in crate::zendesk) fn json(&self) -> Option<Value> {
        let last = self.attempts.last()?;
        let mut shown =
            json!({ "id": self.id, "status": word(last.outcome), "latest_completed_at": last.at });
        if let AttemptOutcome::Answered { status, .. } = last.outcome {
            shown["status_code"] = json!(status);
        }
        Some(shown)
    }
}

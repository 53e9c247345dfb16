//! `Idempotency-Key` on `POST /tickets`, the only endpoint that knows it (facts §3.8).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::refusal::Refusal;

/// A key is remembered for so long.
const LIFE: SignedDuration = SignedDuration::from_hours(2);
/// Longer keys are refused.
const LONGEST_KEY: usize = 255;

/// The keys that were used, with what they were used for. One request is worked at a time, so none is ever met in progress.
#[derive(Debug, Default)]
pub(super) struct IdempotencyKeys(BTreeMap<String, Used>);

#[derive(Debug)]
struct Used {
    at: Timestamp,
    request: Vec<u8>,
    answer: Value,
}

impl IdempotencyKeys {
    /// The answer that the same request got; `None` for a key that is new. The same key with another request is refused.
    pub(super) fn look_up(
        &mut self,
        key: &str,
        request: &[u8],
        now: Timestamp,
    ) -> Result<Option<Value>, Refusal> {
        if key.len() > LONGEST_KEY {
            return Err(Refusal::BadRequest(format!("Idempotency-Key is longer than {LONGEST_KEY}")));
        }
        self.0.retain(|_, used| now.duration_since(used.at) < LIFE);
        match self.0.get(key) {
            None => Ok(None),
            Some(used) if used.request == request => Ok(Some(used.answer.clone())),
            Some(_) => Err(Refusal::OtherRequestWithThisKey),
        }
    }

    /// Remembers what a request was answered. Requests that were refused are not remembered.
    pub(super) fn remember(&mut self, key: String, request: Vec<u8>, answer: Value, now: Timestamp) {
        self.0.insert(key, Used { at: now, request, answer });
    }
}

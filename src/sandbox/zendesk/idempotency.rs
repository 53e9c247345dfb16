//! `Idempotency-Key` on `POST /tickets`, the only endpoint that supports it (facts §3.8).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::refusal::Refusal;

/// How long a key is remembered.
const LIFE: SignedDuration = SignedDuration::from_hours(2);
/// Longer keys are rejected.
const LONGEST_KEY: usize = 255;

/// The used keys with their requests. Requests are handled one at a time, so none is ever found in progress.
#[derive(Debug, Default)]
pub(super) struct IdempotencyKeys(BTreeMap<String, Used>);

#[derive(Debug)]
struct Used {
    at: Timestamp,
    request: Vec<u8>,
    answer: Value,
}

impl IdempotencyKeys {
    /// The earlier response to the same request; `None` for a new key. The same key with another request is rejected.
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

    /// Stores the response to a request. Rejected requests are not stored.
    pub(super) fn remember(&mut self, key: String, request: Vec<u8>, answer: Value, now: Timestamp) {
        self.0.insert(key, Used { at: now, request, answer });
    }
}

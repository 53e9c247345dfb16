//! The rate limit headers, in the spelling of the recordings of 2024.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use super::{Endpoint, MINUTE, RateLimits, Windows};

/// Writes an endpoint's limit: `total=…; remaining=…; resets=…`.
pub(in crate::zendesk) fn write_endpoint(
    name: &str,
    [total, remaining, resets]: [usize; 3],
    headers: &mut HeaderMap,
) {
    let text = format!("total={total}; remaining={remaining}; resets={resets}");
    let name = HeaderName::try_from(format!("zendesk-ratelimit-{name}"));
    if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&text)) {
        headers.insert(name, value);
    }
}

impl Windows {
    /// Writes the account's headers and those of the endpoint. For the webhooks API, its own limit is in the account's
    /// headers.
    pub(in crate::zendesk) fn write_headers(
        &mut self,
        limits: RateLimits,
        endpoint: Option<Endpoint>,
        now: Timestamp,
        headers: &mut HeaderMap,
    ) {
        let mut room = |endpoint: Endpoint| {
            let limit = endpoint.limit(limits)?;
            let (used, resets) = self.of_endpoint(endpoint).used(MINUTE, now);
            Some([limit, limit.saturating_sub(used), usize::try_from(resets).unwrap_or_default()])
        };
        if endpoint == Some(Endpoint::Webhooks) {
            if let Some([limit, left, _]) = room(Endpoint::Webhooks) {
                headers.insert("x-rate-limit", HeaderValue::from(limit));
                headers.insert("x-rate-limit-remaining", HeaderValue::from(left));
            }
            return;
        }
        if let Some(endpoint) = endpoint
            && let Some(room) = room(endpoint)
        {
            write_endpoint(endpoint.name(), room, headers);
        }
        if let Some(limit) = limits.requests_per_minute {
            let (used, resets) = self.requests.used(MINUTE, now);
            let left = limit.saturating_sub(used);
            headers.insert("x-rate-limit", HeaderValue::from(limit));
            headers.insert("x-rate-limit-remaining", HeaderValue::from(left));
            headers.insert("ratelimit-limit", HeaderValue::from(limit));
            headers.insert("ratelimit-remaining", HeaderValue::from(left));
            headers.insert("ratelimit-reset", HeaderValue::from(resets));
        }
    }
}

//! The rate limit headers.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Endpoint, MINUTE, RateLimits, Windows};

/// The spelling of the headers: recordings of 2023 have the older form, those of 2024 the newer one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderSpelling {
    /// `rate-limit-remaining`, `zendesk-rate-limit-tickets-update`
    Older,
    /// `ratelimit-remaining`, `zendesk-ratelimit-tickets-update`
    #[default]
    Newer,
}

impl HeaderSpelling {
    /// The headers of the account's limit: its size, the rest, and the time until the reset.
    fn of_account(self) -> [&'static str; 3] {
        match self {
            Self::Older => ["rate-limit", "rate-limit-remaining", "rate-limit-reset"],
            Self::Newer => ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"],
        }
    }

    /// Writes an endpoint's limit: `total=…; remaining=…; resets=…`.
    pub(in crate::zendesk) fn write_endpoint(
        self,
        name: &str,
        [total, remaining, resets]: [usize; 3],
        headers: &mut HeaderMap,
    ) {
        let prefix = match self {
            Self::Older => "zendesk-rate-limit",
            Self::Newer => "zendesk-ratelimit",
        };
        let text = format!("total={total}; remaining={remaining}; resets={resets}");
        let name = HeaderName::try_from(format!("{prefix}-{name}"));
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&text)) {
            headers.insert(name, value);
        }
    }
}

impl Windows {
    /// Writes the account's headers and those of the endpoint. For the webhooks API, its own limit is in the account's
    /// headers.
    pub(in crate::zendesk) fn write_headers(
        &mut self,
        limits: RateLimits,
        spelling: HeaderSpelling,
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
            spelling.write_endpoint(endpoint.name(), room, headers);
        }
        if let Some(limit) = limits.requests_per_minute {
            let (used, resets) = self.requests.used(MINUTE, now);
            let left = limit.saturating_sub(used);
            headers.insert("x-rate-limit", HeaderValue::from(limit));
            headers.insert("x-rate-limit-remaining", HeaderValue::from(left));
            let [limit_name, left_name, resets_name] = spelling.of_account();
            headers.insert(limit_name, HeaderValue::from(limit));
            headers.insert(left_name, HeaderValue::from(left));
            headers.insert(resets_name, HeaderValue::from(resets));
        }
    }
}

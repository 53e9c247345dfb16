//! Zendesk's rate limits, enforced on the sandbox's clock (facts §7).

use std::collections::{BTreeMap, VecDeque};

use axum::http::{HeaderMap, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const TEN_MINUTES: SignedDuration = SignedDuration::from_mins(10);

/// How many requests are let through; `None` switches a limit off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLimits {
    /// All API requests of the account in a minute.
    pub requests_per_minute: Option<usize>,
    /// Ticket updates of the account in a minute.
    pub updates_per_minute: Option<usize>,
    /// Updates of one ticket by one user in ten minutes.
    pub updates_per_ticket: Option<usize>,
}

impl RateLimits {
    /// Those of a Suite Enterprise account: 700, 100 and 30.
    pub const ZENDESK: Self =
        Self { requests_per_minute: Some(700), updates_per_minute: Some(100), updates_per_ticket: Some(30) };
    /// None.
    pub const OFF: Self =
        Self { requests_per_minute: None, updates_per_minute: None, updates_per_ticket: None };
}

/// What happened within the last minutes.
#[derive(Debug, Default)]
pub(super) struct Windows {
    requests: Window,
    updates: Window,
    by_user_and_ticket: BTreeMap<(i64, i64), Window>,
}

/// A limit was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LimitHit {
    /// Whole seconds until there is room again; at least 1.
    pub(super) retry_after: i64,
    pub(super) description: &'static str,
}

/// The times of what was let through, oldest first.
#[derive(Debug, Default)]
struct Window(VecDeque<Timestamp>);

impl Window {
    /// Forgets what is older than `length`, and tells how many are left and when the oldest of them goes.
    fn used(&mut self, length: SignedDuration, now: Timestamp) -> (usize, i64) {
        while self.0.front().is_some_and(|oldest| now.duration_since(*oldest) >= length) {
            self.0.pop_front();
        }
        let resets = self.0.front().map_or(length, |oldest| length - now.duration_since(*oldest));
        (self.0.len(), resets.as_secs() + i64::from(resets.subsec_nanos() > 0))
    }

    fn room(
        &mut self,
        limit: Option<usize>,
        length: SignedDuration,
        now: Timestamp,
        description: &'static str,
    ) -> Result<(), LimitHit> {
        let (used, resets) = self.used(length, now);
        match limit {
            Some(limit) if used >= limit => Err(LimitHit { retry_after: resets.max(1), description }),
            _ => Ok(()),
        }
    }
}

impl Windows {
    /// Counts an API request, or refuses it. What is refused does not count.
    pub(super) fn request(&mut self, limits: RateLimits, now: Timestamp) -> Result<(), LimitHit> {
        let description = "Number of allowed API requests per minute exceeded";
        self.requests.room(limits.requests_per_minute, MINUTE, now, description)?;
        self.requests.0.push_back(now);
        Ok(())
    }

    /// Counts a ticket update, or refuses it.
    pub(super) fn update(
        &mut self,
        limits: RateLimits,
        user_id: i64,
        ticket_id: i64,
        now: Timestamp,
    ) -> Result<(), LimitHit> {
        let for_ticket = self.by_user_and_ticket.entry((user_id, ticket_id)).or_default();
        let description = "Rate limit for ticket updates exceeded, please wait before trying again";
        for_ticket.room(limits.updates_per_ticket, TEN_MINUTES, now, description)?;
        self.updates.room(limits.updates_per_minute, MINUTE, now, description)?;
        for_ticket.0.push_back(now);
        self.updates.0.push_back(now);
        Ok(())
    }

    /// Counts an update in the agent interface: it takes room from the API, but is never refused.
    pub(super) fn update_by_person(&mut self, now: Timestamp) {
        self.updates.0.push_back(now);
    }

    /// The headers that tell a client how much room is left: the old, the newer and the per-endpoint spelling.
    pub(super) fn write_headers(
        &mut self,
        limits: RateLimits,
        update: bool,
        now: Timestamp,
        headers: &mut HeaderMap,
    ) {
        if let Some(limit) = limits.requests_per_minute {
            let (used, resets) = self.requests.used(MINUTE, now);
            let left = limit.saturating_sub(used);
            headers.insert("x-rate-limit", HeaderValue::from(limit));
            headers.insert("x-rate-limit-remaining", HeaderValue::from(left));
            headers.insert("ratelimit-limit", HeaderValue::from(limit));
            headers.insert("ratelimit-remaining", HeaderValue::from(left));
            headers.insert("ratelimit-reset", HeaderValue::from(resets));
        }
        if let (true, Some(limit)) = (update, limits.updates_per_minute) {
            let (used, resets) = self.updates.used(MINUTE, now);
            let text = format!("total={limit}; remaining={}; resets={resets}", limit.saturating_sub(used));
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert("zendesk-ratelimit-tickets-update", value);
            }
        }
    }
}

//! The account's rate limits in the headers of its responses (facts §7).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::domain::moment::later;
use crate::http::ApiResponse;

/// All requests of the account.
pub(super) const REQUESTS: &str = "requests";
/// Single ticket updates.
pub(super) const UPDATES: &str = "tickets-update";
/// Jobs that are queued or running.
pub(super) const JOBS: &str = "inflight-jobs";

/// The window in which requests count, in seconds.
const MINUTE: u32 = 60;
/// The longest window, in seconds.
const LONGEST: u32 = 600;
/// The two spellings of the headers for a kind of request.
const PREFIXES: [&str; 2] = ["zendesk-rate-limit-", "zendesk-ratelimit-"];

/// One limit as last reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The requests allowed per minute (for jobs: concurrently).
    pub total: u32,
    /// The requests left before the reset, for all clients together.
    pub remaining: u32,
    /// The time of the reset.
    pub resets_at: Timestamp,
}

impl RateLimit {
    /// Our part of `total` for this percentage.
    pub(super) fn ours(&self, percent: u32) -> u32 {
        u32::try_from(u64::from(self.total) * u64::from(percent) / 100).unwrap_or(u32::MAX)
    }

    /// The part of `total` left to others.
    pub(super) fn others(&self, percent: u32) -> u32 {
        self.total - self.ours(percent).min(self.total)
    }

    /// How long to wait if only the others' part is left; `None`: there is room.
    pub fn wait(&self, percent: u32, now: Timestamp) -> Option<SignedDuration> {
        let wait = self.resets_at.duration_since(now);
        (self.remaining <= self.others(percent) && wait.is_positive()).then_some(wait)
    }

    /// This reading, if it is the later one. Responses arrive out of order: before the reset, a slightly higher number is an older one
    /// and would allow what has been sent already.
    #[must_use]
    pub fn after(self, before: Option<Self>, now: Timestamp) -> Self {
        let is_older = |before: &Self| {
            let higher = before.remaining..before.remaining.saturating_add(self.total / 10);
            before.resets_at > now && before.total == self.total && higher.contains(&self.remaining)
        };
        before.filter(is_older).unwrap_or(self)
    }
}

/// All limits in this response, by name. `before`: the last known state of [`REQUESTS`].
pub(super) fn read(
    answer: &ApiResponse,
    before: Option<RateLimit>,
    now: Timestamp,
) -> BTreeMap<&str, RateLimit> {
    let kinds = PREFIXES.into_iter().flat_map(|prefix| answer.headers_of(prefix));
    let kinds = kinds.filter_map(|(name, text)| Some((name, parse(text, now)?)));
    let requests = requests(answer, before, now).map(|rate_limit| (REQUESTS, rate_limit));
    requests.into_iter().chain(kinds).collect()
}

/// The limit of all requests. If the response has no reset time, that of `before` applies while the remaining number
/// decreases: the counted minute had begun by then.
fn requests(answer: &ApiResponse, before: Option<RateLimit>, now: Timestamp) -> Option<RateLimit> {
    let number = |name: &str| answer.header(name)?.trim().parse::<u32>().ok();
    let first = |names: &[&str]| names.iter().find_map(|name| number(name));
    let total = first(&["ratelimit-limit", "x-rate-limit", "rate-limit"])?;
    let remaining = first(&["ratelimit-remaining", "x-rate-limit-remaining", "rate-limit-remaining"])?;
    if let Some(resets) = first(&["ratelimit-reset", "rate-limit-reset"]) {
        return Some(rate_limit(total, remaining, resets, now).after(before, now));
    }
    let same_minute = |before: &RateLimit| {
        before.resets_at > now && before.total == total && remaining < before.remaining + total / 10
    };
    let begins_now = rate_limit(total, remaining, MINUTE, now);
    let same = before.filter(same_minute).map_or(begins_now, |before| RateLimit { remaining, ..before });
    Some(same.after(before, now))
}

/// `total=100; remaining=99; resets=41`
pub fn parse(text: &str, now: Timestamp) -> Option<RateLimit> {
    let value = |name: &str| {
        let mut pairs = text.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == name)?.1.trim().parse::<u32>().ok()
    };
    Some(rate_limit(value("total")?, value("remaining")?, value("resets")?, now))
}

fn rate_limit(total: u32, remaining: u32, resets: u32, now: Timestamp) -> RateLimit {
    let resets_at = later(now, SignedDuration::from_secs(resets.min(LONGEST).into()));
    RateLimit { total, remaining, resets_at }
}

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
pub(super) struct RateLimit {
    /// The requests allowed per minute (for jobs: concurrently).
    pub(super) total: u32,
    /// The requests left before the reset, for all clients together.
    pub(super) remaining: u32,
    /// The time of the reset.
    pub(super) resets_at: Timestamp,
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
    pub(super) fn wait(&self, percent: u32, now: Timestamp) -> Option<SignedDuration> {
        let wait = self.resets_at.duration_since(now);
        (self.remaining <= self.others(percent) && wait.is_positive()).then_some(wait)
    }

    /// This reading, if it is the later one. Responses arrive out of order: before the reset, a slightly higher number is an older one
    /// and would allow what has been sent already.
    pub(super) fn after(self, before: Option<Self>, now: Timestamp) -> Self {
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
fn parse(text: &str, now: Timestamp) -> Option<RateLimit> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + second).unwrap()
    }

    #[test]
    fn a_limit_of_one_kind_is_read_in_any_order_and_nonsense_is_nothing() {
        let limit = RateLimit { total: 20, remaining: 19, resets_at: at(59) };
        assert_eq!(parse("total=20; remaining=19; resets=59", at(0)), Some(limit));
        assert_eq!(parse("resets=59;remaining=19;total=20;more=1", at(0)), Some(limit));
        let far = parse("total=20; remaining=0; resets=4294967295", at(0)).unwrap();
        assert_eq!(far.resets_at, at(600), "no nonsense stops the service for years");
        for text in [
            "",
            "total=20; remaining=19",
            "total=x; remaining=1; resets=1",
            "total=-1; remaining=1; resets=1",
        ] {
            assert_eq!(parse(text, at(0)), None, "{text}");
        }
    }

    #[test]
    fn of_two_readings_the_lower_one_is_the_later_until_the_reset() {
        let limit = |remaining, resets| RateLimit { total: 100, remaining, resets_at: at(resets) };
        let (before, now) = (Some(limit(40, 30)), at(0));
        assert_eq!(limit(43, 31).after(before, now), limit(40, 30), "an older response came later");
        assert_eq!(limit(39, 31).after(before, now), limit(39, 31));
        assert_eq!(limit(99, 60).after(before, now), limit(99, 60), "the account was reset early");
        assert_eq!(limit(43, 90).after(before, at(30)), limit(43, 90), "it was reset");
        assert_eq!(limit(43, 60).after(None, now), limit(43, 60));
    }

    #[test]
    fn the_share_of_others_is_left_to_them_until_the_reset() {
        let limit = |remaining| RateLimit { total: 100, remaining, resets_at: at(30) };
        assert_eq!(limit(21).wait(80, at(0)), None);
        assert_eq!(limit(20).wait(80, at(0)), Some(SignedDuration::from_secs(30)));
        assert_eq!(limit(0).wait(80, at(30)), None, "it was reset");
        assert_eq!(limit(1).wait(100, at(0)), None);
        assert_eq!(limit(0).wait(100, at(0)), Some(SignedDuration::from_secs(30)));
    }
}

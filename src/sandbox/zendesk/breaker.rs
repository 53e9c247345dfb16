//! A webhook's circuit breaker (facts §1.4): a webhook that fails too often is paused.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

/// The span of requests that count.
const WINDOW: SignedDuration = SignedDuration::from_mins(5);
/// It opens if this percentage fails…
const FAILING_PERCENT: usize = 70;
/// …of at least this many. Zendesk specifies no number; fewer would stop a webhook for a short disturbance.
const AT_LEAST: usize = 10;
/// It also opens if more than this many fail, whatever the percentage.
const MOST_FAILURES: usize = 1000;
/// The pause; then requests are sent again (facts §1.4: not certain).
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// The breaker of one webhook.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    /// When a request ended, and whether it failed; oldest first.
    recent: VecDeque<(Timestamp, bool)>,
    failed: usize,
    open_until: Option<Timestamp>,
}

impl Breaker {
    /// The end of the pause, if it is open.
    pub(super) fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.open_until.filter(|until| now < *until)
    }

    /// Records the end of a request. When that opens the breaker, the counts restart: after the pause a webhook gets a new
    /// chance.
    pub(super) fn record(&mut self, failed: bool, now: Timestamp) {
        self.recent.push_back((now, failed));
        self.failed += usize::from(failed);
        while let Some((at, failed)) = self.recent.front().copied()
            && now.duration_since(at) >= WINDOW
        {
            self.recent.pop_front();
            self.failed -= usize::from(failed);
        }
        let count = self.recent.len();
        let failing = count >= AT_LEAST && self.failed * 100 >= count * FAILING_PERCENT;
        if failing || self.failed > MOST_FAILURES {
            *self = Self { open_until: Some(now + PAUSE), ..Self::default() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_772_413_200 + seconds).unwrap()
    }

    /// A breaker after this many successful and failed requests, all at once.
    fn after(succeeded: usize, failed: usize) -> Breaker {
        let mut breaker = Breaker::default();
        for failed in std::iter::repeat_n(false, succeeded).chain(std::iter::repeat_n(true, failed)) {
            breaker.record(failed, at(0));
        }
        breaker
    }

    #[test]
    fn seven_of_ten_failures_open_it_for_five_seconds() {
        assert_eq!(after(3, 6).open_until(at(0)), None);
        let breaker = after(3, 7);
        assert_eq!(breaker.open_until(at(4)), Some(at(5)));
        assert_eq!(breaker.open_until(at(5)), None);
        assert_eq!(after(0, 9).open_until(at(0)), None, "too few to tell");
    }

    #[test]
    fn more_than_a_thousand_failures_open_it_however_many_succeed() {
        assert_eq!(after(5000, 1000).open_until(at(0)), None);
        assert!(after(5000, 1001).open_until(at(0)).is_some());
    }

    #[test]
    fn only_five_minutes_count_and_after_a_pause_it_counts_anew() {
        let mut breaker = after(0, 9);
        breaker.record(true, at(300));
        assert_eq!(breaker.open_until(at(300)), None);
        let mut breaker = after(0, 10);
        breaker.record(true, at(6));
        assert_eq!(breaker.open_until(at(6)), None);
    }
}

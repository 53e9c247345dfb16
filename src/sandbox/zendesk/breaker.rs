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
pub struct Breaker {
    /// When a request ended, and whether it failed; oldest first.
    recent: VecDeque<(Timestamp, bool)>,
    failed: usize,
    open_until: Option<Timestamp>,
}

impl Breaker {
    /// The end of the pause, if it is open.
    pub fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.open_until.filter(|until| now < *until)
    }

    /// Records the end of a request. When that opens the breaker, the counts restart: after the pause a webhook gets a new
    /// chance.
    pub fn record(&mut self, failed: bool, now: Timestamp) {
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

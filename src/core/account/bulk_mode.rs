//! When ticket updates are sent one by one, and when together: one by one is sooner done, together many more are.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A longer wait changes over, since a job takes less. So nothing is parked for long before, and the change-over has nothing to wake.
const LONG: Duration = Duration::from_secs(5);
/// The stretch over which updates are counted, and the least that sending together lasts.
const STRETCH: SignedDuration = SignedDuration::from_mins(1);

/// Changes over to sending together when somebody must wait for long, and back when for a minute there was at most half of what could have
/// been sent one by one, and nothing is under way together any more: a crowd that waits for slow jobs is not gone. Between these
/// two it stays as it is.
#[derive(Debug, Default)]
pub struct BulkMode {
    together_since: Option<Timestamp>,
    /// When updates were admitted within the last stretch.
    admitted: VecDeque<Timestamp>,
}

/// What became of the pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// From now on updates are sent together.
    Together,
    /// From now on they are sent one by one.
    Alone,
}

impl BulkMode {
    /// Whether updates are sent together.
    pub fn is_together(&self) -> bool {
        self.together_since.is_some()
    }

    /// An update was admitted, either way. `limit` is how many may be sent one by one in a minute, `under_way` how many that are
    /// sent together are not known to be written yet.
    pub fn admitted(&mut self, limit: usize, under_way: usize, now: Timestamp) -> Option<Change> {
        self.admitted.retain(|at| now.duration_since(*at) < STRETCH && *at <= now);
        self.admitted.push_back(now);
        let since = self.together_since?;
        if now < since {
            // The clock was set back.
            self.together_since = Some(now);
            return None;
        }
        let quiet =
            now.duration_since(since) >= STRETCH && self.admitted.len() <= limit / 2 && under_way == 0;
        if !quiet {
            return None;
        }
        self.together_since = None;
        Some(Change::Alone)
    }

    /// One more must wait for so long in all, what it has waited already included, to be sent alone.
    pub fn must_wait(&mut self, wait: Duration, now: Timestamp) -> Option<Change> {
        if self.is_together() || wait <= LONG {
            return None;
        }
        self.together_since = Some(now);
        Some(Change::Together)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 80;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + second).unwrap()
    }

    #[test]
    fn who_would_wait_for_long_is_sent_together_and_who_waits_a_moment_is_not() {
        let mut pace = BulkMode::default();
        assert_eq!(pace.must_wait(Duration::from_secs(5), at(0)), None, "a moment");
        assert_eq!(pace.must_wait(Duration::from_secs(6), at(0)), Some(Change::Together));
        assert!(pace.is_together());
        assert_eq!(pace.must_wait(Duration::from_secs(6), at(1)), None, "it is already");
    }

    #[test]
    fn it_goes_back_when_for_a_minute_half_of_the_limit_was_enough() {
        let mut pace = BulkMode::default();
        pace.must_wait(Duration::from_mins(1), at(0));
        let changes: Vec<_> = (0..600).filter_map(|tenth| pace.admitted(LIMIT, 0, at(tenth / 10))).collect();
        assert_eq!(changes, [], "there is much to do");
        let slowly: Vec<_> = (60..240)
            .step_by(2)
            .filter_map(|second| Some((second, pace.admitted(LIMIT, 0, at(second))?)))
            .collect();
        assert_eq!(slowly, [(118, Change::Alone)]);
        assert!(!pace.is_together());
    }

    #[test]
    fn while_a_crowd_waits_for_slow_jobs_it_does_not_go_back() {
        let mut pace = BulkMode::default();
        pace.must_wait(Duration::from_mins(1), at(0));
        assert_eq!(
            pace.admitted(LIMIT, 300, at(90)),
            None,
            "nothing was admitted for a while, and much is under way"
        );
        assert_eq!(pace.admitted(LIMIT, 0, at(91)), Some(Change::Alone));
    }

    #[test]
    fn between_half_and_all_of_the_limit_it_stays_as_it_is() {
        for together in [false, true] {
            let mut pace = BulkMode::default();
            if together {
                pace.must_wait(Duration::from_mins(1), at(-1));
            }
            let changes: Vec<_> = (0..600).filter_map(|second| pace.admitted(LIMIT, 0, at(second))).collect();
            assert_eq!((changes, pace.is_together()), (vec![], together), "sixty a minute");
        }
    }

    #[test]
    fn a_clock_set_back_changes_nothing_at_once() {
        let mut pace = BulkMode::default();
        pace.must_wait(Duration::from_mins(1), at(3_600));
        assert_eq!(pace.admitted(LIMIT, 0, at(0)), None);
        assert_eq!(pace.admitted(LIMIT, 0, at(60)), Some(Change::Alone));
    }
}

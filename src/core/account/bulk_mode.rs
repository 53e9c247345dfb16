//! Chooses between sending ticket updates singly and in bulk jobs: single updates finish sooner, jobs have a higher
//! throughput.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A longer wait switches to bulk, since a job takes less time. No update waits for long before, so the switch has none to
/// wake.
const LONG: Duration = Duration::from_secs(5);
/// The span over which updates are counted, and the minimum duration of bulk mode.
const STRETCH: SignedDuration = SignedDuration::from_mins(1);

/// Switches to bulk when an update must wait for long. Switches back when for a minute at most half of the possible single
/// updates arrived and no bulk job is running any more: a crowd that waits for slow jobs is not gone. In between the mode
/// stays as it is.
#[derive(Debug, Default)]
pub struct BulkMode {
    bulk_since: Option<Timestamp>,
    /// When updates were admitted within the last span.
    admitted: VecDeque<Timestamp>,
}

/// A switch of the mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Updates are sent in bulk from now on.
    Bulk,
    /// Updates are sent singly from now on.
    Single,
}

impl BulkMode {
    /// Whether updates are sent in bulk.
    pub fn is_bulk(&self) -> bool {
        self.bulk_since.is_some()
    }

    /// An update was admitted, in either mode. `limit`: how many may be sent singly in a minute; `under_way`: how many of
    /// those sent in bulk are not confirmed yet.
    pub fn admitted(&mut self, limit: usize, under_way: usize, now: Timestamp) -> Option<Change> {
        self.admitted.retain(|at| now.duration_since(*at) < STRETCH && *at <= now);
        self.admitted.push_back(now);
        let since = self.bulk_since?;
        if now < since {
            // The clock was set back.
            self.bulk_since = Some(now);
            return None;
        }
        let quiet =
            now.duration_since(since) >= STRETCH && self.admitted.len() <= limit / 2 && under_way == 0;
        if !quiet {
            return None;
        }
        self.bulk_since = None;
        Some(Change::Single)
    }

    /// An update must wait this long in total, including the time it has already waited, to be sent singly.
    pub fn must_wait(&mut self, wait: Duration, now: Timestamp) -> Option<Change> {
        if self.is_bulk() || wait <= LONG {
            return None;
        }
        self.bulk_since = Some(now);
        Some(Change::Bulk)
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
        let mut mode = BulkMode::default();
        assert_eq!(mode.must_wait(Duration::from_secs(5), at(0)), None, "a moment");
        assert_eq!(mode.must_wait(Duration::from_secs(6), at(0)), Some(Change::Bulk));
        assert!(mode.is_bulk());
        assert_eq!(mode.must_wait(Duration::from_secs(6), at(1)), None, "it is already");
    }

    #[test]
    fn it_goes_back_when_for_a_minute_half_of_the_limit_was_enough() {
        let mut mode = BulkMode::default();
        mode.must_wait(Duration::from_mins(1), at(0));
        let changes: Vec<_> = (0..600).filter_map(|tenth| mode.admitted(LIMIT, 0, at(tenth / 10))).collect();
        assert_eq!(changes, [], "there is much to do");
        let slowly: Vec<_> = (60..240)
            .step_by(2)
            .filter_map(|second| Some((second, mode.admitted(LIMIT, 0, at(second))?)))
            .collect();
        assert_eq!(slowly, [(118, Change::Single)]);
        assert!(!mode.is_bulk());
    }

    #[test]
    fn while_a_crowd_waits_for_slow_jobs_it_does_not_go_back() {
        let mut mode = BulkMode::default();
        mode.must_wait(Duration::from_mins(1), at(0));
        assert_eq!(
            mode.admitted(LIMIT, 300, at(90)),
            None,
            "nothing was admitted for a while, and much is under way"
        );
        assert_eq!(mode.admitted(LIMIT, 0, at(91)), Some(Change::Single));
    }

    #[test]
    fn between_half_and_all_of_the_limit_it_stays_as_it_is() {
        for together in [false, true] {
            let mut mode = BulkMode::default();
            if together {
                mode.must_wait(Duration::from_mins(1), at(-1));
            }
            let changes: Vec<_> = (0..600).filter_map(|second| mode.admitted(LIMIT, 0, at(second))).collect();
            assert_eq!((changes, mode.is_bulk()), (vec![], together), "sixty a minute");
        }
    }

    #[test]
    fn a_clock_set_back_changes_nothing_at_once() {
        let mut mode = BulkMode::default();
        mode.must_wait(Duration::from_mins(1), at(3_600));
        assert_eq!(mode.admitted(LIMIT, 0, at(0)), None);
        assert_eq!(mode.admitted(LIMIT, 0, at(60)), Some(Change::Single));
    }
}

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

    /// Half of our share of all requests is used. A ticket takes several requests singly and fewer in bulk: a crowd, which
    /// is more than half of the `limit` of single updates, switches before the other half is used, too.
    pub fn requests_run_out(&mut self, limit: usize, now: Timestamp) -> Option<Change> {
        let lately = self.admitted.iter().filter(|at| now.duration_since(**at) < STRETCH).count();
        if self.is_bulk() || lately <= limit / 2 {
            return None;
        }
        self.bulk_since = Some(now);
        Some(Change::Bulk)
    }
}

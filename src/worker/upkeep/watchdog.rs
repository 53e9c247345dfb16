//! Detects what a person must look at: due cases that no worker claims, stuck cases, and long waits.

use jiff::{SignedDuration, Timestamp};

use crate::domain::ids::TicketId;
use crate::ports::{Backlog, Group, Left, RateLimitStatus};

/// An ongoing condition is reported again after this.
const TELL_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Checks the state of the cases, and reports each condition when it begins and then every hour.
#[derive(Debug)]
pub struct Watchdog {
    overdue_after: SignedDuration,
    summary_told: Option<Timestamp>,
    overdue_told: Option<Timestamp>,
    stuck_told: Option<(Timestamp, u64)>,
}

#[expect(clippy::large_enum_variant, reason = "there are three of them a minute at most")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// The counts of all cases that have not ended, with the longest-waiting one, and the rest of Zendesk's rate limits.
    Summary(Backlog, RateLimitStatus),
    /// Cases have been due for too long, and no worker has claimed them.
    Overdue(Group),
    /// Cases are stuck, possibly more than before.
    Stuck(Group),
}

impl Watchdog {
    /// `overdue_after`: how long a due case may wait until it is reported.
    pub fn new(overdue_after: SignedDuration) -> Self {
        Self { overdue_after, summary_told: None, overdue_told: None, stuck_told: None }
    }

    /// The reports that are due now.
    pub fn judge(&mut self, now: Timestamp, backlog: &Backlog, limits: RateLimitStatus) -> Vec<Report> {
        let long_ago = |told: Timestamp| now.duration_since(told) >= TELL_AGAIN;
        let mut reports = Vec::new();
        if self.summary_told.is_none_or(long_ago) {
            self.summary_told = Some(now);
            reports.push(Report::Summary(*backlog, limits));
        }
        let is_late = |(_, since): (TicketId, Timestamp)| now.duration_since(since) >= self.overdue_after;
        if !backlog.overdue.oldest.is_some_and(is_late) {
            self.overdue_told = None;
        } else if self.overdue_told.is_none_or(long_ago) {
            self.overdue_told = Some(now);
            reports.push(Report::Overdue(backlog.overdue));
        }
        let stuck = backlog.stuck.cases;
        if stuck == 0 {
            self.stuck_told = None;
        } else if self.stuck_told.is_none_or(|(told, cases)| stuck > cases || long_ago(told)) {
            self.stuck_told = Some((now, stuck));
            reports.push(Report::Stuck(backlog.stuck));
        }
        reports
    }
}

impl Report {
    /// Writes the report to the log.
    pub(super) fn log(&self) {
        match self {
            Self::Summary(Backlog { overdue, active, waiting, stuck, .. }, limits) => {
                let (oldest_waiting, waiting_since) = oldest(waiting);
                let left = |left: Option<Left>| left.map(|left| left.to_string());
                tracing::info!(
                    overdue = overdue.cases,
                    active = active.cases,
                    waiting = waiting.cases,
                    stuck = stuck.cases,
                    oldest_waiting,
                    waiting_since,
                    sent_together = limits.together,
                    waiting_for_room = limits.waiting,
                    updates = left(limits.updates),
                    requests = left(limits.requests),
                    jobs = left(limits.jobs),
                    "unfinished cases, and what Zendesk's limits leave"
                );
            }
            Self::Overdue(group) => {
                let (oldest, since) = oldest(group);
                tracing::error!(cases = group.cases, oldest, since, "cases are due and are not taken up");
            }
            Self::Stuck(group) => {
                let (oldest, since) = oldest(group);
                tracing::error!(
                    cases = group.cases,
                    oldest,
                    since,
                    "cases are stuck, a person must look: `misread case list --state stuck`"
                );
            }
        }
    }
}

/// The ticket and the time, formatted for the log.
fn oldest(group: &Group) -> (Option<i64>, Option<String>) {
    (group.oldest.map(|(id, _)| id.get()), group.oldest.map(|(_, since)| since.to_string()))
}

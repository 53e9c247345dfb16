//! The figures of a drill.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::domain::case::Entry;
use crate::ports::{Loaded, Recorded};
use crate::sandbox::zendesk::{Job, JobState};

/// The result of a drill.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The kind of ledger.
    pub store: &'static str,
    /// The seed of all randomness.
    pub seed: u64,
    /// The number of cycles executed.
    pub cycles: usize,
    /// The number of kills.
    pub kills: usize,
    /// How often a process was frozen until its leases had expired.
    pub freezes: usize,
    /// How often a process was cut off from the database while the others reached it.
    pub partitions: usize,
    /// The number of database restarts.
    pub database_restarts: usize,
    /// The difference between the clocks of its processes; the lease is shorter.
    pub skew: Duration,
    /// The number of forward jumps of the sandbox's clock.
    pub clock_jumps: usize,
    /// How often all access tokens were invalidated.
    pub revoked_tokens: usize,
    pub jobs: Jobs,
    /// How often each fault of Zendesk and the parking system occurred.
    pub faults: BTreeMap<&'static str, u64>,
    /// Attempts with an authentic delivery.
    pub attempts: u64,
    /// Deliveries that were acknowledged.
    pub acknowledged: u64,
    /// Deliveries repeated after their acknowledgement.
    pub repeated: u64,
    /// Attempts that were rejected.
    pub refused: u64,
    /// Attempts without a response.
    pub unanswered: u64,
    /// Attempts with an undisturbed process while another one was down. A rejected one is a violation.
    pub beside_one_that_is_down: u64,
    /// Deliveries never acknowledged and given up.
    pub dropped: u64,
    /// Forged, stale and meaningless deliveries.
    pub bad: u64,
    /// The outcomes of the tickets.
    pub tickets: Tickets,
    /// Lost responses and interrupted work that were recovered.
    pub saved: Saved,
    /// Stuck cases by reason.
    pub stuck: BTreeMap<String, usize>,
    /// From each kill to readiness, shortest first.
    pub ready_after: Vec<Duration>,
    /// From each kill to the process's next acknowledgement, shortest first.
    pub acknowledging_after: Vec<Duration>,
    /// The bytes of logs searched for private data.
    pub log_bytes: u64,
    /// The duration of the drill.
    pub elapsed: Duration,
    /// Each stuck ticket with its timeline.
    pub stuck_tickets: Vec<String>,
    /// Every violation with its ticket's timeline.
    pub violations: Vec<String>,
    /// The folder of the logs, if there are violations.
    pub folder: Option<PathBuf>,
}

/// How often the service recovered an effect with an unknown outcome. A drill without any proves nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Saved {
    /// Ticket updates found by their marker, and so not repeated.
    pub found_by_marker: usize,
    /// Ticket updates looked up and not found.
    pub not_found: usize,
    /// Actions retried that had been done under the same key.
    pub replayed: usize,
    /// Updates rejected because the ticket had changed.
    pub conflicts: usize,
    /// Pauses after a failure.
    pub failures: usize,
}

/// Jobs of the last hour.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jobs {
    /// The number of jobs.
    pub all: usize,
    /// The number of updates in them.
    pub updates: usize,
    /// The number of jobs killed half way.
    pub killed: usize,
    /// The number of updates that they reported as not written.
    pub failed: usize,
}

/// The outcomes of the tickets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tickets {
    pub opened: usize,
    /// Done without a person.
    pub done: usize,
    /// Handed to a team.
    pub handed_over: usize,
    /// Waiting for a customer, a payment, or an agent.
    pub waiting: usize,
    /// Given up, with a reason.
    pub stuck: usize,
    /// Without an acknowledged delivery, and nothing was done.
    pub untold: usize,
    /// Closed, with a later message of the customer.
    pub follow_ups: usize,
    /// Left to a person because of an account's limit.
    pub limited: usize,
    /// With only forged deliveries, and nothing was done.
    pub forged: usize,
    /// Acknowledged but not done.
    pub lost: usize,
    /// With something done twice.
    pub twice: usize,
}

impl Report {
    /// Whether there is no violation.
    pub fn is_good(&self) -> bool {
        self.violations.is_empty()
    }
}

impl Jobs {
    /// The figures of these jobs.
    pub(super) fn of(jobs: &[Job]) -> Self {
        let failed = |job: &Job| job.results.iter().filter(|result| result["success"] != true).count();
        Self {
            all: jobs.len(),
            updates: jobs.iter().map(|job| job.total).sum(),
            killed: jobs.iter().filter(|job| job.state == JobState::Killed).count(),
            failed: jobs.iter().map(failed).sum(),
        }
    }
}

impl Saved {
    /// Adds the figures of a journal.
    pub(super) fn count(&mut self, loaded: &Loaded) {
        for Recorded { entry, .. } in &loaded.journal {
            match entry {
                Entry::Written { found_by_marker: true, .. } => self.found_by_marker += 1,
                Entry::NotFound { .. } => self.not_found += 1,
                Entry::Acted { receipt, .. } if receipt.replayed => self.replayed += 1,
                Entry::WriteConflict { .. } => self.conflicts += 1,
                Entry::Deferred { failed: true, .. } => self.failures += 1,
                _ => {}
            }
        }
    }
}

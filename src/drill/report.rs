//! What a drill came to, in figures.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::domain::case::Entry;
use crate::ports::{Loaded, Recorded};
use crate::sandbox::zendesk::{Job, JobState};

/// What a drill came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Which kind of ledger.
    pub store: &'static str,
    /// What all chance came from.
    pub seed: u64,
    /// How many cycles were carried out.
    pub cycles: usize,
    /// How often a process was killed.
    pub kills: usize,
    /// How often a process was frozen until its leases had ended.
    pub freezes: usize,
    /// How often a process was cut off from the database that the others reached.
    pub partitions: usize,
    /// How often the database was restarted.
    pub database_restarts: usize,
    /// How far the clocks of its processes were apart; the lease is shorter.
    pub skew: Duration,
    /// How often the sandbox's clock jumped forward.
    pub clock_jumps: usize,
    /// How often all access tokens were made invalid.
    pub revoked_tokens: usize,
    /// Updates that were sent together.
    pub jobs: Jobs,
    /// How often each fault of Zendesk and the parking system struck.
    pub faults: BTreeMap<&'static str, u64>,
    /// Attempts to bring an authentic delivery.
    pub attempts: u64,
    /// Deliveries that were acknowledged.
    pub acknowledged: u64,
    /// Deliveries that were sent again although they had been acknowledged.
    pub repeated: u64,
    /// Attempts that were refused.
    pub refused: u64,
    /// Attempts without an answer.
    pub unanswered: u64,
    /// Attempts with a process to which nothing was done while another one was down. One that is refused is a violation.
    pub beside_one_that_is_down: u64,
    /// Deliveries that were never acknowledged and given up.
    pub dropped: u64,
    /// Forgeries, wrong times and nonsense.
    pub bad: u64,
    /// What became of the tickets.
    pub tickets: Tickets,
    /// Lost answers and interrupted work that were cleared up.
    pub saved: Saved,
    /// Stuck cases by reason.
    pub stuck: BTreeMap<String, usize>,
    /// From each kill until the process was ready again, shortest first.
    pub ready_after: Vec<Duration>,
    /// From each kill until the process acknowledged a delivery again, shortest first.
    pub acknowledging_after: Vec<Duration>,
    /// Bytes of logs that were searched for what is private.
    pub log_bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// Each stuck ticket with its timeline.
    pub stuck_tickets: Vec<String>,
    /// Everything that is wrong, each with its ticket's timeline.
    pub violations: Vec<String>,
    /// Where the logs are, if something is wrong.
    pub folder: Option<PathBuf>,
}

/// How often the service came back to something that it did not know the end of. A drill in which this is nothing proves nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Saved {
    /// Updates of tickets that were found by their marker, and so not repeated.
    pub found_by_marker: usize,
    /// Updates of tickets that were looked for, and not found.
    pub not_found: usize,
    /// Actions that were asked for again, and had been done under the same key.
    pub replayed: usize,
    /// Updates that were refused because the ticket had changed.
    pub conflicts: usize,
    /// Pauses after a failure.
    pub failures: usize,
}

/// Jobs of the last hour.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jobs {
    /// How many there were.
    pub all: usize,
    /// How many updates they held.
    pub updates: usize,
    /// How many of them were killed half way.
    pub killed: usize,
    /// How many updates they told of that they were not written.
    pub failed: usize,
}

/// What became of the tickets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tickets {
    /// All that were opened.
    pub opened: usize,
    /// Done without a person.
    pub done: usize,
    /// Handed to a team.
    pub handed_over: usize,
    /// Waiting for a customer, a payment, a colleague.
    pub waiting: usize,
    /// Given up, with a reason.
    pub stuck: usize,
    /// Of which no delivery was acknowledged and nothing was done.
    pub untold: usize,
    /// Closed, and their customers wrote again.
    pub follow_ups: usize,
    /// Left to a person by the limit of an account.
    pub limited: usize,
    /// Of which only forgers told, and nothing was done.
    pub forged: usize,
    /// Acknowledged and not done.
    pub lost: usize,
    /// Of which something was done twice.
    pub twice: usize,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.violations.is_empty()
    }
}

impl Jobs {
    /// Counts them.
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
    /// Adds what a journal tells.
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

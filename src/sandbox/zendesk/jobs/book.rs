//! The account's jobs, and the time of their next steps.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::{Job, JobPace, JobState, JobSwitches, Work};
use crate::zendesk::refusal::Refusal;

/// How long a job's status is available after its start.
const MEMORY: SignedDuration = SignedDuration::from_hours(1);

#[derive(Debug, Default)]
pub(in crate::zendesk) struct Jobs {
    pub(super) job_pace: JobPace,
    pub(super) switches: JobSwitches,
    /// Queued and running jobs, and those that ended within the last hour, by number.
    by_number: BTreeMap<i64, Job>,
    numbers: BTreeMap<String, i64>,
    /// The time of each unfinished job's next step.
    agenda: BTreeSet<(Timestamp, i64)>,
    made: i64,
}

impl Jobs {
    /// Queues a job, unless the limit of queued and running jobs is reached.
    pub(in crate::zendesk) fn order(
        &mut self,
        work: Work,
        user_id: i64,
        at_once: Option<usize>,
        now: Timestamp,
    ) -> Result<&Job, Refusal> {
        self.forget(now);
        if at_once.is_some_and(|limit| self.agenda.len() >= limit) {
            let mut running: Vec<i64> = self.agenda.iter().map(|&(_, number)| number).collect();
            running.sort_unstable();
            let ids =
                running.iter().filter_map(|number| self.by_number.get(number)).map(|job| job.id.clone());
            return Err(Refusal::TooManyJobs(ids.collect()));
        }
        self.made += 1;
        let (number, total) = (self.made, work.len());
        let killed = self.switches.kill_next > 0;
        self.switches.kill_next = self.switches.kill_next.saturating_sub(1);
        let job = Job {
            id: job_id(number),
            user_id,
            state: JobState::Queued,
            total,
            progress: 0,
            results: Vec::new(),
            created_at: now,
            ended_at: None,
            work,
            per_item: self.job_pace.per_item,
            killed_after: killed.then_some(total / 2),
            number,
        };
        self.numbers.insert(job.id.clone(), number);
        self.agenda.insert((now + self.job_pace.queued, number));
        Ok(self.by_number.entry(number).or_insert(job))
    }

    /// How many more jobs may be started.
    pub(in crate::zendesk) fn room(&self, limit: usize) -> usize {
        limit.saturating_sub(self.agenda.len())
    }

    /// A job whose status is still available.
    pub(in crate::zendesk) fn find(&self, id: &str, now: Timestamp) -> Option<&Job> {
        let job = self.by_number.get(self.numbers.get(id)?)?;
        is_known(job, now).then_some(job)
    }

    /// All jobs whose status is still available: unfinished ones first, then the latest.
    pub(in crate::zendesk) fn known(&self, now: Timestamp) -> impl Iterator<Item = &Job> {
        let mut known: Vec<_> = self.by_number.values().filter(|job| is_known(job, now)).collect();
        known.sort_by_key(|job| std::cmp::Reverse(job.order()));
        known.into_iter()
    }

    /// Whether any job has a next step.
    pub(in crate::zendesk) fn is_busy(&self) -> bool {
        !self.switches.hold && !self.agenda.is_empty()
    }

    /// The next step due by `now`: its time and its job.
    pub(super) fn next_due(&self, now: Timestamp) -> Option<(Timestamp, i64)> {
        let first = self.agenda.first().copied();
        first.filter(|&(at, _)| at <= now && !self.switches.hold)
    }

    /// Takes a job for the step named by [`Self::next_due`]. It must be put back with [`Self::put_back`].
    pub(super) fn take(&mut self, at: Timestamp, number: i64) -> Option<Job> {
        self.agenda.remove(&(at, number));
        self.by_number.remove(&number)
    }

    /// Puts a job back after a step at `at`.
    pub(super) fn put_back(&mut self, job: Job, at: Timestamp) {
        if !job.is_ended() {
            self.agenda.insert((at + job.per_item, job.number));
        }
        self.by_number.insert(job.number, job);
    }

    /// Whether the next item fails by an injected fault.
    pub(super) fn item_is_to_fail(&mut self) -> bool {
        let fails = self.switches.fail_next_items > 0;
        self.switches.fail_next_items = self.switches.fail_next_items.saturating_sub(1);
        fails
    }

    /// Sets the faults. Held jobs go on from now.
    pub(super) fn switch(&mut self, switches: JobSwitches, now: Timestamp) {
        if self.switches.hold && !switches.hold {
            let waiting = std::mem::take(&mut self.agenda).into_iter();
            self.agenda = waiting.map(|(at, number)| (at.max(now), number)).collect();
        }
        self.switches = switches;
    }

    fn forget(&mut self, now: Timestamp) {
        // Numbers increase with time, so expired jobs come first.
        while let Some((&number, job)) = self.by_number.first_key_value() {
            if is_known(job, now) || !job.is_ended() {
                break;
            }
            self.numbers.remove(&job.id);
            self.by_number.remove(&number);
        }
    }
}

fn is_known(job: &Job, now: Timestamp) -> bool {
    now.duration_since(job.created_at) < MEMORY
}

fn job_id(number: i64) -> String {
    let digest = Sha256::digest(format!("job {number}"));
    let digits = digest.iter().take(16).map(|byte| format!("{byte:02x}"));
    format!("V3-{}", digits.collect::<String>())
}

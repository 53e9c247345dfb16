//! Controls and inspects jobs.

use super::{Job, JobPace, JobSwitches};
use crate::zendesk::fake::FakeZendesk;

impl FakeZendesk {
    /// The speed of jobs.
    pub fn job_pace(&self) -> JobPace {
        self.lock().jobs.job_pace
    }

    /// Sets the speed of jobs started from now on.
    pub fn set_job_pace(&self, job_pace: JobPace) {
        self.lock().jobs.job_pace = job_pace;
    }

    /// The faults of jobs.
    pub fn job_switches(&self) -> JobSwitches {
        self.lock().jobs.switches
    }

    /// Sets the faults of jobs from now on.
    pub fn set_job_switches(&self, switches: JobSwitches) {
        let mut state = self.lock();
        let now = self.clock.now();
        state.jobs.switch(switches, now);
        drop(state);
        self.outbox_changed.notify_one();
    }

    /// All jobs of the last hour: unfinished ones first, then the latest.
    pub fn jobs(&self) -> Vec<Job> {
        let state = self.lock();
        state.jobs.known(self.clock.now()).cloned().collect()
    }
}

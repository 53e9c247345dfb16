//! Setting how jobs go, and looking at them.

use super::{Job, JobPace, JobSwitches};
use crate::zendesk::FakeZendesk;

impl FakeZendesk {
    /// How fast jobs are.
    pub fn job_pace(&self) -> JobPace {
        self.lock().jobs.pace
    }

    /// Sets how fast jobs are that are ordered from now on.
    pub fn set_job_pace(&self, pace: JobPace) {
        self.lock().jobs.pace = pace;
    }

    /// What goes wrong with jobs.
    pub fn job_switches(&self) -> JobSwitches {
        self.lock().jobs.switches
    }

    /// Sets what goes wrong with jobs from now on.
    pub fn set_job_switches(&self, switches: JobSwitches) {
        let mut state = self.lock();
        let now = self.clock.now();
        state.jobs.switch(switches, now);
        drop(state);
        self.outbox_changed.notify_one();
    }

    /// Every job of the last hour: those that have not ended first, then the latest.
    pub fn jobs(&self) -> Vec<Job> {
        let state = self.lock();
        state.jobs.known(self.clock.now()).cloned().collect()
    }
}

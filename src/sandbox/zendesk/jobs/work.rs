//! The work of jobs: one item after the other, each like a separate request.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Job, JobState};
use crate::zendesk::limits::RateLimits;
use crate::zendesk::records::Via;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::state::State;
use crate::zendesk::update_request::{self, Form};

impl State {
    /// Does all work due by `now`, each step at its own time. Returns whether there was any.
    pub(in crate::zendesk) fn work_jobs(&mut self, limits: RateLimits, now: Timestamp) -> bool {
        let mut worked = false;
        while let Some((at, number)) = self.jobs.next_due(now) {
            if let Some(mut job) = self.jobs.take(at, number) {
                self.step(&mut job, limits, at);
                self.jobs.put_back(job, at);
            }
            worked = true;
        }
        worked
    }

    /// Begins a job, or processes one item, and completes the job with the last.
    fn step(&mut self, job: &mut Job, limits: RateLimits, at: Timestamp) {
        if job.state == JobState::Queued {
            job.state = JobState::Working;
            return;
        }
        if job.killed_after == Some(job.progress) {
            (job.state, job.ended_at) = (JobState::Killed, Some(at));
            return;
        }
        let result = self.work_item(job, limits, at);
        job.results.push(result);
        job.progress += 1;
        if job.progress == job.total {
            (job.state, job.ended_at) = (JobState::Completed, Some(at));
        }
    }

    fn work_item(&mut self, job: &Job, limits: RateLimits, at: Timestamp) -> Value {
        let (id, change) = &job.work[job.progress];
        let worked = if self.jobs.item_is_to_fail() {
            Err(("InternalError".to_owned(), "Something went wrong".to_owned()))
        } else {
            let worked = self.update_in_job(*id, job.user_id, change.clone(), limits, at);
            worked.map_err(Refusal::told)
        };
        match worked {
            Ok(()) => json!({ "action": "update", "status": "Updated", "success": true, "id": id }),
            Err((error, details)) => {
                json!({ "action": "update", "success": false, "id": id, "error": error, "details": details })
            }
        }
    }

    fn update_in_job(
        &mut self,
        id: i64,
        user_id: i64,
        mut request: Map<String, Value>,
        limits: RateLimits,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        self.writable(id)?;
        self.windows.update_in_job(limits, user_id, id, at).map_err(Refusal::RateLimited)?;
        let ticket = &self.ticket(id)?.fields;
        let outdated = update_request::check_stamp(&mut request, ticket.updated_at);
        if !self.jobs.switches.ignore_stamps {
            outdated?;
        }
        let read = update_request::read(self, ticket, user_id, Form::Bulk, request)?;
        self.update(id, user_id, Via::Api, read.update, at)?;
        Ok(())
    }
}

//! The work of jobs: one item after the other, each like a separate request.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Job, JobState, Work};
use crate::domain::ticket::TicketStatus;
use crate::zendesk::change::{NewComment, Update};
use crate::zendesk::limits::RateLimits;
use crate::zendesk::people::CLOSED_BY_MERGE;
use crate::zendesk::records::Via;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::state::State;
use crate::zendesk::update_request::{self, Form};

/// Tickets that are merged into another one (facts §3.7).
#[derive(Clone, Debug)]
pub(in crate::zendesk) struct Merge {
    pub(in crate::zendesk) target: i64,
    pub(in crate::zendesk) sources: Vec<i64>,
    /// The comment on each source when it is closed: text, and whether it is public.
    pub(in crate::zendesk) source_comment: Option<(String, bool)>,
    /// The comment on the target after all sources are merged: text, and whether it is public.
    pub(in crate::zendesk) target_comment: Option<(String, bool)>,
}

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
        let id = match &job.work {
            Work::Update(items) => items[job.progress].0,
            Work::Merge(merge) => merge.sources[job.progress],
        };
        let worked = if self.jobs.item_is_to_fail() {
            Err(("InternalError".to_owned(), "Something went wrong".to_owned()))
        } else {
            let worked = match &job.work {
                Work::Update(items) => {
                    self.update_in_job(id, job.user_id, items[job.progress].1.clone(), limits, at)
                }
                Work::Merge(merge) => self.merge_in_job(id, merge, job, at),
            };
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

    fn merge_in_job(&mut self, id: i64, merge: &Merge, job: &Job, at: Timestamp) -> Result<(), Refusal> {
        let comment = |told: &Option<(String, bool)>| {
            let (body, public) = told.clone()?;
            Some(NewComment { public: Some(public), ..NewComment::plain(job.user_id, body) })
        };
        let closing = Update {
            comment: comment(&merge.source_comment),
            status: Some(TicketStatus::Closed),
            added_tags: [CLOSED_BY_MERGE.to_owned()].into(),
            ..Update::default()
        };
        let merged = self.update(id, job.user_id, Via::Api, closing, at).map(drop);
        let is_last = job.progress + 1 == job.total;
        if is_last && (merged.is_ok() || job.results.iter().any(|result| result["success"] == true)) {
            let told = Update { comment: comment(&merge.target_comment), ..Update::default() };
            self.update(merge.target, job.user_id, Via::Api, told, at)?;
        }
        Ok(merged?)
    }
}

//! Background jobs (facts §3.9): they are queued, then process item by item on the sandbox's clock, several concurrently.
//!
//! Nothing runs in the background: every access to the account first brings it up to date, with each due item processed at
//! its own time.

mod book;
mod play;
mod work;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::milliseconds;
pub(super) use book::Jobs;

/// The speed of jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobPace {
    /// How long a job is queued.
    #[serde(rename = "queued_milliseconds", with = "milliseconds")]
    pub queued: Duration,
    /// The time for one item.
    #[serde(rename = "per_item_milliseconds", with = "milliseconds")]
    pub per_item: Duration,
}

impl Default for JobPace {
    fn default() -> Self {
        Self { queued: Duration::from_secs(1), per_item: Duration::from_millis(100) }
    }
}

/// The faults of jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobSwitches {
    /// How many of the next jobs are killed after half of their items. Completed items stay; there is no report of them.
    pub kill_next: u32,
    /// How many of the next items fail with an internal error of Zendesk; nothing of them is done.
    pub fail_next_items: u32,
    /// Whether bulk updates ignore `safe_update`: whether Zendesk honours it there is not documented.
    pub ignore_stamps: bool,
    /// Whether no job makes progress until this is switched off again: an incident at Zendesk.
    pub hold: bool,
}

/// The state of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It has not begun.
    Queued,
    /// Some of its items may be processed.
    Working,
    /// It ended; its results contain the outcome of each item.
    Completed,
    /// It ended half way, without results.
    Killed,
}

/// One job, with its work and its outcomes so far.
#[derive(Clone, Debug, Serialize)]
pub struct Job {
    /// `V3-` and 32 hexadecimal digits.
    pub id: String,
    /// The user who started it.
    pub user_id: i64,
    pub state: JobState,
    /// The number of its items.
    pub total: usize,
    /// The number of items processed, successfully or not.
    pub progress: usize,
    /// The outcomes so far, in Zendesk's form. The API returns them only after completion.
    pub results: Vec<Value>,
    /// When it was started.
    pub created_at: Timestamp,
    /// Absent until it is completed or killed.
    pub ended_at: Option<Timestamp>,
    #[serde(skip)]
    work: Work,
    #[serde(skip)]
    per_item: Duration,
    /// The number of items processed before it is killed.
    #[serde(skip)]
    killed_after: Option<usize>,
    /// In the order of their creation.
    #[serde(skip)]
    number: i64,
}

/// The work of a job: each ticket gets its own update, the ticket object as sent.
pub(super) type Work = Vec<(i64, Map<String, Value>)>;

impl Job {
    /// Its tickets, in their order.
    pub fn tickets(&self) -> Vec<i64> {
        self.work.iter().map(|(ticket, _)| *ticket).collect()
    }

    /// The sort key of lists, latest first: unfinished jobs, then those that ended last.
    pub(super) fn order(&self) -> (Timestamp, Timestamp, i64) {
        (self.ended_at.unwrap_or(Timestamp::MAX), self.created_at, self.number)
    }

    fn is_ended(&self) -> bool {
        self.ended_at.is_some()
    }
}

//! Background jobs (facts §3.9): they wait, then work item by item on the sandbox's clock, several side by side.
//!
//! Nothing runs by itself: whoever looks at the account brings it up to date first, and each item that was due by then is worked
//! at its own moment.

mod book;
mod play;
mod work;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ticket_switches::milliseconds;
pub(super) use book::Jobs;
pub(super) use work::Merge;

/// How fast jobs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobPace {
    /// How long a job is queued before it works.
    #[serde(rename = "queued_milliseconds", with = "milliseconds")]
    pub queued: Duration,
    /// How long it works on one item.
    #[serde(rename = "per_item_milliseconds", with = "milliseconds")]
    pub per_item: Duration,
}

impl Default for JobPace {
    fn default() -> Self {
        Self { queued: Duration::from_secs(1), per_item: Duration::from_millis(100) }
    }
}

/// What goes wrong with jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobSwitches {
    /// So many of the next jobs are killed when half of their items are done. What is done stays done; nobody says what.
    pub kill_next: u32,
    /// So many of the next items fail with an error of Zendesk's own; nothing of them is done.
    pub fail_next_items: u32,
    /// `safe_update` is passed over in bulk updates: whether Zendesk honours it there is not documented.
    pub ignore_stamps: bool,
    /// No job moves until this is switched off again: an incident at Zendesk.
    pub hold: bool,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It has not begun.
    Queued,
    /// Some of its items may be done.
    Working,
    /// It ended; its results say what became of each item.
    Completed,
    /// It ended half way, without results.
    Killed,
}

/// A background job.
#[derive(Clone, Debug, Serialize)]
pub struct Job {
    /// `V3-` and 32 hexadecimal digits.
    pub id: String,
    /// Who ordered it.
    pub user_id: i64,
    /// Where it stands.
    pub state: JobState,
    /// How many items it has.
    pub total: usize,
    /// How many of them were worked, well or not.
    pub progress: usize,
    /// What became of each item so far, in Zendesk's form. The API shows it when the job is completed, and not before.
    pub results: Vec<Value>,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    #[serde(skip)]
    work: Work,
    #[serde(skip)]
    per_item: Duration,
    /// So many items are worked before it is killed.
    #[serde(skip)]
    killed_after: Option<usize>,
    /// In the order in which they were made.
    #[serde(skip)]
    number: i64,
}

/// What a job does.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// Each ticket gets its own update: the ticket object as it was sent.
    Update(Vec<(i64, Map<String, Value>)>),
    Merge(Merge),
}

impl Work {
    fn total(&self) -> usize {
        match self {
            Self::Update(items) => items.len(),
            Self::Merge(merge) => merge.sources.len(),
        }
    }

    /// Whether there is nothing to do.
    pub(super) fn is_empty(&self) -> bool {
        self.total() == 0
    }
}

impl Job {
    /// What lists are ordered by, latest first: those that have not ended, then those that ended last.
    pub(super) fn order(&self) -> (Timestamp, Timestamp, i64) {
        (self.ended_at.unwrap_or(Timestamp::MAX), self.created_at, self.number)
    }

    fn is_ended(&self) -> bool {
        self.ended_at.is_some()
    }
}

//! Bulk jobs (facts §3.9): how many of ours run, their results, and which are still running.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::account::Account;
use super::wire::PageMeta;
use crate::domain::ids::{EffectKey, TicketId};
use crate::domain::moment::later;
use crate::http::ApiRequest;
use crate::ports::CallError;

/// The interval of polls for job results; one call for all jobs.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Zendesk keeps a job's status for a day (facts §3.9). A job missing from the responses for this long is lost.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_mins(1);
/// The size of a list of a hundred jobs, each with the results of a hundred tickets.
const STATUSES_CAP: usize = 4 << 20;
/// The most pages read of the list of jobs: far more jobs than an account has in an hour.
const MOST_PAGES: usize = 50;

/// A job's result for one ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// The update is on the ticket.
    Done,
    /// It was not written.
    Failed,
}

/// The end of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It completed; tickets without a result are missing here.
    Completed(BTreeMap<TicketId, Item>),
    /// It was aborted, or its result is lost.
    Unknown(String),
}

/// The jobs of one account.
#[derive(Debug)]
pub(super) struct Jobs {
    account: Arc<Account>,
    places: Arc<Semaphore>,
    watched: Mutex<Watched>,
    /// The jobs that may contain an update, and the time of the first query.
    suspects: Mutex<BTreeMap<EffectKey, (Timestamp, BTreeSet<String>)>>,
    /// The number of queries for running jobs.
    asks: AtomicU64,
    listed: tokio::sync::Mutex<Option<Listed>>,
}

/// The list of running jobs.
#[derive(Debug)]
struct Listed {
    /// The number of queries when the list was read: it answers these.
    asked: u64,
    jobs: Result<BTreeSet<String>, CallError>,
}

#[derive(Debug, Default)]
struct Watched {
    ends: BTreeMap<String, Watch>,
    /// Whether a task is polling for results.
    looked_after: bool,
}

#[derive(Debug)]
struct Watch {
    end: oneshot::Sender<End>,
    last_told: Timestamp,
}

impl Jobs {
    /// `at_once`: the most concurrent jobs of ours.
    pub(super) fn new(account: Arc<Account>, at_once: NonZeroU32) -> Self {
        let places = usize::try_from(at_once.get()).unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            account,
            places: Arc::new(Semaphore::new(places)),
            watched: Mutex::default(),
            suspects: Mutex::default(),
            asks: AtomicU64::new(0),
            listed: tokio::sync::Mutex::default(),
        }
    }

    /// Waits until one more of our jobs may run.
    pub(super) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        // Never closed.
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        let clock = &self.account.clock;
        while let Err(wait) = self.account.budget.may_begin_job(clock.now()) {
            clock.sleep_until(later(clock.now(), wait)).await;
        }
        Some(place)
    }

    /// Waits for the end of a job.
    pub(super) async fn end_of(self: &Arc<Self>, job: String) -> End {
        let (end, ended) = oneshot::channel();
        let is_first = {
            let mut watched = self.watched();
            watched.ends.insert(job, Watch { end, last_told: self.account.clock.now() });
            !std::mem::replace(&mut watched.looked_after, true)
        };
        if is_first {
            tokio::spawn(Arc::clone(self).look_after());
        }
        ended.await.unwrap_or_else(|_| End::Unknown("nobody looks after the job any more".to_owned()))
    }

    /// Polls for job results until all jobs have ended.
    async fn look_after(self: Arc<Self>) {
        let clock = &self.account.clock;
        loop {
            clock.sleep_until(later(clock.now(), LOOK_EVERY)).await;
            let jobs = {
                let mut watched = self.watched();
                // No caller waits for those any more.
                watched.ends.retain(|_, watch| !watch.end.is_closed());
                if watched.ends.is_empty() {
                    watched.looked_after = false;
                    return;
                }
                watched.ends.keys().cloned().collect::<Vec<_>>().join(",")
            };
            match self.statuses(&jobs).await {
                Ok(page) => self.take_in(page.job_statuses),
                Err(error) => tracing::debug!(%error, "what became of jobs is not known yet"),
            }
        }
    }

    fn take_in(&self, statuses: Vec<JobStatus>) {
        let now = self.account.clock.now();
        let mut watched = self.watched();
        for status in statuses {
            let Some(watch) = watched.ends.get_mut(&status.id) else { continue };
            watch.last_told = now;
            if !status.is_under_way()
                && let Some(watch) = watched.ends.remove(&status.id)
            {
                // The caller may have stopped waiting.
                let _ = watch.end.send(status.end());
            }
        }
        let forgotten =
            watched.ends.extract_if(.., |_, watch| now.duration_since(watch.last_told) > FORGOTTEN_AFTER);
        for (_, watch) in forgotten {
            let _ = watch.end.send(End::Unknown("Zendesk does not tell of the job any more".to_owned()));
        }
    }

    /// How long ago this update was first queried, while a job from that time is still running; `None` once there is none.
    pub(super) async fn asked_in_vain(&self, key: &EffectKey) -> Result<Option<Duration>, CallError> {
        let under_way = self.under_way().await?;
        let mut suspects = self.suspects.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.account.clock.now();
        let (since, left) = match suspects.remove(key) {
            None => (now, under_way),
            Some((since, suspected)) => (since, suspected.intersection(&under_way).cloned().collect()),
        };
        if left.is_empty() {
            return Ok(None);
        }
        suspects.insert(key.clone(), (since, left));
        Ok(Some(now.duration_since(since).try_into().unwrap_or_default()))
    }

    /// All queued or running jobs of the account, including those of others: after a lost response, ours cannot be
    /// identified. Many callers query at once after a crash; a list read after their queries serves them all.
    async fn under_way(&self) -> Result<BTreeSet<String>, CallError> {
        let turn = self.asks.fetch_add(1, Ordering::Relaxed);
        let mut listed = self.listed.lock().await;
        if let Some(Listed { asked, jobs }) = listed.as_ref()
            && turn < *asked
        {
            return jobs.clone();
        }
        let asked = self.asks.load(Ordering::Relaxed);
        let jobs = self.read_under_way().await;
        *listed = Some(Listed { asked, jobs: jobs.clone() });
        jobs
    }

    async fn read_under_way(&self) -> Result<BTreeSet<String>, CallError> {
        let mut found = BTreeSet::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut query = vec![("page[size]", "100")];
            query.extend(cursor.as_deref().map(|cursor| ("page[after]", cursor)));
            let call = ApiRequest::get("api/v2/job_statuses", &[]).query(&query).cap(STATUSES_CAP);
            let answer = self.account.get(&call).await?;
            let page: Page = answer.json()?;
            found.extend(
                page.job_statuses.into_iter().filter(JobStatus::is_under_way).map(|status| status.id),
            );
            // A job on an unread page may be running.
            let next = page.meta.next(&answer, cursor.as_deref())?;
            if next.is_none() {
                return Ok(found);
            }
            cursor = next;
        }
        Err(CallError::Retry { after: None, reason: "the list of jobs has no end".to_owned() })
    }

    /// The results of these jobs, requested as soon as there is room.
    async fn statuses(&self, jobs: &str) -> Result<Statuses, CallError> {
        let query = [("ids", jobs)];
        let call = ApiRequest::get("api/v2/job_statuses/show_many", &[]).query(&query).cap(STATUSES_CAP);
        self.account.get_in_turn(&call).await?.json()
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        // No code panics while holding the lock.
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The response to a request that started a job.
#[derive(Deserialize)]
pub(super) struct Begun {
    pub(super) job_status: JobStatus,
}

#[derive(Deserialize)]
struct Statuses {
    job_statuses: Vec<JobStatus>,
}

#[derive(Deserialize)]
struct Page {
    job_statuses: Vec<JobStatus>,
    meta: PageMeta,
}

#[derive(Deserialize)]
pub(super) struct JobStatus {
    pub(super) id: String,
    status: String,
    /// A list if tickets were updated; other kinds of jobs may have anything here.
    #[serde(default)]
    results: Value,
}

impl JobStatus {
    fn is_under_way(&self) -> bool {
        matches!(self.status.as_str(), "queued" | "working")
    }

    fn end(&self) -> End {
        if self.status != "completed" {
            return End::Unknown(format!("the job ended as `{}`", self.word()));
        }
        let item = |result: &Value| {
            let id = TicketId::try_from(result["id"].as_i64()?).ok()?;
            Some((id, if result["success"] == true { Item::Done } else { Item::Failed }))
        };
        End::Completed(self.results.as_array().into_iter().flatten().filter_map(item).collect())
    }

    /// The status, if it is a known one: any other text is untrusted.
    fn word(&self) -> &'static str {
        match self.status.as_str() {
            "failed" => "failed",
            "killed" => "killed",
            _ => "something unknown",
        }
    }
}

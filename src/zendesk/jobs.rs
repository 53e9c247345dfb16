//! Background jobs (facts §3.9): how many of ours run, what came of them, and which are under way.

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
use crate::domain::retry::later;
use crate::http::ApiRequest;
use crate::ports::CallError;

/// How often to look what became of jobs; one call for all of them.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Zendesk keeps a job's status for a day (facts §3.9). What is not told of for so long is taken for forgotten.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_mins(1);
/// A list of a hundred jobs, each with the results of a hundred tickets.
const STATUSES_CAP: usize = 4 << 20;
/// Pages of the list of jobs that are read: far more jobs than an account has in an hour.
const MOST_PAGES: usize = 50;

/// What a job did to one ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// The update is on the ticket.
    Done,
    /// It was not written.
    Failed,
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It came to its end; tickets that it says nothing of are missing here.
    Completed(BTreeMap<TicketId, Item>),
    /// It broke off, or nobody knows any more.
    Unknown(String),
}

/// The jobs of one account.
#[derive(Debug)]
pub(super) struct Jobs {
    account: Arc<Account>,
    places: Arc<Semaphore>,
    watched: Mutex<Watched>,
    suspects: Mutex<BTreeMap<EffectKey, BTreeSet<String>>>,
    /// How often it was asked which jobs are under way.
    asks: AtomicU64,
    listed: tokio::sync::Mutex<Option<Listed>>,
}

/// Which jobs were under way.
#[derive(Debug)]
struct Listed {
    /// So many had asked when the list was read: it answers them.
    asked: u64,
    jobs: Result<BTreeSet<String>, CallError>,
}

#[derive(Debug, Default)]
struct Watched {
    ends: BTreeMap<String, Watch>,
    /// Whether somebody looks what became of them.
    looked_after: bool,
}

#[derive(Debug)]
struct Watch {
    end: oneshot::Sender<End>,
    last_told: Timestamp,
}

impl Jobs {
    /// At most so many of ours at once.
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

    /// Waits until one more of ours may run.
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

    /// Looks what became of jobs until all have ended.
    async fn look_after(self: Arc<Self>) {
        let clock = &self.account.clock;
        loop {
            clock.sleep_until(later(clock.now(), LOOK_EVERY)).await;
            let jobs = {
                let mut watched = self.watched();
                // Nobody waits for those any more.
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
                // Whoever asked may have stopped waiting.
                let _ = watch.end.send(status.end());
            }
        }
        let forgotten =
            watched.ends.extract_if(.., |_, watch| now.duration_since(watch.last_told) > FORGOTTEN_AFTER);
        for (_, watch) in forgotten {
            let _ = watch.end.send(End::Unknown("Zendesk does not tell of the job any more".to_owned()));
        }
    }

    /// Whether no job can be under way any more that was when this was first asked for this update.
    pub(super) async fn is_over(&self, key: &EffectKey) -> Result<bool, CallError> {
        let under_way = self.under_way().await?;
        let mut suspects = self.suspects.lock().unwrap_or_else(PoisonError::into_inner);
        let left: BTreeSet<String> = match suspects.get(key) {
            None => under_way,
            Some(suspected) => suspected.intersection(&under_way).cloned().collect(),
        };
        let is_over = left.is_empty();
        if is_over {
            suspects.remove(key);
        } else {
            suspects.insert(key.clone(), left);
        }
        Ok(is_over)
    }

    /// Every job of the account that is queued or running, also other people's: which ours are, a lost answer did not tell. Many
    /// ask at once after a crash; a list that was read after they asked serves them all.
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
            // A job that is on a page that was not read may be under way.
            let next = page.meta.next(&answer, cursor.as_deref())?;
            if next.is_none() {
                return Ok(found);
            }
            cursor = next;
        }
        Err(CallError::Retry { after: None, reason: "the list of jobs has no end".to_owned() })
    }

    /// What became of these jobs; asked as soon as there is room for it.
    async fn statuses(&self, jobs: &str) -> Result<Statuses, CallError> {
        let query = [("ids", jobs)];
        let call = ApiRequest::get("api/v2/job_statuses/show_many", &[]).query(&query).cap(STATUSES_CAP);
        self.account.get_in_turn(&call).await?.json()
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        // Nothing panics under it.
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer to a request that began a job.
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
    /// A list where tickets were updated; another kind of job may have anything here.
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

    /// The status as far as it is one that is known: anything else may be anybody's words.
    fn word(&self) -> &'static str {
        match self.status.as_str() {
            "failed" => "failed",
            "killed" => "killed",
            _ => "something unknown",
        }
    }
}

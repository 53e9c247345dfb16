//! The worker: claims due cases, works each as far as possible, and releases it. One case is worked by one worker at a
//! time.

mod case_run;
mod intend;
mod metrics;
mod perform;
mod reloadable;
pub mod upkeep;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::domain::case::Playbook;
use crate::domain::moment::later;
use crate::domain::retry::RetryPolicy;
use crate::ports::{Claim, Clock, Helpdesk, Lease, Parking, Store, StoreError};
use crate::trace::Traces;
use case_run::CaseRun;
pub use metrics::{UpkeepMetrics, WorkerMetrics};
pub use reloadable::Reloadable;

/// How many cases are worked on at once, how long a claim holds, and when the worker tries again or gives up.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The number of cases worked on at once; at least 1.
    pub concurrency: usize,
    /// The same while updates are sent in bulk and most cases only wait for theirs; not below `concurrency`.
    pub backlog_concurrency: usize,
    /// The most writes to one ticket in ten minutes; at least 1.
    pub updates_per_ticket: usize,
    /// How long a claim holds without renewal; longer than any single call.
    pub lease: Duration,
    /// The longest sleep between searches for due cases: wake-ups are only a hint.
    pub poll: Duration,
    pub retry: RetryPolicy,
    /// The largest difference between our clock and Zendesk's while there is work.
    pub clocks_apart: SignedDuration,
    /// After this many claims without a recorded step the case is stuck: it probably crashes its worker.
    pub fruitless_claims: u32,
}

impl Options {
    /// The number of cases for a process that has written this many steps. A new process starts with few: a repeated crash
    /// must not make hundreds of cases look like its cause.
    pub fn places(&self, together: bool, steps: usize) -> usize {
        let Self { concurrency, backlog_concurrency, .. } = *self;
        if !together {
            return concurrency;
        }
        concurrency.saturating_add(steps).min(backlog_concurrency).max(concurrency)
    }
}

/// What the worker needs from the rest of the service.
#[derive(Clone, Debug)]
pub struct Parts {
    pub store: Arc<dyn Store>,
    pub desk: Arc<dyn Helpdesk>,
    pub parking: Arc<dyn Parking>,
    pub clock: Arc<dyn Clock>,
    /// Policy, words, macros, routing. A case keeps the version of its claim until it is released.
    pub playbook: Arc<Reloadable<Playbook>>,
}

/// Claims cases and works them.
#[derive(Debug)]
pub struct Worker {
    parts: Parts,
    options: Options,
    heartbeat: Heartbeat,
    /// The number of steps on disk.
    steps: AtomicUsize,
    metrics: WorkerMetrics,
    traces: Traces,
}

/// Claimed cases, and the end of their leases.
struct Claimed {
    claims: Vec<Claim>,
    lease_until: Timestamp,
}

impl Claimed {
    fn each(self) -> impl Iterator<Item = (Claim, Timestamp)> {
        let lease_until = self.lease_until;
        self.claims.into_iter().map(move |claim| (claim, lease_until))
    }
}

/// When the worker last made progress: searched for work, or wrote a step of a case to disk. Readiness uses it as liveness.
#[derive(Clone, Debug, Default)]
pub struct Heartbeat(Arc<AtomicI64>);

impl Heartbeat {
    /// The last progress; the Unix epoch if there was none.
    pub fn last(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn beat(&self, now: Timestamp) {
        self.0.store(now.as_millisecond(), Ordering::Relaxed);
    }
}

impl Worker {
    /// A worker with these parts.
    pub fn new(parts: Parts, options: Options) -> Self {
        Self {
            parts,
            options,
            heartbeat: Heartbeat::default(),
            steps: AtomicUsize::new(0),
            metrics: WorkerMetrics::default(),
            traces: Traces::default(),
        }
    }

    /// Sends the spans of turns to `traces`.
    #[must_use]
    pub fn traced_by(self, traces: Traces) -> Self {
        Self { traces, ..self }
    }

    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    pub fn options(&self) -> Options {
        self.options
    }

    pub fn metrics(&self) -> &WorkerMetrics {
        &self.metrics
    }

    pub fn heartbeat(&self) -> Heartbeat {
        self.heartbeat.clone()
    }

    /// Works until `stop`: then it claims nothing new, and releases its cases after their current step.
    ///
    /// `wake` is notified when a delivery was stored.
    pub async fn run(self: Arc<Self>, wake: Arc<Notify>, stop: CancellationToken) {
        let tasks = TaskTracker::new();
        while !stop.is_cancelled() {
            // Registered before the query, so that a delivery stored in between wakes the loop.
            let rung = wake.notified();
            let free = self.worthwhile(tasks.len());
            let claimed = if free > 0 { self.claim(free).await } else { None };
            if claimed.is_none() && self.parts.desk.writes_together() {
                // Cases that wait for a job make progress only when Zendesk does.
                self.beat(self.parts.clock.now());
            }
            let more_may_be_due = claimed.as_ref().is_none_or(|claimed| claimed.claims.len() == free);
            for (claim, lease_until) in claimed.into_iter().flat_map(Claimed::each) {
                let (worker, wake, stop) = (self.clone(), wake.clone(), stop.clone());
                let work = async move { worker.work(claim, lease_until, &stop).await };
                // Notified when the place is free again, not before.
                let work = tasks.track_future(work);
                tokio::spawn(async move {
                    work.await;
                    wake.notify_one();
                });
            }
            let sleep = if more_may_be_due { self.options.poll } else { self.until_next_due().await };
            tokio::select! {
                () = stop.cancelled() => {}
                () = rung => {}
                () = tokio::time::sleep(sleep) => {}
            }
        }
        tasks.close();
        tasks.wait().await;
    }

    /// Works every case that is due now, and every case that becomes due at once by that; returns the number of claims
    /// worked.
    ///
    /// For tests and tools that control the clock.
    pub async fn work_off(self: &Arc<Self>) -> usize {
        let mut count = 0;
        let mut tasks = JoinSet::new();
        loop {
            let free = self.worthwhile(tasks.len());
            let claimed = if free > 0 { self.claim(free).await } else { None };
            for (claim, lease_until) in claimed.into_iter().flat_map(Claimed::each) {
                let worker = self.clone();
                tasks.spawn(async move { worker.work(claim, lease_until, &CancellationToken::new()).await });
                count += 1;
            }
            if tasks.join_next().await.is_none() {
                return count;
            }
        }
    }

    /// The number of free places, if they are worth a query: a handful is not, since finishing cases query again.
    fn worthwhile(&self, taken: usize) -> usize {
        let places = self.places();
        let free = places.saturating_sub(taken);
        if free * 4 >= places { free } else { 0 }
    }

    /// The number of places for cases now.
    fn places(&self) -> usize {
        self.options.places(self.parts.desk.writes_together(), self.steps.load(Ordering::Relaxed))
    }

    /// A step was written to disk.
    fn got_on(&self) {
        self.steps.fetch_add(1, Ordering::Relaxed);
        self.beat(self.parts.clock.now());
    }

    fn beat(&self, now: Timestamp) {
        self.heartbeat.beat(now);
        self.metrics.looked(now);
    }

    async fn claim(&self, limit: usize) -> Option<Claimed> {
        let now = self.parts.clock.now();
        if !self.parts.clock.is_right() {
            // The worker is alive, but does nothing by a wrong clock.
            self.beat(now);
            return None;
        }
        let lease_until = later(now, self.options.lease);
        match self.parts.store.claim(now, lease_until, limit).await {
            Ok(claims) => {
                self.beat(now);
                Some(Claimed { claims, lease_until })
            }
            Err(error) => {
                tracing::error!(%error, "due cases could not be claimed; trying again");
                None
            }
        }
    }

    async fn work(&self, claim: Claim, lease_until: Timestamp, stop: &CancellationToken) {
        let ticket = claim.ticket_id;
        let _working = self.metrics.working();
        match CaseRun::take_up(self, claim, Lease::until(lease_until)).await {
            Ok(mut case_run) => match self.traces.turn(ticket, case_run.origin, case_run.work(stop)).await {
                Ok(()) => {}
                Err(StoreError::FenceLost { .. }) => {
                    self.metrics.claim_lost();
                    tracing::warn!(
                        ticket.id = ticket.get(),
                        "another worker took the case over; nothing was recorded"
                    );
                }
                Err(error) => {
                    tracing::error!(ticket.id = ticket.get(), %error, "the case will be taken up again");
                }
            },
            Err(error) => tracing::error!(ticket.id = ticket.get(), %error, "the case could not be loaded"),
        }
    }

    async fn until_next_due(&self) -> Duration {
        let Ok(Some(due)) = self.parts.store.next_due().await else {
            return self.options.poll;
        };
        let wait = due.duration_since(self.parts.clock.now());
        Duration::try_from(wait).unwrap_or_default().clamp(Duration::from_millis(5), self.options.poll)
    }
}

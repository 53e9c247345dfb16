//! Counts what the worker and the maintenance beside it do.

use jiff::{SignedDuration, Timestamp};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// The upper bounds of the reply's buckets, in seconds: what a customer notices, up to a day.
const REPLY_SECONDS: [f64; 10] = [1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0, 86_400.0];

/// The worker's counters; clones share them.
#[derive(Clone, Debug)]
pub struct WorkerMetrics {
    last_look: Gauge,
    claimed: Gauge,
    claims_lost: Counter,
    reply_duration: Histogram,
}

impl Default for WorkerMetrics {
    fn default() -> Self {
        Self {
            last_look: Gauge::default(),
            claimed: Gauge::default(),
            claims_lost: Counter::default(),
            reply_duration: Histogram::new(REPLY_SECONDS),
        }
    }
}

impl WorkerMetrics {
    /// Adds the counters to what is served.
    pub fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "worker_last_look_timestamp",
            "When the worker last looked for due cases or recorded a step; 0: not yet",
            Unit::Seconds,
            self.last_look.clone(),
        );
        registry.register(
            "worker_cases_claimed",
            "Cases that this process works on now",
            self.claimed.clone(),
        );
        registry.register(
            "claims_lost",
            "Cases that another worker took over before this one had recorded its step",
            self.claims_lost.clone(),
        );
        registry.register_with_unit(
            "reply_duration",
            "From what woke the case to the public reply in the ticket",
            Unit::Seconds,
            self.reply_duration.clone(),
        );
    }

    pub(super) fn looked(&self, now: Timestamp) {
        self.last_look.set(now.as_second());
    }

    /// Counts a case as worked on until the guard is dropped.
    pub(super) fn working(&self) -> Working {
        self.claimed.inc();
        Working(self.claimed.clone())
    }

    pub(super) fn claim_lost(&self) {
        self.claims_lost.inc();
    }

    pub(super) fn replied_after(&self, waited: SignedDuration) {
        self.reply_duration.observe(waited.as_secs_f64().max(0.0));
    }
}

/// A case that is being worked on.
#[derive(Debug)]
pub(super) struct Working(Gauge);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The counters of the maintenance; clones share them. A time of 0 means: not yet in this process.
#[derive(Clone, Debug, Default)]
pub struct UpkeepMetrics {
    sweep_found: Counter,
    swept_at: Gauge,
    erased_at: Gauge,
}

impl UpkeepMetrics {
    /// Adds the counters to what is served.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "sweep_found",
            "Tickets that no webhook reported and a search of this process found",
            self.sweep_found.clone(),
        );
        registry.register_with_unit(
            "sweep_last_success_timestamp",
            "When this process last ended a search for missed tickets; 0: not yet, as on a replica whose turn it never was",
            Unit::Seconds,
            self.swept_at.clone(),
        );
        registry.register_with_unit(
            "retention_last_success_timestamp",
            "When this process last erased what is older than the retention time",
            Unit::Seconds,
            self.erased_at.clone(),
        );
    }

    pub(super) fn found(&self, tickets: usize) {
        self.sweep_found.inc_by(u64::try_from(tickets).unwrap_or(u64::MAX));
    }

    pub(super) fn swept(&self, now: Timestamp) {
        self.swept_at.set(now.as_second());
    }

    pub(super) fn erased(&self, now: Timestamp) {
        self.erased_at.set(now.as_second());
    }
}

//! Maintenance beside the cases: the watchdog, which reports what a person must look at, and erasure after the retention
//! time.

mod account;
mod clocks;
mod count;
mod erase;
mod macros;
mod order;
mod presence;
mod sweep;
pub mod watchdog;

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

pub use account::AccountWatch;
pub use clocks::ClockWatch;
use count::keep_counted;
pub use count::{count, outline};
pub use erase::purge;
pub use macros::{MacroParts, MacroRefresher};
pub use order::order;
pub use presence::Presence;
pub use sweep::{SweepParts, Sweeper};
pub use watchdog::{Report, Watchdog};

use super::UpkeepMetrics;
use crate::ports::{Clock, Ledger, PURGE_EVERY, RateLimits, ServiceStatus};
pub use crate::ports::{Erased, NotErased, erase};

/// The interval of checks of the ledger.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// A write-ahead log of this many bytes no longer shrinks by itself.
const LOG_TOO_LARGE: u64 = 64 << 20;
/// A log that stays large, or a disk that stays full, is reported again after this.
const TELL_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Maintains a ledger while cases are worked.
#[derive(Debug)]
pub struct Maintenance {
    ledger: Arc<dyn Ledger>,
    allowance: Arc<dyn RateLimits>,
    clock: Arc<dyn Clock>,
    watchdog: Watchdog,
    /// How long ended cases are kept.
    retention: SignedDuration,
    purged_at: Option<Timestamp>,
    log_told: Option<Timestamp>,
    disk_told: Option<Timestamp>,
    metrics: UpkeepMetrics,
    /// Where erasures are reported.
    status: Option<Arc<ServiceStatus>>,
}

impl Maintenance {
    /// `overdue_after`: how long a due case may wait until it is reported.
    pub fn new(
        ledger: Arc<dyn Ledger>,
        allowance: Arc<dyn RateLimits>,
        clock: Arc<dyn Clock>,
        overdue_after: SignedDuration,
        retention: SignedDuration,
    ) -> Self {
        let watchdog = Watchdog::new(overdue_after);
        Self {
            ledger,
            allowance,
            clock,
            watchdog,
            retention,
            purged_at: None,
            log_told: None,
            disk_told: None,
            metrics: UpkeepMetrics::default(),
            status: None,
        }
    }

    /// Counts in `metrics`, which others share.
    #[must_use]
    pub fn counted_by(self, metrics: UpkeepMetrics) -> Self {
        Self { metrics, ..self }
    }

    /// Reports erasures after the retention time.
    #[must_use]
    pub fn reported_to(self, status: Arc<ServiceStatus>) -> Self {
        Self { status: Some(status), ..self }
    }

    /// Checks every minute until `stop`, and counts what is not counted beside it.
    pub async fn run(self, stop: CancellationToken) {
        let ledger = Arc::clone(&self.ledger);
        tokio::join!(self.keep_looking(&stop), keep_counted(ledger.as_ref(), &stop));
    }

    async fn keep_looking(mut self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            self.look().await;
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Checks once, logs what a person must know, and erases expired data if that was not done for an hour.
    pub async fn look(&mut self) -> Vec<Report> {
        let now = self.clock.now();
        let reports = match self.ledger.backlog(now).await {
            Ok(backlog) => self.watchdog.judge(now, &backlog, self.allowance.standing()),
            Err(error) => {
                tracing::error!(%error, "the watchdog could not look through the ledger");
                Vec::new()
            }
        };
        reports.iter().for_each(Report::log);
        if self.purged_at.is_none_or(|at| now.duration_since(at) >= PURGE_EVERY) {
            self.purged_at = Some(now);
            match purge(self.ledger.as_ref(), now, self.retention).await {
                Ok(cases) => {
                    self.metrics.erased(now);
                    if let Some(status) = &self.status {
                        status.purged(now);
                    }
                    if cases > 0 {
                        tracing::info!(cases, "erased what was older than the retention time");
                    }
                }
                Err(error) => tracing::error!(%error, "what is too old could not be erased; trying again"),
            }
        }
        self.watch_log(now).await;
        self.watch_disk(now);
        reports
    }

    /// Shrinks a write-ahead log that has grown too large, and reports it if that fails.
    async fn watch_log(&mut self, now: Timestamp) {
        let large = |ledger: &dyn Ledger| ledger.log_bytes().filter(|bytes| *bytes > LOG_TOO_LARGE);
        if large(self.ledger.as_ref()).is_none() {
            self.log_told = None;
            return;
        }
        if let Err(error) = self.ledger.shrink_log().await {
            tracing::warn!(%error, "the ledger's write-ahead log could not be shrunk; trying again");
        }
        let is_due = self.log_told.is_none_or(|told| now.duration_since(told).abs() >= TELL_AGAIN);
        if let Some(bytes) = large(self.ledger.as_ref())
            && is_due
        {
            self.log_told = Some(now);
            tracing::warn!(
                bytes,
                "the ledger's write-ahead log grows and gives nothing back: somebody reads the ledger for long, perhaps a backup or \
                 a tool that was left open; end it before the disk is full"
            );
        }
    }

    /// Reports a disk that will be full soon: without room no delivery can be accepted.
    fn watch_disk(&mut self, now: Timestamp) {
        let Some(disk) = self.ledger.disk().filter(|disk| disk.is_nearly_full()) else {
            self.disk_told = None;
            return;
        };
        if self.disk_told.is_none_or(|told| now.duration_since(told).abs() >= TELL_AGAIN) {
            self.disk_told = Some(now);
            tracing::error!(
                free_bytes = disk.free,
                ledger_bytes = disk.ledger,
                "the disk of the ledger is nearly full: make room before no delivery can be stored"
            );
        }
    }
}

//! What is done beside the cases: the watchdog, which tells whether somebody must look, and the end of the retention time.

mod clocks;
mod erase;
mod macros;
mod order;
mod sweep;
mod watchdog;

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

pub use clocks::ClockWatch;
pub use erase::{Erased, NotErased, erase, purge};
pub use macros::{MacroParts, MacroRefresher};
pub use order::order;
pub use sweep::{SweepParts, Sweeper};
pub use watchdog::{Report, Watchdog};

use crate::ports::{Clock, Ledger, RateLimits};

/// How often the ledger is looked through.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// How often what is too old is erased.
const PURGE_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// A write-ahead log of so many bytes does not shrink by itself any more.
const LOG_TOO_LARGE: u64 = 64 << 20;
/// A log that stays large is told again after this.
const TELL_LOG_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Keeps a ledger in order while cases are worked.
#[derive(Debug)]
pub struct Maintenance {
    ledger: Arc<dyn Ledger>,
    allowance: Arc<dyn RateLimits>,
    clock: Arc<dyn Clock>,
    watchdog: Watchdog,
    /// How long what has ended is kept.
    retention: SignedDuration,
    purged_at: Option<Timestamp>,
    log_told: Option<Timestamp>,
}

impl Maintenance {
    /// A keeper that has not looked yet. `overdue_after`: how long a due case may wait until somebody is told.
    pub fn new(
        ledger: Arc<dyn Ledger>,
        allowance: Arc<dyn RateLimits>,
        clock: Arc<dyn Clock>,
        overdue_after: SignedDuration,
        retention: SignedDuration,
    ) -> Self {
        let watchdog = Watchdog::new(overdue_after);
        Self { ledger, allowance, clock, watchdog, retention, purged_at: None, log_told: None }
    }

    /// Looks every minute until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            self.look().await;
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Looks once, tells in the log what somebody must know, and erases what is too old if that was not done for an hour.
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
                Ok(0) => {}
                Ok(cases) => tracing::info!(cases, "erased what was older than the retention time"),
                Err(error) => tracing::error!(%error, "what is too old could not be erased; trying again"),
            }
        }
        self.watch_log(now).await;
        reports
    }

    /// Has a write-ahead log that has grown too large give its room back, and tells when it does not.
    async fn watch_log(&mut self, now: Timestamp) {
        let large = |ledger: &dyn Ledger| ledger.log_bytes().filter(|bytes| *bytes > LOG_TOO_LARGE);
        if large(self.ledger.as_ref()).is_none() {
            self.log_told = None;
            return;
        }
        if let Err(error) = self.ledger.shrink_log().await {
            tracing::warn!(%error, "the ledger's write-ahead log could not be shrunk; trying again");
        }
        let is_due = self.log_told.is_none_or(|told| now.duration_since(told).abs() >= TELL_LOG_AGAIN);
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
}

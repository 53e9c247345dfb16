//! Synchronises the process's clock with the ledger's, and reports clocks that are too far apart to work by.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::ports::{Clock as _, Clocks, HelpdeskClock, LedgerTime};

/// The interval of clock readings: the extrapolation in between drifts by far less than a millisecond.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// The help desk is queried for its time if no other response has contained it for this long.
const DESK_AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// An ongoing condition is reported again after this.
const TELL_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Monitors the clocks while the service runs.
#[derive(Debug)]
pub struct ClockWatch {
    clocks: Arc<Clocks>,
    ledger: Arc<dyn LedgerTime>,
    desk: Arc<dyn HelpdeskClock>,
    /// Notified when the clocks agree again.
    wake: Arc<Notify>,
    begun: Timestamp,
    /// When a disagreement was last reported.
    told: Mutex<Option<Timestamp>>,
}

impl ClockWatch {
    /// A watch before its first check.
    pub fn new(
        clocks: Arc<Clocks>,
        ledger: Arc<dyn LedgerTime>,
        desk: Arc<dyn HelpdeskClock>,
        wake: Arc<Notify>,
    ) -> Self {
        let begun = clocks.now();
        Self { clocks, ledger, desk, wake, begun, told: Mutex::default() }
    }

    /// Checks repeatedly until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = self.look() => {}
                () = stop.cancelled() => return,
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Reads the ledger's clock, and the help desk's if it was silent or wrong. Reports disagreements.
    pub async fn look(&self) {
        if let Err(error) = self.clocks.ask(self.ledger.as_ref()).await {
            // An unreachable ledger is reported by the code that needs more of it.
            tracing::debug!(%error, "the ledger's clock could not be asked");
        }
        let told_at = self.clocks.desk_told_at().unwrap_or(self.begun);
        let is_old = self.clocks.now().duration_since(told_at).abs() >= DESK_AGAIN;
        let is_wrong = self.clocks.standing().beyond().is_some_and(|(whose, _)| whose == "zendesk");
        if (is_old || is_wrong)
            && let Err(error) = self.desk.look_at_clock().await
        {
            tracing::debug!(%error, "Zendesk's clock could not be asked");
        }
        self.tell();
    }

    fn tell(&self) {
        let (now, standing) = (self.clocks.now(), self.clocks.standing());
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        match standing.beyond() {
            Some((clock, ahead)) if told.is_none_or(|told| now.duration_since(told).abs() >= TELL_AGAIN) => {
                *told = Some(now);
                tracing::error!(
                    clock,
                    ahead_seconds = ahead.as_secs_f64(),
                    at_most_seconds = standing.at_most.as_secs(),
                    "clocks are apart: this process takes no work until they agree; set the machines' clocks by a time server"
                );
            }
            None if told.take().is_some() => {
                tracing::info!("clocks agree again: this process takes work");
                self.wake.notify_one();
            }
            _ => {}
        }
    }
}

//! Limits the log lines of one failure per minute, so that an attack or an outage neither fills the disk that holds the
//! ledger nor hides other failures.

use std::collections::HashMap;
use std::fmt::{self, Debug, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// The lines of one failure logged per minute; further ones are only counted.
const LINES: u64 = 10;
const MINUTE: Duration = Duration::from_mins(1);
/// The interval of checks for expired minutes.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Counts warnings and errors by call site, and by their `kind` if they have one. Clones share their counts.
#[derive(Clone, Debug, Default)]
pub struct Sparing(Arc<Mutex<HashMap<(Identifier, String), Count>>>);

#[derive(Debug)]
pub struct Count {
    began: Instant,
    lines: u64,
    message: String,
}

impl Sparing {
    /// Periodically logs the numbers of suppressed lines, forever.
    pub(crate) async fn tell(&self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            log(self.take(|count| count.began.elapsed() >= MINUTE));
        }
    }

    /// Logs the remaining numbers before the process ends.
    pub(crate) fn tell_at_last(&self) {
        log(self.take(|_| true));
    }

    /// Counts a line; returns whether it may be logged.
    fn admits(&self, place: Identifier, kind: String, message: String, now: Instant) -> bool {
        let mut counts = self.counts();
        let count = counts.entry((place, kind)).or_insert(Count { began: now, lines: 0, message });
        count.lines += 1;
        count.lines <= LINES
    }

    /// Takes the suppressed lines of expired counts: message, kind, number. These counts restart.
    pub fn take(&self, is_over: impl Fn(&Count) -> bool) -> Vec<(String, String, u64)> {
        let mut spared = Vec::new();
        self.counts().retain(|(_, kind), count| {
            let over = is_over(count);
            if over && count.lines > LINES {
                spared.push((std::mem::take(&mut count.message), kind.clone(), count.lines - LINES));
            }
            !over
        });
        spared
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<(Identifier, String), Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Logs each count with its own kind: this warning is itself limited per kind, and a common kind would suppress most
/// counts.
fn log(spared: Vec<(String, String, u64)>) {
    for (of, kind, lines) in spared {
        let kind = if kind.is_empty() { of.clone() } else { kind };
        tracing::warn!(of, kind, lines, "the same again, not logged one by one");
    }
}

impl<S: Subscriber> Layer<S> for Sparing {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        if *metadata.level() > Level::WARN {
            return true;
        }
        let mut told = Reported::default();
        event.record(&mut told);
        self.admits(metadata.callsite(), told.kind, told.message, Instant::now())
    }
}

/// The fields that distinguish failures.
#[derive(Default)]
struct Reported {
    kind: String,
    message: String,
}

impl Visit for Reported {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "kind" {
            value.clone_into(&mut self.kind);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            // Writing to a string cannot fail.
            let _: fmt::Result = write!(self.message, "{value:?}");
        }
    }
}

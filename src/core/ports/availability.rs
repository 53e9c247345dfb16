//! The availability of another system: what the log and the readiness probe report of its outages.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// This many consecutive failures are an outage; fewer are transient.
const OUTAGE: u32 = 3;
/// Clocks further apart than this are reported: signatures, waits and timelines depend on them.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(1);
/// An ongoing condition is reported again after this.
const TELL_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// The availability of one other system. It records every call and returns the changes worth a log line.
#[derive(Debug)]
pub struct Availability {
    name: &'static str,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    first_failed_at: Option<Timestamp>,
    /// When the outage was last reported; `None`: there is none.
    outage_told: Option<Timestamp>,
    /// How far its clock is ahead of ours, and when this was last reported.
    clock: Option<(SignedDuration, Timestamp)>,
    clocks_told: Option<Timestamp>,
}

/// A change to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum AvailabilityChange {
    /// It has failed repeatedly.
    Failing { since: Timestamp },
    Back {
        /// The duration of the outage.
        after: SignedDuration,
    },
}

impl Availability {
    /// A system of this name, without a call so far.
    pub fn new(name: &'static str) -> Self {
        Self { name, state: Mutex::default() }
    }

    /// The system's name, for logs and health.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Records a call without a usable response. `certain`: the failure is not transient, such as refused credentials.
    pub fn failed(&self, now: Timestamp, certain: bool) -> Option<AvailabilityChange> {
        let mut state = self.lock();
        state.failures = state.failures.saturating_add(1);
        let since = *state.first_failed_at.get_or_insert(now);
        let is_new = state.outage_told.is_none_or(|told| now.duration_since(told) >= TELL_AGAIN);
        if !is_new || (state.failures < OUTAGE && !certain) {
            return None;
        }
        state.outage_told = Some(now);
        Some(AvailabilityChange::Failing { since })
    }

    /// Records a call with a valid response.
    pub fn answered(&self, now: Timestamp) -> Option<AvailabilityChange> {
        let mut state = self.lock();
        let since = state.first_failed_at.take();
        state.failures = 0;
        state.outage_told.take()?;
        since.map(|since| AvailabilityChange::Back { after: now.duration_since(since) })
    }

    /// The start of the outage, if there is one.
    pub fn failing_since(&self) -> Option<Timestamp> {
        let state = self.lock();
        state.outage_told.and(state.first_failed_at)
    }

    /// How far its clock is ahead of ours (negative: behind), and when it was last known.
    pub fn clock(&self) -> Option<(SignedDuration, Timestamp)> {
        self.lock().clock
    }

    /// Records its clock's time, in whole seconds, at some moment between `asked` and `now`. Returns how far it is at least
    /// ahead of ours (negative: behind), if this is to be reported now.
    pub fn clocks_apart(
        &self,
        asked: Timestamp,
        now: Timestamp,
        theirs: Timestamp,
    ) -> Option<SignedDuration> {
        let ahead = ahead(asked, now, theirs);
        let mut state = self.lock();
        state.clock = Some((ahead, now));
        if ahead.abs() <= CLOCKS_APART {
            state.clocks_told = None;
            return None;
        }
        if state.clocks_told.is_some_and(|told| now.duration_since(told).abs() < TELL_AGAIN) {
            return None;
        }
        state.clocks_told = Some(now);
        Some(ahead)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code panics while holding the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The clock may have been anywhere within that second, and read at any moment between request and response.
fn ahead(asked: Timestamp, now: Timestamp, theirs: Timestamp) -> SignedDuration {
    let (ahead, behind) =
        (theirs.duration_since(now), theirs.duration_since(asked) + SignedDuration::from_secs(1));
    if ahead > SignedDuration::ZERO { ahead } else { behind.min(SignedDuration::ZERO) }
}

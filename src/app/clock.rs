//! The operating system's clock, and one that runs in real time and can be moved forward, since reminders and payments take
//! hours.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rustix::time::{ClockId, clock_gettime};

use crate::domain::moment::later;
use crate::ports::{Clock, LedgerTime, StoreError};

/// How long a sleeper may take to notice that the clock was moved.
const NAP: Duration = Duration::from_millis(20);

#[cfg(target_os = "linux")]
const STEADY: ClockId = ClockId::Boottime;
#[cfg(not(target_os = "linux"))]
const STEADY: ClockId = ClockId::Monotonic;

/// The time since the machine's start.
pub(crate) fn since_boot() -> SignedDuration {
    let time = clock_gettime(STEADY);
    SignedDuration::new(time.tv_sec, i32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one clock that is not injected")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// Keeps running while the machine sleeps, if the system has such a clock.
    fn steady(&self) -> SignedDuration {
        since_boot()
    }

    async fn sleep_until(&self, at: Timestamp) {
        while let Some(wait) = wait(at, self.now()) {
            tokio::time::sleep(wait).await;
        }
    }
}

/// The ledger time of a ledger that no other machine shares.
#[derive(Debug)]
pub(super) struct NobodyElse;

#[async_trait]
impl LedgerTime for NobodyElse {
    async fn time(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }
}

/// The time until `at`; `None` if it has passed.
fn wait(at: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(at.duration_since(now)).ok().filter(|wait| !wait.is_zero())
}

/// Real time plus an offset. It never goes back.
#[derive(Debug, Default)]
pub(crate) struct MovableClock {
    /// Milliseconds.
    ahead: AtomicI64,
}

impl MovableClock {
    /// A clock with this offset from the beginning; negative: behind.
    pub(crate) fn ahead_by(ahead: SignedDuration) -> Self {
        Self { ahead: AtomicI64::new(i64::try_from(ahead.as_millis()).unwrap_or_default()) }
    }

    /// Its offset from real time.
    pub(crate) fn ahead(&self) -> SignedDuration {
        SignedDuration::from_millis(self.ahead.load(Ordering::SeqCst))
    }
}

/// For code that controls the time.
#[cfg(feature = "sandbox")]
impl MovableClock {
    pub(crate) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(by, Ordering::SeqCst);
    }

    /// Moves it forward to a time, if that is in the future.
    pub(crate) fn advance_to(&self, at: Timestamp) {
        if let Ok(wait) = Duration::try_from(at.duration_since(self.now())) {
            // What is due at `at` is due after it, not a fraction of a millisecond before.
            self.advance(wait + Duration::from_millis(1));
        }
    }
}

#[async_trait]
impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        later(SystemClock.now(), self.ahead())
    }

    fn steady(&self) -> SignedDuration {
        since_boot()
    }

    async fn sleep_until(&self, at: Timestamp) {
        // In short naps, since the clock may be moved meanwhile.
        while let Some(wait) = wait(at, self.now()) {
            tokio::time::sleep(wait.min(NAP)).await;
        }
    }
}

#[cfg(all(test, feature = "sandbox"))]
mod tests {
    use super::*;

    #[test]
    fn it_is_moved_forward_by_a_time_or_to_a_time_and_never_back() {
        let clock = MovableClock::default();
        let start = clock.now();
        clock.advance(Duration::from_hours(25));
        assert!(clock.now() >= start + SignedDuration::from_hours(25));
        clock.advance_to(start);
        assert_eq!(clock.ahead(), SignedDuration::from_hours(25));
        let later = start + SignedDuration::from_hours(30);
        clock.advance_to(later);
        assert!(clock.now() > later && clock.ahead() <= SignedDuration::from_hours(30));
    }
}

//! A clock that stops until a test advances it, or until everything left only sleeps.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;
use misread::ports::Clock;
use tokio::sync::Notify;

/// The clock is advanced for a sleeper after this many quiet naps, so that other work proceeds first. A nap is quiet if
/// it took hardly longer than asked for, which shows that no other task was busy.
const QUIET_NAPS: u32 = 3;
const NAP: Duration = Duration::from_millis(2);
/// The limit on naps for a machine that is never quiet.
const MOST_NAPS: u32 = 100;

#[derive(Debug)]
pub(crate) struct ManualClock {
    state: Mutex<State>,
    moved: Notify,
}

#[derive(Debug)]
struct State {
    now: Timestamp,
    /// The wake-up time of each sleeper, with a unique number.
    sleepers: BTreeSet<(Timestamp, u64)>,
    numbers: u64,
    /// Whether only sleeps that tick advance it.
    ticks: bool,
}

impl ManualClock {
    pub(crate) fn at(now: &str) -> Arc<Self> {
        let state = State {
            now: now.parse().expect("a time is given"),
            sleepers: BTreeSet::new(),
            numbers: 0,
            ticks: false,
        };
        Arc::new(Self { state: Mutex::new(state), moved: Notify::new() })
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.lock().now += by;
        self.moved.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Advances the clock to the earliest wake-up time, if it is this one or `ticks`.
    fn pass(&self, sleeper: (Timestamp, u64), ticks: bool) {
        let mut state = self.lock();
        let first = state.sleepers.first().copied().unwrap_or(sleeper);
        if ticks || (!state.ticks && first == sleeper) {
            state.now = state.now.max(first.0);
            self.moved.notify_waiters();
        }
    }

    fn lie_down(&self, at: Timestamp) -> Sleeper<'_> {
        let mut state = self.lock();
        state.numbers += 1;
        let sleeper = (at, state.numbers);
        state.sleepers.insert(sleeper);
        Sleeper { clock: self, sleeper }
    }
}

/// An entry among the sleepers, removed on drop.
struct Sleeper<'a> {
    clock: &'a ManualClock,
    sleeper: (Timestamp, u64),
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.clock.lock().sleepers.remove(&self.sleeper);
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.lock().now
    }

    async fn sleep_until(&self, at: Timestamp) {
        self.sleep(at, false).await;
    }
}

impl ManualClock {
    /// Sleeps until `at`, and advances the clock as soon as everything left only sleeps. From the first sleep that `ticks`
    /// on, no other one advances it: while the test itself waits, for example for a read of the ledger, time stands.
    pub(crate) async fn sleep(&self, at: Timestamp, ticks: bool) {
        self.lock().ticks |= ticks;
        let lying = self.lie_down(at);
        let (mut quiet, mut naps) = (0, 0);
        while self.now() < at {
            let moved = self.moved.notified();
            let began = Instant::now();
            tokio::select! {
                () = moved => (quiet, naps) = (0, 0),
                () = tokio::time::sleep(NAP) => {
                    quiet = if began.elapsed() < 2 * NAP { quiet + 1 } else { 0 };
                    naps += 1;
                    if quiet >= QUIET_NAPS || naps >= MOST_NAPS {
                        self.pass(lying.sleeper, ticks);
                    }
                }
            }
        }
    }
}

//! The authoritative time, and whether the clocks of the other systems agree with it.
//!
//! If several processes that share a ledger used their own machines' clocks, one that is ahead would take over a live
//! lease, and treat an unknown write as settled. So all of them use the database's clock. It is read now and then, and
//! extrapolated by a monotonic clock in between.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{Availability, CallError, Clock, StoreError};
use crate::domain::moment::later;

/// A slower response is too inaccurate if a better one is known.
const GOOD_ANSWER: SignedDuration = SignedDuration::from_millis(200);
/// The most requests for the time until a response is good.
const TRIES: usize = 3;

/// The clock that replicas share.
#[async_trait]
pub trait LedgerTime: std::fmt::Debug + Send + Sync {
    /// Its time; `None`: no other machine shares the ledger, and this machine's clock serves as well.
    async fn time(&self) -> Result<Option<Timestamp>, StoreError>;
}

/// The clock of the help desk.
#[async_trait]
pub trait HelpdeskClock: std::fmt::Debug + Send + Sync {
    /// Makes a small call; its [`Availability`] records the time in the response.
    async fn look_at_clock(&self) -> Result<(), CallError>;
}

/// The clock of a process.
#[derive(Debug)]
pub struct Clocks {
    own: Arc<dyn Clock>,
    /// No work is done while clocks are further apart than this.
    at_most: SignedDuration,
    shared: Mutex<Option<Shared>>,
    desk: OnceLock<Arc<Availability>>,
}

/// The last reading of the ledger's clock.
#[derive(Clone, Copy, Debug)]
struct Shared {
    /// Its time at the zero of our steady clock.
    anchor: Timestamp,
    /// How far it is ahead of this machine's clock, at least; negative: behind.
    ahead: SignedDuration,
    /// The duration of the request.
    took: SignedDuration,
}

/// The differences between the clocks; positive: the other one is ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockStanding {
    /// The database's clock from this machine's; `None`: the ledger has no clock of its own.
    pub database_ahead: Option<SignedDuration>,
    /// Zendesk's clock from the one in use; `None`: not known yet.
    pub desk_ahead: Option<SignedDuration>,
    /// No work is taken beyond this.
    pub at_most: SignedDuration,
}

impl ClockStanding {
    /// The clock that is too far from ours, and the difference.
    pub fn beyond(&self) -> Option<(&'static str, SignedDuration)> {
        let all = [("database", self.database_ahead), ("zendesk", self.desk_ahead)];
        let known = all.into_iter().filter_map(|(whose, ahead)| Some((whose, ahead?)));
        known.filter(|(_, ahead)| ahead.abs() > self.at_most).max_by_key(|(_, ahead)| ahead.abs())
    }
}

impl Clocks {
    /// Uses this machine's clock until the ledger's is read. `at_most`: the largest allowed difference to other clocks.
    pub fn new(own: Arc<dyn Clock>, at_most: SignedDuration) -> Self {
        Self { own, at_most, shared: Mutex::default(), desk: OnceLock::new() }
    }

    /// Includes the help desk's clock from now on, as recorded by `contact`.
    pub fn watch(&self, contact: Arc<Availability>) {
        // There is only one help desk.
        let _ = self.desk.set(contact);
    }

    /// Reads the ledger's clock, and uses it from now on if there is one.
    ///
    /// # Errors
    /// When the ledger does not respond: the last reading stays in use.
    pub async fn ask(&self, ledger: &dyn LedgerTime) -> Result<(), StoreError> {
        let mut best: Option<Shared> = None;
        for _ in 0..TRIES {
            let (began, own) = (self.own.steady(), self.own.now());
            let Some(theirs) = ledger.time().await? else { return Ok(()) };
            let told = Shared::of(began, own, theirs, self.own.steady() - began);
            best = best.filter(|best| best.took <= told.took).or(Some(told));
            if told.took <= GOOD_ANSWER {
                break;
            }
        }
        let mut shared = self.lock();
        // A reading from a currently slow server is less accurate than the last one.
        let is_worth_it = |told: &Shared| shared.is_none() || told.took <= self.at_most;
        if let Some(told) = best.filter(is_worth_it) {
            *shared = Some(told);
        }
        Ok(())
    }

    /// The differences between all clocks at their last readings.
    pub fn standing(&self) -> ClockStanding {
        ClockStanding {
            database_ahead: self.lock().map(|shared| shared.ahead),
            desk_ahead: self.desk.get().and_then(|contact| contact.clock()).map(|(ahead, _)| ahead),
            at_most: self.at_most,
        }
    }

    /// When the help desk's time was last received.
    pub fn desk_told_at(&self) -> Option<Timestamp> {
        self.desk.get().and_then(|contact| contact.clock()).map(|(_, at)| at)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Shared>> {
        // No code panics while holding the lock.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// The clock was read at some moment during the request: assume the middle, with half of the duration as uncertainty.
    fn of(began: SignedDuration, own: Timestamp, theirs: Timestamp, took: SignedDuration) -> Self {
        let half = took / 2;
        let anchor = theirs.checked_sub(began + half).unwrap_or(theirs);
        let apart = theirs.duration_since(own) - half;
        let ahead = if apart.abs() <= half { SignedDuration::ZERO } else { apart };
        Self { anchor, ahead, took }
    }
}

#[async_trait]
impl Clock for Clocks {
    fn now(&self) -> Timestamp {
        let Some(shared) = *self.lock() else { return self.own.now() };
        later(shared.anchor, self.own.steady())
    }

    fn steady(&self) -> SignedDuration {
        self.own.steady()
    }

    fn is_right(&self) -> bool {
        self.standing().beyond().is_none()
    }

    fn desk_ahead(&self) -> Option<SignedDuration> {
        self.standing().desk_ahead
    }

    async fn sleep_until(&self, at: Timestamp) {
        loop {
            let left = at.duration_since(self.now());
            if left <= SignedDuration::ZERO {
                return;
            }
            self.own.sleep_until(later(self.own.now(), left)).await;
        }
    }
}

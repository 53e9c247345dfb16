//! The time that counts, and whether the clocks around us agree on it.
//!
//! Where several processes share a ledger, each would go by its own machine's clock: one that is ahead takes a living lease for over,
//! and an unknown write for settled. So all of them go by the database's clock. It is asked now and then, and carried on in between
//! by a clock that nobody sets.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{Availability, CallError, Clock, StoreError};

/// An answer that took longer tells the time too badly, if a better one is known.
const GOOD_ANSWER: SignedDuration = SignedDuration::from_millis(200);
/// How often the time is asked for at most until an answer is good.
const TRIES: usize = 3;

/// The clock of what replicas share.
#[async_trait]
pub trait LedgerTime: std::fmt::Debug + Send + Sync {
    /// Its time; `None`: nobody on another machine shares the ledger, and this machine's clock is as good.
    async fn time(&self) -> Result<Option<Timestamp>, StoreError>;
}

/// The clock of the help desk.
#[async_trait]
pub trait HelpdeskClock: std::fmt::Debug + Send + Sync {
    /// Makes a small call; its [`Availability`] takes note of the time that the answer tells.
    async fn look_at_clock(&self) -> Result<(), CallError>;
}

/// A process's one clock.
#[derive(Debug)]
pub struct Clocks {
    own: Arc<dyn Clock>,
    /// Clocks further apart than this are not worked by.
    at_most: SignedDuration,
    shared: Mutex<Option<Shared>>,
    desk: OnceLock<Arc<Availability>>,
}

/// What the last answer of the ledger's clock told.
#[derive(Clone, Copy, Debug)]
struct Shared {
    /// Its time when our steady clock stood at zero.
    anchor: Timestamp,
    /// How far it is ahead of this machine's clock, at least; negative: behind.
    ahead: SignedDuration,
    /// How long the answer took.
    took: SignedDuration,
}

/// How far clocks are apart; positive: the other one is ahead of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockStanding {
    /// The database's from this machine's; `None`: the ledger has none of its own.
    pub database_ahead: Option<SignedDuration>,
    /// Zendesk's from the one that we go by; `None`: it has not told its time yet.
    pub desk_ahead: Option<SignedDuration>,
    /// Beyond this no work is taken.
    pub at_most: SignedDuration,
}

impl ClockStanding {
    /// Whose clock is too far from ours, and by how much.
    pub fn beyond(&self) -> Option<(&'static str, SignedDuration)> {
        let all = [("database", self.database_ahead), ("zendesk", self.desk_ahead)];
        let known = all.into_iter().filter_map(|(whose, ahead)| Some((whose, ahead?)));
        known.filter(|(_, ahead)| ahead.abs() > self.at_most).max_by_key(|(_, ahead)| ahead.abs())
    }
}

impl Clocks {
    /// Goes by this machine's clock until the ledger's is asked. `at_most`: how far others may be from it.
    pub fn new(own: Arc<dyn Clock>, at_most: SignedDuration) -> Self {
        Self { own, at_most, shared: Mutex::default(), desk: OnceLock::new() }
    }

    /// From now on the help desk's clock counts, too, as `contact` takes note of it.
    pub fn watch(&self, contact: Arc<Availability>) {
        // There is one help desk.
        let _ = self.desk.set(contact);
    }

    /// DeliveryRequest the ledger's clock, and goes by it from now on if it has one.
    ///
    /// # Errors
    /// When the ledger does not answer: then what was known before goes on.
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
        // A server that is slow at the moment tells the time worse than it is known.
        let is_worth_it = |told: &Shared| shared.is_none() || told.took <= self.at_most;
        if let Some(told) = best.filter(is_worth_it) {
            *shared = Some(told);
        }
        Ok(())
    }

    /// How far all clocks are apart, as they were asked last.
    pub fn standing(&self) -> ClockStanding {
        ClockStanding {
            database_ahead: self.lock().map(|shared| shared.ahead),
            desk_ahead: self.desk.get().and_then(|contact| contact.clock()).map(|(ahead, _)| ahead),
            at_most: self.at_most,
        }
    }

    /// When the help desk told its time last.
    pub fn desk_told_at(&self) -> Option<Timestamp> {
        self.desk.get().and_then(|contact| contact.clock()).map(|(_, at)| at)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Shared>> {
        // Nothing panics under it.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// The answer was given at some moment while it was waited for: in the middle, with half of the wait's uncertainty.
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
        shared.anchor.checked_add(self.own.steady()).unwrap_or(Timestamp::MAX)
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
            self.own.sleep_until(self.own.now().checked_add(left).unwrap_or(Timestamp::MAX)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millisecond: i64) -> Timestamp {
        Timestamp::from_millisecond(1_770_000_000_000 + millisecond).unwrap()
    }

    fn milliseconds(count: i64) -> SignedDuration {
        SignedDuration::from_millis(count)
    }

    #[test]
    fn an_answer_is_taken_to_be_given_in_the_middle_of_the_wait_for_it() {
        let told = Shared::of(milliseconds(500), at(0), at(90_010), milliseconds(20));
        assert_eq!((told.anchor, told.ahead), (at(89_500), milliseconds(90_000)));
        let level = Shared::of(milliseconds(500), at(0), at(15), milliseconds(20));
        assert_eq!(level.ahead, SignedDuration::ZERO, "within what cannot be told");
    }

    #[test]
    fn the_clock_that_is_furthest_off_beyond_the_bound_is_named() {
        let seconds = SignedDuration::from_secs;
        let standing = |database, desk| ClockStanding {
            database_ahead: database,
            desk_ahead: desk,
            at_most: seconds(30),
        };
        assert_eq!(standing(None, None).beyond(), None);
        assert_eq!(standing(Some(seconds(30)), Some(seconds(-30))).beyond(), None);
        let both = standing(Some(seconds(31)), Some(seconds(-90)));
        assert_eq!(both.beyond(), Some(("zendesk", seconds(-90))));
    }
}

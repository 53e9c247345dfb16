//! Wakes for nothing: a rule or an integration that reports every change, including the service's own, must not cost a read
//! each time.

use jiff::{SignedDuration, Timestamp};

use super::effect::{Ending, Rest};
use super::fold::{Case, WakeReason};

/// This many reads in a row without news are normal.
const USUAL: u32 = 10;
/// The first and the longest pause after that; each is twice the one before. A customer may have to wait for the longest.
const PAUSE: (SignedDuration, SignedDuration) = (SignedDuration::from_mins(1), SignedDuration::from_mins(30));

impl Case {
    pub(super) fn nothing_new(&mut self, at: Timestamp) {
        if self.roused == Some(WakeReason::Woken) {
            self.in_vain(at);
        }
        (self.roused, self.pending_since) = (None, None);
    }

    /// A case that has ended for good is not even read.
    pub(super) fn woken(&mut self, at: Timestamp, received_at: Timestamp) {
        use Ending::{HandedOver, Shadowed, SteppedBack};
        if self.roused.is_some()
            && matches!(self.rest, Some(Rest::Ended(HandedOver | Shadowed | SteppedBack)))
        {
            self.in_vain(at);
        }
        self.wake();
        self.pending_since.get_or_insert(at);
        if self.erased.is_none() {
            self.first_event.get_or_insert(received_at);
        }
    }

    fn in_vain(&mut self, at: Timestamp) {
        let times = self.vain.map_or(0, |(times, _)| times);
        self.vain = Some((times.saturating_add(1), at));
    }

    /// Until when another wake does not cause a read of a resting case; `None`: it is read at once.
    pub fn quiet_until(&self, now: Timestamp) -> Option<Timestamp> {
        let (times, last) = self.vain.filter(|_| self.rest.is_some())?;
        let doublings = times.checked_sub(USUAL)?.min(10);
        let (first, longest) = PAUSE;
        let pause = first.checked_mul(1 << doublings).unwrap_or(longest).min(longest);
        last.checked_add(pause).ok().filter(|until| *until > now && self.roused != Some(WakeReason::TimeUp))
    }
}

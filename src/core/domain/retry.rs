//! Retry times: exponential back-off with jitter from a hash, so that the same failure always waits the same time.

use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::ids::TicketId;
use super::moment::later;

/// The number of attempts and the waits between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The wait after the first failure.
    pub base: Duration,
    /// The longest wait of our own.
    pub max: Duration,
    /// After this many failures in a row the case is stuck.
    pub attempts: u32,
}

/// What to do after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// Retry, not before this time.
    At(Timestamp),
    /// Stop: a person must look.
    GiveUp,
}

impl RetryPolicy {
    /// The consequence of the `failures`-th failure in a row (the first is 1), observed at `now`.
    ///
    /// The wait doubles with each failure up to `max`, less a jitter of at most a quarter. It is never shorter than the
    /// upstream asked for.
    pub fn after_failure(
        &self,
        ticket: TicketId,
        failures: u32,
        now: Timestamp,
        asked: Option<Duration>,
    ) -> AfterFailure {
        if failures >= self.attempts {
            return AfterFailure::GiveUp;
        }
        let doublings = failures.saturating_sub(1).min(30);
        let full = self.base.saturating_mul(1 << doublings).min(self.max);
        let own = full.mul_f64(1.0 - 0.25 * fraction(ticket, failures));
        AfterFailure::At(later(now, own.max(asked.unwrap_or_default())))
    }
}

/// A pseudo-random number from 0 to 1 that depends only on the ticket and the number of failures.
fn fraction(ticket: TicketId, failures: u32) -> f64 {
    let digest = Sha256::digest(format!("{ticket}/{failures}"));
    f64::from(u16::from_be_bytes([digest[0], digest[1]])) / f64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy =
        RetryPolicy { base: Duration::from_secs(2), max: Duration::from_mins(1), attempts: 8 };

    fn wait(failures: u32, asked: Option<Duration>) -> Duration {
        let ticket = TicketId::try_from(7).unwrap();
        match POLICY.after_failure(ticket, failures, Timestamp::UNIX_EPOCH, asked) {
            AfterFailure::At(at) => Duration::try_from(at.duration_since(Timestamp::UNIX_EPOCH)).unwrap(),
            AfterFailure::GiveUp => panic!("gave up after {failures}"),
        }
    }

    #[test]
    fn waits_double_up_to_the_ceiling_and_lose_at_most_a_quarter() {
        for (failures, full) in [(1, 2), (2, 4), (3, 8), (4, 16), (5, 32), (6, 60), (7, 60)] {
            let full = Duration::from_secs(full);
            assert!(wait(failures, None) <= full && wait(failures, None) >= full.mul_f64(0.75), "{failures}");
        }
    }

    #[test]
    fn what_the_other_side_asks_for_is_obeyed_even_above_the_ceiling() {
        assert_eq!(wait(1, Some(Duration::from_mins(5))), Duration::from_mins(5));
        assert!(wait(5, Some(Duration::from_secs(1))) > Duration::from_secs(20));
    }

    #[test]
    fn the_last_allowed_failure_gives_up() {
        let ticket = TicketId::try_from(7).unwrap();
        assert_eq!(POLICY.after_failure(ticket, 8, Timestamp::UNIX_EPOCH, None), AfterFailure::GiveUp);
    }

    #[test]
    fn different_tickets_spread_out() {
        let waits: std::collections::BTreeSet<_> = (1..50)
            .map(|id| POLICY.after_failure(TicketId::try_from(id).unwrap(), 6, Timestamp::UNIX_EPOCH, None))
            .map(|after| format!("{after:?}"))
            .collect();
        assert!(waits.len() > 40);
    }
}

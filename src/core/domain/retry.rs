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

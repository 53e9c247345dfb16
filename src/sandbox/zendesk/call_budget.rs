//! Endpoints with a budget of their own: 100 calls a minute (facts §7).

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::limits::LimitHit;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// How many calls in a minute go to such an endpoint.
pub(super) const CALLS_PER_MINUTE: usize = 100;

/// The calls of the last minute, oldest first.
#[derive(Debug, Default)]
pub(super) struct CallBudget(VecDeque<Timestamp>);

impl CallBudget {
    /// Counts a call and tells how many are left, or refuses it. What is refused does not count.
    pub(super) fn call(&mut self, now: Timestamp) -> Result<usize, LimitHit> {
        while self.0.front().is_some_and(|oldest| now.duration_since(*oldest) >= MINUTE) {
            self.0.pop_front();
        }
        if self.0.len() >= CALLS_PER_MINUTE {
            let oldest = self.0.front().copied().unwrap_or(now);
            let wait = MINUTE - now.duration_since(oldest);
            let retry_after = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
            let description = "Rate limit for this endpoint exceeded, please wait before trying again";
            return Err(LimitHit { retry_after: retry_after.max(1), description });
        }
        self.0.push_back(now);
        Ok(CALLS_PER_MINUTE - self.0.len())
    }
}

//! What was let through within a sliding window of time.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

/// The times of what was let through, oldest first.
#[derive(Debug, Default)]
pub(in crate::zendesk) struct Window(VecDeque<Timestamp>);

impl Window {
    /// Forgets what is older than `length`, and tells how many are left and in how many whole seconds the oldest of them goes.
    pub(in crate::zendesk) fn used(&mut self, length: SignedDuration, now: Timestamp) -> (usize, i64) {
        while self.0.front().is_some_and(|oldest| now.duration_since(*oldest) >= length) {
            self.0.pop_front();
        }
        let resets = self.0.front().map_or(length, |oldest| length - now.duration_since(*oldest));
        (self.0.len(), resets.as_secs() + i64::from(resets.subsec_nanos() > 0))
    }

    /// Whether one more fits; else the whole seconds until it does, at least 1.
    pub(in crate::zendesk) fn room(
        &mut self,
        limit: Option<usize>,
        length: SignedDuration,
        now: Timestamp,
    ) -> Result<(), i64> {
        let (used, resets) = self.used(length, now);
        match limit {
            Some(limit) if used >= limit => Err(resets.max(1)),
            _ => Ok(()),
        }
    }

    /// One more was let through.
    pub(in crate::zendesk) fn add(&mut self, now: Timestamp) {
        self.0.push_back(now);
    }
}

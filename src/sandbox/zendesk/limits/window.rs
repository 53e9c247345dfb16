//! A sliding window of admitted requests.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

/// The times of admitted requests, oldest first.
#[derive(Debug, Default)]
pub(in crate::zendesk) struct Window(VecDeque<Timestamp>);

impl Window {
    /// Drops entries older than `length`; returns the number of the rest, and the whole seconds until the oldest of them
    /// expires.
    pub(in crate::zendesk) fn used(&mut self, length: SignedDuration, now: Timestamp) -> (usize, i64) {
        while self.0.front().is_some_and(|oldest| now.duration_since(*oldest) >= length) {
            self.0.pop_front();
        }
        let resets = self.0.front().map_or(length, |oldest| length - now.duration_since(*oldest));
        (self.0.len(), resets.as_secs() + i64::from(resets.subsec_nanos() > 0))
    }

    /// Whether one more fits; otherwise the whole seconds until it does, at least 1.
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

    /// Adds one admitted request.
    pub(in crate::zendesk) fn add(&mut self, now: Timestamp) {
        self.0.push_back(now);
    }
}

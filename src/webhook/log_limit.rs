//! Bounds how many lines of a kind are logged in a minute: an attack must not fill the disk that deliveries are stored on.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// How many lines of a kind are logged in a minute; the others are only counted.
const LINES: u64 = 10;
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Counts lines by their kind.
#[derive(Debug, Default)]
pub(super) struct LogLimit(Mutex<BTreeMap<&'static str, Count>>);

#[derive(Clone, Copy, Debug)]
struct Count {
    began: Timestamp,
    lines: u64,
}

impl LogLimit {
    /// Counts a line of this kind; whether it may be logged.
    pub(super) fn admits(&self, kind: &'static str, now: Timestamp) -> bool {
        let mut counts = self.counts();
        let count = counts.entry(kind).or_insert(Count { began: now, lines: 0 });
        count.lines += 1;
        count.lines <= LINES
    }

    /// The kinds whose minute is over and how many of their lines were not logged, where any. Their counts begin anew.
    pub(super) fn spared(&self, now: Timestamp) -> Vec<(&'static str, u64)> {
        self.take(|count| now.duration_since(count.began).abs() >= MINUTE)
    }

    /// The same of all kinds, before the end.
    pub(super) fn spared_at_last(&self) -> Vec<(&'static str, u64)> {
        self.take(|_| true)
    }

    fn take(&self, is_over: impl Fn(&Count) -> bool) -> Vec<(&'static str, u64)> {
        let mut spared = Vec::new();
        self.counts().retain(|kind, count| {
            let over = is_over(count);
            if over && count.lines > LINES {
                spared.push((*kind, count.lines - LINES));
            }
            !over
        });
        spared
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<&'static str, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_767_323_045 + second).unwrap()
    }

    #[test]
    fn the_first_lines_of_a_minute_are_logged_and_the_others_counted() {
        let limit = LogLimit::default();
        let logged = (0..25).filter(|_| limit.admits("Body too large", at(0))).count();
        assert_eq!(logged, 10);
        assert!(limit.admits("Token not accepted", at(0)), "each kind has its own count");
        assert_eq!(limit.spared(at(59)), []);
        assert!(!limit.admits("Body too large", at(59)));
        assert_eq!(limit.spared(at(60)), [("Body too large", 16)]);
        assert_eq!(limit.spared(at(61)), [], "told once");
        assert!(limit.admits("Body too large", at(61)));
        assert_eq!(limit.spared_at_last(), []);
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_silence_the_log() {
        let limit = LogLimit::default();
        for _ in 0..11 {
            limit.admits("Body too large", at(0));
        }
        assert_eq!(limit.spared(at(-3600)), [("Body too large", 1)]);
        assert!(limit.admits("Body too large", at(-3600)));
    }
}

//! Sums of a moment and a duration that stop at the ends of the range instead of failing.

use jiff::{Timestamp, TimestampArithmetic};

/// The moment `by` after `at`, or the latest there is.
pub fn later(at: Timestamp, by: impl Into<TimestampArithmetic>) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// The moment `by` before `at`, or the earliest there is.
pub fn earlier(at: Timestamp, by: impl Into<TimestampArithmetic>) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

//! When the customer is said to have parked, as the ticket's field says it.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

/// A day, perhaps with a time, in Asia/Seoul.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedAt {
    /// The day.
    pub date: Date,
    /// The time.
    pub time: Option<Time>,
}

impl UsedAt {
    /// Stub.
    pub fn parse(_text: &str, _today: Date) -> Option<Self> {
        None
    }

    /// Stub.
    pub fn fits(&self, _entered_at: Timestamp, _exited_at: Option<Timestamp>) -> bool {
        true
    }

    /// Stub.
    pub fn entry_window(&self) -> (Timestamp, Timestamp) {
        (Timestamp::MIN, Timestamp::MAX)
    }
}

//! What is left of another system's rate limits, for operators.

use std::fmt::{self, Debug, Display, Formatter};

use jiff::Timestamp;

/// The rate limits of another system.
pub trait RateLimits: Debug + Send + Sync {
    /// As far as the last responses tell.
    fn standing(&self) -> RateLimitStatus;
}

/// The status of Zendesk's rate limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimitStatus {
    /// The updates that all replicas together send singly in a minute.
    pub updates_a_minute: usize,
    /// The number of this process's cases that wait for room.
    pub waiting: usize,
    /// Whether updates are sent in bulk now.
    pub together: bool,
    /// Updates per minute, by all clients.
    pub updates: Option<Left>,
    /// Requests per minute, by all clients.
    pub requests: Option<Left>,
    /// Concurrent jobs, by all clients.
    pub jobs: Option<Left>,
    /// The end of the wait that the account asked for, if any.
    pub blocked_until: Option<Timestamp>,
}

/// What the account last reported of one of its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// How many remain before the reset, for all clients together.
    pub remaining: u32,
    /// How many the account allows between two resets.
    pub total: u32,
}

impl Display for Left {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} of {} left", self.remaining, self.total)
    }
}

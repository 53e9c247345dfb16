//! How much of another system's limits is left, for people who look.

use std::fmt::{self, Debug, Display, Formatter};

use jiff::Timestamp;

/// What another system lets us have.
pub trait RateLimits: Debug + Send + Sync {
    /// How we stand with it now.
    fn standing(&self) -> RateLimitStatus;
}

/// How we stand with Zendesk's limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimitStatus {
    /// So many updates we send one by one in a minute, all replicas together.
    pub updates_a_minute: usize,
    /// So many cases of this process wait for room.
    pub waiting: usize,
    /// Whether updates are sent together now.
    pub together: bool,
    /// Updates in a minute, of everybody.
    pub updates: Option<Left>,
    /// Requests in a minute, of everybody.
    pub requests: Option<Left>,
    /// Jobs at once, of everybody.
    pub jobs: Option<Left>,
    /// Until when the account told us to wait, if it did.
    pub blocked_until: Option<Timestamp>,
}

/// What the account said last of one of its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// So many more there may be before it is reset, whoever sends them.
    pub remaining: u32,
    /// So many there may be in all.
    pub total: u32,
}

impl Display for Left {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} of {} left", self.remaining, self.total)
    }
}

//! What the service needs from the world: a store, a desk (Zendesk), the parking system, a clock.
//!
//! Outcomes are typed. A write whose answer was lost is neither done nor failed: [`CallError::Unknown`].

mod availability;
mod clocks;
mod grants;
mod helpdesk;
mod lease;
mod limits;
mod macros;
mod markers;
mod parking;
mod rate_limits;
mod search;
mod store;
mod upkeep;

pub use availability::{Availability, AvailabilityChange};
pub use clocks::{ClockStanding, Clocks, HelpdeskClock, LedgerTime};
pub use grants::{Decide, Grants};
pub use helpdesk::{Helpdesk, SendMode, TicketWrite, UpdateOutcome};
pub use lease::Lease;
pub use limits::{Guard, LimitBook, MovedLately};
pub use macros::{GoodMacros, MacroChange, MacroShelf, MacroStanding, MacroWarning, MacroWatch};
pub use markers::MarkerKeys;
pub use parking::{ActionOutcome, ActionRequest, Parking, UseQuery, UsesOf, UsesPage};
pub use rate_limits::{Left, RateLimitStatus, RateLimits};
pub use search::{Found, FoundPage, Search};
pub use store::{
    Accepted, Append, CaseState, CaseSummary, Claim, DeliveryContent, DeliveryRequest, Loaded, NewDelivery,
    PendingDelivery, QueueMove, Recorded, Store, StoreError,
};
pub use upkeep::{Backlog, Erasure, Group, Ledger, StoredDelivery, Tickets, Upkeep};

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

/// Tells the time and lets it pass. Tests and the sandbox own theirs.
#[async_trait]
pub trait Clock: Debug + Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// How long it has been since some moment, by a clock that is never set; where a test owns the time, by that.
    fn steady(&self) -> SignedDuration {
        self.now().duration_since(Timestamp::UNIX_EPOCH)
    }

    /// Whether it may be worked by: whether it agrees with the clocks of those that we work with.
    fn is_right(&self) -> bool {
        true
    }

    /// How far the help desk's clock is ahead of this one, at least, up to a second and what an answer takes; negative: behind. `None`: it has
    /// not told its time.
    fn desk_ahead(&self) -> Option<SignedDuration> {
        None
    }

    /// Comes back when it is `at`, or soon afterwards.
    async fn sleep_until(&self, at: Timestamp);
}

/// Why a call brought no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Nothing was done, and trying again later can help.
    #[error("{reason}")]
    Retry {
        /// The other side's `Retry-After`, if it named one.
        after: Option<Duration>,
        /// What happened, without any customer data.
        reason: String,
    },
    /// Nothing was sent: our share of the other side's limits is used up. No failure.
    #[error("the account's budget of requests is used up")]
    NotYet {
        /// How long to wait.
        wait: Duration,
    },
    /// A write whose answer was lost: it may or may not have been done. Look before repeating.
    #[error("outcome unknown: {reason}")]
    Unknown {
        /// What happened, without any customer data.
        reason: String,
    },
    /// The same call will never work, if the answer is to be believed: the worker tries it a few times more.
    #[error("{reason}")]
    Permanent {
        /// What happened, without any customer data.
        reason: String,
    },
}

impl CallError {
    /// How long to wait before it is tried again, where that is known.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::Retry { after, .. } => *after,
            Self::NotYet { wait } => Some(*wait),
            Self::Unknown { .. } | Self::Permanent { .. } => None,
        }
    }
}

//! The service's interfaces to the outside: a store, a help desk (Zendesk), the parking system, a clock.
//!
//! Outcomes are typed. A write whose response was lost is neither done nor failed: [`CallError::Unknown`].

mod account_check;
mod availability;
mod cases;
mod clocks;
mod console;
mod erasure;
mod grants;
mod helpdesk;
mod lease;
mod limits;
mod macros;
mod markers;
mod parking;
mod practice;
mod rate_limits;
mod replicas;
mod search;
mod status;
mod store;
mod upkeep;

pub use crate::domain::case::Lane;
pub use account_check::{AccountCheck, AccountFindings};
pub use availability::{Availability, AvailabilityChange};
pub use cases::{CaseFilter, CaseLine, CaseLists, CasePage, CaseSum, Place, StuckGroup};
pub use clocks::{ClockStanding, Clocks, HelpdeskClock, LedgerTime};
pub use console::{
    Access, AccessFilter, AccessPage, Act, ConsoleBook, NewAccess, PlaybookInForce, PolicyReader, Session,
    SignedInBy,
};
pub use erasure::{Erased, Erasure, NotErased, PURGE_EVERY, erase, is_erased};
pub use grants::{Decide, Grants};
pub use helpdesk::{Helpdesk, SendMode, TicketWrite, UpdateOutcome};
pub use lease::Lease;
pub use limits::{Guard, LimitBook, MovedLately};
pub use macros::{GoodMacros, MacroChange, MacroShelf, MacroStanding, MacroWarning, MacroWatch};
pub use markers::MarkerKeys;
pub use parking::{ActionOutcome, ActionRequest, Parking, UseQuery, UsesOf, UsesPage};
pub use practice::{
    PracticeAct, PracticeComment, PracticeCustomer, PracticeRefusal, PracticeRoom, PracticeTag,
    PracticeTicket, PracticeWriter,
};
pub use rate_limits::{Left, RateLimitStatus, RateLimits};
pub use replicas::{Replica, Replicas};
pub use search::{Found, FoundPage, Search};
pub use status::{AccountChecked, Build, LastReload, Running, ServiceStatus};
pub use store::{
    Accepted, Append, CaseState, CaseSummary, Claim, DeliveryContent, DeliveryRequest, Disk, Loaded,
    NewDelivery, PendingDelivery, QueueMove, Recorded, Store, StoreError,
};
pub use upkeep::{Awaiting, Backlog, Group, Ledger, Recounted, StoredDelivery, Tickets, Upkeep};

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

/// A clock that can also wait. Tests and the sandbox have their own.
#[async_trait]
pub trait Clock: Debug + Send + Sync {
    /// The time of day; it can jump when the system's clock is set.
    fn now(&self) -> Timestamp;

    /// The time since a fixed moment, by a monotonic clock; in tests, by the test's own time.
    fn steady(&self) -> SignedDuration {
        self.now().duration_since(Timestamp::UNIX_EPOCH)
    }

    /// Whether this clock agrees with the clocks of the other systems, so that work may be done by it.
    fn is_right(&self) -> bool {
        true
    }

    /// How far the help desk's clock is ahead of this one, at least; accurate to a second and a response time. Negative:
    /// behind. `None`: not known yet.
    fn desk_ahead(&self) -> Option<SignedDuration> {
        None
    }

    /// Returns at `at`, or soon afterwards.
    async fn sleep_until(&self, at: Timestamp);
}

/// Why a call returned no usable response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Nothing was done; a retry later may succeed.
    #[error("{reason}")]
    Retry {
        /// The upstream's `Retry-After`, if any.
        after: Option<Duration>,
        /// The reason, without any customer data.
        reason: String,
    },
    /// Nothing was sent: our share of the upstream's rate limit is used up. This is no failure.
    #[error("the account's budget of requests is used up")]
    NotYet {
        /// How long to wait.
        wait: Duration,
    },
    /// A write whose response was lost: it may or may not have been done. Look it up before a retry.
    #[error("outcome unknown: {reason}")]
    Unknown {
        /// The reason, without any customer data.
        reason: String,
    },
    /// By the upstream's response, the same call never succeeds. The worker retries it a few times nevertheless.
    #[error("{reason}")]
    Permanent {
        /// The reason, without any customer data.
        reason: String,
    },
}

impl CallError {
    /// How long to wait before a retry, if known.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::Retry { after, .. } => *after,
            Self::NotYet { wait } => Some(*wait),
            Self::Unknown { .. } | Self::Permanent { .. } => None,
        }
    }
}

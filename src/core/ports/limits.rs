//! What stands between an intention and the world, and what people see of it.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::store::StoreError;
use crate::domain::ids::{AccountId, LotId};
use crate::domain::limits::{Counted, Limits, Movement, Sum, Trip};

/// What stands before something goes out: looked at in the append's own transaction, for all replicas together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The money that is about to be moved, if any.
    pub movement: Option<Movement>,
    /// What must not be exceeded together with what came before.
    pub limits: Limits,
    /// Whether an agent has released it, or it follows from what was done already: then the breaker does not hold it.
    pub released: bool,
}

/// What has been moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MovedLately {
    /// Of all, in a day.
    pub day: Sum,
    /// The lots with the largest sums in a day, the largest first.
    pub lots: Vec<(LotId, Sum)>,
    /// The accounts with the largest sums in 30 days, the largest first.
    pub accounts: Vec<(AccountId, Sum)>,
}

/// What limits and breaker count, for people who watch them.
#[async_trait]
pub trait LimitBook: Debug + Send + Sync {
    /// What counts towards the limits at `now`.
    async fn moved_lately(&self, now: Timestamp) -> Result<MovedLately, StoreError>;

    /// What the breaker holds against the usual at `now`.
    async fn counted(&self, now: Timestamp) -> Result<Counted, StoreError>;

    /// Lifts the breaker and writes down who did it, and why in their words; returns why it was open, `None`: it was not.
    async fn lift(&self, now: Timestamp, by: &str, because: Option<&str>)
    -> Result<Option<Trip>, StoreError>;
}

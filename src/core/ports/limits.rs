//! The checks between an intention and its effect, and the figures that people see of them.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::store::StoreError;
use crate::domain::ids::{AccountId, LotId};
use crate::domain::limits::{Counted, Happened, Limits, Movement, Sum, Trip};

/// The checks before an effect, made in the append's own transaction, for all replicas together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The money about to be moved, if any.
    pub movement: Option<Movement>,
    /// The limits for this movement together with earlier ones.
    pub limits: Limits,
    /// Whether an agent has released it, or it completes what was already done: then the breaker does not stop it.
    pub released: bool,
}

/// The money moved recently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MovedLately {
    /// All movements of a day.
    pub day: Sum,
    /// The lots with the largest sums of a day, the largest first.
    pub lots: Vec<(LotId, Sum)>,
    /// The accounts with the largest sums of 30 days, the largest first.
    pub accounts: Vec<(AccountId, Sum)>,
}

/// The counts of limits and breaker, for operators.
#[async_trait]
pub trait LimitBook: Debug + Send + Sync {
    /// The movements that count towards the limits at `now`.
    async fn moved_lately(&self, now: Timestamp) -> Result<MovedLately, StoreError>;

    /// The counts that the breaker compares at `now`.
    async fn counted(&self, now: Timestamp) -> Result<Counted, StoreError>;

    /// The breaker's journal, the latest event first, at most `limit`.
    async fn breaker_events(&self, limit: usize) -> Result<Vec<Happened>, StoreError>;

    /// Lifts the breaker and records who did it and why; returns why it was open, `None`: it was not.
    async fn lift(&self, now: Timestamp, by: &str, because: Option<&str>)
    -> Result<Option<Trip>, StoreError>;
}

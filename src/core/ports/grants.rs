//! The record of grants for limits that replicas share.

use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::StoreError;
use crate::account::sliding_window::{Grant, GrantLog};

/// Decides on a grant, given those that count, oldest first.
pub type Decide<'a> = &'a mut (dyn FnMut(&[Grant]) -> Option<Grant> + Send);

/// Records the grants of each limit for all processes that share it.
#[async_trait]
pub trait Grants: Debug + Send + Sync {
    /// Calls `decide` with the grants of the limit `name` within `span` before `now`, and records what it grants. No other
    /// process can add a grant in between.
    async fn grant(
        &self,
        name: &str,
        span: SignedDuration,
        now: Timestamp,
        decide: Decide<'_>,
    ) -> Result<(), StoreError>;
}

/// The record of a process that shares its limits with no other.
#[async_trait]
impl Grants for Mutex<GrantLog> {
    async fn grant(
        &self,
        name: &str,
        span: SignedDuration,
        now: Timestamp,
        decide: Decide<'_>,
    ) -> Result<(), StoreError> {
        // After a panic in another task, counts are at most too high, so they stay in use.
        self.lock().unwrap_or_else(PoisonError::into_inner).decide(name, span, now, decide);
        Ok(())
    }
}

//! What was granted of limits that replicas share.

use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::StoreError;
use crate::account::sliding_window::{Grant, GrantLog};

/// Decides on a grant when it is shown those that count, oldest first.
pub type Decide<'a> = &'a mut (dyn FnMut(&[Grant]) -> Option<Grant> + Send);

/// Remembers what was granted of each limit, for all who share it.
#[async_trait]
pub trait Grants: Debug + Send + Sync {
    /// Shows `decide` the grants of the limit `name` within `span` before `now`, and keeps what it grants. Nobody else can add
    /// one in between.
    async fn grant(
        &self,
        name: &str,
        span: SignedDuration,
        now: Timestamp,
        decide: Decide<'_>,
    ) -> Result<(), StoreError>;
}

/// The memory of a process that shares its limits with nobody.
#[async_trait]
impl Grants for Mutex<GrantLog> {
    async fn grant(
        &self,
        name: &str,
        span: SignedDuration,
        now: Timestamp,
        decide: Decide<'_>,
    ) -> Result<(), StoreError> {
        // A panic in another task leaves counts that are at most too high, so they stay in use.
        self.lock().unwrap_or_else(PoisonError::into_inner).decide(name, span, now, decide);
        Ok(())
    }
}

//! The secrets that markers of our writes are sealed with.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::domain::marker::MarkerKey;

/// Keeps the keys, the same for all who share a ledger.
#[async_trait]
pub trait MarkerKeys: Debug + Send + Sync {
    /// The key that seals and the one before it, which still counts; the newest last. Where there is none yet, one is made.
    async fn marker_keys(&self, now: Timestamp) -> Result<Vec<MarkerKey>, StoreError>;

    /// Makes a new key, unless the newest was made after `not_after`: what was sealed with the one before must have been looked up
    /// by then. Says whether it did.
    async fn rotate_marker_key(&self, now: Timestamp, not_after: Timestamp) -> Result<bool, StoreError>;
}

/// Keys that never change.
#[async_trait]
impl MarkerKeys for Vec<MarkerKey> {
    async fn marker_keys(&self, _: Timestamp) -> Result<Vec<MarkerKey>, StoreError> {
        Ok(self.clone())
    }

    async fn rotate_marker_key(&self, _: Timestamp, _: Timestamp) -> Result<bool, StoreError> {
        Ok(false)
    }
}

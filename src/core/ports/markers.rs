//! The secrets for sealing the markers of our writes.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::domain::marker::MarkerKey;

/// Stores the keys for all processes that share a ledger.
#[async_trait]
pub trait MarkerKeys: Debug + Send + Sync {
    /// The sealing key and the one before it, which is still valid; the newest last. Creates one if there is none.
    async fn marker_keys(&self, now: Timestamp) -> Result<Vec<MarkerKey>, StoreError>;

    /// Creates a new key, unless the newest was created after `not_after`: writes sealed with the one before must have been
    /// looked up by then. Returns whether it did.
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

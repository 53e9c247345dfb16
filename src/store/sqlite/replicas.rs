//! The process that works on the file: there is one at most.

use std::sync::PoisonError;

use async_trait::async_trait;
use jiff::Timestamp;

use super::SqliteStore;
use crate::ports::{Replica, Replicas, StoreError};

#[async_trait]
impl Replicas for SqliteStore {
    async fn report_replica(&self, replica: &Replica) -> Result<(), StoreError> {
        *self.replica.lock().unwrap_or_else(PoisonError::into_inner) = Some(replica.clone());
        Ok(())
    }

    async fn replicas(&self, since: Timestamp) -> Result<Vec<Replica>, StoreError> {
        let own = self.replica.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(own.filter(|replica| replica.seen_at >= since).into_iter().collect())
    }
}

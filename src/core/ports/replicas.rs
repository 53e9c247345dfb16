//! The processes that work on one ledger.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;

/// A process of the service, as it last reported itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    /// Host and process number, such as `misread-7d4f-x2x9k:1`.
    pub name: String,
    /// The version and commit of its program.
    pub program: String,
    /// The hash of its policy.
    pub policy: String,
    /// Its start, by its own clock.
    pub started_at: Timestamp,
    /// When it reported this.
    pub seen_at: Timestamp,
}

/// Where replicas report themselves.
#[async_trait]
pub trait Replicas: Debug + Send + Sync {
    /// Records that this process works. Forgets those that have been silent for a day.
    async fn report_replica(&self, replica: &Replica) -> Result<(), StoreError>;

    /// The processes that have reported themselves since `since`, by name.
    async fn replicas(&self, since: Timestamp) -> Result<Vec<Replica>, StoreError>;
}

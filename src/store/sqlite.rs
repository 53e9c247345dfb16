//! The ledger in one SQLite file: one writer that commits in groups, and a few readers.
//!
//! Several processes may have the file open (a command line beside the service): every write transaction takes the
//! write lock first, so leases, fences, keys and numbers hold across processes too.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::Notify;

use super::OpenError;
use super::batch::{Batch, ClaimRequest, Outcome};
use super::writer::{Database, Queue};
use crate::domain::ids::TicketId;
use crate::ports::{Accepted, Append, CaseState, CaseSummary, Claim, Loaded, NewDelivery, Store, StoreError};

mod accept;
mod append;
mod claim;
mod connect;
mod decided;
mod read;
mod upkeep;

/// A ledger in a SQLite file.
#[derive(Debug)]
pub(super) struct SqliteStore {
    path: PathBuf,
    queue: Queue,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the file at `path`, creating or upgrading it where needed, and starts its writer.
    pub(super) async fn open(path: PathBuf, work_arrived: Arc<Notify>) -> Result<Self, OpenError> {
        let (connection, readers) = connect::open(&path).await?;
        let queue = Queue::start(File(path.clone()), connection, work_arrived);
        Ok(Self { path, queue, readers })
    }
}

/// The file, as the writer sees it.
struct File(PathBuf);

impl Database for File {
    type Connection = SqliteConnection;

    async fn connect(&self) -> Result<SqliteConnection, sqlx::Error> {
        connect::writer(&self.0, false).await
    }

    async fn commit(&self, connection: &mut SqliteConnection, batch: &Batch) -> Result<Outcome, sqlx::Error> {
        let accepted = accept::begin_with(connection, batch.accepts()).await?;
        let appended = append::all(connection, &batch.appends()).await?;
        let mut claimed = Vec::with_capacity(batch.claims().len());
        for request in batch.claims() {
            claimed.push(claim::one(connection, request).await?);
        }
        if batch.checks() {
            sqlx::query("UPDATE probe SET probes = probes + 1").execute(&mut *connection).await?;
        }
        sqlx::query("COMMIT").execute(&mut *connection).await?;
        Ok(Outcome { accepted, appended, claimed })
    }

    /// Anything else (disk full, locked, read-only) would fail each of the others too.
    fn is_about_data(error: &sqlx::Error) -> bool {
        // ERROR, TOOBIG, CONSTRAINT, MISMATCH
        matches!(connect::primary_code(error), Some(1 | 18 | 19 | 20))
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError> {
        self.queue.accept(delivery).await
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        self.queue.claim(ClaimRequest { now, lease_until, limit }).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        read::next_due(&self.readers).await
    }

    async fn load(&self, ticket_id: TicketId) -> Result<Loaded, StoreError> {
        read::load(&self.readers, ticket_id).await
    }

    async fn append(&self, append: Append) -> Result<(), StoreError> {
        self.queue.append(append).await
    }

    async fn list(&self, state: Option<CaseState>, limit: usize) -> Result<Vec<CaseSummary>, StoreError> {
        read::list(&self.readers, state, limit).await
    }

    async fn decided_since(
        &self,
        since: Timestamp,
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError> {
        decided::since(&self.readers, since, after, limit).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.queue.check().await
    }
}

#[cfg(test)]
mod tests;

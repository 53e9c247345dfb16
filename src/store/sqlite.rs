//! The ledger in one SQLite file: one writer that commits in groups, and a few readers.
//!
//! Several processes may have the file open (a command line beside the service): every write transaction takes the
//! write lock first, so leases, fences, keys and numbers hold across processes too.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqlitePool;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc, oneshot};

use self::batch::{Command, Job};
use self::claim::ClaimRequest;
use super::OpenError;
use crate::domain::ids::TicketId;
use crate::ports::{Accepted, Append, CaseState, CaseSummary, Claim, Loaded, NewDelivery, Store, StoreError};

mod accept;
mod append;
mod batch;
mod claim;
mod connect;
mod decided;
mod read;
mod writer;

/// Commands that may wait for the writer. A full queue means that the disk does not keep up: the door then says so at once.
const QUEUE_CAPACITY: usize = 1024;

/// A ledger in a SQLite file.
#[derive(Debug)]
pub(super) struct SqliteStore {
    commands: mpsc::Sender<Command>,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the file at `path`, creating or upgrading it where needed, and starts its writer.
    pub(super) async fn open(path: PathBuf, work_arrived: Arc<Notify>) -> Result<Self, OpenError> {
        let (connection, readers) = connect::open(&path).await?;
        let (commands, queue) = mpsc::channel(QUEUE_CAPACITY);
        tokio::spawn(writer::run(path, connection, queue, work_arrived));
        Ok(Self { commands, readers })
    }

    /// Hands a worker's command to the writer; waits for room in the queue, ahead of later deliveries.
    async fn write<Q, A>(
        &self,
        request: Q,
        command: impl FnOnce(Job<Q, A>) -> Command,
    ) -> Result<A, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.commands.send(command(Job { request, answer })).await.map_err(|_| writer_stopped())?;
        answered.await.unwrap_or_else(|_| Err(writer_stopped()))
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.commands.try_send(Command::Accept(Job { request: delivery, answer })).map_err(|error| {
            match error {
                TrySendError::Full(_) => StoreError::Unavailable("the write queue is full".to_owned()),
                TrySendError::Closed(_) => writer_stopped(),
            }
        })?;
        answered.await.unwrap_or_else(|_| Err(writer_stopped()))
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        self.write(ClaimRequest { now, lease_until, limit }, Command::Claim).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        read::next_due(&self.readers).await
    }

    async fn load(&self, ticket_id: TicketId) -> Result<Loaded, StoreError> {
        read::load(&self.readers, ticket_id).await
    }

    async fn append(&self, append: Append) -> Result<(), StoreError> {
        self.write(append, Command::Append).await
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
        self.write((), Command::Check).await
    }
}

fn writer_stopped() -> StoreError {
    StoreError::Unavailable("the ledger's writer has stopped".to_owned())
}

#[cfg(test)]
mod tests;

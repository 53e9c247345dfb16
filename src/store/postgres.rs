//! The ledger in a PostgreSQL database, shared by any number of replicas.
//!
//! Each replica has one writer that commits in groups, and a few readers. Concurrent replicas are isolated by rows that are
//! locked in one order, by fences, and by `SKIP LOCKED`; correctness does not depend on messages between them.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, PgPool};
use tokio::sync::Notify;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::OpenError;
use super::batch::{Batch, ClaimRequest, Outcome};
use super::writer::{Database, Queue};
use crate::domain::ids::TicketId;
use crate::domain::limits::Happened;
use crate::ports::{
    Accepted, Append, CaseState, CaseSummary, Claim, LedgerTime, Loaded, NewDelivery, Store, StoreError,
};

mod accept;
mod append;
mod begin;
mod claim;
mod connect;
mod console;
mod count;
mod errors;
mod grants;
mod guard;
mod hint;
mod limits;
mod lists;
mod macros;
mod markers;
mod outline;
mod read;
mod replicas;
mod sessions;
mod upkeep;

/// A ledger in a PostgreSQL database.
pub(super) struct PostgresStore {
    options: PgConnectOptions,
    queue: Queue,
    readers: PgPool,
    /// Which of the rows of a figure it adds to.
    shard: i64,
    /// Stops the tasks that send and receive hints.
    _hints: DropGuard,
}

impl fmt::Debug for PostgresStore {
    /// Hides the options, which contain the password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PostgresStore").field("readers", &self.readers.size()).finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Opens the database, creating or upgrading its tables if needed, and starts the writer and the hints.
    pub(super) async fn open(address: &str, work_arrived: Arc<Notify>) -> Result<Self, OpenError> {
        let options = connect::options(address)?;
        let connect::Opened { writer, readers, replica } = connect::open(&options).await?;
        let (accepted, stop) = (Arc::new(Notify::new()), CancellationToken::new());
        let shard = upkeep::shard(&replica);
        let give = hint::give(readers.clone(), replica.clone(), Arc::clone(&accepted));
        let take = hint::take(readers.clone(), replica, Arc::clone(&work_arrived));
        tokio::spawn(stop.clone().run_until_cancelled_owned(give));
        tokio::spawn(stop.clone().run_until_cancelled_owned(take));
        let server = Server { options: options.clone(), accepted, shard };
        let queue = Queue::start(server, writer, work_arrived);
        Ok(Self { options, queue, readers, shard, _hints: stop.drop_guard() })
    }
}

/// The server for the writer. It contains the password, so it is never printed.
struct Server {
    options: PgConnectOptions,
    /// Notified after a delivery was stored, for the other replicas.
    accepted: Arc<Notify>,
    /// Which of the rows of a figure it adds to.
    shard: i64,
}

impl Server {
    /// Executes a batch in one transaction.
    async fn transact(&self, connection: &mut PgConnection, batch: &Batch) -> Result<Outcome, sqlx::Error> {
        if let Err(error) = begin::transaction(connection, batch).await {
            if !errors::is_lost_connection(&error) {
                return Err(error);
            }
            // The server was restarted since the last batch. Nothing of this batch was done yet, so no caller sees an
            // error.
            *connection = connect::connection(&self.options).await?;
            begin::transaction(connection, batch).await?;
        }
        let accepted = accept::all(connection, batch.accepts()).await?;
        let appended = append::all(connection, &batch.appends(), self.shard).await?;
        let mut claimed = Vec::with_capacity(batch.claims().len());
        for request in batch.claims() {
            claimed.push(claim::one(connection, request).await?);
        }
        if batch.checks() {
            sqlx::query("UPDATE probe SET probes = probes + 1").execute(&mut *connection).await?;
        }
        sqlx::query("COMMIT").execute(&mut *connection).await?;
        if !accepted.is_empty() {
            self.accepted.notify_one();
        }
        Ok(Outcome { accepted, appended, claimed })
    }
}

impl Database for Server {
    type Connection = PgConnection;

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        connect::connection(&self.options).await
    }

    async fn commit(&self, connection: &mut PgConnection, batch: &Batch) -> Result<Outcome, sqlx::Error> {
        Box::pin(connect::bounded(self.transact(connection, batch))).await
    }

    fn is_about_data(error: &sqlx::Error) -> bool {
        errors::is_about_data(error)
    }
}

#[async_trait]
impl Store for PostgresStore {
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
        read::decided_since(&self.readers, since, after, limit).await
    }

    async fn breaker(&self) -> Result<Option<Happened>, StoreError> {
        limits::breaker(&self.readers).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.queue.check().await
    }
}

#[async_trait]
impl LedgerTime for PostgresStore {
    async fn time(&self) -> Result<Option<Timestamp>, StoreError> {
        read::time(&self.readers).await.map(Some)
    }
}

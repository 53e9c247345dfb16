//! The single writer task: takes all queued commands, commits them together, then responds. The same for every database.

use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::timeout;

use super::batch::{Batch, ClaimRequest, Command, Job, Outcome};
use crate::ports::{Accepted, Append, Claim, NewDelivery, StoreError};

/// The most commands in one commit.
const BATCH_LIMIT: usize = 256;
/// The queue's capacity. A full queue means that the database is too slow: the webhook endpoint then rejects deliveries at
/// once.
const QUEUE_CAPACITY: usize = 1024;
/// The time limit for closing a connection.
const CLOSING: Duration = Duration::from_secs(1);

/// The database as the writer uses it.
pub(super) trait Database: Send + Sync + 'static {
    /// A connection for writes.
    type Connection: Connection;

    /// Opens another connection after a failure.
    fn connect(&self) -> impl Future<Output = Result<Self::Connection, sqlx::Error>> + Send;

    /// Executes a batch in one transaction: accepts, then appends, then claims. After an error the connection is not used
    /// again: the transaction may still be open.
    fn commit(
        &self,
        connection: &mut Self::Connection,
        batch: &Batch,
    ) -> impl Future<Output = Result<Outcome, sqlx::Error>> + Send;

    /// Whether an error comes from a command's own data, so that the others in its batch can still be written.
    fn is_about_data(error: &sqlx::Error) -> bool;
}

/// A sender to the writer. The writer ends when the last one is dropped and the queue is empty.
#[derive(Debug)]
pub(super) struct Queue(mpsc::Sender<Command>);

impl Queue {
    /// Starts a writer; `work_arrived` is notified after each commit that may have made a case due.
    pub(super) fn start<D: Database>(
        database: D,
        connection: D::Connection,
        work_arrived: Arc<Notify>,
    ) -> Self {
        let (commands, queue) = mpsc::channel(QUEUE_CAPACITY);
        let writer = Writer { database, connection: Some(connection), work_arrived };
        tokio::spawn(writer.run(queue));
        Self(commands)
    }

    /// Queues a delivery, or fails at once if there is no room.
    pub(super) async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.0.try_send(Command::Accept(Job { request: delivery, answer })).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Unavailable("the write queue is full".to_owned()),
            TrySendError::Closed(_) => writer_stopped(),
        })?;
        answered.await.unwrap_or_else(|_| Err(writer_stopped()))
    }

    /// Appends to a journal.
    pub(super) async fn append(&self, append: Append) -> Result<(), StoreError> {
        self.work(append, Command::Append).await
    }

    pub(super) async fn claim(&self, request: ClaimRequest) -> Result<Vec<Claim>, StoreError> {
        self.work(request, Command::Claim).await
    }

    /// Makes a test write.
    pub(super) async fn check(&self) -> Result<(), StoreError> {
        self.work((), Command::Check).await
    }

    /// Queues a worker's command; waits for room in the queue, ahead of later deliveries.
    async fn work<Q, A>(
        &self,
        request: Q,
        command: impl FnOnce(Job<Q, A>) -> Command,
    ) -> Result<A, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.0.send(command(Job { request, answer })).await.map_err(|_| writer_stopped())?;
        answered.await.unwrap_or_else(|_| Err(writer_stopped()))
    }
}

fn writer_stopped() -> StoreError {
    StoreError::Unavailable("the ledger's writer has stopped".to_owned())
}

struct Writer<D: Database> {
    database: D,
    /// `None` after an error: such a connection may be in any state, so the next batch opens a new one.
    connection: Option<D::Connection>,
    work_arrived: Arc<Notify>,
}

impl<D: Database> Writer<D> {
    /// Writes until every sender is gone and the queue is empty.
    async fn run(mut self, mut queue: mpsc::Receiver<Command>) {
        let mut commands = Vec::with_capacity(BATCH_LIMIT);
        while queue.recv_many(&mut commands, BATCH_LIMIT).await > 0 {
            self.write(commands.drain(..).collect()).await;
        }
        if let Some(connection) = self.connection {
            close(connection).await;
        }
    }

    /// Commits a batch. If one command's data makes it fail, each command gets its own transaction.
    async fn write(&mut self, batch: Batch) {
        match self.commit(&batch).await {
            Ok(outcome) => self.answer(batch, outcome),
            Err(error) if batch.len() > 1 && D::is_about_data(&error) => {
                tracing::error!(%error, commands = batch.len(), "a group commit failed; trying each command alone");
                for single in batch.split() {
                    match self.commit(&single).await {
                        Ok(outcome) => self.answer(single, outcome),
                        Err(error) => fail(single, &error),
                    }
                }
            }
            Err(error) => fail(batch, &error),
        }
    }

    async fn commit(&mut self, batch: &Batch) -> Result<Outcome, sqlx::Error> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.database.connect().await?,
        };
        let outcome = self.database.commit(&mut connection, batch).await;
        if outcome.is_ok() {
            self.connection = Some(connection);
        } else {
            close(connection).await;
        }
        outcome
    }

    fn answer(&self, batch: Batch, outcome: Outcome) {
        let may_bring_work = batch.may_bring_work();
        batch.answer(outcome);
        if may_bring_work {
            self.work_arrived.notify_one();
        }
    }
}

fn fail(batch: Batch, error: &sqlx::Error) {
    tracing::error!(%error, commands = batch.len(), "the ledger was not written");
    batch.fail(error);
}

/// A connection that does not close properly loses nothing: all acknowledged data is committed.
async fn close(connection: impl Connection) {
    match timeout(CLOSING, connection.close()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "a connection to the ledger was not closed cleanly"),
        Err(_) => tracing::warn!("a connection to the ledger did not close in time"),
    }
}

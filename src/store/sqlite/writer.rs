//! The one task that writes: takes all that is queued, commits it in one go, then answers.

use std::path::PathBuf;
use std::sync::Arc;

use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Notify, mpsc};

use super::batch::{Batch, Command, Outcome};
use super::connect;

/// The most commands that share a commit.
const BATCH_LIMIT: usize = 256;

/// Writes until every sender is gone and the queue is empty.
pub(super) async fn run(
    path: PathBuf,
    connection: SqliteConnection,
    mut queue: mpsc::Receiver<Command>,
    work_arrived: Arc<Notify>,
) {
    let mut writer = Writer {
        path,
        connection: Some(connection),
        work_arrived,
    };
    let mut commands = Vec::with_capacity(BATCH_LIMIT);
    while queue.recv_many(&mut commands, BATCH_LIMIT).await > 0 {
        writer.write(commands.drain(..).collect()).await;
    }
    if let Some(connection) = writer.connection
        && let Err(error) = connection.close().await
    {
        tracing::warn!(%error, "the ledger was not closed cleanly; nothing is lost");
    }
}

struct Writer {
    path: PathBuf,
    /// `None` after an error: such a connection may be in any state, so the next batch opens a new one.
    connection: Option<SqliteConnection>,
    work_arrived: Arc<Notify>,
}

impl Writer {
    /// Commits a batch. Where one command's data spoils it, each command gets a transaction of its own.
    async fn write(&mut self, batch: Batch) {
        match self.commit(&batch).await {
            Ok(outcome) => self.answer(batch, outcome),
            Err(error) if batch.len() > 1 && is_about_data(&error) => {
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
            None => connect::writer(&self.path, false).await?,
        };
        let outcome = batch.commit(&mut connection).await;
        if outcome.is_ok() {
            self.connection = Some(connection);
        } else if let Err(error) = connection.close().await {
            tracing::warn!(%error, "a failed connection to the ledger was not closed cleanly");
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

/// Whether an error comes from a command's own data, so that the others in its batch can still be written.
/// Anything else (disk full, locked, read-only) would fail each of them too.
fn is_about_data(error: &sqlx::Error) -> bool {
    // ERROR, TOOBIG, CONSTRAINT, MISMATCH
    matches!(connect::primary_code(error), Some(1 | 18 | 19 | 20))
}

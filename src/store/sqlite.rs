//! The ledger in one SQLite file: one writer that commits in groups, and a few readers.
//!
//! Several processes may have the file open (a command beside the service): every write transaction takes the write lock
//! first, so leases, fences, keys and numbers hold across processes too. Only one of them works cases (`sole`).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::{Notify, watch};

use super::OpenError;
use super::batch::{Batch, ClaimRequest, Outcome};
use super::column;
use super::writer::{Database, Queue};
use crate::account::sliding_window::GrantLog;
use crate::domain::ids::TicketId;
use crate::domain::limits::Happened;
use crate::ports::{
    Accepted, Append, CaseState, CaseSummary, Claim, Decide, Disk, Grants, LedgerTime, Loaded, NewDelivery,
    Replica, Store, StoreError,
};

pub mod accept;
pub mod append;
pub mod claim;
pub mod connect;
mod console;
mod count;
mod damage;
mod decided;
mod files;
mod guard;
mod limits;
mod lists;
mod macros;
mod markers;
pub mod opened;
mod outline;
pub mod read;
mod replicas;
mod sole;
pub mod upkeep;

use damage::Damage;
use opened::Opened;
use sole::Sole;

/// A ledger in a SQLite file.
#[derive(Debug)]
pub(super) struct SqliteStore {
    path: PathBuf,
    queue: Queue,
    opened: watch::Receiver<Option<Arc<Opened>>>,
    damage: Arc<Damage>,
    /// Set if this process works on the ledger, and does not only read it.
    sole: Option<Arc<Sole>>,
    /// One process works on a file, so the grants need not be in it.
    grants: Mutex<GrantLog>,
    /// This process, as it last reported itself.
    replica: Mutex<Option<Replica>>,
}

impl SqliteStore {
    /// Opens the file at `path`, creating or upgrading it if needed, and starts its writer. With a time, this process
    /// becomes the only one that works on it: no other holds a case any more.
    pub(super) async fn open(
        path: &Path,
        work_arrived: Arc<Notify>,
        alone_since: Option<Timestamp>,
    ) -> Result<Self, OpenError> {
        let path = connect::place(path)?;
        let sole = alone_since.map(|now| connect::alone(&path, now)).transpose()?.map(Arc::new);
        let (mut connection, first) = connect::open(&path).await?;
        if sole.is_some() {
            let released = claim::release_all(&mut connection).await;
            match released.map_err(|error| connect::explain(&path, &error))? {
                0 => {}
                cases => {
                    tracing::info!(cases, "cases that a process held when it ended are taken up at once");
                }
            }
        }
        let (opening, opened) = watch::channel(Some(Arc::new(first)));
        let damage = Arc::new(Damage::default());
        let file = File { path: path.clone(), opening, damage: damage.clone(), sole: sole.clone() };
        let (queue, grants) = (Queue::start(file, connection, work_arrived), Mutex::default());
        let replica = Mutex::default();
        Ok(Self { path, queue, opened, damage, sole, grants, replica })
    }

    fn opened(&self) -> Result<Arc<Opened>, StoreError> {
        let opened = self.opened.borrow().clone();
        opened.ok_or_else(|| StoreError::Unavailable("the ledger is being put back".to_owned()))
    }

    /// Writes on a connection besides the writer's. Fails if the written data would not be found again.
    async fn write_beside<T>(
        &self,
        write: impl AsyncFnOnce(&Path) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        let opened = self.opened()?;
        let _others = opened.let_another_write().await;
        let in_place = || opened.check().map_err(|misplaced| StoreError::Unavailable(misplaced.to_string()));
        in_place()?;
        if let Some(sole) = &self.sole {
            sole.check().map_err(|not_alone| StoreError::Unavailable(not_alone.to_string()))?;
        }
        let written = write(&self.path).await.map_err(|error| column::unavailable(&error))?;
        in_place()?;
        Ok(written)
    }

    /// Reads beside the writer.
    async fn read<T>(
        &self,
        read: impl AsyncFnOnce(&SqlitePool) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let read = read(self.opened()?.readers()).await;
        if matches!(read, Err(StoreError::Damaged(_))) {
            self.damage.suspect().await;
        }
        read
    }
}

/// The file for the writer.
struct File {
    path: PathBuf,
    /// `None` after its names were removed and before it is opened again.
    opening: watch::Sender<Option<Arc<Opened>>>,
    damage: Arc<Damage>,
    sole: Option<Arc<Sole>>,
}

impl File {
    /// Fails if data written now would not be found again.
    fn check(&self) -> Result<(), sqlx::Error> {
        let opened = self.opening.borrow();
        opened.as_ref().map_or(Ok(()), |opened| opened.check().map_err(opened::in_words))
    }

    async fn write(&self, connection: &mut SqliteConnection, batch: &Batch) -> Result<Outcome, sqlx::Error> {
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
}

impl Database for File {
    type Connection = SqliteConnection;

    async fn connect(&self) -> Result<SqliteConnection, sqlx::Error> {
        let opened = self.opening.borrow().clone();
        if let Some(opened) = opened {
            let Err(misplaced) = opened.check() else {
                let connected = connect::writer(&self.path, false).await;
                if connected.as_ref().is_err_and(column::is_damage) {
                    // Not even the schema can be read: this is reported like damage of any other page.
                    self.damage.suspect().await;
                    self.damage.check(&self.path).await?;
                }
                return connected;
            };
            let _alone = opened.keep_others_out().await;
            opened.save(misplaced, &self.path).await?;
            self.opening.send_replace(None);
            opened.close().await;
        }
        opened::put_back(&self.path)?;
        let connection = connect::writer(&self.path, false).await?;
        self.opening.send_replace(Some(Arc::new(Opened::beside_writer(&self.path).await?)));
        tracing::warn!("the ledger is in its place again");
        Ok(connection)
    }

    async fn commit(&self, connection: &mut SqliteConnection, batch: &Batch) -> Result<Outcome, sqlx::Error> {
        self.check()?;
        if let Some(sole) = &self.sole {
            sole.check().map_err(|not_alone| sqlx::Error::Io(io::Error::other(not_alone)))?;
        }
        self.damage.check(&self.path).await?;
        let outcome = self.write(connection, batch).await;
        if outcome.as_ref().is_err_and(column::is_damage) {
            self.damage.suspect().await;
        }
        // Only now is it certain that the data is where it will be looked for.
        self.check()?;
        outcome
    }

    /// Any other error (disk full, locked, read-only) would affect each of the others too.
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
        self.read(async |readers| read::next_due(readers).await).await
    }

    async fn load(&self, ticket_id: TicketId) -> Result<Loaded, StoreError> {
        self.read(async |readers| read::load(readers, ticket_id).await).await
    }

    async fn append(&self, append: Append) -> Result<(), StoreError> {
        self.queue.append(append).await
    }

    async fn list(&self, state: Option<CaseState>, limit: usize) -> Result<Vec<CaseSummary>, StoreError> {
        self.read(async |readers| read::list(readers, state, limit).await).await
    }

    async fn decided_since(
        &self,
        since: Timestamp,
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError> {
        self.read(async |readers| decided::since(readers, since, after, limit).await).await
    }

    async fn breaker(&self) -> Result<Option<Happened>, StoreError> {
        self.read(limits::breaker).await
    }

    fn log_bytes(&self) -> Option<u64> {
        std::fs::metadata(files::with(&self.path, "-wal")).ok().map(|facts| facts.len())
    }

    fn disk(&self) -> Option<Disk> {
        let ledger = std::fs::metadata(&self.path).ok()?.len();
        let room = rustix::fs::statvfs(&self.path).ok()?;
        Some(Disk { ledger, free: room.f_bavail.saturating_mul(room.f_frsize) })
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.queue.check().await
    }
}

#[async_trait]
impl Grants for SqliteStore {
    async fn grant(
        &self,
        name: &str,
        span: SignedDuration,
        now: Timestamp,
        decide: Decide<'_>,
    ) -> Result<(), StoreError> {
        self.grants.grant(name, span, now, decide).await
    }
}

#[async_trait]
impl LedgerTime for SqliteStore {
    /// The file is on this machine, and one process works on it.
    async fn time(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }
}

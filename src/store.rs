//! The ledger on disk, chosen by the database address.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::ports::Ledger;

mod batch;
mod column;
mod console;
mod count;
mod guard;
mod journal;
mod limits;
mod lists;
mod macros;
mod markers;
mod migrations;
mod outline;
mod postgres;
mod rows;
mod sqlite;
mod upkeep;
mod writer;

/// The log target of the database library.
pub const LOG_TARGET: &str = "sqlx";

/// Why the ledger was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address names no database that this program can use. It is not repeated, since it may contain a password.
    #[error(
        "the database address must look like `sqlite://data/misread.db` or `postgres://user@host/misread`: {0}"
    )]
    Address(&'static str),
    /// The database's folder does not exist.
    #[error("the database's folder `{0}` does not exist: create it, or change the database address")]
    FolderMissing(PathBuf),
    /// The address names a folder.
    #[error("`{0}` is a folder: let the database address name a file in it")]
    IsFolder(PathBuf),
    /// The file or its folder cannot be written to.
    #[error(
        "the database `{path}` cannot be written to ({reason}): give this program's user the right to write the file and its folder"
    )]
    NotWritable { path: PathBuf, reason: String },
    /// The file is not a SQLite database, or damaged.
    #[error(
        "`{path}` is not a sound SQLite database ({reason}): restore it from a backup, or let the database address name another file"
    )]
    Damaged {
        path: PathBuf,
        /// SQLite's message.
        reason: String,
    },
    /// It is another program's database, or its migrations were tampered with.
    #[error("the database `{0}` was not made by this program: let the database address name another one")]
    Foreign(String),
    /// A later version of this program has migrated it.
    #[error(
        "the database `{database}` is newer than this program (migration {migration} is unknown here): start the newer version, or restore the backup from before it"
    )]
    Newer {
        /// The file, or server and database.
        database: String,
        /// The number of the first unknown migration.
        migration: i64,
    },
    /// Another process works on the file.
    #[error(
        "`{path}` is in use by {holder}: one `misread serve` works on a SQLite ledger; stop that one first, or let several share a PostgreSQL database. Other commands, such as `misread case list`, work beside it"
    )]
    Occupied {
        path: PathBuf,
        /// The other process, and since when.
        holder: String,
    },
    /// A setting required for durability could not be made.
    #[error("the database `{path}` cannot be used safely ({reason}): put it on a local disk")]
    Unsafe {
        path: PathBuf,
        /// The setting, and its actual value.
        reason: String,
    },
    /// The PostgreSQL server does not respond.
    #[error(
        "the database `{database}` cannot be reached ({reason}): check the address, and that the server runs and can be reached from here"
    )]
    Unreachable {
        /// Server and database.
        database: String,
        reason: String,
    },
    /// The PostgreSQL server rejects us, the database does not exist, or a right is missing.
    #[error(
        "the database `{database}` refuses this program ({reason}): check user, password and name of the database in its address, and the user's rights"
    )]
    Refused {
        /// Server and database.
        database: String,
        /// The server's message.
        reason: String,
    },
    /// A PostgreSQL server that may lose acknowledged data, or that lacks a feature.
    #[error("the database `{database}` cannot be used safely: {reason}")]
    Unsuitable {
        /// Server and database.
        database: String,
        /// The problem, and how to fix it.
        reason: String,
    },
    /// Any other error of the database.
    #[error("the database `{database}` could not be opened: {reason}")]
    Unavailable {
        /// The file, or server and database.
        database: String,
        reason: String,
    },
}

/// Opens the ledger at `address` (`sqlite://` and a path, or `postgres://` and server, user and database), creating or
/// upgrading its tables if needed.
///
/// `work_arrived` is notified after each commit that may have made a case due: an accepted delivery, a released case. With
/// PostgreSQL it is also notified of other replicas' deliveries, as a hint that may be lost; with SQLite only of this
/// process's. Polling finds what was not announced.
pub async fn open(address: &str, work_arrived: Arc<Notify>) -> Result<Arc<dyn Ledger>, OpenError> {
    open_as(address, work_arrived, None).await
}

/// The same for the process that works the cases. On a SQLite file there is only one: another is rejected during its life,
/// and cases held by its predecessor are due at once. A rejected process is shown `now`.
pub async fn open_to_work(
    address: &str,
    work_arrived: Arc<Notify>,
    now: Timestamp,
) -> Result<Arc<dyn Ledger>, OpenError> {
    open_as(address, work_arrived, Some(now)).await
}

async fn open_as(
    address: &str,
    work_arrived: Arc<Notify>,
    to_work_since: Option<Timestamp>,
) -> Result<Arc<dyn Ledger>, OpenError> {
    if let Some(path) = address.strip_prefix("sqlite://") {
        return Ok(Arc::new(sqlite::SqliteStore::open(&file(path)?, work_arrived, to_work_since).await?));
    }
    if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        return Ok(Arc::new(Box::pin(postgres::PostgresStore::open(address, work_arrived)).await?));
    }
    Err(OpenError::Address("only SQLite and PostgreSQL are supported"))
}

fn file(path: &str) -> Result<PathBuf, OpenError> {
    if path.is_empty() || path.contains(['?', '#']) {
        return Err(OpenError::Address("after `sqlite://` stands the path of a file, and nothing else"));
    }
    if path.contains(":memory:") {
        return Err(OpenError::Address("a database in memory would lose tickets; name a file"));
    }
    Ok(PathBuf::from(path))
}

//! The ledger on disk, chosen by the database address.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::ports::Store;

mod column;
mod sqlite;

/// Why the ledger was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address names no database that this program can use. The address is not repeated: it may hold a password.
    #[error("the database address must look like `sqlite://data/misread.db`: {0}")]
    Address(&'static str),
    /// The folder that is to hold the database does not exist.
    #[error("the database's folder `{0}` does not exist: create it, or change the database address")]
    FolderMissing(PathBuf),
    /// The address names a folder.
    #[error("`{0}` is a folder: let the database address name a file in it")]
    IsFolder(PathBuf),
    /// The file or its folder cannot be written to.
    #[error(
        "the database `{path}` cannot be written to ({reason}): give this program's user the right to write the file and its folder"
    )]
    NotWritable {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The file is something else, or broken.
    #[error(
        "`{path}` is not a sound SQLite database ({reason}): restore it from a backup, or let the database address name another file"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// The file is a database, but of another program, or its migrations were tampered with.
    #[error("the database `{0}` was not made by this program: let the database address name another file")]
    Foreign(PathBuf),
    /// A later version of this program has worked on it.
    #[error(
        "the database `{path}` is newer than this program (migration {migration} is unknown here): start the newer version, or restore the backup from before it"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The number of the first unknown migration.
        migration: i64,
    },
    /// A setting on which durability rests could not be made.
    #[error("the database `{path}` cannot be used safely ({reason}): put it on a local disk")]
    Unsafe {
        /// The file.
        path: PathBuf,
        /// Which setting, and what it was found to be.
        reason: String,
    },
    /// Anything else that the database said.
    #[error("the database `{path}` could not be opened: {reason}")]
    Unavailable {
        /// The file.
        path: PathBuf,
        /// What it said.
        reason: String,
    },
}

/// Opens the ledger at `address` (`sqlite://` and a path), creating or upgrading it where needed.
///
/// `work_arrived` is notified after each commit that may have made a case due: an accepted delivery, a case given back.
/// It speaks for this process only; work that another process brought is found by looking again.
pub async fn open(address: &str, work_arrived: Arc<Notify>) -> Result<Arc<dyn Store>, OpenError> {
    let Some(path) = address.strip_prefix("sqlite://") else {
        return Err(OpenError::Address("only SQLite is supported"));
    };
    if path.is_empty() || path.contains(['?', '#']) {
        return Err(OpenError::Address(
            "after `sqlite://` stands the path of a file, and nothing else",
        ));
    }
    if path.contains(":memory:") {
        return Err(OpenError::Address(
            "a database in memory would lose tickets; name a file",
        ));
    }
    Ok(Arc::new(
        sqlite::SqliteStore::open(PathBuf::from(path), work_arrived).await?,
    ))
}

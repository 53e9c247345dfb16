//! One opening of the file, and the rescue of its data when its names are removed.

use std::path::Path;
use std::{fs, io};

use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use tokio::sync::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::connect;
use super::files::{Files, Misplaced, are_one, with};

/// A complete copy, ready to replace the ledger.
const RESCUED: &str = ".rescued";
/// An incomplete copy.
const HALF_RESCUED: &str = ".rescued-half";

/// The resources on the files that were opened together.
#[derive(Debug)]
pub struct Opened {
    files: Files,
    /// The file's permissions: a copy gets the same.
    permissions: fs::Permissions,
    readers: SqlitePool,
    /// Does no work. While it is open, all files stay readable, whatever happens to their names, and no other connection is
    /// the last to close, which would remove the log.
    witness: Mutex<Option<SqliteConnection>>,
    /// Held shared by writers on connections of their own. A rescue excludes them.
    others: RwLock<()>,
}

impl Opened {
    /// Opens the file that the writer has just opened.
    pub(super) async fn beside_writer(path: &Path) -> Result<Self, sqlx::Error> {
        let mut witness = connect::settings(path).connect().await?;
        connect::read_back(&mut witness).await?;
        let readers = connect::readers(path).await?;
        let permissions = fs::metadata(path)?.permissions();
        Ok(Self {
            files: Files::beside(path)?,
            permissions,
            readers,
            witness: Mutex::new(Some(witness)),
            others: RwLock::default(),
        })
    }

    /// For reads beside the writer.
    pub fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Fails if data written now would not be found at the next start.
    pub(super) fn check(&self) -> Result<(), Misplaced> {
        self.files.check()
    }

    /// Permits a write besides the writer's, on a connection that is closed before this is dropped.
    pub(super) async fn let_another_write(&self) -> RwLockReadGuard<'_, ()> {
        self.others.read().await
    }

    /// Waits until only the writer writes, and excludes others.
    pub(super) async fn keep_others_out(&self) -> RwLockWriteGuard<'_, ()> {
        self.others.write().await
    }

    /// Writes all committed data to disk under a name, if that is the service's task: deleted files are restored by no one
    /// else. The writer is closed.
    pub(super) async fn save(&self, misplaced: Misplaced, path: &Path) -> Result<(), sqlx::Error> {
        let mut witness = self.witness.lock().await;
        let Some(witness) = witness.as_mut() else {
            return Err(in_words(misplaced));
        };
        if !matches!(misplaced, Misplaced::Deleted(_) | Misplaced::LogDeleted(_)) {
            return Err(in_words(misplaced));
        }
        let (half, whole) = (with(path, HALF_RESCUED), with(path, RESCUED));
        remove(&half)?;
        fs::File::create_new(&half)?.set_permissions(self.permissions.clone())?;
        let text = half.to_str().ok_or_else(|| io::Error::other("the ledger's path is not UTF-8"))?;
        sqlx::query("VACUUM INTO $1").bind(text).execute(witness).await?;
        // SQLite leaves the sync to its caller.
        fs::File::open(&half)?.sync_all()?;
        fs::rename(half, whole)?;
        sync_folder(path)?;
        if matches!(misplaced, Misplaced::LogDeleted(_)) {
            // Only a new file is safe: on the old one, processes with the deleted log open share its memory with those that
            // open a new log, and each would use the other's pages.
            remove(path)?;
        }
        tracing::error!(%misplaced, "the ledger is being put back from what was still open");
        Ok(())
    }

    /// Closes everything, the witness last.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        if let Some(witness) = self.witness.lock().await.take()
            && let Err(error) = witness.close().await
        {
            tracing::warn!(%error, "a connection to the ledger was not closed cleanly");
        }
    }
}

/// Links a complete copy to the ledger's name if that is free: the end of a rescue, also of one that a crash interrupted.
pub(super) fn put_back(path: &Path) -> io::Result<()> {
    let rescued = with(path, RESCUED);
    if !rescued.try_exists()? {
        return Ok(());
    }
    if path.try_exists()? {
        if are_one(path, &rescued)? {
            return fs::remove_file(rescued);
        }
        let (ledger, copy) = (path.display(), rescued.display());
        tracing::warn!(%ledger, %copy, "a copy of a deleted ledger stands beside this one and is not used");
        return Ok(());
    }
    // They belong to the deleted file, and their data is in the copy.
    remove(&with(path, "-wal"))?;
    remove(&with(path, "-shm"))?;
    sync_folder(path)?;
    // Unlike a rename, it fails if a file has appeared meanwhile.
    fs::hard_link(&rescued, path)?;
    sync_folder(path)?;
    fs::remove_file(rescued)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn sync_folder(path: &Path) -> io::Result<()> {
    fs::File::open(connect::folder(path))?.sync_all()
}

pub(super) fn in_words(misplaced: Misplaced) -> sqlx::Error {
    sqlx::Error::Io(io::Error::other(misplaced))
}

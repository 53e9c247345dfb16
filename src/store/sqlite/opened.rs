//! One opening of the file, and how what it holds is saved when its names are taken away.

use std::path::Path;
use std::{fs, io};

use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use tokio::sync::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::connect;
use super::files::{Files, Misplaced, are_one, with};

/// A complete copy that waits to be put in the ledger's place.
const RESCUED: &str = ".rescued";
/// One that is still being written.
const HALF_RESCUED: &str = ".rescued-half";

/// What stands on the files that were opened together.
#[derive(Debug)]
pub(super) struct Opened {
    files: Files,
    /// Who may read the file: a copy is for nobody else.
    permissions: fs::Permissions,
    readers: SqlitePool,
    /// Does no work. While it is open, all files can be read, whatever becomes of their names, and no other connection that
    /// closes is the last, which would remove the log.
    witness: Mutex<Option<SqliteConnection>>,
    /// Shared by those who write on connections of their own. Nothing is saved under their hands.
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

    /// For reading beside the writer.
    pub(super) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Fails when what is written now would not be found at the next start.
    pub(super) fn check(&self) -> Result<(), Misplaced> {
        self.files.check()
    }

    /// Lets somebody else than the writer write, on a connection that is closed before this is dropped.
    pub(super) async fn let_another_write(&self) -> RwLockReadGuard<'_, ()> {
        self.others.read().await
    }

    /// Waits until nobody but the writer writes, and keeps others from it.
    pub(super) async fn keep_others_out(&self) -> RwLockWriteGuard<'_, ()> {
        self.others.write().await
    }

    /// Gets everything that was committed onto disk under a name, where that is the service's to do: what was deleted comes
    /// back by nobody else. The writer is closed.
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
        // SQLite leaves that to its caller.
        fs::File::open(&half)?.sync_all()?;
        fs::rename(half, whole)?;
        sync_folder(path)?;
        if matches!(misplaced, Misplaced::LogDeleted(_)) {
            // A file of its own is the only way out: on the old one, whoever still has the deleted log open shares what stands in
            // memory with those who open a new log, and each would take the other's pages for their own.
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

/// Puts a complete copy in the ledger's place if that is empty: the end of a rescue, also of one that a crash broke off.
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
    // They are of the file that is gone, and what they hold is in the copy.
    remove(&with(path, "-wal"))?;
    remove(&with(path, "-shm"))?;
    sync_folder(path)?;
    // Unlike a renaming, it fails where a file has appeared meanwhile.
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

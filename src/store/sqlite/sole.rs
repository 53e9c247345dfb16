//! Ensures that one process works on a ledger in a file: it holds the operating system's lock on a file beside it. The lock
//! ends with the process, however that ends, so the next one can start at once.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::files::with;

const SUFFIX: &str = ".lock";
/// The most bytes read of the holder's description.
const LONGEST_HOLDER: u64 = 100;

/// The exclusive right to work on the ledger, for the lifetime of this value.
#[derive(Debug)]
pub(super) struct Sole {
    path: PathBuf,
    /// The holder's description, for a rejected process.
    holder: String,
    file: Mutex<File>,
}

/// Why the lock was not acquired.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotAlone {
    /// Another process holds it.
    #[error("`{path}` is held by {holder}: that one works on the ledger now")]
    Held {
        /// The lock file.
        path: PathBuf,
        /// The other process and since when, by the lock file; `another process` if that does not say.
        holder: String,
    },
    /// The lock file cannot be created or locked.
    #[error("`{path}` cannot be locked: {error}")]
    Unlockable { path: PathBuf, error: io::Error },
}

impl Sole {
    /// Acquires the lock for this process, or returns its holder.
    pub(super) fn take(ledger: &Path, now: Timestamp) -> Result<Self, NotAlone> {
        let path = with(ledger, SUFFIX);
        let holder = format!("process {} since {now:.0}", std::process::id());
        let file = Mutex::new(lock(&path, &holder)?);
        Ok(Self { path, holder, file })
    }

    /// Whether the lock still excludes others. If its file was removed, it is acquired again; fails if another process was
    /// faster.
    pub(super) fn check(&self) -> Result<(), NotAlone> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if !stands(&self.path, &file) {
            *file = lock(&self.path, &self.holder)?;
            tracing::warn!(file = %self.path.display(), "the file that keeps other processes off was removed; it is made again");
        }
        Ok(())
    }
}

fn lock(path: &Path, holder: &str) -> Result<File, NotAlone> {
    let unlockable = |error| NotAlone::Unlockable { path: path.to_owned(), error };
    loop {
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(unlockable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let held = NotAlone::Held { path: path.to_owned(), holder: told(&mut file) };
                return Err(held);
            }
            Err(TryLockError::Error(error)) => return Err(unlockable(error)),
        }
        // Removed between opening and locking: the next process would lock another file.
        if stands(path, &file) {
            sign(&mut file, holder).map_err(unlockable)?;
            return Ok(file);
        }
    }
}

/// Whether the path still refers to this file.
fn stands(path: &Path, file: &File) -> bool {
    let identity = |facts: std::fs::Metadata| (facts.dev(), facts.ino());
    match (path.metadata(), file.metadata()) {
        (Ok(found), Ok(ours)) => identity(found) == identity(ours),
        _ => false,
    }
}

fn sign(file: &mut File, holder: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{holder}")
}

/// The holder of the lock, from its file; it may not be written yet.
fn told(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.take(LONGEST_HOLDER).read_to_string(&mut text);
    let line = text.lines().next().unwrap_or_default();
    let plain =
        |line: &&str| read.is_ok() && line.starts_with("process ") && !line.contains(char::is_control);
    Some(line).filter(plain).unwrap_or("another process").to_owned()
}

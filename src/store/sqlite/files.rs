//! Checks that the ledger's files still exist under their names.
//!
//! SQLite continues with a file that was moved or deleted: data would be written, synced and acknowledged, and lost at the
//! next start.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The database, its write-ahead log, and the connections' shared memory.
const SUFFIXES: [&str; 3] = ["", "-wal", "-shm"];

/// The files that the connections have open.
#[derive(Clone, Debug)]
pub(super) struct Files([(PathBuf, Identity); 3]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

/// What happened to a file in use.
#[derive(Debug, thiserror::Error)]
pub(super) enum Misplaced {
    #[error("`{0}` was moved away while in use: move it back")]
    Moved(PathBuf),
    /// Another file has its name.
    #[error(
        "another file was put in the place of `{0}` while that was in use: move it away and the ledger comes back; \
         to restore a backup, stop the service first"
    )]
    Replaced(PathBuf),
    /// The database was deleted.
    #[error("`{0}` was deleted while in use")]
    Deleted(PathBuf),
    /// One of the files beside the database was deleted.
    #[error("`{0}` was deleted while in use")]
    LogDeleted(PathBuf),
    /// It cannot be inspected.
    #[error("`{path}` cannot be looked at ({error}): see to its disk")]
    Hidden { path: PathBuf, error: io::Error },
}

impl Files {
    /// The files in their current state; connections have just opened them.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        let [database, log, shared] = SUFFIXES.map(|suffix| {
            let path = with(path, suffix);
            identity(&path).map(|identity| (path, identity))
        });
        Ok(Self([database?, log?, shared?]))
    }

    /// Checks that each name still refers to the opened file; costs three system calls.
    pub(super) fn check(&self) -> Result<(), Misplaced> {
        for (place, (path, opened)) in self.0.iter().enumerate() {
            let path = path.clone();
            match identity(&path) {
                Ok(found) if found == *opened => {}
                Ok(_) => return Err(Misplaced::Replaced(path)),
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(Misplaced::Hidden { path, error });
                }
                Err(_) if names(*opened) != Some(0) => return Err(Misplaced::Moved(path)),
                Err(_) if place == 0 => return Err(Misplaced::Deleted(path)),
                Err(_) => return Err(Misplaced::LogDeleted(path)),
            }
        }
        Ok(())
    }
}

/// The path with a suffix.
pub(super) fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Whether two names refer to one file.
pub(super) fn are_one(path: &Path, other: &Path) -> io::Result<bool> {
    Ok(identity(path)? == identity(other)?)
}

fn identity(path: &Path) -> io::Result<Identity> {
    fs::metadata(path).map(|facts| Identity { device: facts.dev(), inode: facts.ino() })
}

/// The number of an open file's names; `None` if the system does not provide it. The file is not opened for this: closing
/// it again would drop SQLite's locks.
fn names(file: Identity) -> Option<u64> {
    let open = fs::read_dir("/proc/self/fd").ok()?;
    let mut facts = open.filter_map(|entry| fs::metadata(entry.ok()?.path()).ok());
    let found = facts.find(|facts| Identity { device: facts.dev(), inode: facts.ino() } == file);
    found.map(|facts| facts.nlink())
}

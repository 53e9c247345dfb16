//! Folders for what a command makes only for itself.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;

/// A new folder among the temporary files. It goes with its handle.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    kept: bool,
}

impl Folder {
    /// Makes one; process and number make its name one of a kind on this machine.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn new(purpose: &str) -> anyhow::Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("misread-{purpose}-{}-{number}", std::process::id()));
        std::fs::create_dir(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self { path, kept: false })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves it behind, for somebody to look into.
    pub(crate) fn keep(&mut self) -> PathBuf {
        self.kept = true;
        self.path.clone()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept {
            // Left behind, it would be rubbish in the folder for temporary files and nothing worse.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

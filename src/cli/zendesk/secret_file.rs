//! The file that the webhook's signing secret is written into: readable by its owner alone, and never over something else.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use secrecy::{ExposeSecret as _, SecretString};

/// Says before anything is done whether it could be written; `secret` is what would be, if it is known yet.
pub(super) fn may_write(path: &Path, secret: Option<&SecretString>) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        bail!("{}: there is no folder {} to write the signing secret into", path.display(), folder.display());
    }
    if path.exists() && !secret.is_some_and(|secret| holds(path, secret)) {
        bail!("{}", in_the_way(path));
    }
    Ok(())
}

/// Writes it, or sees that it stands there already. The file is whole from the moment on at which it is there.
pub(super) fn write(path: &Path, secret: &SecretString) -> anyhow::Result<()> {
    if holds(path, secret) {
        return Ok(());
    }
    let cannot = || format!("cannot write {}", path.display());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let unfinished = path.with_file_name(name);
    if unfinished.exists() {
        fs::remove_file(&unfinished).with_context(cannot)?;
    }
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished).with_context(cannot)?;
    writeln!(file, "{}", secret.expose_secret()).and_then(|()| file.sync_all()).with_context(cannot)?;
    // Unlike renaming, this never replaces what is there.
    let placed = fs::hard_link(&unfinished, path);
    fs::remove_file(&unfinished).with_context(cannot)?;
    match placed {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!("{}", in_the_way(path))
        }
        placed => placed.with_context(cannot),
    }
}

fn holds(path: &Path, secret: &SecretString) -> bool {
    fs::read_to_string(path).is_ok_and(|there| there.trim_end() == secret.expose_secret())
}

fn in_the_way(path: &Path) -> String {
    format!("{} is there and holds something else; name a new file for the signing secret", path.display())
}

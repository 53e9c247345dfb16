//! Writes the webhook's signing secret into a file that only its owner may read. It never overwrites other content.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use secrecy::{ExposeSecret as _, SecretString};

/// Checks before the plan is carried out that the file can be written. `secret` is its content, if the webhook exists
/// already.
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

/// Writes the file, unless it holds the secret already. The file appears with its whole content: it is written under
/// another name first.
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
    // Unlike a rename, a hard link never replaces an existing file.
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
    fs::read_to_string(path).is_ok_and(|content| content.trim_end() == secret.expose_secret())
}

fn in_the_way(path: &Path) -> String {
    format!("{} is there and holds something else; name a new file for the signing secret", path.display())
}

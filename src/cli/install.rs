//! What a package installs beside the program: shell completions and man pages.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap_complete::Shell;

use super::korean::command;

/// Prints the completions of a shell.
pub(super) fn completions(shell: Shell) -> ExitCode {
    clap_complete::generate(shell, &mut command(), "misread", &mut io::stdout());
    ExitCode::SUCCESS
}

/// Writes a page for the program and for each command into a folder, which is created if it does not exist.
pub(super) fn man_pages(folder: &Path) -> anyhow::Result<ExitCode> {
    let place = || format!("the man pages cannot be written to {}", folder.display());
    std::fs::create_dir_all(folder).with_context(place)?;
    clap_mangen::generate_to(command(), folder).with_context(place)?;
    Ok(ExitCode::SUCCESS)
}

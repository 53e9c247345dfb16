//! `misread macros`: every text as customers would read it.

mod preview;
mod sample;

use std::process::ExitCode;

use clap::Subcommand;

use crate::config::{self, ProcessEnvironment};

#[derive(Debug, Subcommand)]
pub(super) enum MacrosCommand {
    /// Render every macro and paragraph for sample customers of every row and variant, as it would be sent.
    Preview {
        /// Only this macro or paragraph, by its file's name without `.toml`.
        name: Option<String>,
    },
}

pub(super) fn run(command: MacrosCommand) -> anyhow::Result<ExitCode> {
    match command {
        MacrosCommand::Preview { name } => {
            let files = config::load_files(&ProcessEnvironment)?;
            preview::run(&files.policy, &files.macros, name.as_deref())
        }
    }
}

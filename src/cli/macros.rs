//! `misread macros`: every text as customers would read it, and the way between files and account.

mod lines;
mod preview;
mod sample;
mod sync;

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
    /// Show what differs between the files and the account's macros, what is wrong there, and who changed it. Ends with 3 if
    /// there is anything.
    Diff {
        /// Only these macros and paragraphs, by their files' names without `.toml`.
        names: Vec<String>,
    },
    /// Show what differs, ask, and put the files into the account. Can be cut off and begun again at any moment.
    Push(sync::Options),
    /// Show what differs, ask, and make files of the account's macros.
    Pull(sync::Options),
}

pub(super) async fn run(command: MacrosCommand) -> anyhow::Result<ExitCode> {
    match command {
        MacrosCommand::Preview { name } => {
            let files = config::load_files(&ProcessEnvironment)?;
            preview::run(&files.policy, &files.macros, name.as_deref())
        }
        MacrosCommand::Diff { names } => sync::diff(&names).await,
        MacrosCommand::Push(options) => sync::carry(sync::Way::Push, &options).await,
        MacrosCommand::Pull(options) => sync::carry(sync::Way::Pull, &options).await,
    }
}

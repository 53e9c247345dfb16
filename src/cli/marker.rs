//! `misread marker`: makes a new key for the markers in our writes.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use jiff::SignedDuration;

use crate::app::{SystemClock, open_ledger};
use crate::config::{self, ProcessEnvironment};
use crate::ports::Clock as _;

/// The shortest time between two new keys. A new key invalidates the key before the last one: after this time every
/// process seals with the last key, and every write sealed with the one before it has been looked up.
const AT_MOST_EVERY: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug, Subcommand)]
pub(super) enum MarkerCommand {
    /// Make a new key for the markers by which the service knows its own writes again. The key before it still counts; running
    /// services take the new one up by themselves within minutes. Possible once a day.
    Rotate,
}

pub(super) async fn run(command: MarkerCommand) -> anyhow::Result<ExitCode> {
    let MarkerCommand::Rotate = command;
    let ledger = open_ledger(&config::load_database_url(&ProcessEnvironment)?).await?;
    let now = SystemClock.now();
    ledger.marker_keys(now).await?;
    if !ledger.rotate_marker_key(now, now - AT_MOST_EVERY).await? {
        bail!(
            "the last key was made less than a day ago: a write that was sealed with the one before it may still be looked for; \
             try again tomorrow"
        );
    }
    writeln!(io::stdout().lock(), "a new key seals the markers; the one before it still counts")?;
    Ok(ExitCode::SUCCESS)
}

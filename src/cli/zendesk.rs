//! `misread zendesk`: shows, carries out and checks the plan for the Zendesk account's set-up.

mod secret_file;
mod show;

use std::io::{self, BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;

use crate::account::setup::{Account, Item, Verdict};
use crate::app::SystemClock;
use crate::config::{self, ProcessEnvironment, SetupNeeds};
use crate::setup::{self, Setup};

/// Exit code if the account is not set up as the settings require.
const NOT_SET_UP: u8 = 3;
/// Exit code if nothing wrong was found, but something could not be checked.
const NOT_SEEN: u8 = 4;

#[derive(Debug, Subcommand)]
pub(crate) enum ZendeskCommand {
    /// Show what the account lacks, or has otherwise than the settings want it. Changes nothing; ends with 3 if there is anything.
    Plan {
        /// Also want the field 이용 일시.
        #[arg(long)]
        used_at: bool,
    },
    /// Show the plan, ask, and carry it out. Can be cut off and begun again at any moment; deletes nothing, and changes only what it
    /// made itself.
    Apply {
        /// Also want the field 이용 일시.
        #[arg(long)]
        used_at: bool,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        /// Write the webhook's signing secret into this new file, which only its owner may read.
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
    },
    /// Look whether the account is as the service needs it, with the service's own credentials, and an admin's where they are set.
    /// Changes nothing.
    ///
    /// Exit codes: 0 all is good, 3 something is wrong with the account or with the settings, 4 nothing wrong was found, but something could
    /// not be looked at (Zendesk gave no usable answer, or a right to see it is missing: run it again), 2 wrong settings or files, 1 failed.
    Check,
}

pub(super) async fn run(command: ZendeskCommand) -> anyhow::Result<ExitCode> {
    match command {
        ZendeskCommand::Plan { used_at } => plan(used_at).await,
        ZendeskCommand::Check => check().await,
        ZendeskCommand::Apply { used_at, yes, secret_file } => apply(used_at, yes, secret_file).await,
    }
}

async fn begin(used_at: bool) -> anyhow::Result<Setup> {
    let (files, deployment) = config::load_setup(&ProcessEnvironment, SetupNeeds::Plan)?;
    Setup::begin(&files.settings, &deployment, used_at, Arc::new(SystemClock)).await
}

async fn plan(used_at: bool) -> anyhow::Result<ExitCode> {
    let setup = begin(used_at).await?;
    let account = setup.look().await?;
    let items = setup.plan(&account);
    show::plan(&mut io::stdout().lock(), &items)?;
    Ok(code(&items, NOT_SET_UP))
}

async fn apply(used_at: bool, yes: bool, secret_file: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let setup = begin(used_at).await?;
    let account = setup.look().await?;
    if let Some(path) = &secret_file {
        secret_file::may_write(path, setup.signing_secret(&account).await?.as_ref())?;
    }
    let items = setup.plan(&account);
    show::plan(&mut io::stdout().lock(), &items)?;
    let account = if items.iter().all(|item| item.step.is_none()) {
        account
    } else if yes || agrees()? {
        let report = |item: &Item| Ok(show::done(&mut io::stdout().lock(), item)?);
        setup.apply(&items, report).await?
    } else {
        writeln!(io::stdout(), "nothing was changed")?;
        return Ok(ExitCode::from(NOT_SET_UP));
    };
    finish(&setup, &account, secret_file).await?;
    Ok(code(&setup.plan(&account), NOT_SET_UP))
}

async fn check() -> anyhow::Result<ExitCode> {
    let (files, deployment) = config::load_setup(&ProcessEnvironment, SetupNeeds::Check)?;
    let clock = Arc::new(SystemClock);
    let mut items = setup::check(&files.settings, &deployment, clock.clone()).await?;
    items.extend(setup::check_macros(&files, &deployment, clock).await?);
    show::findings(&mut io::stdout().lock(), &items)?;
    let wrong = |item: &Item| !item.verdict.is_settled() && !matches!(item.verdict, Verdict::Unread { .. });
    Ok(if items.iter().any(wrong) { ExitCode::from(NOT_SET_UP) } else { code(&items, NOT_SEEN) })
}

fn agrees() -> io::Result<bool> {
    write!(io::stdout(), "\nCarry this out? [y/N] ")?;
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Prints what to copy into settings and environment, and the items that a person must do.
async fn finish(setup: &Setup, account: &Account, secret_file: Option<PathBuf>) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    write!(out, "\nInto misread.toml:\n\n{}", setup.numbers(account).as_settings())?;
    let secret = setup.signing_secret(account).await?;
    match (secret_file, secret) {
        (Some(path), Some(secret)) => {
            secret_file::write(&path, &secret)?;
            let path = std::path::absolute(&path)?;
            write!(
                out,
                "\nInto the service's environment:\n\nMISREAD_WEBHOOK_SECRET_FILE={}\n",
                path.display()
            )?;
        }
        (None, Some(_)) => writeln!(
            out,
            "\nThe webhook's signing secret is never shown here: `--secret-file FILE` writes it into a file for MISREAD_WEBHOOK_SECRET_FILE"
        )?,
        (_, None) => writeln!(out, "\nThere is no webhook yet, and so no signing secret")?,
    }
    let unsettled: Vec<Item> =
        setup.plan(account).into_iter().filter(|item| !item.verdict.is_settled()).collect();
    if !unsettled.is_empty() {
        writeln!(out, "\nLeft for a person to do:\n")?;
        show::items(&mut out, &unsettled)?;
    }
    Ok(())
}

fn code(items: &[Item], otherwise: u8) -> ExitCode {
    let settled = items.iter().all(|item| item.verdict.is_settled());
    if settled { ExitCode::SUCCESS } else { ExitCode::from(otherwise) }
}

//! `misread policy`: the tables for people, why a row fires, what another policy would change. Nothing here changes anything.

mod aligned;
mod backtest;
mod diff;
mod explain;
mod show;

use std::process::ExitCode;

use clap::Subcommand;
use jiff::civil::Date;

use crate::config::{self, ProcessEnvironment, Report};
use crate::domain::ids::TicketId;
use crate::domain::policy::{Policy, Row, Trust};

#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// Show both tables: every row with its conditions, what follows, how far it is trusted, its source and its open question.
    Show {
        /// As Markdown, for a page.
        #[arg(long)]
        markdown: bool,
        /// This policy file instead of the one that the service would use.
        #[arg(long)]
        file: Option<String>,
    },
    /// Say which row fires in a situation, and for every other row the first cell that does not fit.
    ///
    /// A situation is written as names and values: status=unpaid lot=open operation=partner. What is left out of use, identity
    /// and vehicle counts as established; without progress and amount the case is at its beginning (`progress=none`) and its
    /// compensation would not be above the cap (`amount=within_cap`).
    Explain {
        /// name=value, such as status=unpaid
        #[arg(required_unless_present = "ticket", value_parser = pair)]
        situation: Vec<(String, String)>,
        /// Instead: what this ticket's last decision was asked about, from its journal.
        #[arg(long, conflicts_with = "situation")]
        ticket: Option<TicketId>,
    },
    /// Compare two policy files: every situation whose outcome changes.
    Diff {
        /// The policy file as it was.
        old: String,
        /// The policy file as it will be.
        new: String,
    },
    /// Ask a policy file about all recorded decisions: which tickets would get another outcome, and how much money they are about.
    Backtest {
        /// The policy file.
        new: String,
        /// Only decisions since this day began in Seoul, such as 2026-10-01.
        #[arg(long)]
        since: Option<Date>,
    },
}

pub(super) async fn run(command: PolicyCommand) -> anyhow::Result<ExitCode> {
    match command {
        PolicyCommand::Show { markdown, file } => show::run(&load(file.as_deref())?, markdown),
        PolicyCommand::Explain { situation, ticket } => explain::run(&load(None)?, &situation, ticket).await,
        PolicyCommand::Diff { old, new } => diff::run(&load(Some(&old))?, &load(Some(&new))?),
        PolicyCommand::Backtest { new, since } => backtest::run(&load(Some(&new))?, since).await,
    }
}

fn load(file: Option<&str>) -> Result<Policy, Report> {
    config::load_policy(&ProcessEnvironment, file)
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').ok_or("write it as name=value, such as status=unpaid".to_owned())?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// How far a row is trusted where it fires, and what it says itself where the rows before it are trusted less.
fn trusted(trust: Trust, row: &Row) -> String {
    if trust == row.trust {
        return trust.korean().to_owned();
    }
    format!(
        "{} (이 행은 {}이지만 [[consultation]]의 decide 행이 더 낮음)",
        trust.korean(),
        row.trust.korean()
    )
}

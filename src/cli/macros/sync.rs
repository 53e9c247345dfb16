//! `misread macros diff | push | pull`: shown before anything is done.

use std::io::{self, BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;

use super::lines::difference;
use crate::app::SystemClock;
use crate::cli::Mistyped;
use crate::config::{self, ProcessEnvironment};
use crate::domain::reply::{Carry, Compared, Standing};
use crate::setup::macros::MacroSync;

/// Files and account are not the same.
const NOT_THE_SAME: u8 = 3;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Push,
    Pull,
}

/// What is asked for.
#[derive(Clone, Debug, clap::Args)]
pub(in crate::cli) struct Options {
    /// Only these macros and paragraphs, by their files' names without `.toml`.
    names: Vec<String>,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// Also where somebody's change is overwritten by it.
    #[arg(long)]
    force: bool,
}

fn begin() -> anyhow::Result<MacroSync> {
    let (files, deployment) = config::load_admin(&ProcessEnvironment)?;
    let folder = config::folder(&ProcessEnvironment)?.map(PathBuf::from);
    MacroSync::new(files, &deployment, folder.as_deref(), Arc::new(SystemClock))
}

async fn wanted(sync: &MacroSync, names: &[String]) -> anyhow::Result<Vec<Compared>> {
    let all = sync.look().await?;
    if let Some(unknown) = names.iter().find(|name| all.iter().all(|compared| compared.name != **name)) {
        let known: Vec<&str> = all.iter().map(|compared| compared.name.as_str()).collect();
        bail!(Mistyped(format!("there is no file macros/{unknown}.toml; there are {}", known.join(", "))));
    }
    Ok(all.into_iter().filter(|compared| names.is_empty() || names.contains(&compared.name)).collect())
}

pub(super) async fn diff(names: &[String]) -> anyhow::Result<ExitCode> {
    let sync = begin()?;
    let compared = wanted(&sync, names).await?;
    let mut all_same = true;
    for one in compared.iter().filter(|one| one.standing != Standing::Same || !one.problems.is_empty()) {
        show(&sync, one).await?;
        all_same = false;
    }
    let same = compared.iter().filter(|one| one.standing == Standing::Same).count();
    writeln!(io::stdout(), "{same} of {} texts are the same in files and account", compared.len())?;
    Ok(if all_same { ExitCode::SUCCESS } else { ExitCode::from(NOT_THE_SAME) })
}

/// What differs, and who did it: lines with `-` are the file's, lines with `+` the account's.
async fn show(sync: &MacroSync, one: &Compared) -> anyhow::Result<()> {
    let by = sync.changed_by(one).await.unwrap_or_else(|| "unknown".to_owned());
    let mut out = io::stdout().lock();
    let word = match one.standing {
        Standing::Same => "the same",
        Standing::OnlyHere => "not in the account",
        Standing::Gone => "no longer in the account",
        Standing::Several => "several in the account with its title",
        Standing::ChangedHere => "the file was changed",
        Standing::ChangedThere => "changed in the account",
        Standing::Different => "different",
    };
    writeln!(out, "{}: {word}", one.name)?;
    if let Some(there) = &one.there {
        let off = if there.active { "" } else { ", switched off" };
        writeln!(out, "  macro {}{off}, changed {} by {by}", there.id, there.updated_at)?;
        for problem in &one.problems {
            writeln!(out, "  wrong: {problem}")?;
        }
        let theirs = one.read.as_ref().unwrap_or(&there.actions);
        for line in difference(&one.here, theirs) {
            writeln!(out, "  {line}")?;
        }
    }
    writeln!(out)?;
    Ok(())
}

pub(super) async fn carry(way: Way, options: &Options) -> anyhow::Result<ExitCode> {
    let mut sync = begin()?;
    let compared = wanted(&sync, &options.names).await?;
    sync.note_same(&compared)?;
    let (mut to_do, mut left) = (Vec::new(), 0);
    for one in compared {
        let carry = if way == Way::Push { one.push() } else { one.pull() };
        let refused = match carry {
            Carry::Nothing => continue,
            Carry::Yes => None,
            Carry::OnlyByForce(_) if options.force => None,
            Carry::OnlyByForce(reason) => Some((reason, " (--force does it all the same)")),
            // That the account has no macro for it is no fault when files are made of macros.
            Carry::No(_) if way == Way::Pull && one.there.is_none() && options.names.is_empty() => continue,
            Carry::No(reason) => Some((reason, "")),
        };
        show(&sync, &one).await?;
        match refused {
            None => to_do.push(one),
            Some((reason, help)) => {
                left += 1;
                writeln!(io::stdout(), "{}: left as it is: {reason}{help}\n", one.name)?;
            }
        }
    }
    let whole = |left: usize| if left == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_THE_SAME) };
    if to_do.is_empty() {
        writeln!(io::stdout(), "nothing to {}", if way == Way::Push { "push" } else { "pull" })?;
        return Ok(whole(left));
    }
    if !options.yes && !agrees(way, to_do.len())? {
        writeln!(io::stdout(), "nothing was changed")?;
        return Ok(ExitCode::from(NOT_THE_SAME));
    }
    for one in &to_do {
        let (done, word) = match way {
            Way::Push => (sync.push(one).await, "in the account"),
            Way::Pull => (sync.pull(one), "in its file"),
        };
        match done {
            Ok(()) => writeln!(io::stdout(), "{}: now {word}", one.name)?,
            Err(error) => {
                left += 1;
                writeln!(io::stdout(), "{}: not done: {error:#}", one.name)?;
            }
        }
    }
    Ok(whole(left))
}

fn agrees(way: Way, count: usize) -> io::Result<bool> {
    let what = match way {
        Way::Push => "Put these files into the account, in the place of lines with +?",
        Way::Pull => "Make these files of the account's macros, in the place of lines with -?",
    };
    write!(io::stdout(), "{what} ({count}) [y/N] ")?;
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

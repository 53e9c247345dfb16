//! `misread macros diff`, `push` and `pull`: shows the differences between files and account before it changes either.

use std::io::{self, BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;

use super::lines::difference;
use crate::app::SystemClock;
use crate::cli::wrong::Mistyped;
use crate::config::{self, ProcessEnvironment};
use crate::domain::reply::{Compared, SyncState, Transfer};
use crate::domain::seoul::seoul;
use crate::setup::macros::MacroSync;

/// Exit code if files and account differ after the command.
const NOT_THE_SAME: u8 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Push,
    Pull,
}

/// What is asked for.
#[derive(Clone, Debug, clap::Args)]
pub(in crate::cli) struct Options {
    /// 이 매크로와 문단만. 파일 이름에서 `.toml`을 뺀 이름으로 적습니다.
    names: Vec<String>,
    /// 묻지 않습니다.
    #[arg(long)]
    yes: bool,
    /// 다른 사람이 바꾼 내용을 덮어쓰게 되어도 합니다.
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
        bail!(Mistyped(format!("macros/{unknown}.toml 파일이 없습니다. 있는 것: {}", known.join(", "))));
    }
    Ok(all.into_iter().filter(|compared| names.is_empty() || names.contains(&compared.name)).collect())
}

pub(super) async fn diff(names: &[String]) -> anyhow::Result<ExitCode> {
    let sync = begin()?;
    let compared = wanted(&sync, names).await?;
    let mut all_same = true;
    for one in compared.iter().filter(|one| one.standing != SyncState::Same || !one.problems.is_empty()) {
        show(&sync, one).await?;
        all_same = false;
    }
    let same = compared.iter().filter(|one| one.standing == SyncState::Same).count();
    writeln!(io::stdout(), "글 {}개 가운데 {same}개가 파일과 계정에서 같습니다.", compared.len())?;
    Ok(if all_same { ExitCode::SUCCESS } else { ExitCode::from(NOT_THE_SAME) })
}

/// Prints the differences, and who changed the account's macro: lines with `-` are the file's, lines with `+` the
/// account's.
async fn show(sync: &MacroSync, one: &Compared) -> anyhow::Result<()> {
    let by = sync.changed_by(one).await.unwrap_or_else(|| "알 수 없음".to_owned());
    let mut out = io::stdout().lock();
    let word = match one.standing {
        SyncState::Same => "같음",
        SyncState::OnlyHere => "계정에 없음",
        SyncState::Gone => "계정에서 없어짐",
        SyncState::Several => "계정에 같은 제목이 여럿 있음",
        SyncState::ChangedHere => "파일이 바뀜",
        SyncState::ChangedThere => "계정에서 바뀜",
        SyncState::Different => "다름",
    };
    writeln!(out, "{}: {word}", one.name)?;
    if let Some(in_account) = &one.there {
        let off = if in_account.active { "" } else { ", 꺼짐" };
        writeln!(
            out,
            "  매크로 {}{off}, {} {by} 수정",
            in_account.id,
            seoul(in_account.updated_at).strftime("%Y-%m-%d %H:%M")
        )?;
        for problem in &one.problems {
            writeln!(out, "  잘못됨: {problem}")?;
        }
        let theirs = one.read.as_ref().unwrap_or(&in_account.actions);
        for line in difference(&one.here, theirs) {
            writeln!(out, "  {line}")?;
        }
    }
    writeln!(out)?;
    Ok(())
}

pub(super) async fn transfer(direction: Direction, options: &Options) -> anyhow::Result<ExitCode> {
    let mut sync = begin()?;
    let compared = wanted(&sync, &options.names).await?;
    sync.note_same(&compared)?;
    let (mut to_do, mut not_carried) = (Vec::new(), 0);
    for one in compared {
        let transfer = if direction == Direction::Push { one.push() } else { one.pull() };
        let refused = match transfer {
            Transfer::Nothing => continue,
            Transfer::Yes => None,
            Transfer::OnlyByForce(_) if options.force => None,
            Transfer::OnlyByForce(reason) => Some((reason, " (--force를 붙이면 그래도 합니다)")),
            // A pull of everything skips files without a macro in the account: there is nothing to pull.
            Transfer::No(_)
                if direction == Direction::Pull && one.there.is_none() && options.names.is_empty() =>
            {
                continue;
            }
            Transfer::No(reason) => Some((reason, "")),
        };
        show(&sync, &one).await?;
        match refused {
            None => to_do.push(one),
            Some((reason, help)) => {
                not_carried += 1;
                writeln!(io::stdout(), "{}: 그대로 둡니다. {reason}{help}\n", one.name)?;
            }
        }
    }
    let whole =
        |not_carried: usize| if not_carried == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_THE_SAME) };
    if to_do.is_empty() {
        writeln!(
            io::stdout(),
            "{}",
            if direction == Direction::Push {
                "계정에 올릴 것이 없습니다."
            } else {
                "파일로 가져올 것이 없습니다."
            }
        )?;
        return Ok(whole(not_carried));
    }
    if !options.yes && !agrees(direction, to_do.len())? {
        writeln!(io::stdout(), "아무것도 바꾸지 않았습니다.")?;
        return Ok(ExitCode::from(NOT_THE_SAME));
    }
    for one in &to_do {
        let (done, word) = match direction {
            Direction::Push => (sync.push(one).await, "계정에 올렸습니다."),
            Direction::Pull => (sync.pull(one), "파일로 가져왔습니다."),
        };
        match done {
            Ok(()) => writeln!(io::stdout(), "{}: {word}", one.name)?,
            Err(error) => {
                not_carried += 1;
                writeln!(io::stdout(), "{}: 하지 못했습니다. {error:#}", one.name)?;
            }
        }
    }
    Ok(whole(not_carried))
}

fn agrees(direction: Direction, count: usize) -> io::Result<bool> {
    let what = match direction {
        Direction::Push => "이 파일들을 계정에 올려 + 줄을 바꿀까요?",
        Direction::Pull => "계정의 매크로를 파일로 가져와 - 줄을 바꿀까요?",
    };
    write!(io::stdout(), "{what} ({count}개) [y/N] ")?;
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "네" | "예"))
}

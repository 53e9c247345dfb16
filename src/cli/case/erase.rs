//! `misread case erase`: erases a customer's data from the ledger, by ticket or by account.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Args;

use super::who::By;
use super::{fold, open};
use crate::app::{SystemClock, upkeep};
use crate::cli::wrong::of_ledger;
use crate::domain::ids::TicketId;
use crate::ports::{Clock as _, Ledger, Tickets};
use crate::story::progress::Progress;

/// The tickets of one page.
const PAGE: usize = 500;

/// Whose record, and who erases it.
#[derive(Debug, Args)]
pub(in crate::cli) struct EraseArguments {
    /// Zendesk 티켓 번호
    #[arg(required_unless_present = "account")]
    ids: Vec<TicketId>,
    /// 번호 대신: 기록에 이 앱 계정이 있는 티켓 모두
    #[arg(long, conflicts_with = "ids", value_name = "ID")]
    account: Option<String>,
    /// 삭제한 뒤 데이터베이스를 새로 써서 파일에도 흔적이 남지 않게 합니다. SQLite 원장은 그동안 알림을 받지 못합니다. Zendesk가 다시
    /// 보내지만 오래 보내지는 않습니다.
    #[arg(long)]
    compact: bool,
    /// 삭제하지 않고 무엇을 삭제할지만 보여 줍니다.
    #[arg(long)]
    dry_run: bool,
    /// 묻지 않습니다(스크립트용).
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    by: By,
}

pub(super) async fn run(arguments: EraseArguments) -> anyhow::Result<ExitCode> {
    let by = arguments.by.name()?;
    let ledger = open().await?;
    let EraseArguments { ids, account, compact, dry_run, yes, .. } = arguments;
    let tickets = match &account {
        Some(account) => mentioning(&*ledger, account).await?,
        None => ids,
    };
    if tickets.is_empty() {
        writeln!(io::stdout(), "기록에 이 계정이 있는 티켓이 없습니다.")?;
    }
    let is_any = preview(&*ledger, &tickets).await?;
    if dry_run {
        return Ok(ExitCode::SUCCESS);
    }
    if is_any && !yes && !agrees()? {
        writeln!(io::stdout(), "아무것도 삭제하지 않았습니다.")?;
        return Ok(ExitCode::FAILURE);
    }
    let all_erased = erase(&*ledger, tickets, &by).await?;
    if compact {
        ledger.compact().await?;
        writeln!(io::stdout(), "데이터베이스를 새로 썼습니다.")?;
    }
    Ok(if all_erased { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints what would be erased, and returns whether there is anything to erase.
async fn preview(ledger: &dyn Ledger, tickets: &[TicketId]) -> anyhow::Result<bool> {
    let (mut cases, mut all_entries) = (0, 0);
    for id in tickets {
        let found = fold(ledger, *id).await?;
        writeln!(io::stdout(), "{id:>12}  {}", would(found.as_ref()))?;
        if let Some((entries, Progress::Ended)) = found {
            (cases, all_entries) = (cases + 1, all_entries + entries);
        }
    }
    if cases > 0 {
        writeln!(io::stdout(), "모두 {cases}건, 기록 {all_entries}개와 받은 알림")?;
    }
    Ok(cases > 0)
}

/// Asks at the terminal. Without a terminal it fails: an irreversible step needs `--yes` in scripts.
fn agrees() -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        anyhow::bail!(
            "아무것도 삭제하지 않았습니다. 삭제한 것은 되돌릴 수 없는데 여기서는 물어볼 수 없습니다. 위의 목록을 확인하고 `--yes`를 붙여 주세요."
        );
    }
    write!(io::stdout(), "되돌릴 수 없습니다. 삭제할까요? [y/N] ")?;
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "네" | "예"))
}

/// Erases the cases, and returns whether all of them were erased.
async fn erase(ledger: &dyn Ledger, tickets: Vec<TicketId>, by: &str) -> anyhow::Result<bool> {
    let mut all_erased = true;
    for id in tickets {
        match upkeep::erase(ledger, id, SystemClock.now(), by).await {
            Ok(upkeep::Erased::Entries(entries)) => {
                writeln!(io::stdout(), "{id:>12}  삭제했습니다: 기록 {entries}개와 받은 알림")?;
            }
            Ok(upkeep::Erased::Nothing) => writeln!(io::stdout(), "{id:>12}  삭제할 것이 없습니다.")?,
            Err(upkeep::NotErased::Store(error)) => return Err(error.into()),
            Err(error) => {
                all_erased = false;
                writeln!(io::stderr(), "오류: {}", not_erased(&error))?;
            }
        }
    }
    Ok(all_erased)
}

async fn mentioning(ledger: &dyn Ledger, account: &str) -> anyhow::Result<Vec<TicketId>> {
    let mut found = Vec::new();
    loop {
        let page = ledger.tickets(Tickets::OfAccount(account), found.last().copied(), PAGE).await?;
        if page.is_empty() {
            return Ok(found);
        }
        found.extend(page);
    }
}

fn would(found: Option<&(usize, Progress)>) -> String {
    match found {
        None => "건이 없습니다.".to_owned(),
        Some((entries, Progress::Ended)) => format!("삭제할 내용: 기록 {entries}개"),
        Some(_) => "삭제하지 않을 건입니다. 아직 끝나지 않았습니다.".to_owned(),
    }
}

fn not_erased(error: &upkeep::NotErased) -> String {
    match error {
        upkeep::NotErased::NotEnded(id) => {
            format!(
                "티켓 {id}의 건이 아직 끝나지 않았습니다. 먼저 상담 이관해 주세요(`misread case hand-over {id}`)."
            )
        }
        upkeep::NotErased::Changed(id) => {
            format!("티켓 {id}의 건을 지금 처리하고 있습니다. 다시 시도해 주세요.")
        }
        upkeep::NotErased::Store(error) => of_ledger(error),
    }
}

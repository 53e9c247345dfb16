//! `misread case list` and `misread case stuck`: prints one line for each case.

use std::io::{self, Write as _};
use std::process::ExitCode;

use serde::Serialize;

use super::open;
use crate::cli::aligned::{line, widths};
use crate::cli::json::{self, Format};
use crate::cli::wrong::{DIFFERENT, of_ledger};
use crate::ports::{CaseState, Loaded, StoreError};
use crate::story::look::{COLUMNS, Look};

/// The help on the JSON document of `case list`.
pub(super) const HELP: &str = "\
JSON(--json): {\"cases\": [건…]}. 건의 키:
  ticket_id, state(active·waiting·ended·stuck), waits_for(customer·agent·airport·time 또는 null),
  awaits(answer·payment·give_back·release·retry 또는 null), waits_until, ending, handed_to, row(정책 행), won(원),
  since(이 상태가 된 때), due_at, changed_at, stuck_reason";
/// The help on exit codes and the JSON document of `case stuck`.
pub(super) const STUCK_HELP: &str = "\
종료 코드: 0 정상(막힌 건이 있어도 0), 1 실패, 2 잘못된 명령. --exit-code를 쓰면 막힌 건이 있을 때 3입니다.

JSON(--json): {\"cases\": [건…]}. 건의 키는 `misread case list --help`와 같습니다.";

#[derive(Serialize)]
struct Document {
    cases: Vec<Look>,
}

pub(super) async fn run(state: Option<CaseState>, limit: usize, format: Format) -> anyhow::Result<ExitCode> {
    let cases = looks(state, limit).await?;
    tell(cases, format)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn stuck(limit: usize, exit_code: bool, format: Format) -> anyhow::Result<ExitCode> {
    let cases = looks(Some(CaseState::Stuck), limit).await?;
    let is_gate = exit_code && !cases.is_empty();
    tell(cases, format)?;
    Ok(if is_gate { ExitCode::from(DIFFERENT) } else { ExitCode::SUCCESS })
}

async fn looks(state: Option<CaseState>, limit: usize) -> anyhow::Result<Vec<Look>> {
    let ledger = open().await?;
    let mut looks = Vec::new();
    for summary in ledger.list(state, limit).await? {
        let loaded = match ledger.load(summary.ticket_id).await {
            // An unreadable journal must not hide the other cases: this one is listed without details.
            Err(error @ StoreError::Unreadable { .. }) => {
                writeln!(io::stderr(), "{}", of_ledger(&error))?;
                Loaded { journal: Vec::new(), deliveries: Vec::new() }
            }
            loaded => loaded?,
        };
        looks.push(Look::of(&summary, &loaded));
    }
    Ok(looks)
}

fn tell(cases: Vec<Look>, format: Format) -> anyhow::Result<()> {
    if format.json {
        return json::print(&Document { cases });
    }
    let mut out = io::stdout().lock();
    if cases.is_empty() {
        writeln!(out, "건이 없습니다.")?;
        return Ok(());
    }
    let heads = COLUMNS.map(str::to_owned).to_vec();
    let lines: Vec<Vec<String>> = [heads].into_iter().chain(cases.iter().map(Look::cells)).collect();
    let widths = widths(&lines);
    lines.iter().try_for_each(|cells| writeln!(out, "{}", line(cells, &widths)))?;
    Ok(())
}

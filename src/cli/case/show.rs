//! `misread case show`: prints one ticket's story, or its journal as JSON.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::bail;
use jiff::Timestamp;
use serde::Serialize;

use super::open;
use crate::cli::json::{self, Format};
use crate::config::{self, ProcessEnvironment};
use crate::domain::case::Entry;
use crate::domain::ids::TicketId;
use crate::ports::{CaseState, CaseSummary, Loaded};
use crate::story::look::Look;
use crate::story::telling;

/// The help on the JSON document.
pub(super) const HELP: &str = "\
시각은 모두 서울 기준입니다. 정책 행의 문장은 지금의 정책 파일에서 읽습니다.

JSON(--json): `misread case list`의 건 하나와 같은 키에 더해
  journal: [{position, at, entry(항목 이름), 항목마다의 키…}], 원장에 있는 그대로
  pending: [{received_at, entry, …}], 아직 기록에 들어가지 않은 알림과 지시";

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    look: &'a Look,
    journal: Vec<Line<'a>>,
    pending: Vec<Pending>,
}

#[derive(Serialize)]
struct Line<'a> {
    position: u32,
    at: Timestamp,
    #[serde(flatten)]
    entry: &'a Entry,
}

#[derive(Serialize)]
struct Pending {
    received_at: Timestamp,
    #[serde(flatten)]
    entry: Entry,
}

pub(super) async fn run(id: TicketId, format: Format) -> anyhow::Result<ExitCode> {
    let ledger = open().await?;
    let (summary, loaded) = (ledger.cases(&[id]).await?, ledger.load(id).await?);
    let Some(summary) = summary_of(id, summary.into_iter().next(), &loaded) else {
        bail!("티켓 {id}의 건이 없습니다. `misread case list`로 있는 건을 볼 수 있습니다.");
    };
    let look = Look::of(&summary, &loaded);
    if format.json {
        json::print(&document(&look, &loaded))?;
        return Ok(ExitCode::SUCCESS);
    }
    // Without a valid policy the story lacks only the rows' sentences.
    let policy = config::load_policy(&ProcessEnvironment, None).ok();
    let text = telling::tell(&look, &loaded, policy.as_ref())?;
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The case's summary. A ticket with a journal or a pending delivery is a case even without a line in the queue; `None`
/// if it has neither.
fn summary_of(id: TicketId, summary: Option<CaseSummary>, loaded: &Loaded) -> Option<CaseSummary> {
    let last = loaded.journal.last().map(|recorded| recorded.at);
    let came = || loaded.deliveries.last().map(|delivery| delivery.received_at);
    let alone =
        |updated_at| CaseSummary { ticket_id: id, state: CaseState::Active, due_at: None, updated_at };
    last.or_else(came).map(|updated_at| summary.unwrap_or_else(|| alone(updated_at)))
}

fn document<'a>(look: &'a Look, loaded: &'a Loaded) -> Document<'a> {
    let line = |recorded: &'a crate::ports::Recorded| Line {
        position: recorded.position,
        at: recorded.at,
        entry: &recorded.entry,
    };
    let pending = |delivery: &crate::ports::PendingDelivery| Pending {
        received_at: delivery.received_at,
        entry: delivery.entry(),
    };
    Document {
        look,
        journal: loaded.journal.iter().map(line).collect(),
        pending: loaded.deliveries.iter().map(pending).collect(),
    }
}

//! Who looked at what.

use serde::Serialize;

use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::ports::{Access, Act};
use crate::story::minute;

/// The entries of a page.
const PAGE: usize = 100;

#[derive(Serialize)]
struct Content {
    entries: Vec<Shown>,
    next: Option<i64>,
}

#[derive(Serialize)]
struct Shown {
    at: String,
    name: String,
    act: &'static str,
    ticket: Option<i64>,
    reason: Option<String>,
}

pub(super) async fn show(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let before = visit.fields.text("before").parse().ok();
    let mut entries = visit.console.parts.ledger.accesses(before, PAGE + 1).await?;
    let has_more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let next = entries.last().filter(|_| has_more).map(|last| last.number);
    let shown = |entry: Access| Shown {
        at: minute(entry.at),
        name: entry.name,
        act: entry.act.map_or("알 수 없음", korean),
        ticket: entry.ticket_id.map(crate::domain::ids::TicketId::get),
        reason: entry.reason,
    };
    let content = Content { entries: entries.into_iter().map(shown).collect(), next };
    Ok(Reply::page("access.html", "접근 기록", content))
}

fn korean(act: Act) -> &'static str {
    match act {
        Act::SignedIn => "로그인",
        Act::SignedOut => "로그아웃",
        Act::Looked => "티켓을 봄",
        Act::LookedMasked => "티켓을 봄(고객 정보 가림)",
        Act::Opened => "고객 정보를 엶",
        Act::Searched => "찾음",
        Act::Retried => "다시 시도를 지시함",
        Act::HandedOver => "상담 이관을 지시함",
        Act::LookedAtLimits => "한도에 든 계정을 봄",
        Act::Lifted => "차단기 해제를 지시함",
        Act::PreviewedErasure => "삭제할 것을 미리 봄",
        Act::Erased => "개인정보 삭제를 지시함",
        Act::RetriedAll => "여러 건에 다시 시도를 지시함",
        Act::HandedOverAll => "여러 건에 상담 이관을 지시함",
        Act::Exported => "목록을 파일로 받음",
        Act::TriedPolicy => "정책을 바꿔 봄",
    }
}

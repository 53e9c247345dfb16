//! What waits for whom, in four lanes, with what happens next and when.

use serde::Serialize;

use super::Line;
use super::filter::lane_name;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::case::WhenSilent;
use crate::ports::{CaseLine, Lane};
use crate::story::minute;

/// The most tickets of a lane on the page.
const MOST: usize = 50;

#[derive(Serialize)]
struct Content {
    lanes: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    id: &'static str,
    label: &'static str,
    then: &'static str,
    count: u64,
    lines: Vec<Waits>,
    all: String,
}

#[derive(Serialize)]
struct Waits {
    line: Line,
    /// What happens next, and when.
    next: Option<String>,
}

pub(super) async fn show(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let ledger = visit.console.parts.ledger.as_ref();
    let awaiting = ledger.backlog(visit.now).await?.awaiting;
    let when_silent = visit.console.parts.playbook.playbook().patience.when_silent;
    let mut shown = Vec::with_capacity(4);
    for (lane, id, label, then, count) in [
        (
            Lane::Colleague,
            "people",
            "공항·담당자",
            "담당자가 처리하고 돌려주면 이어 갑니다.",
            awaiting.colleague,
        ),
        (Lane::Release, "release", "승인", "상담사가 승인하면 준비된 대로 처리합니다.", awaiting.release),
        (
            Lane::Answer,
            "customers",
            "고객의 답변",
            "답하시면 이어 가고, 기한이 되면 알림을 보내거나 마무리합니다.",
            awaiting.answer,
        ),
        (Lane::Payment, "payment", "고객의 결제", "결제하셨는지 때마다 확인합니다.", awaiting.payment),
    ] {
        let lines = ledger.waiting_in(lane, MOST).await?;
        let waits =
            |case: &CaseLine| Waits { line: Line::of_case(case, visit.now), next: next(case, when_silent) };
        let all = format!("/tickets?waits={}", lane_name(lane));
        shown.push(Shown { id, label, then, count, lines: lines.iter().map(waits).collect(), all });
    }
    Ok(Reply::page("waiting.html", "기다림", Content { lanes: shown }))
}

/// What the service does at the deadline. Without one it goes on only when something happens.
fn next(case: &CaseLine, when_silent: WhenSilent) -> Option<String> {
    let outline = case.outline.as_ref()?;
    let what = match (outline.awaits?, outline.is_last, when_silent) {
        (Lane::Answer, false, _) => "답변 요청 알림을 보냄",
        (Lane::Answer, true, WhenSilent::Close) => "무응답으로 마무리",
        (Lane::Answer, true, WhenSilent::HandOver) => "답이 없으면 상담 이관",
        (Lane::Payment, false, _) => "결제 확인",
        (Lane::Payment, true, _) => "결제가 없으면 상담 이관",
        (Lane::Colleague | Lane::Release, ..) => return None,
    };
    Some(format!("{} {what}", minute(outline.until?)))
}

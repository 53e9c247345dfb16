//! What waits for whom, in four lanes.

use serde::Serialize;

use super::{Line, lines};
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::ports::Lane;

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
    lines: Vec<Line>,
}

pub(super) async fn show(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let ledger = visit.console.parts.ledger.as_ref();
    let awaiting = ledger.backlog(visit.now).await?.awaiting;
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
        let lines = lines(ledger, &ledger.waiting_in(lane, MOST).await?).await?;
        shown.push(Shown { id, label, then, count, lines });
    }
    Ok(Reply::page("waiting.html", "기다림", Content { lanes: shown }))
}

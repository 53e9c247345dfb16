//! One order for all tickets of a filter: a preview, then as many orders as there are tickets, within a bound.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use tokio::task::JoinSet;

use super::Line;
use super::filter::{Field, Filter};
use crate::console::access::Viewer;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::case::{Order, OrderKind};
use crate::domain::ids::TicketId;
use crate::domain::parking::Won;
use crate::ports::{Act, CaseFilter, CaseLine, CaseState, Ledger, NewAccess, NewDelivery, StoreError};
use crate::story::progress::Progress;

/// The most tickets of one run. People look at what became of them before they go on.
const MOST: usize = 100;
/// The lines that the preview shows.
const SHOWN: usize = 10;
/// The orders that are stored at the same time: they share commits.
const AT_ONCE: usize = 32;

#[derive(Serialize)]
struct Content {
    /// The order's name in the form.
    what: &'static str,
    label: &'static str,
    explained: &'static str,
    /// Whether a box is to be checked as well: what cannot be undone needs more than the button that names the number.
    asks_to_confirm: bool,
    words: String,
    count: u64,
    won: String,
    /// Whether more fit than one run takes.
    has_more: bool,
    most: usize,
    lines: Vec<Line>,
    fields: Vec<Field>,
    /// The moment of the preview in milliseconds.
    as_of: i64,
    back: String,
}

/// The orders for all that fit a filter, each with its address: those that have an effect on the state of all of them.
pub(super) fn acts(filter: &CaseFilter, query: &str) -> impl Iterator<Item = (&'static str, String)> + use<> {
    let (state, query) = (filter.state, query.to_owned());
    [OrderKind::Retry, OrderKind::HandOver].into_iter().filter(move |what| fits(*what, state)).map(
        move |what| {
            let label = match what {
                OrderKind::Retry => "모두 다시 시도하기",
                OrderKind::HandOver => "모두 사람에게 넘기기",
            };
            (label, format!("/bulk{query}&what={}", name(what)))
        },
    )
}

fn fits(what: OrderKind, state: Option<CaseState>) -> bool {
    match state {
        Some(CaseState::Stuck | CaseState::Active) => true,
        Some(CaseState::Waiting) => what == OrderKind::HandOver,
        Some(CaseState::Ended) | None => false,
    }
}

/// Trying again is harmless: what was done is not done again. A hand-over cannot be undone.
fn asks_to_confirm(what: OrderKind) -> bool {
    what == OrderKind::HandOver
}

fn name(what: OrderKind) -> &'static str {
    match what {
        OrderKind::Retry => "retry",
        OrderKind::HandOver => "hand-over",
    }
}

/// The order and the filter of the address or the form.
async fn asked(visit: &Visit<'_>) -> Result<(OrderKind, Filter), Refused> {
    let what = visit.fields.text("what");
    let known = [OrderKind::Retry, OrderKind::HandOver].into_iter().find(|known| name(*known) == what);
    let what = known.ok_or(Refused::NotFound)?;
    let filter = Filter::of(visit).await?;
    if !fits(what, filter.wanted.state) {
        return Err(Refused::Form(
            "먼저 상태를 골라 주세요. 다시 시도는 막힌 건과 처리 중인 건에, 넘기기는 기다리는 건에도 할 수 있습니다.",
        ));
    }
    Ok((what, filter))
}

pub(super) async fn preview(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let (what, filter) = asked(visit).await?;
    let ledger = visit.console.parts.ledger.as_ref();
    let page = ledger.case_page(&filter.wanted, None, SHOWN).await?;
    let all = ledger.case_sum(&filter.wanted, MOST + 1).await?;
    let sum = ledger.case_sum(&filter.wanted, MOST).await?;
    let (label, explained) = match what {
        OrderKind::Retry => {
            ("다시 시도하기", "멈춘 곳부터 바로 이어 갑니다. 이미 한 처리는 다시 하지 않습니다.")
        }
        OrderKind::HandOver => (
            "사람에게 넘기기",
            "일반 상담으로 이관하고 아는 내용을 모두 메모로 남깁니다. 되돌릴 수 없습니다.",
        ),
    };
    let content = Content {
        what: name(what),
        label,
        explained,
        asks_to_confirm: asks_to_confirm(what),
        words: filter.words(),
        count: sum.cases,
        won: Won(sum.won).to_string(),
        has_more: all.cases > sum.cases || page.is_cut,
        most: MOST,
        lines: page.lines.iter().map(|line| Line::of_case(line, visit.now)).collect(),
        fields: filter.fields(),
        as_of: visit.now.as_millisecond(),
        back: format!("/tickets{}", filter.query()),
    };
    Ok(Reply::page("bulk.html", format!("모두 {label}"), content))
}

/// Gives the orders in the person's name. What has come into its state since the preview is left out: it was not in it.
pub(super) async fn order(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let (what, filter) = asked(visit).await?;
    let reason = visit.fields.reason().ok_or(Refused::Form(
        "까닭을 두 글자 이상, 300자 이하로 적어 주세요. 접근 기록과 티켓의 기록에 남습니다.",
    ))?;
    if asks_to_confirm(what) && visit.fields.text("confirmed") != "yes" {
        return Err(Refused::Form("모두에 지시하는 것을 확인하는 칸에 표시해 주세요."));
    }
    let as_of = visit.fields.text("as_of").parse().ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    let as_of = as_of.ok_or(Refused::Form("미리 보기를 다시 열어 주세요."))?;
    let parts = &visit.console.parts;
    let page = parts.ledger.case_page(&filter.wanted, None, MOST).await?;
    let found = page.lines.len();
    let mut ids = Vec::with_capacity(found);
    for line in page.lines {
        if was_previewed(&line, as_of) && has_effect(parts.ledger.as_ref(), &line, what).await? {
            ids.push(line.summary.ticket_id);
        }
    }
    // First the record: no act without one.
    let act = match what {
        OrderKind::Retry => Act::RetriedAll,
        OrderKind::HandOver => Act::HandedOverAll,
    };
    let asked_for = format!("{reason} · {} · 지시할 {}건", filter.words(), ids.len());
    let record = |recorded| NewAccess { reason: Some(recorded), ..viewer.did(act, visit.now) };
    visit.console.record(&record(asked_for.clone())).await?;
    let order = Order { what, by: viewer.name.clone(), reason: Some(reason) };
    let ordered = give(&parts.ledger, &ids, &order, visit.now).await;
    let (failed, left) = (ids.len() - ordered, found - ids.len());
    if failed > 0 {
        visit.console.record(&record(format!("{asked_for} 가운데 {ordered}건에 지시하고 멈춤"))).await?;
    }
    tracing::info!(tickets = ordered, failed, order = name(what), "ordered for a filter in the console");
    let more = i32::from(page.next.is_some());
    let (query, what) = (filter.query(), name(what));
    Ok(Reply::to(format!(
        "/tickets{query}&done={what}&ordered={ordered}&left={left}&more={more}&failed={failed}"
    )))
}

/// Whether the case was so already when the preview was made.
fn was_previewed(line: &CaseLine, as_of: Timestamp) -> bool {
    let since = line.outline.as_ref().map_or(line.summary.updated_at, |outline| outline.since);
    since <= as_of
}

async fn has_effect(ledger: &dyn Ledger, line: &CaseLine, what: OrderKind) -> Result<bool, Refused> {
    let id = line.summary.ticket_id;
    let loaded = match ledger.load(id).await {
        // A person must see it first.
        Err(StoreError::Unreadable { .. }) => return Ok(false),
        loaded => loaded?,
    };
    Ok(Progress::of(id, &loaded).is_some_and(|progress| progress.refusal(what).is_none()))
}

/// How many orders were stored: after a failure no further ones are tried.
async fn give(ledger: &Arc<dyn Ledger>, ids: &[TicketId], order: &Order, now: Timestamp) -> usize {
    let mut ordered = 0;
    for some in ids.chunks(AT_ONCE) {
        let before = ordered;
        let mut stored = JoinSet::new();
        for id in some {
            let (ledger, delivery) = (Arc::clone(ledger), NewDelivery::of_order(*id, order.clone(), now));
            stored.spawn(async move { ledger.accept(delivery).await });
        }
        while let Some(one) = stored.join_next().await {
            match one {
                Ok(Ok(_)) => ordered += 1,
                Ok(Err(error)) => tracing::error!(%error, "an order for a filter was not stored"),
                Err(error) => tracing::error!(%error, "an order for a filter was not stored"),
            }
        }
        if ordered - before < some.len() {
            break;
        }
    }
    ordered
}

/// What was done, for the list that follows. Only these words and numbers, never the address's own text.
pub(super) fn done(visit: &Visit<'_>) -> Option<String> {
    let number = |field| visit.fields.text(field).parse::<u32>().unwrap_or_default();
    let what = match visit.fields.text("done") {
        "retry" => "다시 시도하도록",
        "hand-over" => "일반 상담으로 이관하도록",
        _ => return None,
    };
    let mut told = format!("{}건에 {what} 지시했습니다. 몇 초 안에 시작합니다.", number("ordered"));
    if number("left") > 0 {
        let left = number("left");
        // Writing to a string cannot fail.
        let _ = write!(told, " {left}건은 그사이 상태가 바뀌어 지시하지 않았습니다.");
    }
    if number("failed") > 0 {
        let failed = number("failed");
        let _ = write!(
            told,
            " {failed}건은 원장에 저장하지 못해 지시하지 않았습니다. 잠시 뒤 남은 건에 다시 지시해 주세요."
        );
    }
    if number("more") > 0 {
        let _ = write!(
            told,
            " 한 번에 {MOST}건까지 지시합니다. 결과를 보신 뒤 남은 건에 한 번 더 지시해 주세요."
        );
    }
    Some(told)
}

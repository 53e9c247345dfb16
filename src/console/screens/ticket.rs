//! One ticket's story, and the orders on it.

use jiff::Timestamp;
use serde::Serialize;

use super::policy::explain::{self, Recorded};
use super::{Line, access};
use crate::console::access::Viewer;
use crate::console::address::Address;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::case::{Entry, Order, OrderKind};
use crate::domain::ids::TicketId;
use crate::domain::person::Role;
use crate::ports::{Act, Loaded, NewAccess, NewDelivery};
use crate::story::look::Look;
use crate::story::progress::{NoEffect, Progress};
use crate::story::telling::{self, Paragraph};
use crate::story::{minute, words};

#[derive(Serialize)]
struct Content {
    head: Line,
    /// The sentence of the last decision's row.
    sentence: Option<String>,
    zendesk: String,
    /// Who looked at it, for a person who may know.
    accesses: Option<String>,
    is_masked: bool,
    story: Vec<Told>,
    /// The journal as it is; without it, the customer's data are masked.
    journal: Vec<String>,
    /// Why the last decision was made.
    decided: Option<Recorded>,
    can_retry: bool,
    can_hand_over: bool,
    done: Option<&'static str>,
}

/// A paragraph as shown.
#[derive(Serialize)]
struct Told {
    at: String,
    label: String,
    /// `None`: masked.
    body: Option<String>,
    kind: &'static str,
}

impl Told {
    fn of(paragraph: Paragraph, is_masked: bool) -> Self {
        let Paragraph { at, label, body, masked } = paragraph;
        let kind = kind(&masked.label);
        let (label, body) = if is_masked { (masked.label, masked.body) } else { (label, Some(body)) };
        Self { at: minute(at), label, body, kind }
    }
}

/// How a paragraph looks.
fn kind(label: &str) -> &'static str {
    match label {
        "고객" | "문의 내용(다른 사람이 작성), 고객" => "customer",
        "막힘" | "실패" | "처리 안 됨" | "결과 미확인" => "bad",
        "처리" | "끝" => "done",
        label if label.starts_with("공개 답변") => "reply",
        _ => "plain",
    }
}

#[derive(Serialize)]
struct JournalLine<'a> {
    position: u32,
    at: Timestamp,
    #[serde(flatten)]
    entry: &'a Entry,
}

pub(super) async fn show(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let (parts, id) = (&visit.console.parts, visit.ticket_id()?);
    let loaded = parts.ledger.load(id).await?;
    let summary = parts.ledger.cases(&[id]).await?.into_iter().next().ok_or(Refused::NotFound)?;
    let is_masked =
        viewer.role < Role::Operate && !parts.ledger.has_opened(&viewer.session.token_hash, id).await?;
    let act = if is_masked { Act::LookedMasked } else { Act::Looked };
    looked(visit, viewer, id, act).await?;
    let look = Look::of(&summary, &loaded);
    let playbook = parts.playbook.playbook();
    let progress = Progress::of(id, &loaded);
    let can = |what| {
        viewer.role >= Role::Operate
            && progress.as_ref().is_some_and(|progress| progress.refusal(what).is_none())
    };
    let story = telling::paragraphs(&loaded, Some(&playbook.policy));
    let row = look.row.as_deref().and_then(|row| playbook.policy.row(row));
    let content = Content {
        sentence: row.map(|row| row.sentence.clone()),
        head: Line::of(&look),
        zendesk: format!("{}/agent/tickets/{id}", parts.zendesk_url),
        accesses: viewer.may(Address::Access).then(|| access::of_ticket(id)),
        is_masked,
        story: story.into_iter().map(|paragraph| Told::of(paragraph, is_masked)).collect(),
        journal: if is_masked { Vec::new() } else { journal(&loaded)? },
        decided: explain::last(&loaded, &playbook.policy, is_masked),
        can_retry: can(OrderKind::Retry),
        can_hand_over: can(OrderKind::HandOver),
        done: done(visit.fields.text("done")),
    };
    Ok(Reply::page("ticket.html", format!("티켓 {id}"), content))
}

/// Records the look. A page that stays open asks again and again: it is recorded once, also if it was never opened.
async fn looked(visit: &Visit<'_>, viewer: &Viewer, id: TicketId, act: Act) -> Result<(), Refused> {
    let (looks, session) = (&visit.console.looks, viewer.session.token_hash.as_str());
    if visit.seen.is_some() && looks.has(session, id, act) {
        return Ok(());
    }
    visit.console.record(&NewAccess { ticket_id: Some(id), ..viewer.did(act, visit.now) }).await?;
    looks.add(session, id, act);
    Ok(())
}

fn journal(loaded: &Loaded) -> Result<Vec<String>, Refused> {
    let line = |recorded: &crate::ports::Recorded| {
        let line = JournalLine { position: recorded.position, at: recorded.at, entry: &recorded.entry };
        serde_json::to_string_pretty(&line).map_err(|_| Refused::Failed)
    };
    loaded.journal.iter().map(line).collect()
}

/// Only these words, never the address's own.
fn done(what: &str) -> Option<&'static str> {
    match what {
        "retry" => Some("다시 시도하도록 지시했습니다. 몇 초 안에 시작합니다."),
        "hand-over" => Some("일반 상담으로 이관하도록 지시했습니다. 몇 초 안에 시작합니다."),
        _ => None,
    }
}

/// Opens the ticket's customer data for this session.
pub(super) async fn open(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let id = existing(visit).await?;
    let reason = visit.fields.reason().ok_or(Refused::Form(
        "고객의 정보를 보시려면 까닭을 두 글자 이상, 300자 이하로 적어 주세요. 접근 기록에 남습니다.",
    ))?;
    visit
        .console
        .record(&NewAccess {
            ticket_id: Some(id),
            reason: Some(reason),
            ..viewer.did(Act::Opened, visit.now)
        })
        .await?;
    Ok(Reply::to(format!("/tickets/{id}")))
}

/// Gives an order in the person's name, as `misread case retry` and `misread case hand-over` do.
pub(super) async fn order(visit: &Visit<'_>, viewer: &Viewer, what: OrderKind) -> Result<Reply, Refused> {
    let id = existing(visit).await?;
    let reason = visit.fields.reason().ok_or(Refused::Form(
        "까닭을 두 글자 이상, 300자 이하로 적어 주세요. 접근 기록과 티켓의 기록에 남습니다.",
    ))?;
    let ledger = visit.console.parts.ledger.as_ref();
    let progress = Progress::of(id, &ledger.load(id).await?).ok_or(Refused::NotFound)?;
    match progress.refusal(what) {
        Some(NoEffect::Ended) => {
            return Err(Refused::Form("이미 끝난 건입니다. 이후는 Zendesk에서 상담사가 처리합니다."));
        }
        Some(NoEffect::NotStuck) => {
            return Err(Refused::Form("막힌 건이 아닙니다. 기다리는 중이며 저절로 이어 갑니다."));
        }
        None => {}
    }
    let (act, done) = match what {
        OrderKind::Retry => (Act::Retried, "retry"),
        OrderKind::HandOver => (Act::HandedOver, "hand-over"),
    };
    // First the record: no act without one.
    visit
        .console
        .record(&NewAccess {
            ticket_id: Some(id),
            reason: Some(reason.clone()),
            ..viewer.did(act, visit.now)
        })
        .await?;
    let order = Order { what, by: viewer.name.clone(), reason: Some(reason) };
    ledger.accept(NewDelivery::of_order(id, order, visit.now)).await?;
    tracing::info!(ticket.id = id.get(), order = words::order(what), "ordered in the console");
    Ok(Reply::to(format!("/tickets/{id}?done={done}")))
}

/// The ticket of the address, if it has a case.
async fn existing(visit: &Visit<'_>) -> Result<TicketId, Refused> {
    let id = visit.ticket_id()?;
    let found = visit.console.parts.ledger.cases(&[id]).await?;
    found.first().map(|case| case.ticket_id).ok_or(Refused::NotFound)
}

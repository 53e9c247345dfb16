//! The practice room: a person plays customers and colleagues in the sandbox, and sees what Zendesk would show them.

use serde::Serialize;

use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::ids::TicketId;
use crate::domain::ticket::TicketStatus;
use crate::ports::{
    PracticeAct, PracticeComment, PracticeRefusal, PracticeRoom, PracticeTag, PracticeTicket, PracticeWriter,
};

/// The most tickets on the page.
const MOST: usize = 30;
/// The most characters of what a person writes.
const LONGEST: usize = 2_000;

#[derive(Serialize)]
struct Content {
    customers: Vec<String>,
    tickets: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    id: i64,
    customer: String,
    subject: String,
    status: &'static str,
    group: Option<&'static str>,
    tags: Vec<String>,
    said: Vec<Said>,
    owes: bool,
    is_closed: bool,
}

#[derive(Serialize)]
struct Said {
    by: &'static str,
    /// How it looks: `customer`, `reply` or `plain`.
    kind: &'static str,
    text: String,
}

impl From<PracticeTicket> for Shown {
    fn from(ticket: PracticeTicket) -> Self {
        Self {
            id: ticket.id.get(),
            customer: ticket.customer,
            subject: ticket.subject,
            status: status(ticket.status),
            group: ticket.group,
            tags: ticket.tags,
            said: ticket.said.into_iter().map(Said::from).collect(),
            owes: ticket.owes,
            is_closed: ticket.status == TicketStatus::Closed,
        }
    }
}

impl From<PracticeComment> for Said {
    fn from(comment: PracticeComment) -> Self {
        let (by, kind) = match (comment.by, comment.public) {
            (PracticeWriter::Customer, _) => ("고객", "customer"),
            (PracticeWriter::Agent, true) => ("상담사의 답변", "reply"),
            (PracticeWriter::Agent, false) => ("상담사의 메모", "plain"),
            (PracticeWriter::Service, true) => ("misread의 답변", "reply"),
            (PracticeWriter::Service, false) => ("misread의 메모", "plain"),
        };
        Self { by, kind, text: comment.text }
    }
}

/// As Zendesk's own Korean pages say it.
fn status(status: TicketStatus) -> &'static str {
    match status {
        TicketStatus::New => "신규",
        TicketStatus::Open => "열림",
        TicketStatus::Pending => "대기 중",
        TicketStatus::Hold => "보류 중",
        TicketStatus::Solved => "해결됨",
        TicketStatus::Closed => "종료됨",
        TicketStatus::Unknown => "알 수 없음",
    }
}

impl From<PracticeRefusal> for Refused {
    fn from(refusal: PracticeRefusal) -> Self {
        tracing::info!(%refusal, "refused in the practice room");
        Self::Form("연습용 Zendesk가 받지 않았습니다. 이미 닫힌 티켓인지 확인해 주세요.")
    }
}

/// The room; there is none where the service works for real customers.
fn room<'a>(visit: &'a Visit<'_>) -> Result<&'a dyn PracticeRoom, Refused> {
    visit.console.practice.as_deref().ok_or(Refused::NotFound)
}

pub(super) fn show(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let room = room(visit)?;
    let customers = room.customers().into_iter();
    let content = Content {
        customers: customers.map(|customer| format!("{} — {}", customer.name, customer.title)).collect(),
        tickets: room.tickets(MOST).into_iter().map(Shown::from).collect(),
    };
    Ok(Reply::page("practice.html", "연습실", content))
}

pub(super) fn open(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let customer = visit.fields.text("customer").parse().map_err(|_| Refused::NotFound)?;
    let words = words(visit, "words")?;
    let id = room(visit)?.open(customer, Some(words.as_str()).filter(|words| !words.is_empty()))?;
    Ok(Reply::to(address(id)))
}

pub(super) fn ticket(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let id = visit.ticket_id()?;
    let ticket = room(visit)?.ticket(id).ok_or(Refused::NotFound)?;
    Ok(Reply::page("practice_ticket.html", format!("연습 티켓 {id}"), Shown::from(ticket)))
}

pub(super) fn act(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let (room, id) = (room(visit)?, visit.ticket_id()?);
    room.ticket(id).ok_or(Refused::NotFound)?;
    let said = || {
        let words = words(visit, "words")?;
        if words.is_empty() { Err(Refused::Form("보낼 글을 적어 주세요.")) } else { Ok(words) }
    };
    let act = match visit.fields.text("act") {
        "customer" => PracticeAct::CustomerSays(said()?),
        "pay" => PracticeAct::CustomerPays,
        "reply" => PracticeAct::AgentReplies(said()?),
        "note" => PracticeAct::AgentNotes(said()?, tag(visit.fields.text("tag"))),
        _ => return Err(Refused::NotFound),
    };
    room.act(id, act)?;
    Ok(Reply::to(address(id)))
}

fn tag(name: &str) -> PracticeTag {
    match name {
        "give-back" => PracticeTag::GivenBack,
        "release" => PracticeTag::Released,
        _ => PracticeTag::None,
    }
}

fn address(id: TicketId) -> String {
    format!("/practice/{id}")
}

/// What a person wrote, with the line ends of a customer's text.
fn words(visit: &Visit<'_>, field: &str) -> Result<String, Refused> {
    let words = visit.fields.text(field).replace("\r\n", "\n");
    if words.chars().count() > LONGEST {
        return Err(Refused::Form("글은 2,000자까지 보내실 수 있습니다."));
    }
    Ok(words)
}

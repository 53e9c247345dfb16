//! Who looked at what: all, about one ticket, or of one person.

use serde::Serialize;

use super::filter::query;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::ids::TicketId;
use crate::domain::person;
use crate::ports::{Access, AccessFilter, AccessPage, Act};
use crate::story::{cases, minute};

/// The entries of a page.
const PAGE: usize = 100;
/// The most entries that one look for some of them looks at.
const WITHIN: u32 = 100_000;

#[derive(Serialize)]
struct Content {
    entries: Vec<Shown>,
    next: Option<String>,
    /// The form as it stands.
    ticket: String,
    name: String,
    is_filtered: bool,
    /// How many entries were looked at, if more might fit.
    cut_after: Option<String>,
    /// Why nothing is shown.
    wrong: Option<&'static str>,
}

#[derive(Serialize)]
struct Shown {
    at: String,
    name: String,
    /// The entries of this person.
    of_name: String,
    act: &'static str,
    ticket: Option<i64>,
    reason: Option<String>,
}

pub(super) async fn show(visit: &Visit<'_>) -> Result<Reply, Refused> {
    let [ticket, name] = ["ticket", "name"].map(|field| visit.fields.text(field));
    let before = visit.fields.text("before").parse().ok();
    let (page, wrong) = match filter(ticket, name) {
        Ok(filter) => (visit.console.parts.ledger.accesses(&filter, before, PAGE, WITHIN).await?, None),
        Err(wrong) => (AccessPage { entries: Vec::new(), next: None, is_cut: false }, Some(wrong)),
    };
    let given = [("ticket", ticket), ("name", name)].into_iter().filter(|(_, value)| !value.is_empty());
    let given: Vec<(&str, &str)> = given.collect();
    let next = page.next.map(|next| next.to_string());
    let next = next.as_deref().map(|next| {
        let fields = given.iter().copied().chain([("before", next)]);
        format!("/access{}", query(fields))
    });
    let content = Content {
        entries: page.entries.into_iter().map(shown).collect(),
        next,
        ticket: ticket.to_owned(),
        name: name.to_owned(),
        is_filtered: !given.is_empty(),
        cut_after: page.is_cut.then(|| cases(WITHIN.into())),
        wrong,
    };
    Ok(Reply::page("access.html", "접근 기록", content))
}

/// What the fields select; otherwise what is wrong with them: to leave a field out would show more.
fn filter(ticket: &str, name: &str) -> Result<AccessFilter, &'static str> {
    let mut filter = AccessFilter::default();
    if !ticket.is_empty() {
        filter.ticket_id = Some(ticket.parse().map_err(|_| "티켓 번호는 35001처럼 숫자로만 적어 주세요.")?);
    }
    if !name.is_empty() {
        let name = person::name(name).ok_or("이름은 로그인한 이름 그대로, 100자 이하로 적어 주세요.")?;
        filter.name = Some(name);
    }
    Ok(filter)
}

/// The address of the entries about a ticket.
pub(super) fn of_ticket(id: TicketId) -> String {
    format!("/access?ticket={id}")
}

fn shown(entry: Access) -> Shown {
    Shown {
        at: minute(entry.at),
        of_name: format!("/access{}", query([("name", entry.name.as_str())])),
        name: entry.name,
        act: entry.act.map_or("알 수 없음", korean),
        ticket: entry.ticket_id.map(TicketId::get),
        reason: entry.reason,
    }
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

//! The list of tickets, and the search by number and account.

use jiff::Timestamp;
use serde::Serialize;

use super::{Line, lines};
use crate::console::access::Viewer;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::ids::TicketId;
use crate::ports::{Act, CaseState, CaseSummary, NewAccess, Tickets};
use crate::story::words;

/// The lines of a page.
const PAGE: usize = 25;
/// The most characters of a search.
const LONGEST_SEARCH: usize = 100;

#[derive(Serialize)]
struct Content {
    lines: Vec<Line>,
    filters: Vec<Filter>,
    search: String,
    /// Whether these are what a search found.
    is_found: bool,
    next: Option<String>,
}

#[derive(Serialize)]
struct Filter {
    label: &'static str,
    href: String,
    is_here: bool,
}

pub(super) async fn show(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let ledger = visit.console.parts.ledger.as_ref();
    let search: String = visit.fields.text("q").chars().take(LONGEST_SEARCH).collect();
    let state = state(visit.fields.text("state"));
    let (cases, next) = if search.is_empty() {
        let mut cases = ledger.case_page(state, after(visit.fields.text("after")), PAGE + 1).await?;
        let has_more = cases.len() > PAGE;
        cases.truncate(PAGE);
        let next = cases.last().filter(|_| has_more).map(|last| address(state, Some(last)));
        (cases, next)
    } else {
        (found(visit, viewer, &search).await?, None)
    };
    let filters = [
        None,
        Some(CaseState::Active),
        Some(CaseState::Waiting),
        Some(CaseState::Stuck),
        Some(CaseState::Ended),
    ];
    let filter = |of: Option<CaseState>| Filter {
        label: of.map_or("모두", words::state),
        href: address(of, None),
        is_here: of == state && search.is_empty(),
    };
    let content = Content {
        lines: lines(ledger, &cases).await?,
        filters: filters.into_iter().map(filter).collect(),
        is_found: !search.is_empty(),
        search,
        next,
    };
    Ok(Reply::page("tickets.html", "티켓", content))
}

/// The ticket with this number, and those of the account with this id. The search for an account is recorded.
async fn found(visit: &Visit<'_>, viewer: &Viewer, search: &str) -> Result<Vec<CaseSummary>, Refused> {
    let ledger = visit.console.parts.ledger.as_ref();
    let searched = NewAccess { reason: Some(search.to_owned()), ..viewer.did(Act::Searched, visit.now) };
    visit.console.record(&searched).await?;
    let mut ids: Vec<TicketId> = search.parse().into_iter().collect();
    ids.extend(ledger.tickets(Tickets::OfAccount(search), None, PAGE).await?);
    ids.dedup();
    Ok(ledger.cases(&ids).await?)
}

fn name(state: CaseState) -> &'static str {
    match state {
        CaseState::Active => "active",
        CaseState::Waiting => "waiting",
        CaseState::Ended => "ended",
        CaseState::Stuck => "stuck",
    }
}

fn state(text: &str) -> Option<CaseState> {
    [CaseState::Active, CaseState::Waiting, CaseState::Ended, CaseState::Stuck]
        .into_iter()
        .find(|state| name(*state) == text)
}

/// The list's address: of a state, after a case.
fn address(state: Option<CaseState>, after: Option<&CaseSummary>) -> String {
    let state = state.map(|state| format!("state={}", name(state)));
    let after = after.map(|case| format!("after={}-{}", case.updated_at.as_millisecond(), case.ticket_id));
    let query: Vec<String> = state.into_iter().chain(after).collect();
    if query.is_empty() { "/tickets".to_owned() } else { format!("/tickets?{}", query.join("&")) }
}

/// The place that a page follows; `None`: the first page.
fn after(text: &str) -> Option<(Timestamp, TicketId)> {
    let (at, id) = text.split_once('-')?;
    Some((Timestamp::from_millisecond(at.parse().ok()?).ok()?, id.parse().ok()?))
}

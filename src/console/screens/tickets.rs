//! The list of tickets by a filter, and the search by number, account and plate.

use jiff::Timestamp;
use serde::Serialize;

use super::filter::{self, ENDINGS, Filter, STATES, lane_name, lane_words, query, state_name};
use super::{Line, bulk};
use crate::console::access::Viewer;
use crate::console::dispatch::{Refused, Visit};
use crate::console::page::Reply;
use crate::domain::case::searchable;
use crate::domain::ids::TicketId;
use crate::domain::plate::Plate;
use crate::ports::{Act, CaseFilter, CaseLine, CaseState, Lane, NewAccess, Place, Tickets};
use crate::story::words;

/// The lines of a page.
const PAGE: usize = 25;
/// The most tickets that a search shows.
const MOST_FOUND: usize = 100;
/// The most characters of a search.
const LONGEST_SEARCH: usize = 100;

#[derive(Serialize)]
struct Content {
    lines: Vec<Line>,
    states: Vec<Choice>,
    form: Form,
    search: String,
    /// Whether these are what a search found.
    is_found: bool,
    next: Option<String>,
    /// Whether the page ends before so many that fit were found.
    is_cut: bool,
    /// The file of what the filter selects.
    file: String,
    acts: Vec<Choice>,
    done: Option<String>,
    /// Why nothing is shown.
    wrong: Option<&'static str>,
}

/// A link, or one of the values of a field.
#[derive(Serialize)]
struct Choice {
    label: String,
    href: String,
    is_here: bool,
}

/// The fields of the filter as they stand.
#[derive(Serialize)]
struct Form {
    is_open: bool,
    selects: Vec<Select>,
    lot: String,
    won_from: String,
    won_to: String,
    from: String,
    to: String,
    because: String,
}

/// A field with finitely many values.
#[derive(Serialize)]
struct Select {
    id: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
}

pub(super) async fn show(visit: &Visit<'_>, viewer: &Viewer) -> Result<Reply, Refused> {
    let ledger = visit.console.parts.ledger.as_ref();
    let search: String = visit.fields.text("q").chars().take(LONGEST_SEARCH).collect();
    let (filter, wrong) = match Filter::of(visit).await {
        Err(Refused::Form(wrong)) => (Filter::default(), Some(wrong)),
        filter => (filter?, None),
    };
    let (lines, next, is_cut) = if wrong.is_some() {
        (Vec::new(), None, false)
    } else if search.is_empty() {
        let page = ledger.case_page(&filter.wanted, after(visit.fields.text("after")), PAGE).await?;
        (page.lines, page.next.map(|place| address(&filter, place)), page.is_cut)
    } else {
        let found = found(visit, viewer, &search).await?;
        if let Some(id) = only(&found, &search) {
            return Ok(Reply::to(format!("/tickets/{id}")));
        }
        (found, None, false)
    };
    let state = |of: Option<CaseState>| Choice {
        label: of.map_or("모두", words::state).to_owned(),
        href: of.map_or_else(
            || "/tickets".to_owned(),
            |state| format!("/tickets{}", query([("state", state_name(state))])),
        ),
        is_here: of == filter.wanted.state && search.is_empty() && !filter.is_detailed(),
    };
    let content = Content {
        lines: lines.iter().map(|line| Line::of_case(line, visit.now)).collect(),
        states: [None].into_iter().chain(STATES.map(Some)).map(state).collect(),
        form: form(visit, &filter),
        is_found: !search.is_empty(),
        search,
        next,
        is_cut,
        file: format!("/tickets.csv{}", filter.query()),
        acts: bulk::acts(&filter.wanted, &filter.query())
            .map(|(label, href)| Choice { label: label.to_owned(), href, is_here: false })
            .collect(),
        done: bulk::done(visit),
        wrong,
    };
    Ok(Reply::page("tickets.html", "티켓", content))
}

fn form(visit: &Visit<'_>, filter: &Filter) -> Form {
    let choice = |field: &str, value: &str, label: &str| Choice {
        label: label.to_owned(),
        href: value.to_owned(),
        is_here: filter.value(field) == value,
    };
    let playbook = visit.console.parts.playbook.playbook();
    let rows = playbook.policy.rows().map(|row| choice("row", &row.id, &row.id));
    let endings = ENDINGS.map(|ending| {
        let name = serde_json::to_value(ending).ok();
        let name = name.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        choice("ending", name, words::ending(ending))
    });
    // A row of an earlier policy.
    let mut rows: Vec<Choice> = rows.collect();
    let row = filter.value("row");
    if !row.is_empty() && !rows.iter().any(|choice| choice.is_here) {
        rows.push(choice("row", row, row));
    }
    let value = |field| filter.value(field).to_owned();
    let select = |id, label, choices| Select { id, label, choices };
    Form {
        is_open: filter.is_detailed(),
        selects: vec![
            select(
                "state",
                "상태",
                STATES.map(|state| choice("state", state_name(state), words::state(state))).into(),
            ),
            select(
                "waits",
                "기다리는 것",
                Lane::ALL.map(|lane| choice("waits", lane_name(lane), lane_words(lane))).into(),
            ),
            select("ending", "끝", endings.into()),
            select("row", "정책 행", rows),
        ],
        lot: value("lot"),
        won_from: value("won_from"),
        won_to: value("won_to"),
        from: value("from"),
        to: value("to"),
        because: value("because"),
    }
}

/// The ticket with this number, those of the account with this id, and those with this plate. The search is recorded; of a plate,
/// the last digits: the record outlives an erasure.
async fn found(visit: &Visit<'_>, viewer: &Viewer, search: &str) -> Result<Vec<CaseLine>, Refused> {
    let ledger = visit.console.parts.ledger.as_ref();
    let plate = Plate::parse(search);
    let reason = match &plate {
        None => search.to_owned(),
        Some(plate) => {
            let signs: Vec<char> = plate.as_str().chars().collect();
            let last: String = signs.iter().skip(signs.len().saturating_sub(4)).collect();
            format!("차량번호 끝자리 {last}")
        }
    };
    visit.console.record(&NewAccess { reason: Some(reason), ..viewer.did(Act::Searched, visit.now) }).await?;
    let mut ids: Vec<TicketId> = search.parse().into_iter().collect();
    ids.extend(ledger.tickets(Tickets::OfAccount(search), None, MOST_FOUND).await?);
    let of_plate = CaseFilter { plate: Some(searchable(search)), ..CaseFilter::default() };
    let page = ledger.case_page(&of_plate, None, MOST_FOUND).await?;
    ids.extend(page.lines.iter().map(|line| line.summary.ticket_id));
    ids.sort_unstable();
    ids.dedup();
    Ok(ledger.case_lines(&ids).await?)
}

/// The ticket that was searched for by its number, if nothing else was found.
fn only(found: &[CaseLine], search: &str) -> Option<TicketId> {
    let [line] = found else { return None };
    search.parse().ok().filter(|number| *number == line.summary.ticket_id)
}

/// The list's address after a case.
fn address(filter: &Filter, (at, id): Place) -> String {
    let before = filter.query();
    let join = if filter.is_empty() { '?' } else { '&' };
    format!("/tickets{before}{join}after={}-{id}", at.as_millisecond())
}

/// The place that a page follows; `None`: the first page.
fn after(text: &str) -> Option<Place> {
    let (at, id) = text.rsplit_once('-')?;
    Some((Timestamp::from_millisecond(at.parse().ok()?).ok()?, id.parse().ok()?))
}

/// The address of the tickets that are stuck for one reason.
pub(super) fn of_group(group: &crate::ports::StuckGroup) -> String {
    query([("state", "stuck"), ("because", &filter::because(group))])
}

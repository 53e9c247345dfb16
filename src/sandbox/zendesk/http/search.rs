//! `/search` and `/search/export`: the first with offset pages of at most a thousand tickets, the second with cursors and
//! no limit.

use axum::Json;
use axum::extract::{Query as Queried, State};
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::paging::{self, Parameters};
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::records::{FakeTicket, status_rank};
use crate::zendesk::refusal::Refusal;
use crate::zendesk::search::{Query, Unsupported};
use crate::zendesk::state::State as Account;
use crate::zendesk::wire;

/// No results beyond this are returned, though a link leads there.
const MOST_RESULTS: usize = 1000;
/// The page size limit of an export.
const LARGEST_EXPORT: usize = 1000;
/// The lifetime of an export's cursor.
const CURSOR_LIFE: SignedDuration = SignedDuration::from_hours(1);

impl From<Unsupported> for Refusal {
    fn from(problem: Unsupported) -> Self {
        Self::InvalidSearch(StatusCode::BAD_REQUEST, format!("Invalid search: {problem}"))
    }
}

/// `GET /search`: the latest first, unless `sort_by` and `sort_order` say otherwise (Zendesk sorts by relevance).
pub(super) async fn search(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Queried(asked): Queried<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let query = read(&asked)?;
    if !query.names_type {
        return Err(invalid("the sandbox searches tickets only: add type:ticket"));
    }
    let (page, size) = paging::offset(&asked);
    if page * size > MOST_RESULTS {
        let description = "Invalid search: Requested response size was greater than Search Response Limits";
        return Err(Refusal::InvalidSearch(StatusCode::UNPROCESSABLE_ENTITY, description.to_owned()));
    }
    let key = sort_key(asked.get("sort_by").map(String::as_str))?;
    let mut state = zendesk.lock();
    let url = format!("{}/api/v2/search.json", state.base_url);
    let mut found: Vec<(i64, i64)> = state
        .search(&query, zendesk.clock.now())
        .into_iter()
        .map(|ticket| (key(ticket), ticket.fields.id))
        .collect();
    found.sort_unstable();
    if asked.get("sort_order").is_none_or(|order| order != "asc") {
        found.reverse();
    }
    let count = found.len();
    let ids = found.into_iter().map(|(_, id)| id).skip((page - 1) * size).take(size);
    let results = shown(&state, ids);
    let link = |page: usize| {
        paging::link(&url, &asked, &[("page", page.to_string()), ("per_page", size.to_string())])
    };
    let (next, previous) =
        ((page * size < count).then(|| link(page + 1)), (page > 1).then(|| link(page - 1)));
    Ok(Json(
        json!({ "results": results, "facets": null, "count": count, "next_page": next, "previous_page": previous }),
    ))
}

/// `GET /search/export`: the latest first, without duplicates or gaps, whatever changes meanwhile.
pub(super) async fn export(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Queried(asked): Queried<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let query = read(&asked)?;
    if query.names_type {
        return Err(invalid("the type belongs into filter[type]"));
    }
    if asked.get("filter[type]").is_none_or(|kind| kind != "ticket") {
        return Err(invalid("the sandbox exports tickets only: add filter[type]=ticket"));
    }
    let size = paging::page_size(&asked, LARGEST_EXPORT)?;
    let now = zendesk.clock.now();
    let after = paging::cursor::<(Timestamp, i64, Timestamp)>(&asked, "page[after]")?;
    if after.is_some_and(|(.., given_at)| now.duration_since(given_at) >= CURSOR_LIFE) {
        return Err(invalid("the cursor has expired"));
    }
    let mut state = zendesk.lock();
    let url = format!("{}/api/v2/search/export.json", state.base_url);
    let mut found: Vec<(Timestamp, i64)> = state
        .search(&query, now)
        .into_iter()
        .map(|ticket| (ticket.fields.created_at, ticket.fields.id))
        .filter(|&(created_at, id)| after.is_none_or(|(at, last, _)| (created_at, id) < (at, last)))
        .collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    let has_more = found.len() > size;
    found.truncate(size);
    let cursor = found.last().map(|&(created_at, id)| paging::encode(&(created_at, id, now)));
    let results = shown(&state, found.into_iter().map(|(_, id)| id));
    let next = cursor.clone().map(|cursor| {
        paging::link(&url, &asked, &[("page[after]", cursor), ("page[size]", size.to_string())])
    });
    let meta = json!({ "has_more": has_more, "after_cursor": cursor, "before_cursor": null });
    Ok(Json(
        json!({ "results": results, "facets": null, "meta": meta, "links": { "prev": null, "next": next } }),
    ))
}

fn read(asked: &Parameters) -> Result<Query, Refusal> {
    let text = asked.get("query").ok_or_else(|| invalid("query is missing"))?;
    Ok(Query::parse(text)?)
}

fn sort_key(sort_by: Option<&str>) -> Result<fn(&FakeTicket) -> i64, Refusal> {
    match sort_by {
        None | Some("created_at") => Ok(|ticket| ticket.fields.created_at.as_second()),
        Some("updated_at") => Ok(|ticket| ticket.fields.updated_at.as_second()),
        Some("status") => Ok(|ticket| status_rank(ticket.fields.status).into()),
        Some(other) => Err(invalid(&format!("the sandbox does not sort by {other}"))),
    }
}

/// The tickets in their current state.
fn shown(state: &Account, ids: impl Iterator<Item = i64>) -> Vec<Value> {
    let tickets = ids.filter_map(|id| state.tickets.get(&id));
    let shown = tickets.map(|ticket| {
        let mut value = wire::ticket(state, &ticket.fields);
        value["result_type"] = json!("ticket");
        value
    });
    shown.collect()
}

fn invalid(problem: &str) -> Refusal {
    Refusal::InvalidSearch(StatusCode::BAD_REQUEST, format!("Invalid search: {problem}"))
}

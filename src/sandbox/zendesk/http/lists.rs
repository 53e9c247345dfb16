//! Comments and audits of a ticket, in cursor or offset pages (facts §3.10).

use std::collections::HashMap;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use serde_json::{Value, json};

use crate::sandbox::zendesk::caller::Caller;
use crate::sandbox::zendesk::refusal::Refusal;
use crate::sandbox::zendesk::{FakeZendesk, wire};

const LARGEST_PAGE: usize = 100;

type Parameters = Query<HashMap<String, String>>;

/// `GET …/comments`
pub(super) async fn comments(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: Result<Path<i64>, PathRejection>,
    Query(query): Parameters,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let state = zendesk.lock();
    let items = state.ticket(id)?.comments.iter().map(wire::comment).collect();
    page("comments", items, &format!("{}/api/v2/tickets/{id}/comments.json", state.base_url), &query)
}

/// `GET …/audits`
pub(super) async fn audits(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: Result<Path<i64>, PathRejection>,
    Query(query): Parameters,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let state = zendesk.lock();
    let items = state.ticket(id)?.audits.iter().map(wire::audit).collect();
    page("audits", items, &format!("{}/api/v2/tickets/{id}/audits.json", state.base_url), &query)
}

/// Cuts one page out of `items`, which come oldest first.
fn page(
    name: &str,
    mut items: Vec<Value>,
    url: &str,
    query: &HashMap<String, String>,
) -> Result<Json<Value>, Refusal> {
    let descending = query.get("sort").is_some_and(|sort| sort == "-created_at")
        || query.get("sort_order").is_some_and(|order| order == "desc");
    if descending {
        items.reverse();
    }
    if ["page[size]", "page[after]"].iter().any(|key| query.contains_key(*key)) {
        return cursor_page(name, items, url, query);
    }
    let number = |key: &str, otherwise| {
        query.get(key).and_then(|text| text.parse::<usize>().ok()).unwrap_or(otherwise)
    };
    let (page, size) = (number("page", 1).max(1), number("per_page", LARGEST_PAGE).clamp(1, LARGEST_PAGE));
    let count = items.len();
    let items: Vec<_> = items.into_iter().skip((page - 1) * size).take(size).collect();
    let link = |page: usize| format!("{url}?page={page}&per_page={size}");
    let next = (page * size < count).then(|| link(page + 1));
    let previous = (page > 1).then(|| link(page - 1));
    Ok(Json(json!({ name: items, "count": count, "next_page": next, "previous_page": previous })))
}

/// A cursor names the last item that was shown. `links.next` is there even when there is no more, as recorded.
fn cursor_page(
    name: &str,
    items: Vec<Value>,
    url: &str,
    query: &HashMap<String, String>,
) -> Result<Json<Value>, Refusal> {
    let invalid = |what: &str| Refusal::BadRequest(format!("{what} is invalid"));
    let size = match query.get("page[size]").map(|text| text.parse::<usize>()) {
        None => LARGEST_PAGE,
        Some(Ok(size @ 1..=LARGEST_PAGE)) => size,
        Some(_) => return Err(invalid("page[size]")),
    };
    let start = match query.get("page[after]") {
        None => 0,
        Some(cursor) => {
            let at = items.iter().position(|item| item_cursor(item) == *cursor);
            at.ok_or_else(|| invalid("page[after]"))? + 1
        }
    };
    let has_more = start + size < items.len();
    let items: Vec<_> = items.into_iter().skip(start).take(size).collect();
    let (first, last) = (items.first().map(item_cursor), items.last().map(item_cursor));
    let sort = query.get("sort").map(|sort| format!("&sort={sort}")).unwrap_or_default();
    let next =
        last.as_ref().map(|cursor| format!("{url}?page%5Bafter%5D={cursor}&page%5Bsize%5D={size}{sort}"));
    let meta = json!({ "has_more": has_more, "after_cursor": last, "before_cursor": first });
    Ok(Json(json!({ name: items, "meta": meta, "links": { "prev": null, "next": next } })))
}

fn item_cursor(item: &Value) -> String {
    format!("c{}", item["id"])
}

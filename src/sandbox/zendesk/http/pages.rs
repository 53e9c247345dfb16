//! Lists of the account's things, in cursor or offset pages (facts §3.10, §5.2).

use axum::Json;
use axum::http::StatusCode;
use reqwest::Url;
use serde_json::{Value, json};

use super::body::Words;
use crate::sandbox::zendesk::refusal::{Refusal, listed};

const LARGEST_PAGE: usize = 100;
/// Offset pages reach no further (facts §7).
const FARTHEST_RECORD: usize = 10_000;

/// One page of `items` as the query asks for it. Items have ids; `url` is where the list stands.
pub(super) fn page(name: &str, items: Vec<Value>, url: &str, query: &Words) -> Result<Json<Value>, Refusal> {
    if ["page[size]", "page[after]", "page[before]"].iter().any(|key| query.contains_key(*key)) {
        return cursor_page(name, items, url, query);
    }
    let number = |key: &str, otherwise: usize| {
        query.get(key).and_then(|text| text.parse::<usize>().ok()).unwrap_or(otherwise)
    };
    let (page, size) = (number("page", 1).max(1), number("per_page", LARGEST_PAGE).clamp(1, LARGEST_PAGE));
    if page * size > FARTHEST_RECORD {
        let text = format!("Pages reach no further than {FARTHEST_RECORD} records");
        return Err(Refusal::BadRequest(text));
    }
    let count = items.len();
    let link = |page: usize| {
        let size = size.to_string();
        linked(url, query, &["page", "per_page"], &[("page", &page.to_string()), ("per_page", &size)])
    };
    let next = (page * size < count).then(|| link(page + 1));
    let previous = (page > 1).then(|| link(page - 1));
    let items: Vec<_> = items.into_iter().skip((page - 1) * size).take(size).collect();
    Ok(Json(json!({ name: items, "count": count, "next_page": next, "previous_page": previous })))
}

/// A cursor names an item that was shown. Links are there even when they lead to nothing, as recorded.
fn cursor_page(name: &str, items: Vec<Value>, url: &str, query: &Words) -> Result<Json<Value>, Refusal> {
    let page = Cut::new(&items, query)?;
    let (first, last) = (page.items.first().map(cursor), page.items.last().map(cursor));
    let size = page.size.to_string();
    let link = |key: &str, cursor: &Option<String>| {
        let cursor = cursor.as_ref()?;
        let named = ["page[size]", "page[after]", "page[before]"];
        Some(linked(url, query, &named, &[(key, cursor), ("page[size]", &size)]))
    };
    let links = json!({ "prev": link("page[before]", &first), "next": link("page[after]", &last) });
    let meta = json!({ "has_more": page.has_more, "after_cursor": last, "before_cursor": first });
    Ok(Json(json!({ name: page.items, "meta": meta, "links": links })))
}

/// The items between two cursors.
pub(super) struct Cut<'a> {
    pub(super) items: &'a [Value],
    pub(super) size: usize,
    /// Whether there is more in the direction that was asked for.
    pub(super) has_more: bool,
}

impl<'a> Cut<'a> {
    pub(super) fn new(items: &'a [Value], query: &Words) -> Result<Self, Refusal> {
        let invalid = |what: &str| {
            listed(StatusCode::BAD_REQUEST, "InvalidPaginationParameter", &format!("{what} is not valid"))
        };
        let size = match query.get("page[size]").map(|text| text.parse::<usize>()) {
            None => LARGEST_PAGE,
            Some(Ok(size @ 1..=LARGEST_PAGE)) => size,
            Some(_) => return Err(invalid("page[size]")),
        };
        let place = |key: &str| match query.get(key) {
            None => Ok(None),
            Some(wanted) => {
                let at = items.iter().position(|item| cursor(item) == *wanted);
                at.map(Some).ok_or_else(|| invalid(key))
            }
        };
        if let Some(before) = place("page[before]")? {
            let start = before.saturating_sub(size);
            return Ok(Self { items: &items[start..before], size, has_more: start > 0 });
        }
        let start = place("page[after]")?.map_or(0, |at| at + 1);
        let end = (start + size).min(items.len());
        Ok(Self { items: &items[start..end], size, has_more: end < items.len() })
    }
}

/// Where an item stands, as cursors tell it.
pub(super) fn cursor(item: &Value) -> String {
    let id = &item["id"];
    format!("c{}", id.as_str().map_or_else(|| id.to_string(), str::to_owned))
}

/// The list's address with the query's other words and some of its own.
pub(super) fn linked(url: &str, query: &Words, own: &[&str], words: &[(&str, &str)]) -> String {
    let mut others: Vec<_> = query.iter().filter(|(key, _)| !own.contains(&key.as_str())).collect();
    others.sort();
    let others = others.into_iter().map(|(key, word)| (key.as_str(), word.as_str()));
    let all = others.chain(words.iter().copied());
    Url::parse_with_params(url, all).map_or_else(|_| url.to_owned(), String::from)
}

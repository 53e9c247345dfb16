//! The account's tags: `/tags`, `/autocomplete/tags` (facts §6).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Value, json};

use super::paging::{List, Order, Parameters};
use crate::zendesk::FakeZendesk;
use crate::zendesk::caller::Caller;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::state::State as Account;

/// Zendesk lists only the most used ones.
const MOST_TAGS: usize = 20_000;
/// The number of suggestions.
const SUGGESTIONS: usize = 15;
/// The minimum length for suggestions, in characters.
const SHORTEST_BEGINNING: usize = 2;

/// `GET /tags`: the most used first.
pub(super) async fn index(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let state = zendesk.lock();
    let used = most_used(&state).into_iter().take(MOST_TAGS);
    let items = used.map(|(name, count)| ((Reverse(count), name.to_owned()), (name, count))).collect();
    let url = format!("{}/api/v2/tags.json", state.base_url);
    let list = List { name: "tags", url, items, order: Order::Ascending };
    list.page(&query, |(name, count)| json!({ "name": name, "count": count })).map(Json)
}

/// `GET /autocomplete/tags?name=…`: tags with this prefix, or with a word that has it.
pub(super) async fn autocomplete(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let beginning = query.get("name").map(|name| name.to_lowercase()).unwrap_or_default();
    if beginning.chars().count() < SHORTEST_BEGINNING {
        return Err(Refusal::BadRequest("name must have at least 2 characters".to_owned()));
    }
    let state = zendesk.lock();
    let begins = |tag: &str| {
        let mut words = tag.split(|sign: char| !sign.is_alphanumeric());
        tag.starts_with(&beginning) || words.any(|word| word.starts_with(&beginning))
    };
    let found = most_used(&state).into_iter().map(|(tag, _)| tag).filter(|tag| begins(tag));
    let tags: Vec<_> = found.take(SUGGESTIONS).collect();
    Ok(Json(json!({ "count": tags.len(), "tags": tags, "next_page": null, "previous_page": null })))
}

/// All tags in use with their numbers of tickets.
fn most_used(state: &Account) -> Vec<(&str, usize)> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for tag in state.tickets.values().flat_map(|ticket| &ticket.fields.tags) {
        *counts.entry(tag).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| Reverse(count));
    counts
}

//! The account's tags: `/autocomplete/tags` (facts §6).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Value, json};

use super::paging::Parameters;
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::state::State as Account;
/// The number of suggestions.
const SUGGESTIONS: usize = 15;
/// The minimum length for suggestions, in characters.
const SHORTEST_BEGINNING: usize = 2;

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
    let found = most_used(&state).filter(|tag| begins(tag));
    let tags: Vec<_> = found.take(SUGGESTIONS).collect();
    Ok(Json(json!({ "count": tags.len(), "tags": tags, "next_page": null, "previous_page": null })))
}

/// All tags in use, the most used first.
fn most_used(state: &Account) -> impl Iterator<Item = &str> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for tag in state.tickets.values().flat_map(|ticket| &ticket.fields.tags) {
        *counts.entry(tag).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| Reverse(count));
    counts.into_iter().map(|(tag, _)| tag)
}

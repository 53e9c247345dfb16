//! The results of a webhook's invocations, and of each attempt (facts §1.3, §1.8).

use axum::Json;
use axum::extract::{Path, Query, State};
use serde_json::{Value, json};

use super::paging::{List, Order, Parameters};
use super::webhook_page::webhook_page;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Admin;
use crate::zendesk::webhooks::{AttemptOutcome, unknown};

type Answer = Result<Json<Value>, Refusal>;

/// Invocations with an attempt, the latest first.
pub(super) async fn list(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Path(id): Path<String>,
    Query(query): Query<Parameters>,
) -> Answer {
    let state = zendesk.lock();
    state.webhooks.get(&id)?;
    let tried = state.webhooks.invocations().filter(|invocation| invocation.webhook_id == id).filter_map(
        |invocation| {
            let last = invocation.attempts.last()?;
            let shown = invocation.json()?;
            let key = (format!("{:020}", last.at.as_second()), invocation.id.clone());
            Some((key, shown))
        },
    );
    let list = List {
        name: "invocations",
        url: format!("{}/api/v2/webhooks/{id}/invocations", state.base_url),
        items: tried.collect(),
        order: Order::Descending,
    };
    webhook_page(list, &query, |shown| shown).map(Json)
}

/// Oldest first.
pub(super) async fn attempts(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Path((id, invocation_id)): Path<(String, String)>,
) -> Answer {
    let state = zendesk.lock();
    state.webhooks.get(&id)?;
    let mut all = state.webhooks.invocations();
    let invocation = all.find(|invocation| invocation.id == invocation_id).ok_or_else(unknown)?;
    let mut exchanges = state.webhooks.exchanges.of(&invocation_id);
    let attempts = invocation.attempts.iter().map(|attempt| {
        let sent = attempt.outcome != AttemptOutcome::CircuitBroken;
        attempt.json(invocation, if sent { exchanges.next() } else { None })
    });
    Ok(Json(json!({ "attempts": attempts.collect::<Value>() })))
}

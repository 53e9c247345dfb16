//! What became of a webhook's invocations, and of each attempt (facts §1.3, §1.8).

use axum::Json;
use axum::extract::{Path, Query, State};
use serde_json::{Value, json};

use super::body::Words;
use super::webhooks::webhook_page;
use crate::sandbox::zendesk::FakeZendesk;
use crate::sandbox::zendesk::refusal::Refusal;
use crate::sandbox::zendesk::rights::Admin;

type Answer = Result<Json<Value>, Refusal>;

/// Those that were tried, the latest first.
pub(super) async fn list(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Path(id): Path<String>,
    Query(query): Query<Words>,
) -> Answer {
    let state = zendesk.lock();
    state.webhook(&id)?;
    let all = state.ended_invocations.iter().chain(&state.outbox);
    let mut items: Vec<Value> = all
        .filter(|invocation| invocation.webhook_id == id)
        .filter_map(|invocation| invocation.json())
        .collect();
    if let Some(status) = query.get("filter[status]") {
        items.retain(|item| item["status"] == status.as_str());
    }
    items.sort_by_key(|item| item["latest_completed_at"].as_str().map(str::to_owned));
    items.reverse();
    webhook_page(
        "invocations",
        &items,
        &format!("{}/api/v2/webhooks/{id}/invocations", state.base_url),
        &query,
    )
}

/// Oldest first.
pub(super) async fn attempts(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Path((id, invocation_id)): Path<(String, String)>,
) -> Answer {
    let state = zendesk.lock();
    state.webhook(&id)?;
    let attempts: Vec<Value> =
        state.exchanges.of(&invocation_id).map(|exchange| exchange.json(&id)).collect();
    Ok(Json(json!({ "attempts": attempts })))
}

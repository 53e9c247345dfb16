//! Comments and audits of a ticket, in cursor or offset pages (facts §3.10).

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use serde_json::Value;

use super::paging::{List, Order, Parameters};
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::wire;

/// `GET …/comments`
pub(super) async fn comments(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: Result<Path<i64>, PathRejection>,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let state = zendesk.lock();
    let items = state.ticket(id)?.comments.iter().map(|comment| (comment.id, comment)).collect();
    let url = format!("{}/api/v2/tickets/{id}/comments.json", state.base_url);
    List { name: "comments", url, items, order: Order::Ascending }.page(&query, wire::comment).map(Json)
}

/// `GET …/audits`
pub(super) async fn audits(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: Result<Path<i64>, PathRejection>,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let state = zendesk.lock();
    let items = state.ticket(id)?.audits.iter().map(|audit| (audit.id, audit)).collect();
    let url = format!("{}/api/v2/tickets/{id}/audits.json", state.base_url);
    List { name: "audits", url, items, order: Order::Ascending }.page(&query, wire::audit).map(Json)
}

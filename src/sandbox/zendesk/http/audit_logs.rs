//! `/audit_logs`: changes of the set-up and their authors.

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::paging::{List, Order, Parameters};
use crate::zendesk::audit_log::LogEntry;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Admin;
use crate::zendesk::wire;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new().route("/api/v2/audit_logs", get(audit_logs))
}

/// Newest first, unless the query says otherwise; of one kind of source, or one source.
async fn audit_logs(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let state = zendesk.lock();
    let fits = |name: &str, own: &str| query.get(name).is_none_or(|wanted| wanted == own);
    let wanted = |entry: &&LogEntry| {
        fits("filter[source_type]", entry.source_type)
            && fits("filter[source_id]", &entry.source_id.to_string())
    };
    let entries = state.audit_log.iter().filter(wanted);
    let list = List {
        name: "audit_logs",
        url: format!("{}/api/v2/audit_logs.json", state.base_url),
        items: entries.map(|entry| ((entry.created_at, entry.id), entry)).collect(),
        order: Order::Descending,
    };
    list.page(&query, |entry| wire::log_entry(&state, entry)).map(Json)
}

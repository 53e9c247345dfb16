//! `/audit_logs`: changes of the set-up and their authors.

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::IdPath;
use super::paging::{List, Order, Parameters};
use crate::zendesk::FakeZendesk;
use crate::zendesk::audit_log::LogEntry;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Admin;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/audit_logs", get(audit_logs))
        .route("/api/v2/audit_logs/{id}", get(audit_log))
}

type Answer = Result<Json<Value>, Refusal>;

/// Not every plan has the audit log.
fn allowed(zendesk: &FakeZendesk) -> Result<(), Refusal> {
    if zendesk.lock().configuration.switches.audit_log { Ok(()) } else { Err(Refusal::Forbidden) }
}

/// Newest first, unless the query says otherwise.
async fn audit_logs(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    query: Query<Vec<(String, String)>>,
) -> Answer {
    allowed(&zendesk)?;
    let Query(words) = query;
    let state = zendesk.lock();
    let entries = state.configuration.audit_log.iter().filter(|entry| wanted(entry, &words));
    let list = List {
        name: "audit_logs",
        url: format!("{}/api/v2/audit_logs.json", state.base_url),
        items: entries.map(|entry| ((entry.created_at, entry.id), entry)).collect(),
        order: Order::Descending,
    };
    let words: Parameters = words.into_iter().collect();
    list.page(&words, |entry| entry.json(&state)).map(Json)
}

/// `filter[name]`, several values as `filter[name][]`; two values of `created_at` are a span.
fn wanted(entry: &LogEntry, words: &[(String, String)]) -> bool {
    let values = |name: &str| {
        let (one, many) = (format!("filter[{name}]"), format!("filter[{name}][]"));
        let named = words.iter().filter(move |(key, _)| *key == one || *key == many);
        named.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let fits = |name: &str, own: &str| {
        let values = values(name);
        values.is_empty() || values.iter().any(|value| value == own)
    };
    let moments: Vec<Timestamp> = values("created_at").iter().filter_map(|text| text.parse().ok()).collect();
    let in_span = match moments.as_slice() {
        [from, to, ..] => (*from..=*to).contains(&entry.created_at),
        _ => true,
    };
    in_span
        && fits("source_type", entry.source_type)
        && fits("source_id", &entry.source_id.to_string())
        && fits("actor_id", &entry.actor_id.to_string())
        && fits("action", entry.action())
}

async fn audit_log(State(zendesk): State<FakeZendesk>, _admin: Admin, path: IdPath) -> Answer {
    allowed(&zendesk)?;
    let Path(id) = path?;
    let state = zendesk.lock();
    let entry = state.configuration.audit_log.iter().find(|entry| entry.id == id).ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "audit_log": entry.json(&state) })))
}

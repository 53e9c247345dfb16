//! `/webhooks` (facts §1.8). Errors have the `errors[]` form.

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::body::record;
use super::paging::{LARGEST_PAGE, List, Order, Parameters};
use super::sorting::named;
use super::{invocations, webhook_tests};
use crate::zendesk::FakeZendesk;
use crate::zendesk::refusal::{Refusal, listed};
use crate::zendesk::rights::Admin;
use crate::zendesk::webhooks::{RegisteredWebhook, unknown};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/webhooks", get(list).post(create))
        .route("/api/v2/webhooks/test", post(webhook_tests::test))
        .route("/api/v2/webhooks/{id}", get(show).put(replace).patch(change).delete(delete))
        .route("/api/v2/webhooks/{id}/signing_secret", get(secret).post(reset_secret))
        .route("/api/v2/webhooks/{id}/invocations", get(invocations::list))
        .route("/api/v2/webhooks/{id}/invocations/{invocation}/attempts", get(invocations::attempts))
}

type Answer = Result<Json<Value>, Refusal>;

/// The record in a body; bad requests are reported in the form of these endpoints.
pub(super) fn object(body: &[u8], key: &str) -> Result<Map<String, Value>, Refusal> {
    record(body, key).map_err(in_their_form)
}

fn in_their_form(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::BadRequest(title) => listed(StatusCode::BAD_REQUEST, "InvalidRequest", &title),
        other => other,
    }
}

/// Newest first, or according to `sort`. Cursors and links are present only if there are more, as recorded.
async fn list(State(zendesk): State<FakeZendesk>, _admin: Admin, Query(query): Query<Parameters>) -> Answer {
    let state = zendesk.lock();
    let name = query.get("filter[name_contains]").map(|name| name.to_lowercase());
    let active = query.get("filter[status]").map(|status| status == "active");
    let found = state
        .webhooks
        .values()
        .filter(|webhook| name.as_ref().is_none_or(|name| webhook.name.to_lowercase().contains(name)))
        .filter(|webhook| active.is_none_or(|active| webhook.active == active));
    let key = |webhook: &RegisteredWebhook| {
        let first = match named(&query) {
            "name" => webhook.name.to_lowercase(),
            "status" => (!webhook.active).to_string(),
            _ => format!("{:020}", webhook.created_at.as_microsecond()),
        };
        (first, webhook.id.clone())
    };
    let list = List {
        name: "webhooks",
        url: format!("{}/api/v2/webhooks", state.base_url),
        items: found.map(|webhook| (key(webhook), webhook)).collect(),
        order: Order::Descending,
    };
    webhook_page(list, &query, RegisteredWebhook::json)
}

/// One page in the form of these endpoints: always by cursor, with cursors and links only if they lead to more.
pub(super) fn webhook_page<T>(
    list: List<'_, (String, String), T>,
    query: &Parameters,
    render: impl FnMut(T) -> Value,
) -> Answer {
    let mut query = query.clone();
    query.entry("page[size]".to_owned()).or_insert_with(|| LARGEST_PAGE.to_string());
    let backwards = query.contains_key("page[before]");
    let mut answer = list.page(&query, render).map_err(in_their_form)?;
    let more = answer["meta"]["has_more"] == true;
    let (cursor, link) = if backwards { ("before_cursor", "prev") } else { ("after_cursor", "next") };
    let (cursor_value, link_value) = (answer["meta"][cursor].take(), answer["links"][link].take());
    answer["meta"] = json!({ "has_more": more });
    if more {
        answer["meta"][cursor] = cursor_value;
        answer["links"] = json!({ link: link_value });
    } else if let Some(answer) = answer.as_object_mut() {
        answer.remove("links");
    }
    Ok(Json(answer))
}

async fn show(State(zendesk): State<FakeZendesk>, _admin: Admin, Path(id): Path<String>) -> Answer {
    Ok(Json(json!({ "webhook": zendesk.lock().webhook(&id)?.json() })))
}

/// Creates a webhook, or with `?clone_webhook_id=` a copy. The new one's time has fractions of a second, as recorded.
async fn create(
    State(zendesk): State<FakeZendesk>,
    admin: Admin,
    Query(query): Query<Parameters>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let shown = zendesk.change(|state, now| {
        let id = match query.get("clone_webhook_id") {
            Some(original) => state.clone_webhook(original, admin.user_id, now)?,
            None => state.create_webhook(&object(&body, "webhook")?, admin.user_id, now)?,
        };
        let webhook = state.webhook(&id)?;
        let mut shown = webhook.json();
        shown["created_at"] = json!(webhook.created_at);
        Ok::<_, Refusal>(shown)
    })?;
    Ok((StatusCode::CREATED, Json(json!({ "webhook": shown }))))
}

async fn replace(
    State(zendesk): State<FakeZendesk>,
    admin: Admin,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let said = object(&body, "webhook")?;
    zendesk.settle(|state, now| state.change_webhook(&id, &said, true, (admin.user_id, now)))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn change(
    State(zendesk): State<FakeZendesk>,
    admin: Admin,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let said = object(&body, "webhook")?;
    zendesk.settle(|state, now| state.change_webhook(&id, &said, false, (admin.user_id, now)))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    zendesk.lock().webhooks.remove(&id).map(|_| StatusCode::NO_CONTENT).ok_or_else(unknown)
}

fn signing_secret(secret: &str) -> Json<Value> {
    Json(json!({ "signing_secret": { "secret": secret, "algorithm": "SHA256" } }))
}

async fn secret(State(zendesk): State<FakeZendesk>, _admin: Admin, Path(id): Path<String>) -> Answer {
    Ok(signing_secret(&zendesk.lock().webhook(&id)?.secret))
}

/// A new secret at once; the old one is no longer used.
async fn reset_secret(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let secret = zendesk.settle(|state, _| state.reset_secret(&id))?;
    Ok((StatusCode::CREATED, signing_secret(&secret)))
}

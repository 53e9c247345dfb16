//! `/webhooks` (facts §1.8). Errors have the `errors[]` form; 100 calls a minute.

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use super::body::{Words, record};
use super::pages::{Cut, cursor, linked};
use super::{invocations, webhook_tests};
use crate::sandbox::zendesk::FakeZendesk;
use crate::sandbox::zendesk::call_budget::CALLS_PER_MINUTE;
use crate::sandbox::zendesk::refusal::{Refusal, listed};
use crate::sandbox::zendesk::rights::Admin;
use crate::sandbox::zendesk::webhooks::unknown;

pub(super) fn routes(zendesk: &FakeZendesk) -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/webhooks", get(list).post(create))
        .route("/api/v2/webhooks/test", post(webhook_tests::test))
        .route("/api/v2/webhooks/{id}", get(show).put(replace).patch(change).delete(delete))
        .route("/api/v2/webhooks/{id}/signing_secret", get(secret).post(reset_secret))
        .route("/api/v2/webhooks/{id}/invocations", get(invocations::list))
        .route("/api/v2/webhooks/{id}/invocations/{invocation}/attempts", get(invocations::attempts))
        .layer(middleware::from_fn_with_state(zendesk.clone(), budget))
}

type Answer = Result<Json<Value>, Refusal>;

/// These calls have a budget of their own, and say so in each answer.
async fn budget(State(zendesk): State<FakeZendesk>, request: Request, next: Next) -> Response {
    let counted = zendesk.settle(|state, now| state.configuration.webhook_calls.call(now));
    let (left, mut response) = match counted {
        Ok(left) => (left, next.run(request).await),
        Err(hit) => (0, Refusal::RateLimited(hit).into_response()),
    };
    let headers = response.headers_mut();
    headers.insert("x-rate-limit", HeaderValue::from(CALLS_PER_MINUTE));
    headers.insert("x-rate-limit-remaining", HeaderValue::from(left));
    response
}

/// The record of a body; bad requests are told in the form of these endpoints.
pub(super) fn object(body: &[u8], key: &str) -> Result<Map<String, Value>, Refusal> {
    record(body, key).map_err(|refusal| match refusal {
        Refusal::BadRequest(title) => listed(StatusCode::BAD_REQUEST, "InvalidRequest", &title),
        other => other,
    })
}

/// Newest first, or as `sort` says. Cursors and links are there only when there is more, as recorded.
async fn list(State(zendesk): State<FakeZendesk>, _admin: Admin, Query(query): Query<Words>) -> Answer {
    let state = zendesk.lock();
    let name = query.get("filter[name_contains]").map(|name| name.to_lowercase());
    let active = query.get("filter[status]").map(|status| status == "active");
    let mut found: Vec<_> = state
        .webhooks
        .values()
        .filter(|webhook| name.as_ref().is_none_or(|name| webhook.name.to_lowercase().contains(name)))
        .filter(|webhook| active.is_none_or(|active| webhook.active == active))
        .collect();
    let sort = query.get("sort").map_or("-created_at", String::as_str);
    match sort.trim_start_matches('-') {
        "name" => found.sort_by_key(|webhook| (webhook.name.clone(), webhook.created_at)),
        "status" => found.sort_by_key(|webhook| (!webhook.active, webhook.created_at)),
        _ => found.sort_by_key(|webhook| webhook.created_at),
    }
    if sort.starts_with('-') {
        found.reverse();
    }
    let items: Vec<Value> = found.into_iter().map(|webhook| webhook.json()).collect();
    webhook_page("webhooks", &items, &format!("{}/api/v2/webhooks", state.base_url), &query)
}

/// One page in the form of these endpoints.
pub(super) fn webhook_page(name: &str, items: &[Value], url: &str, query: &Words) -> Answer {
    let page = Cut::new(items, query)?;
    let mut answer = json!({ name: page.items, "meta": { "has_more": page.has_more } });
    if let Some(last) = page.items.last().filter(|_| page.has_more) {
        let (after, size) = (cursor(last), page.size.to_string());
        let own = ["page[after]", "page[before]", "page[size]"];
        let next = linked(url, query, &own, &[("page[after]", &after), ("page[size]", &size)]);
        answer["meta"]["after_cursor"] = json!(after);
        answer["links"] = json!({ "next": next });
    }
    Ok(Json(answer))
}

async fn show(State(zendesk): State<FakeZendesk>, _admin: Admin, Path(id): Path<String>) -> Answer {
    Ok(Json(json!({ "webhook": zendesk.lock().webhook(&id)?.json() })))
}

/// Makes one, or with `?clone_webhook_id=` another like it. The new one's time has fractions of a second, as recorded.
async fn create(
    State(zendesk): State<FakeZendesk>,
    admin: Admin,
    Query(query): Query<Words>,
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

/// A new secret at once; nothing is signed with the old one any more.
async fn reset_secret(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let secret = zendesk.settle(|state, _| state.reset_secret(&id))?;
    Ok((StatusCode::CREATED, signing_secret(&secret)))
}

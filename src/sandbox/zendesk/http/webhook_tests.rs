//! `/webhooks/test`: sends one request at once, also for a webhook that does not exist yet (facts §1.2, §1.8).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::body::record;
use super::paging::Parameters;
use super::webhook_page::refused;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::moments::whole_seconds;
use crate::zendesk::refusal::{Refusal, listed};
use crate::zendesk::rights::Admin;
use crate::zendesk::webhooks::{RegisteredWebhook, TEST_SECRET, Webhook, header_list, opaque_id};

/// Missing data comes from the webhook in `?webhook_id=`, including its secret. Without one the request must contain the
/// URL, and is signed with the published secret for tests.
pub(super) async fn test(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Query(query): Query<Parameters>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let said: Map<String, Value> = record(&body, "request").map_err(refused)?;
    let (webhook, invocation_id) = {
        let mut state = zendesk.lock();
        let mut webhook = match query.get("webhook_id") {
            Some(id) => state.webhooks.get(id)?.clone(),
            None => blank(),
        };
        webhook.write_tested(&said)?;
        let number = state.next_id();
        (webhook, opaque_id("test", number))
    };
    let payload = match said.get("payload") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let at = whole_seconds(zendesk.clock.now());
    let delivery = zendesk.send(&webhook, &webhook.endpoint, &invocation_id, &payload, at).await;
    let Some(answer) = delivery.answer else {
        return Err(listed(StatusCode::BAD_REQUEST, "WebhookTestFailed", "The endpoint did not answer"));
    };
    Ok(Json(json!({ "response": {
        "headers": header_list(&answer.headers), "status_code": answer.status, "payload": answer.body,
    } })))
}

/// A webhook that does not exist yet: the request must contain all its data, and its secret is the published one.
fn blank() -> RegisteredWebhook {
    RegisteredWebhook::from(Webhook {
        id: String::new(),
        endpoint: String::new(),
        secret: TEST_SECRET.to_owned(),
        bearer_token: None,
    })
}

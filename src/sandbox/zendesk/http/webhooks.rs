//! `/webhooks` (facts §1.8). Errors have the `errors[]` form.

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::body::record;
use super::paging::{List, Order, Parameters};
use super::resource::{Resource, delete, list, show};
use super::webhook_page::{refused, webhook_page};
use super::{invocations, webhook_tests};
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::{Admin, Right};
use crate::zendesk::state::State as Account;
use crate::zendesk::webhooks::RegisteredWebhook;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/webhooks", get(list::<RegisteredWebhook>).post(create))
        .route("/api/v2/webhooks/test", post(webhook_tests::test))
        .route(
            "/api/v2/webhooks/{id}",
            get(show::<RegisteredWebhook>).patch(change).delete(delete::<RegisteredWebhook>),
        )
        .route("/api/v2/webhooks/{id}/signing_secret", get(secret).post(reset_secret))
        .route("/api/v2/webhooks/{id}/invocations", get(invocations::list))
        .route("/api/v2/webhooks/{id}/invocations/{invocation}/attempts", get(invocations::attempts))
}

type Answer = Result<Json<Value>, Refusal>;

impl Resource for RegisteredWebhook {
    const PATH: &'static str = "webhooks";
    const NAMES: (&'static str, &'static str) = ("webhook", "webhooks");
    const READERS: Right = Right::Admin;
    type Id = String;
    type Input = Map<String, Value>;

    /// Newest first. Cursors and links are present only if there are more, as recorded.
    fn list(account: &Account, query: &Parameters, _caller: Caller) -> Result<Value, Refusal> {
        let key =
            |webhook: &Self| (format!("{:020}", webhook.created_at.as_microsecond()), webhook.id.clone());
        let list = List {
            name: "webhooks",
            url: format!("{}/api/v2/webhooks", account.base_url),
            items: account.webhooks.registered().map(|webhook| (key(webhook), webhook)).collect(),
            order: Order::Descending,
        };
        webhook_page(list, query, Self::json)
    }

    fn show(account: &Account, id: &String, _caller: Caller) -> Result<Value, Refusal> {
        account.webhooks.get(id).map(Self::json)
    }

    fn create(
        account: &mut Account,
        input: Map<String, Value>,
        by: Caller,
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let number = account.next_id();
        account.webhooks.create(number, &input, by.user_id, now)
    }

    fn update(
        account: &mut Account,
        id: &String,
        input: Map<String, Value>,
        by: Caller,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        account.webhooks.change(id, &input, (by.user_id, now))
    }

    fn delete(account: &mut Account, id: &String, _: Caller, _: Timestamp) -> Result<(), Refusal> {
        account.webhooks.delete(id)
    }

    fn refused(refusal: Refusal) -> Refusal {
        refused(refusal)
    }
}

/// Creates a webhook, or with `?clone_webhook_id=` a copy. The new one's time has fractions of a second, as recorded.
async fn create(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    Query(query): Query<Parameters>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    Right::Admin.check(caller)?;
    let shown = zendesk.change(|account, now| {
        let id = match query.get("clone_webhook_id") {
            Some(original) => {
                let number = account.next_id();
                account.webhooks.copy(number, original, caller.user_id, now)?
            }
            None => RegisteredWebhook::create(account, object(&body)?, caller, now)?,
        };
        let webhook = account.webhooks.get(&id)?;
        let mut shown = webhook.json();
        shown["created_at"] = json!(webhook.created_at);
        Ok::<_, Refusal>(shown)
    })?;
    Ok((StatusCode::CREATED, Json(json!({ "webhook": shown }))))
}

/// Shows nothing of the changed webhook, as recorded.
async fn change(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    Right::Admin.check(caller)?;
    let input = object(&body)?;
    zendesk.update_config(|account, now| RegisteredWebhook::update(account, &id, input, caller, now))?;
    Ok(StatusCode::NO_CONTENT)
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    record(body, "webhook").map_err(RegisteredWebhook::refused)
}

fn signing_secret(secret: &str) -> Json<Value> {
    Json(json!({ "signing_secret": { "secret": secret, "algorithm": "SHA256" } }))
}

async fn secret(State(zendesk): State<FakeZendesk>, _admin: Admin, Path(id): Path<String>) -> Answer {
    Ok(signing_secret(&zendesk.lock().webhooks.get(&id)?.secret))
}

/// A new secret at once; the old one is no longer used.
async fn reset_secret(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let secret = zendesk.update_config(|account, _| {
        let number = account.next_id();
        account.webhooks.reset_secret(number, &id)
    })?;
    Ok((StatusCode::CREATED, signing_secret(&secret)))
}

//! Webhooks over the API: created, changed, tested, signed with secrets that change, and the record of their requests.

mod managing;
mod sending;
mod testing;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::IntoResponse as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::stage::{Stage, listen};

/// A received request.
#[derive(Clone, Debug)]
struct Arrived {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: String,
}

/// Accepts every request, and responds with a chosen status.
#[derive(Clone, Debug)]
struct Mailbox {
    url: String,
    seen: Arc<Mutex<Vec<Arrived>>>,
    status: Arc<Mutex<StatusCode>>,
}

impl Mailbox {
    async fn open() -> Self {
        let (listener, url) = listen().await;
        let status = Arc::new(Mutex::new(StatusCode::OK));
        let mailbox = Self { url: format!("{url}/hook"), seen: Arc::default(), status };
        let this = mailbox.clone();
        let take = move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| async move {
            let body = String::from_utf8(body.to_vec()).unwrap();
            this.seen.lock().unwrap().push(Arrived { method, uri, headers, body });
            (*this.status.lock().unwrap(), [("x-mailbox", "yes")], "thanks").into_response()
        };
        let router = Router::new().fallback(take);
        tokio::spawn(async move { axum::serve(listener, router).await });
        mailbox
    }

    fn last(&self) -> Arrived {
        self.seen.lock().unwrap().last().unwrap().clone()
    }

    fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

impl Arrived {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Whether this secret signed the body as it arrived.
    fn is_signed_with(&self, secret: &str) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(self.header("x-zendesk-webhook-signature-timestamp").as_bytes());
        mac.update(self.body.as_bytes());
        let signature = STANDARD.decode(self.header("x-zendesk-webhook-signature")).unwrap();
        mac.verify_slice(&signature).is_ok()
    }
}

/// The required fields of a webhook.
fn named(name: &str, endpoint: &str) -> Value {
    json!({ "name": name, "endpoint": endpoint, "http_method": "POST", "request_format": "json", "status": "active",
        "subscriptions": ["conditional_ticket_events"] })
}

/// The same with some fields changed.
fn with(mut webhook: Value, other: &Value) -> Value {
    for (key, value) in other.as_object().unwrap() {
        webhook[key] = value.clone();
    }
    webhook
}

async fn make(stage: &Stage, body: Value) -> Value {
    stage.make("/api/v2/webhooks", "webhook", body).await
}

/// A trigger that notifies a webhook of every new ticket.
async fn notify(stage: &Stage, webhook: &Value, template: Value) {
    let trigger = json!({ "title": "x", "conditions": { "all": [{ "field": "update_type", "operator": "is", "value": "Create" }] },
        "actions": [{ "field": "notification_webhook", "value": [webhook["id"], template] }] });
    stage.make("/api/v2/triggers", "trigger", trigger).await;
}

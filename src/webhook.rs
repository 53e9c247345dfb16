//! The door: takes Zendesk's signed webhooks and answers 200 once they are on disk.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use secrecy::SecretString;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;

use crate::ports::{Clock, Contact, Store};

mod deliver;
mod health;
mod payload;
mod refusal;
mod verified;

/// The largest body taken, in bytes: Zendesk sends less than 256 KB (facts §1.5).
pub const BODY_LIMIT: usize = 256 * 1024;
/// How far a signature's timestamp may be from now unless set otherwise; our own policy (facts §1.2).
pub const DEFAULT_WINDOW: Duration = Duration::from_mins(5);
/// How long a body may take to arrive unless set otherwise.
pub const DEFAULT_BODY_WITHIN: Duration = Duration::from_secs(5);
/// How long the store may take unless set otherwise. With the body's time it stays under the 10 s that Zendesk is
/// sure to wait (facts §1.4).
pub const DEFAULT_STORE_WITHIN: Duration = Duration::from_secs(4);

/// What the door demands of a delivery.
#[derive(Clone, Debug)]
pub struct Options {
    /// The webhook's signing secrets as literal text: one, or two while rotating. Without any, nothing is let in.
    pub secrets: Vec<SecretString>,
    /// The bearer token that the webhook must send as well, if any.
    pub bearer: Option<SecretString>,
    /// The only Zendesk account that deliveries may name, if set. Unsigned: a filter, not a proof (facts §9).
    pub account_id: Option<String>,
    /// The only webhook that deliveries may name, if set. Unsigned as well.
    pub webhook_id: Option<String>,
    /// How far the signature's timestamp may be from now, either way.
    pub window: Duration,
    /// How long a body may take to arrive.
    pub body_within: Duration,
    /// How long the store may take before the delivery is answered 503 and so sent again.
    pub store_within: Duration,
    /// The contacts with the systems that the worker calls. Readiness tells how they stand, but does not depend on them: what is
    /// accepted waits for them.
    pub neighbours: Vec<Arc<Contact>>,
}

impl Options {
    /// Only the signature is demanded, with the default window and time limits.
    pub fn new(secrets: Vec<SecretString>) -> Self {
        Self {
            secrets,
            bearer: None,
            account_id: None,
            webhook_id: None,
            window: DEFAULT_WINDOW,
            body_within: DEFAULT_BODY_WITHIN,
            store_within: DEFAULT_STORE_WITHIN,
            neighbours: Vec::new(),
        }
    }
}

/// What the door works with.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Where deliveries go.
    pub store: Arc<dyn Store>,
    /// For the window, and for the time of arrival.
    pub clock: Arc<dyn Clock>,
    /// Whether the worker runs. A sender that is gone counts as a worker that does not.
    pub worker_ready: watch::Receiver<bool>,
    /// What is demanded of a delivery.
    pub options: Options,
}

/// The routes `POST /webhooks/zendesk`, `GET /health/live` and `GET /health/ready`.
pub fn router(parts: Parts) -> Router {
    Router::new()
        .route("/webhooks/zendesk", post(deliver::deliver))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(refusal::after_panic))
        .with_state(Arc::new(parts))
}

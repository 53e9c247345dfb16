//! The door: takes Zendesk's signed webhooks and answers 200 once they are on disk.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};
use secrecy::SecretString;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;

use crate::ports::{Availability, Clock, Clocks, MacroWatch, RateLimits, Store};
use listen::Connection;
use replay_guard::ReplayGuard;

mod deliver;
mod health;
mod listen;
mod payload;
mod refusal;
mod replay_guard;
mod verified;

pub use listen::{Limits, listen, serve};

/// The largest body taken, in bytes: Zendesk sends less than 256 KB (facts §1.5).
pub const BODY_LIMIT: usize = 256 * 1024;
/// Bodies up to this size, in bytes, are read whenever they come; our triggers' have about 100. The places for larger ones are
/// counted, so that the memory for bodies is bounded by [`Limits::connections`] × this + [`LARGE_BODIES`] × [`BODY_LIMIT`].
pub const SMALL_BODY: u64 = 8 * 1024;
/// How many larger bodies, or such of unknown size, are read at once; others wait within [`Options::body_within`].
pub const LARGE_BODIES: usize = 64;
/// How far a signature's timestamp may be from now unless set otherwise; our own policy (facts §1.2).
pub const DEFAULT_WINDOW: Duration = Duration::from_mins(5);
/// How long a body may take to arrive unless set otherwise.
pub const DEFAULT_BODY_WITHIN: Duration = Duration::from_secs(5);
/// How long the store may take unless set otherwise. With the body's time it stays under the 10 s that Zendesk is
/// sure to wait (facts §1.4).
pub const DEFAULT_STORE_WITHIN: Duration = Duration::from_secs(4);
/// How often one signed text is taken unless set otherwise: Zendesk sends one again when it saw no answer, and signs it anew.
pub const DEFAULT_SAME_TEXT: u32 = 10;

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
    /// How often one signed text (timestamp and body) is taken, whatever invocation ids it comes with; then it is answered 429.
    pub same_text: u32,
    /// The limits of connections.
    pub limits: Limits,
    /// The contacts with the systems that the worker calls. Readiness tells how they stand, but does not depend on them: what is
    /// accepted waits for them.
    pub neighbours: Vec<Arc<Availability>>,
    /// How we stand with Zendesk's limits, for readiness to tell.
    pub allowance: Option<Arc<dyn RateLimits>>,
    /// How it stands with the account's macros, for readiness to tell, where texts come from there.
    pub macros: Option<Arc<dyn MacroWatch>>,
    /// How far clocks are apart: the worker takes no work by a wrong one, which readiness tells.
    pub clocks: Option<Arc<Clocks>>,
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
            same_text: DEFAULT_SAME_TEXT,
            limits: Limits::default(),
            neighbours: Vec::new(),
            allowance: None,
            macros: None,
            clocks: None,
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

/// The parts, and what the door counts.
#[derive(Debug)]
struct Ingress {
    parts: Parts,
    large_bodies: Semaphore,
    repeats: ReplayGuard,
}

impl Ingress {
    fn new(parts: Parts) -> Self {
        let repeats = ReplayGuard::new(parts.options.same_text, parts.options.window);
        Self { parts, large_bodies: Semaphore::new(LARGE_BODIES), repeats }
    }
}

/// The routes alone, for whoever has requests and no listener: all come as on one connection that is never cut off.
pub fn routes(parts: Parts) -> Router {
    let connection = Connection::new(CancellationToken::new(), Instant::now());
    router(&Arc::new(Ingress::new(parts))).layer(Extension(Arc::new(connection)))
}

fn router(door: &Arc<Ingress>) -> Router {
    Router::new()
        .route("/webhooks/zendesk", post(deliver::deliver))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(refusal::after_panic))
        .with_state(Arc::clone(door))
}

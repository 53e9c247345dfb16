//! The webhook endpoint: accepts Zendesk's signed deliveries and responds 200 once they are on disk.

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

use crate::ports::{Availability, Clock, Clocks, MacroWatch, RateLimits, Replicas, ServiceStatus, Store};
use crate::trace::Traces;
use listen::Connection;
use replay_guard::ReplayGuard;

mod deliver;
mod health;
pub mod listen;
mod metrics;
pub mod payload;
mod refusal;
pub mod replay_guard;
mod verified;

pub use listen::{Limits, listen, serve};
pub use metrics::IngressMetrics;

/// The largest accepted body, in bytes: Zendesk sends less than 256 KB (facts §1.5).
pub const BODY_LIMIT: usize = 256 * 1024;
/// Bodies up to this size, in bytes, are read without a permit; our triggers' have about 100. Larger ones need a permit, so
/// the memory for bodies is bounded by [`Limits::connections`] × this + [`LARGE_BODIES`] × [`BODY_LIMIT`].
pub const SMALL_BODY: u64 = 8 * 1024;
/// How many larger bodies, or bodies of unknown size, are read at once; others wait within [`Options::body_within`].
pub const LARGE_BODIES: usize = 64;
/// The default for how far a signature's timestamp may be from now; our own policy (facts §1.2).
pub const DEFAULT_WINDOW: Duration = Duration::from_mins(5);
/// The default for how long a body may take to arrive.
pub const DEFAULT_BODY_WITHIN: Duration = Duration::from_secs(5);
/// The default time limit of the store. Together with the body's time it stays under the 10 s that Zendesk certainly waits
/// (facts §1.4).
pub const DEFAULT_STORE_WITHIN: Duration = Duration::from_secs(4);
/// The default for how often one signed text is accepted: Zendesk resends it after a missing response, and signs it anew.
pub const DEFAULT_SAME_TEXT: u32 = 10;

/// The requirements on a delivery.
#[derive(Clone, Debug)]
pub struct Options {
    /// The webhook's signing secrets as literal text: one, or two while rotating. Without any, no delivery is accepted.
    pub secrets: Vec<SecretString>,
    /// The bearer token that the webhook must also send, if any.
    pub bearer: Option<SecretString>,
    /// The only Zendesk account id accepted in deliveries, if set. Unsigned: a filter, not a proof (facts §9).
    pub account_id: Option<String>,
    /// The only webhook id accepted in deliveries, if set. Unsigned as well.
    pub webhook_id: Option<String>,
    /// How far the signature's timestamp may be from now, before or after.
    pub window: Duration,
    /// How long a body may take to arrive.
    pub body_within: Duration,
    /// How long the store may take before the response is 503 and Zendesk retries.
    pub store_within: Duration,
    /// How often one signed text (timestamp and body) is accepted, whatever its invocation ids; after that the response is
    /// 429.
    pub same_text: u32,
    /// The limits of connections.
    pub limits: Limits,
    /// The availability of the systems that the worker calls. Readiness reports it but does not depend on it: accepted
    /// deliveries wait for these systems.
    pub neighbours: Vec<Arc<Availability>>,
    /// Zendesk's rate limits, for the readiness report.
    pub allowance: Option<Arc<dyn RateLimits>>,
    /// The state of the account's macros, for the readiness report, if texts come from the account.
    pub macros: Option<Arc<dyn MacroWatch>>,
    /// The differences between clocks: the worker takes no work if they are too large, which readiness reports.
    pub clocks: Option<Arc<Clocks>>,
    /// What runs, for the readiness report.
    pub status: Option<Arc<ServiceStatus>>,
    /// The processes on the ledger, for the readiness report.
    pub replicas: Option<Arc<dyn Replicas>>,
    /// Counts deliveries and connections.
    pub metrics: IngressMetrics,
    /// Where the first span of a turn goes.
    pub traces: Traces,
}

impl Options {
    /// Requires only the signature, with the default window and time limits.
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
            status: None,
            replicas: None,
            metrics: IngressMetrics::default(),
            traces: Traces::default(),
        }
    }
}

/// The dependencies of the endpoint.
#[derive(Clone, Debug)]
pub struct Parts {
    pub store: Arc<dyn Store>,
    /// For the window, and for the time of arrival.
    pub clock: Arc<dyn Clock>,
    /// Whether the worker runs. A dropped sender counts as a stopped worker.
    pub worker_ready: watch::Receiver<bool>,
    /// The requirements on a delivery.
    pub options: Options,
}

/// The parts, and the endpoint's counters.
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

/// The routes alone, for callers without a listener: all requests count as on one connection that is never closed.
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

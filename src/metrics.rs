//! Serves metrics in the `OpenMetrics` text format, on a listener of their own.
//!
//! Each part of the service counts by itself and registers its counters here. What the ledger knows is read from it at each
//! scrape: it is the same on every replica and survives restarts. No label holds an id or a customer's data.

mod ledger;
mod process;
mod standing;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
pub use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::ports::{Availability, Clock, Ledger, MacroWatch, RateLimits, ServiceStatus};

/// The time limit for each question to the ledger: a slow ledger must not cost the other figures.
const LEDGER_WITHIN: Duration = Duration::from_secs(3);
/// The format that `prometheus-client` writes (`prometheus.io/docs/specs/om/open_metrics_spec`).
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The prefix of the service's own metrics.
const PREFIX: &str = "misread";

/// A registry whose names get the service's prefix.
pub fn registry() -> Registry {
    Registry::with_prefix(PREFIX)
}

/// What the served figures are read from.
#[derive(Debug)]
pub struct Sources {
    /// The counters that the parts of the service have registered.
    pub registry: Registry,
    pub ledger: Arc<dyn Ledger>,
    pub clock: Arc<dyn Clock>,
    /// Version, policy and reloads.
    pub status: Arc<ServiceStatus>,
    /// The availability of other systems.
    pub upstreams: Vec<Arc<Availability>>,
    pub rate_limits: Arc<dyn RateLimits>,
    /// The account's macros, if texts come from them.
    pub macros: Option<Arc<dyn MacroWatch>>,
}

impl Sources {
    /// All figures as text.
    ///
    /// # Errors
    /// If a registered metric cannot be written, which is a defect.
    pub async fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode_registry(&mut text, &self.registry)?;
        encode_registry(&mut text, &standing::of(self))?;
        encode_registry(&mut text, &ledger::of(self.ledger.as_ref(), self.clock.now()).await)?;
        encode_registry(&mut text, &process::of_this())?;
        encode_eof(&mut text)?;
        Ok(text)
    }
}

/// Serves `GET /metrics` until `stop`.
///
/// # Errors
/// If connections can no longer be accepted.
pub async fn serve(
    listener: TcpListener,
    sources: Arc<Sources>,
    stop: CancellationToken,
) -> std::io::Result<()> {
    tracing::info!(address = %listener.local_addr()?, "metrics are served");
    let router = Router::new().route("/metrics", get(metrics)).with_state(sources);
    axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await
}

async fn metrics(State(sources): State<Arc<Sources>>) -> Response {
    match sources.text().await {
        Ok(text) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

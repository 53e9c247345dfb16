//! Counts what arrives at the endpoint.

use std::time::Duration;

use jiff::SignedDuration;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::refusal::Refusal;

/// The upper bounds of the store's buckets, in seconds; the last is the default limit of the store.
const STORE_SECONDS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 4.0];
/// The upper bounds of the delay's buckets, in seconds: from a delivery at once to one that Zendesk retried.
const DELAY_SECONDS: [f64; 8] = [0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 150.0, 300.0];

/// The endpoint's counters; clones share them.
#[derive(Clone, Debug)]
pub struct IngressMetrics {
    deliveries: Family<ResultLabel, Counter>,
    refused: Family<ReasonLabel, Counter>,
    store_duration: Histogram,
    delay: Histogram,
    pub(super) connections: Gauge,
    pub(super) connections_limit: Gauge,
    pub(super) evicted: Counter,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ResultLabel {
    result: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ReasonLabel {
    reason: &'static str,
}

impl Default for IngressMetrics {
    fn default() -> Self {
        let metrics = Self {
            deliveries: Family::default(),
            refused: Family::default(),
            store_duration: Histogram::new(STORE_SECONDS),
            delay: Histogram::new(DELAY_SECONDS),
            connections: Gauge::default(),
            connections_limit: Gauge::default(),
            evicted: Counter::default(),
        };
        // From zero, since an alert on an increase does not see a series that begins at one.
        for result in ["accepted", "repeated", "poison", "not_stored"] {
            drop(metrics.deliveries.get_or_create(&ResultLabel { result }));
        }
        for reason in Refusal::REASONS {
            drop(metrics.refused.get_or_create(&ReasonLabel { reason }));
        }
        metrics
    }
}

impl IngressMetrics {
    /// Adds the counters to what is served.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "deliveries",
            "Authentic deliveries by what became of them; a repeat changes nothing, poison is kept for a person",
            self.deliveries.clone(),
        );
        registry.register(
            "deliveries_refused",
            "Requests to the webhook that were not taken, by reason",
            self.refused.clone(),
        );
        registry.register_with_unit(
            "delivery_store_duration",
            "From a verified delivery to its commit on disk",
            Unit::Seconds,
            self.store_duration.clone(),
        );
        registry.register_with_unit(
            "delivery_delay",
            "From the time that the sender signed to the arrival; both clocks count",
            Unit::Seconds,
            self.delay.clone(),
        );
        registry.register(
            "connections",
            "Open connections of the webhook's listener",
            self.connections.clone(),
        );
        registry.register(
            "connections_limit",
            "The most connections that are open at once",
            self.connections_limit.clone(),
        );
        registry.register(
            "connections_evicted",
            "Connections that were closed to make room for new ones",
            self.evicted.clone(),
        );
    }

    pub(super) fn delivered(&self, result: &'static str) {
        self.deliveries.get_or_create(&ResultLabel { result }).inc();
    }

    pub(super) fn refused(&self, refusal: &Refusal) {
        self.refused.get_or_create(&ReasonLabel { reason: refusal.reason() }).inc();
    }

    pub(super) fn stored_after(&self, took: Duration) {
        self.store_duration.observe(took.as_secs_f64());
    }

    /// A sender whose clock is ahead counts as without delay.
    pub(super) fn delayed_by(&self, delay: SignedDuration) {
        self.delay.observe(delay.as_secs_f64().max(0.0));
    }
}

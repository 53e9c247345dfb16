//! Counts the calls to other systems.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::ApiRequest;
use super::response::ApiResponse;
use crate::ports::CallError;

/// The upper bounds of the duration's buckets, in seconds: from a neighbour's quick response to the longest timeout.
const SECONDS: [f64; 10] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Counters of calls, shared by all clients that are given a clone.
#[derive(Clone, Debug)]
pub struct CallMetrics {
    requests: Family<RequestLabels, Counter>,
    failures: Family<FailureLabels, Counter>,
    outcomes_unknown: Family<UpstreamLabels, Counter>,
    duration: Family<UpstreamLabels, Histogram>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    upstream: &'static str,
    endpoint: &'static str,
    status: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct FailureLabels {
    upstream: &'static str,
    class: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct UpstreamLabels {
    upstream: &'static str,
}

impl Default for CallMetrics {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            failures: Family::default(),
            outcomes_unknown: Family::default(),
            duration: Family::new_with_constructor(|| Histogram::new(SECONDS)),
        }
    }
}

impl CallMetrics {
    /// Adds the counters to what is served.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "client_requests",
            "Calls to another system by the path's template and the class of the response's status; none: no response",
            self.requests.clone(),
        );
        registry.register(
            "client_failures",
            "Calls to another system without a usable response, by what failed",
            self.failures.clone(),
        );
        registry.register(
            "client_outcomes_unknown",
            "Writes without a response that tells whether they were done; each is looked up or repeated under its key",
            self.outcomes_unknown.clone(),
        );
        registry.register_with_unit(
            "client_request_duration",
            "From sending a call to the last byte of its response",
            Unit::Seconds,
            self.duration.clone(),
        );
    }

    /// Serves zeros for this system until something fails, so that the first failure already is an increase.
    pub(super) fn announce(&self, upstream: &'static str) {
        for class in ["unavailable", "credentials", "throttled", "conflict", "refused", "unknown"] {
            drop(self.failures.get_or_create(&FailureLabels { upstream, class }));
        }
        drop(self.outcomes_unknown.get_or_create(&UpstreamLabels { upstream }));
    }

    /// Counts one call; `took` ends with the response's last byte.
    pub(super) fn count(
        &self,
        upstream: &'static str,
        call: &ApiRequest<'_>,
        result: &Result<ApiResponse, CallError>,
        took: Duration,
    ) {
        let labels = RequestLabels { upstream, endpoint: call.template, status: status(result) };
        self.requests.get_or_create(&labels).inc();
        self.duration.get_or_create(&UpstreamLabels { upstream }).observe(took.as_secs_f64());
        if let Some(class) = failure(result) {
            self.failures.get_or_create(&FailureLabels { upstream, class }).inc();
        }
        if matches!(result, Err(CallError::Unknown { .. })) {
            self.outcomes_unknown.get_or_create(&UpstreamLabels { upstream }).inc();
        }
    }
}

/// The class of the response's status.
fn status(result: &Result<ApiResponse, CallError>) -> &'static str {
    match result.as_ref().map_or(0, |answer| answer.status().as_u16()) {
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        500..=599 => "5xx",
        _ => "none",
    }
}

/// What failed, if it is a failure. A 404 is none: that something does not exist is an answer.
fn failure(result: &Result<ApiResponse, CallError>) -> Option<&'static str> {
    match result {
        Ok(answer) if answer.refuses_credentials() => Some("credentials"),
        Ok(answer) => match answer.status().as_u16() {
            200..=299 | 404 => None,
            409 => Some("conflict"),
            429 => Some("throttled"),
            500.. => Some("unavailable"),
            _ => Some("refused"),
        },
        Err(CallError::Retry { .. }) => Some("unavailable"),
        Err(CallError::Unknown { .. }) => Some("unknown"),
        Err(CallError::Permanent { .. }) => Some("refused"),
        Err(CallError::NotYet { .. }) => None,
    }
}

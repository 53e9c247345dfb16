//! Injected faults: which requests fail, how, how often, and whether before or after the work was done.

mod inject;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde::{Deserialize, Serialize};

pub(crate) use inject::inject;

/// Which requests fail, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRule {
    /// Only requests with this method; any when absent.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path and query contain this text; any when empty.
    #[serde(default)]
    pub path: String,
    /// The number of matching requests that pass first.
    #[serde(default)]
    pub skip: u32,
    /// The number of faults; every matching request when absent.
    #[serde(default)]
    pub times: Option<u32>,
    #[serde(flatten)]
    pub fault: Fault,
}

/// A fault of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// The request waits in real time, then is handled, or meets the next matching fault.
    Latency { milliseconds: u64 },
    /// Nothing is done; this is the response.
    Status {
        /// The status code, 100 to 599.
        status: u16,
        /// The `Retry-After` header in seconds.
        #[serde(default)]
        retry_after: Option<u32>,
        /// The body; HTML when it begins with `<`, JSON when it begins with `{`.
        #[serde(default)]
        body: String,
    },
    /// Nothing is done, and the connection breaks without a response.
    Reset,
    /// The work is done, then the connection breaks without a response.
    AnswerLost,
    /// The work is done, and the connection breaks in the middle of the response's body.
    TruncatedBody,
    /// The work is done, and the response never comes: the client times out.
    NoAnswerAfterWrite,
}

impl Fault {
    /// 502 with the HTML page of a proxy (Zendesk facts §3.11: 5xx may be HTML).
    pub fn bad_gateway_html() -> Self {
        let body =
            "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
        Self::Status { status: 502, retry_after: None, body: body.to_owned() }
    }

    /// 500 without a body (facts §3.11).
    pub fn empty_server_error() -> Self {
        Self::Status { status: 500, retry_after: None, body: String::new() }
    }

    /// 503, with or without `Retry-After` seconds (facts §3.11).
    pub fn unavailable(retry_after: Option<u32>) -> Self {
        Self::Status { status: 503, retry_after, body: String::new() }
    }

    /// 429 with `Retry-After` seconds (facts §7).
    pub fn too_many_requests(retry_after: u32) -> Self {
        let body = r#"{"error":"APIRateLimitExceeded","description":"Number of allowed API requests per minute exceeded"}"#;
        Self::Status { status: 429, retry_after: Some(retry_after), body: body.to_owned() }
    }

    /// 409 `DatabaseConflict`: two writers at the same moment (facts §3.6).
    pub fn database_conflict() -> Self {
        let body = r#"{"error":"DatabaseConflict","description":"Database collision"}"#;
        Self::Status { status: 409, retry_after: None, body: body.to_owned() }
    }
}

impl FaultRule {
    /// The next request with this method whose path contains `path` meets `fault`, once.
    pub fn once(method: &str, path: &str, fault: Fault) -> Self {
        Self { method: Some(method.to_owned()), path: path.to_owned(), skip: 0, times: Some(1), fault }
    }

    /// Every request whose path contains `path` meets `fault`, forever.
    pub fn always(path: &str, fault: Fault) -> Self {
        Self { method: None, path: path.to_owned(), skip: 0, times: None, fault }
    }

    /// Lets `skip` matching requests pass first.
    #[must_use]
    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && path.contains(&self.path)
    }
}

/// The faults of one server, in the order in which they are tried. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Rules>>);

#[derive(Debug, Default)]
struct Rules {
    waiting: Vec<FaultRule>,
    struck: u64,
}

impl Faults {
    /// Adds a rule after those that are there.
    pub fn inject(&self, rule: FaultRule) {
        self.rules().waiting.push(rule);
    }

    /// Removes all rules. The count of [`Self::struck`] stays.
    pub fn clear(&self) {
        self.rules().waiting.clear();
    }

    /// The rules that can still apply, with their remaining counts.
    pub fn waiting(&self) -> Vec<FaultRule> {
        self.rules().waiting.clone()
    }

    /// The number of faults so far: a test can check that its fault occurred.
    pub fn struck(&self) -> u64 {
        self.rules().struck
    }

    /// The faults of this request: latencies first, at most one other at the end.
    fn strike(&self, method: &str, path: &str) -> Vec<Fault> {
        let mut rules = self.rules();
        let mut met = Vec::new();
        for rule in rules.waiting.iter_mut().filter(|rule| rule.matches(method, path)) {
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            rule.times = rule.times.map(|left| left.saturating_sub(1));
            met.push(rule.fault.clone());
            if !matches!(rule.fault, Fault::Latency { .. }) {
                break;
            }
        }
        rules.waiting.retain(|rule| rule.times != Some(0));
        rules.struck += met.len() as u64;
        met
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The control routes of a server's faults: list, add, clear.
pub(crate) fn control_routes(faults: Faults) -> Router {
    let list = async |State(faults): State<Faults>| Json(faults.waiting());
    let add = async |State(faults): State<Faults>, Json(rule): Json<FaultRule>| {
        faults.inject(rule);
        StatusCode::CREATED
    };
    let clear = async |State(faults): State<Faults>| {
        faults.clear();
        StatusCode::NO_CONTENT
    };
    Router::new().route("/sandbox/faults", get(list).post(add).delete(clear)).with_state(faults)
}

//! The only HTTP client: every request to another system has timeouts and a size limit, follows no redirect and is sent
//! once. Each failure has one interpretation (see `http/response.rs`).

mod availability;
mod error_body;
mod metrics;
mod response;
mod transport;

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Response, Url, redirect, retry};
use serde_json::Value;
use tokio::sync::Semaphore;
use tracing::field::Empty;
use tracing::{Instrument, Span, debug_span};

pub use self::metrics::CallMetrics;
pub(crate) use self::response::ApiResponse;
pub use self::transport::Transport;
use crate::ports::{Availability, CallError, Clock};
use crate::trace;

/// The most bytes of a response that are read, unless a call asks for more.
const USUAL_CAP: usize = 1 << 20;
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// The connect timeout. It ends before the total timeout, so that "nothing was sent" stays certain.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a client could not be set up; contains no secret.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address cannot be used.
    #[error("the address must be http:// or https:// with a host, without user name, query or fragment")]
    Address,
    /// The credentials cannot be sent as a header.
    #[error(
        "the credentials contain a character that no HTTP header can carry; is there a line break in them?"
    )]
    Credentials,
    /// The HTTP library could not be set up, for example for lack of root certificates.
    #[error("the HTTP client could not be set up: {0}")]
    Client(#[source] reqwest::Error),
}

/// A client for one other system.
#[derive(Debug)]
pub(crate) struct Http {
    transport: Arc<dyn Transport>,
    base: Url,
    clock: Arc<dyn Clock>,
    contact: Arc<Availability>,
    /// The environment variables with the credentials, for error messages.
    credentials: &'static str,
    places: Semaphore,
    joins_traces: bool,
    calls: CallMetrics,
}

/// Another system, for logs and limits.
#[derive(Clone, Debug)]
pub(crate) struct Upstream {
    pub(crate) name: &'static str,
    /// The environment variables with our credentials for it.
    pub(crate) credentials: &'static str,
    /// The most concurrent requests to it; at least 1.
    pub(crate) at_once: usize,
    /// Whether requests use the proxy from the environment, if there is one.
    pub(crate) proxy: bool,
    /// Whether requests name the trace that they are part of, in the header `traceparent`.
    pub(crate) joins_traces: bool,
    pub(crate) calls: CallMetrics,
}

/// One request, which can be sent repeatedly.
#[derive(Clone, Debug)]
pub(crate) struct ApiRequest<'a> {
    method: Method,
    template: &'static str,
    ids: &'a [&'a str],
    query: &'a [(&'a str, &'a str)],
    header: Option<(HeaderName, &'a str)>,
    body: Option<Value>,
    cap: usize,
}

impl<'a> ApiRequest<'a> {
    /// A read of `template`, in which each `{…}` is replaced by one of `ids`.
    pub(crate) fn get(template: &'static str, ids: &'a [&'a str]) -> Self {
        Self { method: Method::GET, template, ids, query: &[], header: None, body: None, cap: USUAL_CAP }
    }

    /// A write that replaces.
    pub(crate) fn put(template: &'static str, ids: &'a [&'a str], body: Value) -> Self {
        Self { method: Method::PUT, body: Some(body), ..Self::get(template, ids) }
    }

    /// A write that changes the given parts and leaves the rest.
    pub(crate) fn patch(template: &'static str, ids: &'a [&'a str], body: Value) -> Self {
        Self { method: Method::PATCH, body: Some(body), ..Self::get(template, ids) }
    }

    /// A write that creates or acts.
    pub(crate) fn post(template: &'static str, ids: &'a [&'a str], body: Value) -> Self {
        Self { method: Method::POST, body: Some(body), ..Self::get(template, ids) }
    }

    /// Adds query parameters, which appear in no log and no error.
    pub(crate) fn query(self, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { query, ..self }
    }

    pub(crate) fn header(self, name: HeaderName, value: &'a str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// Sets the size limit of the response in bytes.
    pub(crate) fn cap(self, cap: usize) -> Self {
        Self { cap, ..self }
    }

    /// Whether the request changes nothing, so that it may be retried.
    pub(crate) fn is_read(&self) -> bool {
        self.method.is_safe()
    }

    /// The request's name in logs and errors, without ids and query: they may identify a customer.
    fn name(&self) -> String {
        format!("{} /{}", self.method, self.template)
    }

    /// The request was sent, but there is no usable response: a read can be retried, a write may have been done.
    fn lost(&self, what: &str) -> CallError {
        response::lost(&self.method, format!("{}: {what}", self.name()))
    }

    fn permanent(&self, what: &str) -> CallError {
        CallError::Permanent { reason: format!("{}: {what}", self.name()) }
    }
}

impl Http {
    /// A client for the system at `base`; `timeout` covers a whole exchange, including the response's last byte.
    pub(crate) fn new(
        neighbour: Upstream,
        base: &str,
        timeout: Duration,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SetupError> {
        let builder = reqwest::Client::builder();
        // A connection without TLS checks no certificate, and reading the machine's authorities is most of what a client
        // costs. A proxy may have TLS where the address has none.
        let builder = if neighbour.proxy {
            builder
        } else if base.starts_with("http://") {
            builder.no_proxy().tls_certs_only([])
        } else {
            builder.no_proxy()
        };
        let client = builder
            .user_agent(concat!("misread/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT.min(timeout / 2))
            .timeout(timeout)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .build()
            .map_err(SetupError::Client)?;
        Self::over(Arc::new(client), neighbour, base, clock)
    }

    /// A client for the system at `base` over `transport`.
    pub(crate) fn over(
        transport: Arc<dyn Transport>,
        neighbour: Upstream,
        base: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SetupError> {
        let base = Url::parse(base).map_err(|_| SetupError::Address)?;
        let plain = base.username().is_empty() && base.query().is_none() && base.fragment().is_none();
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() || !plain {
            return Err(SetupError::Address);
        }
        let contact = Arc::new(Availability::new(neighbour.name));
        let Upstream { name, credentials, at_once, joins_traces, calls, .. } = neighbour;
        calls.announce(name);
        let places = Semaphore::new(at_once.max(1));
        Ok(Self { transport, base, clock, contact, credentials, places, joins_traces, calls })
    }

    /// The system's availability, as the calls of this client have found it.
    pub(crate) fn contact(&self) -> &Arc<Availability> {
        &self.contact
    }

    /// Sends `call` once and reads the whole response; a response with a failure status is `Ok`.
    pub(crate) async fn send(
        &self,
        call: &ApiRequest<'_>,
        authorization: Option<&HeaderValue>,
    ) -> Result<ApiResponse, CallError> {
        let span = debug_span!("http", method = %call.method, path = call.template, status = Empty, duration_ms = Empty);
        let (begun, asked) = (Instant::now(), self.clock.now());
        let traced = trace::Call::begin(
            || call.name(),
            &[
                ("peer.service", self.contact.name()),
                ("http.request.method", call.method.as_str()),
                ("url.template", call.template),
            ],
        );
        async {
            let joined = traced.as_ref().filter(|_| self.joins_traces).and_then(trace::Call::traceparent);
            let result = self.exchange(call, authorization, joined).await;
            if let Some(traced) = traced {
                traced.end(result.as_ref().ok().map(|answer| answer.status().as_u16()));
            }
            self.take_note(&result, asked);
            let took = begun.elapsed();
            self.calls.count(self.contact.name(), call, &result, took);
            let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            let span = Span::current();
            span.record("duration_ms", duration_ms);
            match &result {
                Ok(answer) => {
                    span.record("status", answer.status().as_u16());
                    tracing::debug!("answered");
                }
                Err(error) => tracing::debug!(%error, "not answered"),
            }
            result
        }
        .instrument(span)
        .await
    }

    async fn exchange(
        &self,
        call: &ApiRequest<'_>,
        authorization: Option<&HeaderValue>,
        traceparent: Option<HeaderValue>,
    ) -> Result<ApiResponse, CallError> {
        let mut headers = HeaderMap::new();
        if let Some(traceparent) = traceparent {
            headers.insert(TRACEPARENT, traceparent);
        }
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        if let Some((name, value)) = &call.header {
            let value = HeaderValue::from_str(value)
                .map_err(|_| call.permanent("a header's value cannot be sent"))?;
            headers.insert(name, value);
        }
        let mut request = Request::new(call.method.clone(), self.url(call)?);
        if let Some(body) = &call.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.to_string().into());
        }
        *request.headers_mut() = headers;
        // The semaphore is never closed, so that `acquire` cannot fail.
        let _place = self.places.acquire().await;
        let mut response = self.transport.send(request).await.map_err(|error| unanswered(call, &error))?;
        let status = response.status();
        let body = match read(call, &mut response).await {
            Ok(body) => body,
            Err(error) if status.is_success() => return Err(error),
            Err(_) => Vec::new(), // without its body, a failure is still interpreted by its status
        };
        Ok(ApiResponse::new(call, status, std::mem::take(response.headers_mut()), body))
    }

    fn url(&self, call: &ApiRequest<'_>) -> Result<Url, CallError> {
        let mut url = self.base.clone();
        let mut ids = call.ids.iter().copied();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty();
            for segment in call.template.split('/') {
                let segment = if segment.starts_with('{') { ids.next().unwrap_or_default() } else { segment };
                // In a path, these would address a different resource.
                if matches!(segment, "" | "." | "..") {
                    return Err(call.permanent("an empty id, or one of dots only, cannot be asked for"));
                }
                path.push(segment);
            }
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        Ok(url)
    }
}

async fn read(call: &ApiRequest<'_>, response: &mut Response) -> Result<Vec<u8>, CallError> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| call.lost(&format!("{status}, but the answer broke off: {}", describe(&error))))?
    {
        if body.len() + chunk.len() > call.cap {
            return Err(call.lost(&format!("{status}, but the answer is longer than {} bytes", call.cap)));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Only without a connection is it certain that the request was not carried out.
fn unanswered(call: &ApiRequest<'_>, error: &reqwest::Error) -> CallError {
    let what = describe(error);
    if error.is_builder() {
        call.permanent("the request could not be built")
    } else if error.is_connect() {
        CallError::Retry { after: None, reason: format!("{}: no connection: {what}", call.name()) }
    } else {
        call.lost(&what)
    }
}

/// A failure below HTTP, without addresses and data.
fn describe(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "timed out".to_owned();
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            return io.kind().to_string();
        }
        source = cause.source();
    }
    "the connection failed".to_owned()
}

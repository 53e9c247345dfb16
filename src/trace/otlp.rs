//! Sends spans to a collector by OTLP over HTTP, in batches and in the background. Spans that cannot be sent are dropped:
//! the service works on without them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use opentelemetry::trace::{
    Event as OtelEvent, SpanContext, SpanId as OtelSpanId, SpanKind as OtelSpanKind, Status, TraceFlags,
    TraceId as OtelTraceId, TraceState,
};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanData, SpanEvents, SpanLinks, SpanProcessor as _};
use tokio::runtime::Handle;

use super::{Span, SpanKind, SpanSink, Value};
use crate::ports::Build;

/// The time limit of one request to the collector, and of the last one at the end of the service.
const WITHIN: Duration = Duration::from_secs(5);

/// Why traces cannot be sent; contains no secret.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The HTTP library could not be set up.
    #[error("the client for traces could not be set up: {0}")]
    Client(#[source] reqwest::Error),
    /// The address cannot be used.
    #[error("the address for traces cannot be used: {0}")]
    Exporter(#[source] opentelemetry_otlp::ExporterBuildError),
}

/// Batches spans and sends them.
#[derive(Debug)]
pub struct Otlp {
    processor: BatchSpanProcessor,
    scope: InstrumentationScope,
}

impl Otlp {
    /// Sends to `url`, the whole address with its path. Runs requests on the current runtime.
    ///
    /// The standard variables `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_BSP_*` hold as well.
    ///
    /// # Errors
    /// If the address is none, or the HTTP library cannot be set up.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn start(url: &str, proxy: bool, build: Build) -> Result<Arc<Self>, SetupError> {
        let builder = reqwest::Client::builder();
        let builder = if proxy { builder } else { builder.no_proxy() };
        let client = builder
            .timeout(WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("misread/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(SetupError::Client)?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender { client, runtime: Handle::current() })
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(url)
            .with_timeout(WITHIN)
            .build()
            .map_err(SetupError::Exporter)?;
        let resource = Resource::builder()
            .with_service_name("misread")
            .with_attributes([
                KeyValue::new("service.version", build.version),
                KeyValue::new("misread.commit", build.commit),
            ])
            .build();
        let mut processor = BatchSpanProcessor::builder(exporter).build();
        processor.set_resource(&resource);
        let scope = InstrumentationScope::builder("misread").with_version(build.version).build();
        Ok(Arc::new(Self { processor, scope }))
    }
}

impl SpanSink for Otlp {
    fn take(&self, span: Span) {
        self.processor.on_end(span_data(span, self.scope.clone()));
    }

    fn finish(&self) {
        if let Err(error) = self.processor.shutdown_with_timeout(WITHIN) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

fn span_data(span: Span, scope: InstrumentationScope) -> SpanData {
    let context = SpanContext::new(
        OtelTraceId::from_bytes(span.trace_id.0),
        OtelSpanId::from_bytes(span.id.0),
        TraceFlags::SAMPLED,
        false,
        TraceState::NONE,
    );
    let mut events = SpanEvents::default();
    events.events = span
        .events
        .into_iter()
        .map(|event| OtelEvent::new(event.name, event.at.into(), Vec::new(), 0))
        .collect();
    SpanData {
        span_context: context,
        parent_span_id: span.parent.map_or(OtelSpanId::INVALID, |id| OtelSpanId::from_bytes(id.0)),
        parent_span_is_remote: span.role == SpanKind::Consumer,
        span_kind: match span.role {
            SpanKind::Server => OtelSpanKind::Server,
            SpanKind::Consumer => OtelSpanKind::Consumer,
            SpanKind::Client => OtelSpanKind::Client,
        },
        name: span.name.into(),
        start_time: span.began.into(),
        end_time: SystemTime::from(span.began) + span.took,
        attributes: span.attributes.into_iter().map(|(name, value)| attribute(name, value)).collect(),
        dropped_attributes_count: 0,
        events,
        links: SpanLinks::default(),
        status: if span.failed { Status::error("") } else { Status::Unset },
        instrumentation_scope: scope,
    }
}

fn attribute(name: &'static str, value: Value) -> KeyValue {
    match value {
        Value::Number(number) => KeyValue::new(name, number),
        Value::Word(word) => KeyValue::new(name, word),
    }
}

/// Makes the exporter's requests on the service's runtime: the exporter waits for them on a thread of its own.
#[derive(Debug)]
struct Sender {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let response = client.execute(reqwest::Request::try_from(request)?).await?;
            let (status, headers) = (response.status(), response.headers().clone());
            let mut answer = Response::new(response.bytes().await?);
            (*answer.status_mut(), *answer.headers_mut()) = (status, headers);
            Ok::<_, reqwest::Error>(answer)
        });
        let answer = sent.await?;
        match &answer {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => {
                tracing::warn!(status = answer.status().as_u16(), "the collector did not take traces");
            }
            Err(error) => {
                let reason = if error.is_timeout() { "timed out" } else { "no connection" };
                tracing::warn!(reason, "traces could not be sent");
            }
        }
        Ok(answer?)
    }
}

//! Traces: one for each turn of a ticket, from the delivery that began it to the reply, with a span for every call.
//!
//! Ticket and delivery name a turn's trace. So each process that works on the turn continues the same trace, also after a
//! pause, a restart or a move to another replica, and no trace context has to be stored. Calls that many cases share
//! (bulk updates and bulk reads) belong to no turn and have no span.
//!
//! A span has the ticket's id, the path's template, statuses and the names of journal entries: no plate, no name, no text.

#[cfg(feature = "traces")]
pub mod otlp;

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::header::HeaderValue;
use sha2::{Digest, Sha256};

use crate::domain::ids::TicketId;
use crate::ports::Clock;

tokio::task_local! {
    /// The span of the turn that this task works on.
    static CURRENT: Arc<OpenSpan>;
}

/// Names a trace, as W3C Trace Context defines it; never all zero.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TraceId(pub [u8; 16]);

/// Names a span within its trace; never all zero.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SpanId(pub [u8; 8]);

/// What began a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The delivery with this number in the ledger: a webhook, or a change that a sweep found.
    Delivery(i64),
    /// An operator's order, which is the delivery with this number.
    Order(i64),
    /// A time that was up, or anything else that no delivery told of: the position of the entry that the case rested with.
    Itself(u32),
}

/// The role of a span, as OpenTelemetry defines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    Server,
    /// Works without a caller that waits.
    Consumer,
    /// Waits for another system.
    Client,
}

/// A value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Number(i64),
    /// A word of a closed set, or a path's template.
    Word(String),
}

/// Something that happened at a moment of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Timestamp,
    /// The journal entry's name.
    pub name: String,
}

/// A span that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub trace_id: TraceId,
    pub id: SpanId,
    /// The span that it is part of; `None`: it is the first of its trace.
    pub parent: Option<SpanId>,
    /// Its name, of a bounded set.
    pub name: String,
    pub role: SpanKind,
    /// When it began, by the service's clock.
    pub began: Timestamp,
    /// How long it took, by a steady clock.
    pub took: Duration,
    /// Names by OpenTelemetry's conventions, or beginning with `misread.`.
    pub attributes: Vec<(&'static str, Value)>,
    /// The journal entries of a turn, in order; other spans have none.
    pub events: Vec<Event>,
    /// Whether it ended with a failure.
    pub failed: bool,
}

/// Receives the spans that have ended. It must not block.
pub trait SpanSink: fmt::Debug + Send + Sync {
    fn take(&self, span: Span);

    /// Passes on what it still holds; may block for a few seconds.
    fn finish(&self) {}
}

/// Where spans go. By default nowhere, and nothing is measured.
#[derive(Clone, Debug, Default)]
pub struct Traces(Option<Output>);

#[derive(Clone, Debug)]
struct Output {
    sink: Arc<dyn SpanSink>,
    clock: Arc<dyn Clock>,
}

/// The beginning of a span.
#[derive(Clone, Copy, Debug)]
pub struct Began {
    at: Timestamp,
    instant: Instant,
}

/// A span that has not ended.
#[derive(Debug)]
struct OpenSpan {
    output: Output,
    ticket_id: TicketId,
    trace_id: TraceId,
    id: SpanId,
    began: Began,
    events: Mutex<Vec<Event>>,
}

impl Output {
    fn begin(&self) -> Began {
        Began { at: self.clock.now(), instant: Instant::now() }
    }
}

impl Traces {
    /// Spans go to `sink`, with times of `clock`.
    pub fn to(sink: Arc<dyn SpanSink>, clock: Arc<dyn Clock>) -> Self {
        Self(Some(Output { sink, clock }))
    }

    /// Begins a span now; `None`: no span is wanted.
    pub fn begin(&self) -> Option<Began> {
        self.0.as_ref().map(Output::begin)
    }

    /// Passes on what is still held, at the end of the service.
    pub async fn finish(&self) {
        if let Some(Output { sink, .. }) = self.0.clone() {
            // A panic of the sink must not spoil an orderly end.
            let _ = tokio::task::spawn_blocking(move || sink.finish()).await;
        }
    }

    /// Records that a delivery was stored: the first span of the turn that it begins.
    pub fn delivery(
        &self,
        name: &'static str,
        role: SpanKind,
        ticket_id: TicketId,
        number: i64,
        began: Option<Began>,
    ) {
        let (Some(Output { sink, .. }), Some(began)) = (&self.0, began) else { return };
        let origin = Origin::Delivery(number);
        sink.take(Span {
            trace_id: origin.trace_id(ticket_id),
            id: origin.first_span(ticket_id),
            parent: None,
            name: name.to_owned(),
            role,
            began: began.at,
            took: began.instant.elapsed(),
            attributes: vec![ticket(ticket_id)],
            events: Vec::new(),
            failed: false,
        });
    }

    /// Does `work` of a turn, as a span of its trace, with a span for each call that it makes in this task.
    pub async fn turn<F: Future>(&self, ticket_id: TicketId, origin: Origin, work: F) -> F::Output {
        let Some(output) = &self.0 else { return work.await };
        let turn = Arc::new(OpenSpan {
            output: output.clone(),
            ticket_id,
            trace_id: origin.trace_id(ticket_id),
            id: SpanId::random(),
            began: output.begin(),
            events: Mutex::default(),
        });
        let result = CURRENT.scope(Arc::clone(&turn), work).await;
        let events = std::mem::take(&mut *turn.events.lock().unwrap_or_else(PoisonError::into_inner));
        output.sink.take(Span {
            trace_id: turn.trace_id,
            id: turn.id,
            parent: matches!(origin, Origin::Delivery(_)).then(|| origin.first_span(ticket_id)),
            name: "turn".to_owned(),
            role: SpanKind::Consumer,
            began: turn.began.at,
            took: turn.began.instant.elapsed(),
            attributes: vec![ticket(ticket_id)],
            failed: events.iter().any(|event| event.name == "stuck"),
            events,
        });
        result
    }
}

/// Notes in the current turn's span, if there is one, that something with this name happened.
pub(crate) fn event(name: impl FnOnce() -> String) {
    let _ = CURRENT.try_with(|turn| {
        let event = Event { at: turn.output.clock.now(), name: name() };
        turn.events.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    });
}

/// A call to another system. Its span ends when it is dropped, so that a call that is broken off has one as well.
#[derive(Debug)]
pub(crate) struct Call {
    turn: Arc<OpenSpan>,
    id: SpanId,
    began: Began,
    name: String,
    attributes: Vec<(&'static str, Value)>,
    failed: bool,
}

impl Call {
    /// Begins a call with this name; `None` outside a turn, or without traces.
    pub(crate) fn begin(name: impl FnOnce() -> String, attributes: &[(&'static str, &str)]) -> Option<Self> {
        let turn = CURRENT.try_with(Arc::clone).ok()?;
        let attributes = attributes.iter().map(|(name, word)| (*name, Value::Word((*word).to_owned())));
        let attributes = [ticket(turn.ticket_id)].into_iter().chain(attributes).collect();
        let (id, began, name) = (SpanId::random(), turn.output.begin(), name());
        // A call that is broken off has no result.
        Some(Self { turn, id, began, name, attributes, failed: true })
    }

    /// The header `traceparent` that continues the trace in the other system (W3C Trace Context, level 1).
    pub(crate) fn traceparent(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("00-{:?}-{:?}-01", self.turn.trace_id, self.id)).ok()
    }

    /// The result: a response's status, or `None` without a response.
    pub(crate) fn end(mut self, status: Option<u16>) {
        self.failed = status.is_none_or(|status| status >= 400);
        if let Some(status) = status {
            self.attributes.push(("http.response.status_code", Value::Number(status.into())));
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.turn.output.sink.take(Span {
            trace_id: self.turn.trace_id,
            id: self.id,
            parent: Some(self.turn.id),
            name: std::mem::take(&mut self.name),
            role: SpanKind::Client,
            began: self.began.at,
            took: self.began.instant.elapsed(),
            attributes: std::mem::take(&mut self.attributes),
            events: Vec::new(),
            failed: self.failed,
        });
    }
}

fn ticket(id: TicketId) -> (&'static str, Value) {
    ("misread.ticket.id", Value::Number(id.get()))
}

impl Origin {
    fn trace_id(self, ticket_id: TicketId) -> TraceId {
        TraceId(self.digest("trace", ticket_id))
    }

    /// The id of the span that stands at the beginning: every process can compute it, to be part of it.
    fn first_span(self, ticket_id: TicketId) -> SpanId {
        SpanId(self.digest("first span", ticket_id))
    }

    fn digest<const N: usize>(self, of: &str, ticket_id: TicketId) -> [u8; N] {
        let (kind, number) = match self {
            Self::Delivery(number) | Self::Order(number) => ("delivery", number),
            Self::Itself(position) => ("position", i64::from(position)),
        };
        let text = format!("misread {of}, ticket {}, {kind} {number}", ticket_id.get());
        let mut id = [0; N];
        id.iter_mut().zip(Sha256::digest(text)).for_each(|(place, byte)| *place = byte);
        id
    }
}

impl SpanId {
    fn random() -> Self {
        // Without the system's randomness a span is told apart by its trace alone.
        Self(getrandom::u64().map_or([1; 8], |number| number.max(1).to_be_bytes()))
    }
}

/// Lower-case hexadecimal digits, as everywhere where traces are looked up.
impl fmt::Debug for TraceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for SpanId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

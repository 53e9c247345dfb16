//! Traces, as a collector receives them: one a turn, from the webhook to the reply.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use misread::domain::ids::TicketId;
use misread::sandbox::faults::{Fault, FaultRule};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::net::TcpListener;

use crate::world::World;

/// A collector that keeps what it receives.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Bytes>>>);

impl Collector {
    async fn open(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1/traces", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/traces", post(take)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn requests(&self) -> Vec<ExportTraceServiceRequest> {
        let bodies = self.0.lock().unwrap().clone();
        bodies.into_iter().map(|body| ExportTraceServiceRequest::decode(body).unwrap()).collect()
    }

    fn spans(&self) -> Vec<Span> {
        let resources = self.requests().into_iter().flat_map(|request| request.resource_spans);
        resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
    }
}

async fn take(State(collector): State<Collector>, headers: HeaderMap, body: Bytes) -> StatusCode {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    collector.0.lock().unwrap().push(body);
    StatusCode::OK
}

fn attribute(span: &Span, name: &str) -> Option<Value> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    found.value.clone()?.value
}

fn text(span: &Span, name: &str) -> String {
    match attribute(span, name) {
        Some(Value::StringValue(text)) => text,
        other => panic!("{name}: {other:?} in {span:?}"),
    }
}

fn of_ticket(span: &Span, id: TicketId) -> bool {
    attribute(span, "misread.ticket.id") == Some(Value::IntValue(id.get()))
}

fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let found = spans.iter().find(|span| span.name == name);
    found.unwrap_or_else(|| {
        panic!("no `{name}` in {:?}", spans.iter().map(|span| &span.name).collect::<Vec<_>>())
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// The spans of one trace, which no other trace's parent names.
fn trace_of<'a>(spans: &'a [Span], one: &Span) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.trace_id == one.trace_id).collect()
}

#[tokio::test]
async fn a_turn_is_one_trace_from_the_webhook_to_the_reply_with_every_call() {
    let collector = Collector::default();
    let world = World::traced(collector.open().await).await;
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.until_idle().await;
    assert_eq!(world.replies(id).len(), 1, "the first reply asks or settles");
    world.service.traces().finish().await;

    let spans = collector.spans();
    assert!(spans.iter().all(|span| of_ticket(span, id)), "{spans:#?}");
    let webhook = named(&spans, "POST /webhooks/zendesk");
    assert!(webhook.parent_span_id.is_empty(), "it is the first");
    let trace = trace_of(&spans, webhook);
    let turn = trace.iter().find(|span| span.name == "turn").unwrap();
    assert_eq!(turn.parent_span_id, webhook.span_id);
    let calls: Vec<&&Span> = trace
        .iter()
        .filter(|span| ![webhook.span_id.clone(), turn.span_id.clone()].contains(&span.span_id))
        .collect();
    assert!(calls.iter().all(|call| call.parent_span_id == turn.span_id), "{calls:#?}");
    let to = |service: &str| calls.iter().filter(|call| text(call, "peer.service") == service).count();
    // Ticket and audits are read; the reply is written, and the note with it or by itself.
    assert!(to("zendesk") >= 3 && to("parking") >= 2, "{calls:#?}");
    assert!(calls.iter().any(|call| call.name.starts_with("PUT /api/v2/tickets/")), "{calls:#?}");
    for call in &calls {
        let status = attribute(call, "http.response.status_code");
        assert!(matches!(status, Some(Value::IntValue(200 | 201))), "{call:?}");
        assert!(call.start_time_unix_nano >= turn.start_time_unix_nano, "{call:?}");
        assert!(call.end_time_unix_nano <= turn.end_time_unix_nano, "{call:?}");
    }
    let steps: Vec<&str> = turn.events.iter().map(|event| event.name.as_str()).collect();
    for step in ["ticket_read", "uses_read", "decided", "written"] {
        assert!(steps.contains(&step), "no {step} in {steps:?}");
    }

    // The parking system is told the call's own span, so that its spans become part of the trace.
    let told = world.sandbox.parking.traceparents();
    let parking = calls.iter().filter(|call| text(call, "peer.service") == "parking");
    let expected: BTreeSet<String> =
        parking.map(|call| format!("00-{}-{}-01", hex(&call.trace_id), hex(&call.span_id))).collect();
    assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), expected);
    let resource = collector.requests()[0].resource_spans[0].resource.clone().unwrap();
    assert!(resource.attributes.iter().any(|attribute| attribute.key == "service.version"), "{resource:?}");
}

#[tokio::test]
async fn a_turn_that_pauses_goes_on_in_the_same_trace_in_another_process() {
    let collector = Collector::default();
    let world = World::traced(collector.open().await).await;
    world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.step().await;
    world.service.traces().finish().await;
    world.sandbox.parking.faults().clear();
    world.pass(Duration::from_mins(10));
    let other = world.replica().await;
    other.until_idle().await;
    assert_eq!(other.replies(id).len(), 1);
    other.service.traces().finish().await;

    let spans = collector.spans();
    let trace = trace_of(&spans, named(&spans, "POST /webhooks/zendesk"));
    let turns: Vec<_> = trace.iter().filter(|span| span.name == "turn").collect();
    assert_eq!(turns.len(), 2, "{trace:#?}");
    let failed = trace.iter().filter(|span| span.status.as_ref().is_some_and(|status| status.code == 2));
    let failed: Vec<String> = failed.map(|span| span.name.clone()).collect();
    assert_eq!(failed, ["GET /uses"], "the call that failed is marked");
    assert!(turns[0].events.iter().any(|event| event.name == "deferred"), "{turns:#?}");
    assert!(trace.iter().any(|span| span.name.starts_with("PUT /api/v2/tickets/")), "{trace:#?}");
}

#[tokio::test]
async fn no_span_holds_a_plate_a_name_or_a_word_of_the_customer() {
    let collector = Collector::default();
    let world = World::traced(collector.open().await).await;
    let stories = world.sandbox.stories.clone();
    let ids: BTreeSet<i64> = stories.iter().map(|story| world.open(story).get()).collect();
    world.until_idle().await;
    world.service.traces().finish().await;

    let spans = collector.spans();
    let traced: BTreeSet<i64> = spans
        .iter()
        .filter_map(|span| match attribute(span, "misread.ticket.id") {
            Some(Value::IntValue(id)) => Some(id),
            _ => None,
        })
        .collect();
    assert!(ids.is_subset(&traced), "every ticket has its trace");
    let bodies = collector.0.lock().unwrap().iter().flat_map(|body| body.to_vec()).collect::<Vec<u8>>();
    let sent = String::from_utf8_lossy(&bodies);
    for story in &stories {
        let private = [story.plate.as_deref(), Some(&*story.customer.name), Some(&*story.message)];
        for word in private.into_iter().flatten().filter(|word| !word.is_empty()) {
            assert!(!sent.contains(word), "`{word}` was sent to the collector");
        }
    }
    let names: BTreeSet<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    assert!(names.len() < 30, "names are of a bounded set: {names:?}");
}

#[tokio::test]
async fn a_collector_that_is_away_delays_nothing() {
    let world = World::traced("http://127.0.0.1:9/v1/traces".to_owned()).await;
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.until_idle().await;
    assert_eq!(world.replies(id).len(), 1);
    assert_eq!(world.readiness().await.status(), 200);
}

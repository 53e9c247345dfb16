//! Writing to tickets: the requests, and the interpretation of each response.

use std::io::Write;
use std::sync::{Arc, Mutex};

use misread::domain::marker::{self, MarkerKey};
use misread::domain::ticket::{ByMacro, FieldValue, Priority, TicketStatus, TicketUpdate};
use misread::ports::{CallError, UpdateOutcome};
use serde_json::{Value, json};

use super::stub::{self, Reply, Seen, Stub, failure, html};
use super::{desk, key, note, send, ticket_id, time};

fn reply_with_routing() -> TicketUpdate {
    TicketUpdate {
        body: "취소했습니다".to_owned(),
        public: true,
        status: Some(TicketStatus::Solved),
        group_id: Some(31),
        tags: Some(vec!["no_self_use".to_owned(), "settled".to_owned()]),
        consultation_type: Some("parking_misread_linked".to_owned()),
        by_macro: ByMacro {
            macro_ids: vec![91, 92],
            priority: Some(Priority::High),
            fields: [(72, FieldValue::Flag(true)), (73, FieldValue::Text("a".to_owned()))].into(),
        },
    }
}

fn updated(id: i64) -> Value {
    json!({"ticket": {"id": id, "updated_at": "2026-03-02T09:30:00Z", "status": "solved"},
        "audit": {"id": 6_164_068_756_634_i64, "ticket_id": id, "events": [], "metadata": {"custom": {"misread": "misread-5-7"}}}})
}

/// The key with its seal by the client's only marker key.
fn metadata(update: &TicketUpdate) -> Value {
    let [with] = [MarkerKey { number: 1, secret: "marker-s3cret".into() }];
    let seal = marker::seal(&with, ticket_id(5), "misread-5-7", &marker::digest(update));
    json!({"misread": "misread-5-7", "misread_seal": seal})
}

async fn write(stub: &Stub, update: &TicketUpdate) -> Result<UpdateOutcome, CallError> {
    send(&desk(&stub.url), &key(5, 7), update, "2026-03-02T09:00:00.75Z").await
}

/// A Zendesk that responds `reply` to PUT, and to GET a ticket of this status.
async fn refusing(reply: Reply, status: &'static str) -> Stub {
    Stub::start(move |seen: &Seen| {
        let ticket = json!({"id": 5, "status": status, "requester_id": 9, "updated_at": "2026-03-02T09:00:00Z", "tags": [],
            "email_cc_ids": [], "custom_fields": []});
        if seen.method == "PUT" {
            reply.clone()
        } else {
            stub::json(200, json!({"ticket": ticket, "users": [{"id": 9}]}))
        }
    })
    .await
}

#[tokio::test]
async fn a_reply_and_its_routing_go_in_one_put_with_stamp_and_marker() {
    let stub = Stub::always(stub::json(200, updated(5))).await;
    let outcome = write(&stub, &reply_with_routing()).await;
    let updated_at = time("2026-03-02T09:30:00Z");
    assert_eq!(
        outcome,
        Ok(UpdateOutcome::Written { audit_id: Some(6_164_068_756_634), updated_at, crossed: false })
    );
    assert_eq!(stub.targets(), ["PUT /api/v2/tickets/5"]);
    assert_eq!(
        stub.seen()[0].body,
        json!({"ticket": {
            "comment": {"body": "취소했습니다", "public": true},
            "safe_update": true, "updated_stamp": "2026-03-02T09:00:00Z",
            "metadata": metadata(&reply_with_routing()),
            "status": "solved", "group_id": 31, "assignee_id": null,
            "tags": ["no_self_use", "settled"],
            "custom_fields": [{"id": 71, "value": "parking_misread_linked"}, {"id": 72, "value": true}, {"id": 73, "value": "a"}],
            "priority": "high", "macro_ids": [91, 92],
        }})
    );
}

#[tokio::test]
async fn a_note_changes_nothing_else() {
    let stub = Stub::always(stub::json(200, updated(5))).await;
    write(&stub, &note("확인했습니다")).await.unwrap();
    assert_eq!(
        stub.seen()[0].body,
        json!({"ticket": {
            "comment": {"body": "확인했습니다", "public": false},
            "safe_update": true, "updated_stamp": "2026-03-02T09:00:00Z",
            "metadata": metadata(&note("확인했습니다")),
        }})
    );
}

#[tokio::test]
async fn nothing_that_zendesk_might_render_leaves_in_a_comment() {
    let stub = Stub::always(stub::json(200, updated(5))).await;
    for (text, sent) in [
        ("{{ticket.id}} {%if%}", "{ {ticket.id}} { %if%}"),
        ("{{{{", "{ { { {"),
        ("{ 한 } % {}", "{ 한 } % {}"),
    ] {
        write(&stub, &TicketUpdate { body: text.to_owned(), ..note("") }).await.unwrap();
        assert_eq!(stub.seen().last().unwrap().body["ticket"]["comment"]["body"], sent);
    }
}

#[tokio::test]
async fn every_409_is_a_conflict() {
    for reply in [
        stub::json(
            409,
            json!({"error": "UpdateConflict", "description": "Safe Update prevented the update"}),
        ),
        stub::json(409, json!({"error": "DatabaseConflict", "description": "Database collision"})),
        html(409),
    ] {
        let stub = Stub::always(reply).await;
        assert_eq!(write(&stub, &note("확인했습니다")).await, Ok(UpdateOutcome::Conflict));
    }
}

#[tokio::test]
async fn a_closed_ticket_is_recognised_in_any_language() {
    for description in ["Status: closed prevents ticket update", "상태: 종료된 티켓은 업데이트할 수 없음"]
    {
        let body = json!({"error": "RecordInvalid", "details": {"status": [{"description": description}]}});
        let stub = refusing(stub::json(422, body), "closed").await;
        let reason = "PUT /api/v2/tickets/{id}: 422 RecordInvalid (status)".to_owned();
        assert_eq!(
            write(&stub, &note("확인했습니다")).await,
            Ok(UpdateOutcome::Refused { closed: true, reason, missing_fields: Vec::new() })
        );
    }
}

#[tokio::test]
async fn a_refused_value_is_told_by_its_field_and_not_taken_for_a_closed_ticket() {
    let body = json!({"error": "RecordInvalid", "description": "Record validation errors", "details": {
        "group_id": [{"description": "홍길동 is not in it", "error": "InvalidValue"}],
        "status": [{"description": "closed is not allowed here"}]}});
    let stub = refusing(stub::json(422, body), "open").await;
    let reason = "PUT /api/v2/tickets/{id}: 422 RecordInvalid (group_id: InvalidValue, status)".to_owned();
    assert_eq!(
        write(&stub, &note("확인했습니다")).await,
        Ok(UpdateOutcome::Refused { closed: false, reason, missing_fields: Vec::new() })
    );
}

#[tokio::test]
async fn a_refusal_is_looked_at_again_when_the_ticket_cannot_be_read() {
    let stub =
        Stub::start(|seen: &Seen| if seen.method == "PUT" { stub::json(422, "{}") } else { html(502) }).await;
    assert_eq!(failure(write(&stub, &note("확인했습니다")).await).0, "retry");
}

#[tokio::test]
async fn a_deleted_ticket_takes_no_more_updates_and_a_wrong_address_is_no_deleted_ticket() {
    let gone = stub::json(404, json!({"error": "RecordNotFound", "description": "Not found"}));
    let outcome = write(&Stub::always(gone).await, &note("확인했습니다")).await;
    assert!(matches!(outcome, Ok(UpdateOutcome::Refused { closed: true, .. })), "{outcome:?}");
    let wrong = stub::json(404, json!({"error": "InvalidEndpoint", "description": "Not found"}));
    assert_eq!(failure(write(&Stub::always(wrong).await, &note("확인했습니다")).await).0, "retry");
}

#[tokio::test]
async fn an_answer_about_another_ticket_is_no_proof() {
    let stub = Stub::always(stub::json(200, updated(6))).await;
    assert_eq!(failure(write(&stub, &note("확인했습니다")).await).0, "unknown");
}

/// A log that a test can read.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn an_ignored_key_is_logged_and_no_log_holds_a_comment_a_value_or_a_token() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let warning = r#"{:allowed_parameters=>{:controller=>"tickets", :unpermitted_keys=>["ticket.id"], :invalid_values=>["12A3456"]}}"#;
    let stub = Stub::always(stub::json(200, updated(5)).header("x-zendesk-api-warn", warning)).await;
    {
        let _guard = tracing::subscriber::set_default(subscriber);
        // A test that runs at the same time without a subscriber may reach a log line first and disable it for all.
        // Once every line was reached, enabling them again lasts.
        write(&stub, &reply_with_routing()).await.unwrap();
        tracing::callsite::rebuild_interest_cache();
        write(&stub, &reply_with_routing()).await.unwrap();
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    // The stub's clock differs from the test's, which is also logged.
    let warned = log.lines().find(|line| line.contains("WARN") && !line.contains("clock")).unwrap();
    assert!(warned.contains(r#"keys=["ticket.id"]"#), "{warned}");
    let span = log.lines().find(|line| line.contains("misread::http: close")).unwrap();
    assert!(
        span.contains("method=PUT path=\"api/v2/tickets/{id}\"") && span.contains("status=200"),
        "{span}"
    );
    assert!(span.contains("duration_ms="), "{span}");
    for secret in ["취소했습니다", "12A3456", "t0ken", "Ym90", "settled"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

//! Faults on request: the client sees what it would see of a real network.

use misread::sandbox::faults::{Fault, FaultRule};
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::Stage;

const COMPLETED: &str = "use-0005";

fn refund(stage: &Stage) -> reqwest::RequestBuilder {
    let body = json!({ "ticket_id": "1", "reason": "lpr_misread" });
    let request = stage.ask_parking(Method::POST, &format!("/v1/uses/{COMPLETED}/refund"));
    request.header("Idempotency-Key", "key-1").json(&body)
}

#[tokio::test]
async fn an_answer_lost_after_the_write_looks_like_a_broken_connection_and_the_key_finds_the_write() {
    let stage = Stage::set().await;
    stage.parking.faults().inject(FaultRule::once("POST", "/refund", Fault::AnswerLost));

    let lost = refund(&stage).send().await.unwrap_err();
    assert!(lost.status().is_none() && !lost.is_timeout() && !lost.is_connect(), "{lost:?}");
    assert_eq!(stage.parking.actions().len(), 1);

    let again: Value = refund(&stage).send().await.unwrap().json().await.unwrap();
    assert_eq!(again["replayed"], true);
    assert_eq!(stage.parking.actions().len(), 1);
    assert_eq!(stage.parking.faults().struck(), 1);
}

#[tokio::test]
async fn a_connection_reset_before_the_write_does_nothing() {
    let stage = Stage::set().await;
    stage.parking.faults().inject(FaultRule::once("POST", "/refund", Fault::Reset));
    assert!(refund(&stage).send().await.is_err());
    assert!(stage.parking.actions().is_empty());
    assert_eq!(refund(&stage).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_truncated_body_breaks_after_the_status() {
    let stage = Stage::set().await;
    stage.parking.faults().inject(FaultRule::once("POST", "/refund", Fault::TruncatedBody));
    let response = refund(&stage).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err());
    assert_eq!(stage.parking.actions().len(), 1);
}

#[tokio::test]
async fn an_answer_that_never_comes_ends_in_the_client_s_time_out_after_the_write() {
    let stage = Stage::set().await;
    stage.parking.faults().inject(FaultRule::once("POST", "/refund", Fault::NoAnswerAfterWrite));
    let request = refund(&stage).timeout(std::time::Duration::from_millis(200));
    assert!(request.send().await.unwrap_err().is_timeout());
    assert_eq!(stage.parking.actions().len(), 1);
}

#[tokio::test]
async fn ordered_statuses_carry_their_headers_and_bodies() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let expected = [
        (Fault::bad_gateway_html(), 502, None, "text/html; charset=utf-8"),
        (Fault::empty_server_error(), 500, None, "text/plain; charset=utf-8"),
        (Fault::unavailable(Some(7)), 503, Some("7"), "text/plain; charset=utf-8"),
        (Fault::too_many_requests(30), 429, Some("30"), "application/json; charset=utf-8"),
        (Fault::database_conflict(), 409, None, "application/json; charset=utf-8"),
    ];
    for (fault, status, retry_after, content_type) in expected {
        stage.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", fault));
        let response = stage.put_ticket(id, json!({ "status": "open" })).await;
        assert_eq!(response.status(), status);
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("retry-after"), retry_after);
        assert_eq!(header("content-type"), Some(content_type));
    }
    assert_eq!(stage.zendesk.audits(id).len(), 1, "none of them changed the ticket");
}

#[tokio::test]
async fn a_rule_skips_counts_and_ends() {
    let stage = Stage::set().await;
    let fault = FaultRule::once("GET", "/users/me", Fault::empty_server_error()).skip(1).times(2);
    stage.zendesk.faults().inject(fault);
    stage.zendesk.faults().inject(FaultRule::always("/users/me", Fault::Latency { milliseconds: 0 }));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let response = stage.ask_zendesk(Method::GET, "/api/v2/users/me").send().await.unwrap();
        statuses.push(response.status().as_u16());
    }
    assert_eq!(statuses, [200, 500, 500, 200]);
    assert_eq!(stage.zendesk.faults().waiting().len(), 1, "the latency stays");
    stage.zendesk.faults().clear();
    assert!(stage.zendesk.faults().waiting().is_empty());
}

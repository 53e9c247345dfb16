//! The interpretation of failures: both clients have the same rules for reads and for writes.

use std::time::Duration;

use misread::domain::ids::{AccountId, LotId, UseId};
use misread::domain::parking::ParkingAction;
use misread::ports::{ActionRequest, CallError, Helpdesk as _, Parking};
use misread::zendesk::ZendeskClient;

use super::stub::{Stub, Then, failure, html, json, no_listener, raw};
use super::{clock, desk, desk_with, key, note, parking_client, parking_client_with, read, send, ticket_id};

const SHORT: Duration = Duration::from_millis(100);

/// A read and a write at each of the two systems, with a short timeout.
async fn outcomes(url: &str) -> Vec<(&'static str, String)> {
    let desk = desk_with(url, |options| options.timeout = SHORT * 20, clock());
    calls(&desk, &parking_client_with(url, SHORT * 20)).await
}

async fn calls(desk: &ZendeskClient, parking: &impl Parking) -> Vec<(&'static str, String)> {
    let update = note("홍길동님의 12가3456");
    let request = ActionRequest {
        ticket_id: ticket_id(5),
        action: ParkingAction::Refund,
        use_id: UseId::new("use-1"),
        lot_id: LotId::new("lot-1"),
        amount: None,
    };
    vec![
        failure(read(desk, 5).await),
        failure(parking.account(&AccountId::new("account-1")).await),
        failure(send(desk, &key(5, 1), &update, "2026-03-02T09:00:00Z").await),
        failure(parking.act(&key(5, 1), &request).await),
    ]
}

fn kinds(outcomes: &[(&'static str, String)]) -> Vec<&'static str> {
    outcomes.iter().map(|(kind, _)| *kind).collect()
}

const MAY_HAVE_BEEN_DONE: [&str; 4] = ["retry", "retry", "unknown", "unknown"];
const NOTHING_WAS_DONE: [&str; 4] = ["retry"; 4];

#[tokio::test]
async fn without_a_connection_nothing_was_done() {
    let outcomes = outcomes(&no_listener().await).await;
    assert_eq!(kinds(&outcomes), NOTHING_WAS_DONE);
    assert_eq!(outcomes[3].1, "POST /uses/{use_id}/refund: no connection: connection refused");
}

#[tokio::test]
async fn a_write_whose_answer_never_comes_may_have_been_done() {
    let url = raw("", Then::Silence).await;
    let desk = desk_with(&url, |options| options.timeout = SHORT, clock());
    let outcomes = calls(&desk, &parking_client_with(&url, SHORT)).await;
    assert_eq!(kinds(&outcomes), MAY_HAVE_BEEN_DONE);
    assert_eq!(outcomes[0].1, "GET /api/v2/tickets/{id}: timed out");
    assert_eq!(outcomes[2].1, "outcome unknown: PUT /api/v2/tickets/{id}: timed out");
}

#[tokio::test]
async fn a_write_whose_answer_breaks_off_may_have_been_done() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"ticket\":{\"id\":5,";
    for (bytes, then) in [("", Then::Close), ("", Then::Reset), (half, Then::Close), (half, Then::Reset)] {
        let outcomes = outcomes(&raw(bytes, then).await).await;
        assert_eq!(kinds(&outcomes), MAY_HAVE_BEEN_DONE, "{bytes:?} {then:?}");
    }
    let url = raw(half, Then::Silence).await;
    let desk = desk_with(&url, |options| options.timeout = SHORT, clock());
    let outcomes = calls(&desk, &parking_client_with(&url, SHORT)).await;
    assert_eq!(kinds(&outcomes), MAY_HAVE_BEEN_DONE);
    assert_eq!(outcomes[0].1, "GET /api/v2/tickets/{id}: 200, but the answer broke off: timed out");
}

#[tokio::test]
async fn a_failure_status_counts_even_if_its_body_breaks_off() {
    let url = raw("HTTP/1.1 429 Slow Down\r\ncontent-length: 900\r\n\r\n{\"err", Then::Close).await;
    assert_eq!(kinds(&outcomes(&url).await), NOTHING_WAS_DONE);
}

#[tokio::test]
async fn a_success_that_cannot_be_read_is_no_success() {
    for body in ["", "null", "[]", r#"{"id":"#, "<html></html>", r#"{"ticket":{"id":5}} trailing"#] {
        let stub = Stub::always(json(200, body)).await;
        assert_eq!(kinds(&outcomes(&stub.url).await), MAY_HAVE_BEEN_DONE, "{body:?}");
    }
    let stub = Stub::always(html(200)).await;
    let outcomes = outcomes(&stub.url).await;
    assert_eq!(kinds(&outcomes), MAY_HAVE_BEEN_DONE);
    assert!(outcomes[0].1.ends_with("it is not JSON, from line 1 column 1 on"), "{}", outcomes[0].1);
}

#[tokio::test]
async fn a_whole_answer_with_something_behind_it_is_not_believed() {
    let stub = Stub::always(json(200, r#"{"id":"account-1","vehicles":[],"pass_active":true}{"id":"#)).await;
    let (kind, text) = failure(parking_client(&stub.url).account(&AccountId::new("account-1")).await);
    assert_eq!(kind, "retry");
    assert!(text.contains("it is not JSON, from line 1 column 52 on"), "{text}");
}

#[tokio::test]
async fn each_status_has_one_meaning_for_reads_and_one_for_writes() {
    let permanent = ["permanent"; 4];
    for (status, expected) in [
        (204, MAY_HAVE_BEEN_DONE),
        (302, MAY_HAVE_BEEN_DONE),
        (400, permanent),
        (401, NOTHING_WAS_DONE),
        (403, NOTHING_WAS_DONE),
        (404, NOTHING_WAS_DONE),
        (408, MAY_HAVE_BEEN_DONE),
        (413, permanent),
        (429, NOTHING_WAS_DONE),
        (500, MAY_HAVE_BEEN_DONE),
        (502, MAY_HAVE_BEEN_DONE),
        (503, MAY_HAVE_BEEN_DONE),
        (504, MAY_HAVE_BEEN_DONE),
    ] {
        let stub = Stub::always(html(status)).await;
        let outcomes = outcomes(&stub.url).await;
        assert_eq!(kinds(&outcomes), expected, "{status}");
        assert!(outcomes.iter().all(|(_, text)| text.contains(&status.to_string())), "{outcomes:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_carries_no_credentials_elsewhere() {
    let elsewhere = Stub::always(json(200, "{}")).await;
    let stub = Stub::always(html(307).header("location", format!("{}/stolen", elsewhere.url))).await;
    outcomes(&stub.url).await;
    assert!(elsewhere.seen().is_empty());
    assert_eq!(stub.seen().len(), 4);
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(2 << 20));
    let stub = Stub::always(json(200, long)).await;
    let outcomes = outcomes(&stub.url).await;
    assert_eq!(kinds(&outcomes), MAY_HAVE_BEEN_DONE);
    assert!(outcomes[1].1.ends_with("the answer is longer than 1048576 bytes"), "{}", outcomes[1].1);
}

#[tokio::test]
async fn retry_after_is_read_as_seconds_or_as_a_date_and_kept_within_reason() {
    let seconds = |count| Some(Duration::from_secs(count));
    for (header, expected) in [
        ("7", seconds(7)),
        (" 93 ", seconds(93)),
        ("0", seconds(1)),
        ("86400", seconds(600)),
        ("99999999999999999999999", None),
        ("Mon, 02 Mar 2026 10:01:30 GMT", seconds(90)),
        ("Mon, 02 Mar 2026 09:00:00 GMT", seconds(1)),
        ("Mon, 02 Mar 2027 10:00:00 GMT", None),
        ("Tue, 02 Mar 2027 10:00:00 GMT", seconds(600)),
        ("soon", None),
        ("-5", None),
        ("", None),
    ] {
        for status in [429, 503] {
            let stub = Stub::always(html(status).header("retry-after", header)).await;
            let error = read(&desk(&stub.url), 5).await.unwrap_err();
            let CallError::Retry { after, .. } = error else { panic!("{error:?}") };
            assert_eq!(after, expected, "{status} {header:?}");
        }
    }
}

#[tokio::test]
async fn an_unreadable_place_is_named_without_quoting_what_stands_there() {
    let stub = Stub::always(json(
        200,
        r#"{"id":"account-1","vehicles":[{"plate":["12가3456"]}],"pass_active":true}"#,
    ))
    .await;
    let (_, text) = failure(parking_client(&stub.url).account(&AccountId::new("account-1")).await);
    assert!(text.contains("cannot be read at `vehicles[0].plate`: unexpected value at line 1"), "{text}");
    let stub =
        Stub::always(json(200, r#"{"id":"account-1","vehicles":[{"plate":"12가3456"}],"pass_active":true}"#))
            .await;
    let (_, text) = failure(parking_client(&stub.url).account(&AccountId::new("account-1")).await);
    assert!(text.contains("cannot be read at `vehicles[0]`: missing field `ownership_verified`"), "{text}");
    let stub = Stub::always(json(200, r#"{"id":"account-1","vehicles":[{"plate":"12가"#)).await;
    let (_, text) = failure(parking_client(&stub.url).account(&AccountId::new("account-1")).await);
    assert!(text.contains("it ends too early"), "{text}");
}

#[tokio::test]
async fn a_key_that_is_not_agreed_on_is_not_told() {
    for key in ["홍길동", "010-1234-5678", "Hong", r"a\u0007b", &"long".repeat(100)] {
        let stub =
            Stub::always(json(200, format!(r#"{{"ticket":{{"custom_fields":[{{"value":{{"{key}":{{"x":,"#)))
                .await;
        let (_, text) = failure(read(&desk(&stub.url), 5).await);
        assert!(
            text.contains("cannot be read at `ticket.custom_fields[0].value.?.x`: it is not JSON"),
            "{text}"
        );
    }
    let deep = format!(r#"{{"ticket":{{"custom_fields":[{{"value":{}"#, "[".repeat(200));
    let stub = Stub::always(json(200, deep)).await;
    let (_, text) = failure(read(&desk(&stub.url), 5).await);
    assert!(
        text.contains("cannot be read at `ticket.custom_fields[0].value[0][0][0][0]`: it is not JSON"),
        "{text}"
    );
}

#[tokio::test]
async fn no_failure_tells_who_or_what_it_was_about() {
    let body = r#"{"error":"RecordInvalid","description":"홍길동 12가3456","message":"t0ken",
        "details":{"status":[{"description":"bot@example.com","error":"InvalidValue"}]}}"#;
    for status in [200, 400, 401, 403, 404, 409, 429, 500] {
        let stub = Stub::always(json(status, body)).await;
        let desk = desk(&stub.url);
        let parking = parking_client(&stub.url);
        let mut texts = vec![failure(read(&desk, 5).await).1];
        texts.push(failure(desk.changes(ticket_id(5), 9).await).1);
        texts.push(failure(parking.account(&AccountId::new("account-secret")).await).1);
        let of = misread::ports::UsesOf::Plate("12가3456".to_owned());
        let plate = misread::ports::UseQuery { of, entered: None };
        texts.push(failure(parking.uses(&plate).await).1);
        for text in texts {
            assert!(text.contains(&status.to_string()), "{text}");
            assert!(status == 200 || text.ends_with("RecordInvalid (status: InvalidValue)"), "{text}");
            for secret in ["홍길동", "12", "t0ken", "example.com", "account-secret", "127.0.0.1", "%EA"] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
    }
}

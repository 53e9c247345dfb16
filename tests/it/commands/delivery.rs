//! Deliveries that are not understood: logged with their id, listed and shown.

use misread::domain::signature::sign;
use tokio::net::TcpStream;

use super::held_up::{SECRET, status};
use super::process::Place;
use super::service::ready;

/// A signed body that is not understood, under this invocation id.
fn poison(id: &str, body: &str) -> Vec<u8> {
    #[expect(clippy::disallowed_methods, reason = "the process has the system's clock")]
    let timestamp = jiff::Timestamp::now().to_string();
    let (signature, length) = (sign(SECRET, &timestamp, body.as_bytes()), body.len());
    format!(
        "POST /webhooks/zendesk HTTP/1.1\r\nHost: misread\r\nContent-Length: {length}\r\nX-Zendesk-Webhook-Invocation-Id: {id}\r\n\
         X-Zendesk-Webhook-Signature: {signature}\r\nX-Zendesk-Webhook-Signature-Timestamp: {timestamp}\r\n\r\n{body}"
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_makes_no_sense_is_told_with_its_id_listed_and_shown() {
    let mut place = Place::furnished();
    place.set("MISREAD_DATABASE_URL", "sqlite://misread.db");
    let mut service = place.start(&["serve"]);
    let mut stream = TcpStream::connect(ready(&mut service)).await.unwrap();
    let body = "{\"ticket_id\":\"soon\u{1b}[2J\"}";
    assert_eq!(status(&mut stream, &poison("01HODD", body)).await, "200");
    assert_eq!(status(&mut stream, &poison("01HEVEN", r#"{"ticket_id":"7"}"#)).await, "200");
    let told = service.said(|service| {
        service.log().into_iter().find(|line| line["message"].as_str().unwrap().contains("makes no sense"))
    });
    assert_eq!((&told["level"], &told["delivery.id"]), (&"ERROR".into(), &"01HODD".into()), "{told}");

    let list = place.run(&["delivery", "list", "--poison"]);
    assert_eq!((list.code, list.out.lines().count()), (Some(0), 1), "{list:?}");
    assert!(
        list.out.contains("POISON: not JSON at line 1") && list.out.trim().ends_with("01HODD"),
        "{list:?}"
    );
    let all = place.run(&["delivery", "list"]).out;
    assert_eq!(all.lines().count(), 2, "{all}");
    assert!(all.lines().next().unwrap().contains("ticket 7 (unspecified)"), "the latest comes first: {all}");
    assert_eq!(place.run(&["delivery", "list", "--limit", "1"]).out.lines().count(), 1);

    let number = list.out.split_whitespace().next().unwrap().to_owned();
    for id in ["01HODD", &number] {
        let show = place.run(&["delivery", "show", id]);
        assert_eq!(show.code, Some(0), "{}", show.err);
        assert!(show.out.starts_with(&format!("delivery {number}, id 01HODD\narrived 20")), "{}", show.out);
        assert!(show.out.contains("POISON: ") && show.out.ends_with("\\u{1b}[2J\"}\n"), "{}", show.out);
    }
    let missing = place.run(&["delivery", "show", "01HNONE"]);
    assert_eq!(missing.code, Some(1));
    assert!(
        missing.err.contains("there is no delivery `01HNONE`: `misread delivery list` shows"),
        "{}",
        missing.err
    );
}

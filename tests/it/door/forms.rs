//! Every form of HTTP request has a defined answer, and nothing unauthentic is stored.

use misread::webhook::BODY_LIMIT;

use super::raw::{Raw, head, head_of, honest, request};
use super::scene::Scene;

const BODY: &str = r#"{"ticket_id":"35436"}"#;

/// Sends bytes on a connection of their own and returns the whole answer.
async fn told(scene: &Scene, bytes: impl AsRef<[u8]>) -> String {
    let mut raw = Raw::open(scene.address).await;
    raw.send(bytes).await;
    raw.close().await;
    raw.rest().await
}

#[tokio::test]
async fn huge_and_many_headers_are_refused_before_all_of_them_are_read() {
    let scene = Scene::new().await;
    let huge = scene.signed(BODY).header("X-Filler", "x".repeat(16 * 1024));
    let mut many = scene.signed(BODY);
    many.headers.extend((0..64).map(|_| ("X-Filler", "x".to_owned())));
    let signature = scene.signed(BODY).header("X-Zendesk-Webhook-Signature", "x".repeat(16 * 1024));
    for delivery in [huge, many, signature] {
        let answer = told(&scene, request(&delivery)).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    let long_path = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(20_000));
    let answer = told(&scene, long_path).await;
    assert!(answer.starts_with("HTTP/1.1 431 ") || answer.starts_with("HTTP/1.1 414 "), "{answer}");
    // A head without an end is read only up to the limit.
    let mut raw = Raw::open(scene.address).await;
    raw.send(head(&scene.signed(BODY), "Content-Length: 21").trim_end()).await;
    raw.send("x".repeat(17 * 1024)).await;
    assert_eq!(raw.status().await, 431);
}

#[tokio::test]
async fn what_is_no_http_is_answered_400() {
    let scene = Scene::new().await;
    let tls: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    for bytes in [
        tls,
        b"\xff\xfe\xfd\r\n\r\n",
        b"POST /webhooks/\xff\xfe HTTP/1.1\r\nHost: x\x00\r\n\r\n",
        b"POST /webhooks/zendesk HTTP/1.1\r\nno header\r\n\r\n",
        b"POST /webhooks/zendesk HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello",
        b"POST /webhooks/zendesk HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\nhello",
        b"POST /webhooks/zendesk HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST /webhooks/zendesk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nhello",
        b"POST /webhooks/zendesk HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        let answer = told(&scene, bytes).await;
        let shown = String::from_utf8_lossy(bytes);
        assert!(
            answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.0 400 "),
            "{shown}: {answer}"
        );
        assert_eq!(answer.matches("HTTP/1.").count(), 1, "{shown}: {answer}");
    }
}

#[tokio::test]
async fn another_protocol_is_hung_up_on() {
    assert_eq!(told(&Scene::new().await, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await, "");
}

#[tokio::test]
async fn other_paths_and_methods_are_not_found_or_not_allowed() {
    let scene = Scene::new().await;
    for (line, status) in [
        ("GET / ", "404"),
        ("POST /webhooks/zendesk/ ", "404"),
        ("POST /webhooks/../webhooks/zendesk ", "404"),
        ("POST /webhooks/zendesk%00 ", "404"),
        ("GET /webhooks/zendesk ", "405"),
        ("DELETE /webhooks/zendesk ", "405"),
        ("POST /health/live ", "405"),
        ("OPTIONS * ", "404"),
        ("CONNECT example.com:443 ", "404"),
    ] {
        let answer = told(&scene, format!("{line}HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
    }
}

#[tokio::test]
async fn a_request_smuggled_behind_chunks_is_never_read() {
    let scene = Scene::new().await;
    let smuggled = String::from_utf8(request(&honest(&scene, 2))).unwrap();
    let chunks = format!("{:x}\r\n{BODY}\r\n0\r\n\r\n", BODY.len());
    for lengths in [
        format!("Content-Length: {}\r\nTransfer-Encoding: chunked", chunks.len() + smuggled.len()),
        format!("Transfer-Encoding: chunked\r\nContent-Length: {}", chunks.len() + smuggled.len()),
    ] {
        let answer = told(&scene, head(&scene.signed(BODY), &lengths) + &chunks + &smuggled).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    }
    assert_eq!(scene.pending(2).await, 0);
    assert_eq!(scene.pending(35436).await, 1);
}

#[tokio::test]
async fn a_client_that_waits_for_a_word_before_its_body_gets_it_only_if_the_body_is_wanted() {
    let scene = Scene::new().await;
    let mut raw = Raw::open(scene.address).await;
    raw.send(head(&scene.signed(BODY), "Expect: 100-continue\r\nContent-Length: 21")).await;
    assert_eq!(raw.status().await, 100);
    raw.send(BODY).await;
    assert_eq!(raw.status().await, 200);
    for (delivery, length, status) in [
        (scene.signed(BODY), BODY_LIMIT + 1, 413),
        (scene.signed(BODY).without("X-Zendesk-Webhook-Signature"), 21, 401),
        (Scene::signed_with("other", "2026-01-02T01:00:00Z", BODY), 21, 401),
        (scene.signed(BODY).header("Content-Encoding", "gzip"), 21, 415),
    ] {
        let mut raw = Raw::open(scene.address).await;
        raw.send(head(&delivery, &format!("Expect: 100-continue\r\nContent-Length: {length}"))).await;
        assert_eq!(raw.status().await, status);
    }
}

#[tokio::test]
async fn requests_sent_at_once_are_answered_in_their_order() {
    let scene = Scene::new().await;
    let forged = honest(&scene, 2).header("X-Zendesk-Webhook-Signature", "x");
    let all = [request(&honest(&scene, 1)), request(&forged), request(&honest(&scene, 3))].concat();
    let mut raw = Raw::open(scene.address).await;
    raw.send(all).await;
    assert_eq!([raw.status().await, raw.status().await, raw.status().await], [200, 401, 200]);
    assert_eq!((scene.pending(1).await, scene.pending(2).await, scene.pending(3).await), (1, 0, 1));
}

#[tokio::test]
async fn the_version_of_before_1997_is_answered_and_closed() {
    let scene = Scene::new().await;
    let mut raw = Raw::open(scene.address).await;
    raw.send(head_of("HTTP/1.0", &scene.signed(BODY), "Content-Length: 21") + BODY).await;
    let answer = raw.rest().await;
    assert!(
        answer.starts_with("HTTP/1.0 200 ") && answer.ends_with(r#"{"delivery":"accepted"}"#),
        "{answer}"
    );
}

#[tokio::test]
async fn an_answer_is_not_lost_when_the_sender_goes_on_sending() {
    let scene = Scene::new().await;
    for _ in 0..20 {
        let mut raw = Raw::open(scene.address).await;
        raw.send(head(&scene.signed(BODY), &format!("Content-Length: {}", BODY_LIMIT * 2))).await;
        raw.send(vec![b'x'; BODY_LIMIT * 2]).await;
        assert_eq!(raw.status().await, 413);
    }
}

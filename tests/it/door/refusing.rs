//! Deliveries that are refused, each with a reason that says what to do.

use std::time::Duration;

use misread::webhook::{BODY_LIMIT, Options};

use super::raw::{Raw, head};
use super::scene::{NOW, SECRET, Scene, options, problem};

const BODY: &str = r#"{"ticket_id":"35436"}"#;
const SIGNATURE: &str = "X-Zendesk-Webhook-Signature";
const TIMESTAMP: &str = "X-Zendesk-Webhook-Signature-Timestamp";

#[tokio::test]
async fn a_missing_signature_or_timestamp_is_named() {
    let scene = Scene::new().await;
    for (header, shown) in
        [(SIGNATURE, "x-zendesk-webhook-signature"), (TIMESTAMP, "x-zendesk-webhook-signature-timestamp")]
    {
        let detail = scene.refused(scene.signed(BODY).without(header), 401).await;
        assert_eq!(
            detail,
            format!("the header `{shown}` is missing: send webhooks from Zendesk, which signs them")
        );
        let mut twice = scene.signed(BODY);
        let value = twice.headers.iter().find(|(name, _)| *name == header).unwrap().1.clone();
        twice.headers.push((header, value));
        let told = format!("the header `{shown}` must stand there once, in plain ASCII");
        assert_eq!(scene.refused(twice, 401).await, told);
        assert_eq!(scene.refused(scene.signed(BODY).header(header, "가"), 401).await, told);
    }
}

#[tokio::test]
async fn every_kind_of_wrong_signature_is_refused() {
    let scene = Scene::new().await;
    let other_secret = Scene::signed_with("another secret", NOW, BODY);
    let other_body = scene.signed(BODY).body(format!("{BODY}\n"));
    let other_time = scene.signed(BODY).header(TIMESTAMP, "2026-01-02T03:04:06Z");
    let same_instant = scene.signed(BODY).header(TIMESTAMP, "2026-01-02T03:04:05+00:00");
    for delivery in [other_secret, other_body, other_time, same_instant] {
        assert_eq!(
            scene.refused(delivery, 401).await,
            "the signature does not fit the timestamp, the body and any of the configured secrets: \
             compare the signing secret and both clocks"
        );
    }
    for signature in ["", "x", "S/RDdQ==", "not base64 at all, is it?"] {
        let detail = scene.refused(scene.signed(BODY).header(SIGNATURE, signature), 401).await;
        assert!(detail.starts_with("the signature is not the base64 text of 32 bytes"), "{detail}");
    }
}

#[tokio::test]
async fn without_a_secret_every_request_is_refused() {
    let scene = Scene::with(Options::new(Vec::new())).await;
    scene.refused(scene.signed(BODY), 401).await;
}

#[tokio::test]
async fn a_stale_or_unreadable_timestamp_is_refused() {
    let scene = Scene::new().await;
    for timestamp in ["2026-01-02T02:59:04Z", "2026-01-02T03:09:06Z"] {
        let detail = scene.refused(Scene::signed_with(SECRET, timestamp, BODY), 401).await;
        assert_eq!(
            detail,
            "the signature's timestamp is 301 s away from this service's clock; 300 s are allowed: \
             compare the signing secret and both clocks"
        );
    }
    for timestamp in ["", "now", "1767323045", "2026-01-02", "9999-99-99T99:99:99Z"] {
        let detail = scene.refused(Scene::signed_with(SECRET, timestamp, BODY), 401).await;
        assert!(
            detail.starts_with("the signature's timestamp is not an RFC 3339 time"),
            "{timestamp}: {detail}"
        );
    }
    let narrow = Scene::with(Options { window: Duration::from_secs(10), ..options() }).await;
    narrow.refused(Scene::signed_with(SECRET, "2026-01-02T03:04:16Z", BODY), 401).await;
}

#[tokio::test]
async fn a_wrong_bearer_token_is_refused() {
    let scene = Scene::with(Options { bearer: Some("s3cret".into()), ..options() }).await;
    for given in ["", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2", "Basic s3cret", "s3cret"] {
        let detail = scene.refused(scene.signed(BODY).header("Authorization", given), 401).await;
        assert!(!detail.contains("s3cre"), "{detail}");
    }
    let detail = scene.refused(scene.signed(BODY), 401).await;
    assert!(detail.starts_with("the bearer token is missing or wrong"), "{detail}");
}

#[tokio::test]
async fn another_account_or_webhook_is_not_allowed() {
    let scene = Scene::with(Options { account_id: Some("18525119".to_owned()), ..options() }).await;
    let account = "X-Zendesk-Account-Id";
    for delivery in [scene.signed(BODY).header(account, "1"), scene.signed(BODY).without(account)] {
        let detail = scene.refused(delivery, 403).await;
        assert_eq!(detail, "the header `x-zendesk-account-id` names another sender than the settings allow");
    }
    // A sender with a wrong signature does not learn which account is accepted.
    scene.refused(Scene::signed_with("another secret", NOW, BODY).header(account, "1"), 401).await;
    let scene = Scene::with(Options { webhook_id: Some("01X".to_owned()), ..options() }).await;
    scene.refused(scene.signed(BODY), 403).await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_announced_or_not() {
    let scene = Scene::new().await;
    let detail = scene.refused(scene.signed(vec![b' '; BODY_LIMIT + 1]), 413).await;
    assert_eq!(detail, "the body is larger than 262144 bytes: send ids only");

    let mut raw = Raw::open(scene.address).await;
    let chunk = format!("{:x}\r\n{}\r\n", BODY_LIMIT + 1, "x".repeat(BODY_LIMIT + 1));
    raw.send(head(&scene.signed(BODY), "Transfer-Encoding: chunked") + &chunk).await;
    assert_eq!(raw.status().await, 413);
    let mut raw = Raw::open(scene.address).await;
    raw.send(head(&scene.signed(BODY), "Content-Length: 99999999999")).await;
    assert_eq!(raw.status().await, 413, "before a byte of the body was sent");
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let scene = Scene::new().await;
    for coding in ["gzip", "br", "identity, gzip"] {
        let detail = scene.refused(scene.signed(BODY).header("Content-Encoding", coding), 415).await;
        assert_eq!(detail, "the body is compressed: send it as it is, without `Content-Encoding`");
    }
    scene.taken(scene.signed(BODY).header("Content-Encoding", "Identity"), "accepted").await;
}

#[tokio::test]
async fn a_body_that_never_comes_is_not_waited_for() {
    let scene = Scene::with(Options { body_within: Duration::from_millis(20), ..options() }).await;
    let mut raw = Raw::open(scene.address).await;
    raw.send(head(&scene.signed(BODY), "Content-Length: 21") + &BODY[..10]).await;
    let answer = raw.rest().await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 5"), "{answer}");
    assert_eq!(scene.rows("SELECT count(*) FROM deliveries").await, 0);
}

#[tokio::test]
async fn a_body_that_breaks_off_stores_nothing() {
    let scene = Scene::new().await;
    let mut raw = Raw::open(scene.address).await;
    raw.send(head(&scene.signed(BODY), "Content-Length: 21") + &BODY[..10]).await;
    raw.close().await;
    let answer = raw.rest().await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 5"), "{answer}");
    assert_eq!(scene.rows("SELECT count(*) FROM deliveries").await, 0);
}

#[tokio::test]
async fn nothing_of_the_secret_or_the_body_is_repeated_in_a_refusal() {
    let scene = Scene::new().await;
    let delivery = Scene::signed_with("wrong", NOW, r#"{"ticket_id":"1","plate":"12가3456"}"#);
    let response = scene.send(delivery).await;
    let detail = problem(response, 401).await;
    assert!(!detail.contains("12가3456") && !detail.contains(SECRET), "{detail}");
}

//! `/webhooks/test` sends a real request.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Mailbox, Stage, make, named, with};

const TEST: &str = "/api/v2/webhooks/test";
/// The published secret, which signs tests of a webhook that does not exist yet.
const PUBLISHED: &str = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";

#[tokio::test]
async fn a_webhook_that_does_not_exist_yet_is_tested_with_the_published_secret() {
    let stage = Stage::set().await;
    let mailbox = Mailbox::open().await;
    let request = json!({ "request": { "endpoint": mailbox.url, "http_method": "POST", "request_format": "json",
        "payload": "{\"ticket_id\":\"1\"}" } });
    let (status, body) = stage.admin(Method::POST, TEST, request).await;
    assert_eq!((status, &body["response"]["status_code"]), (200, &json!(200)));
    assert_eq!(body["response"]["payload"], "thanks");
    assert!(
        body["response"]["headers"]
            .as_array()
            .unwrap()
            .contains(&json!({ "key": "x-mailbox", "value": "yes" }))
    );
    let arrived = mailbox.last();
    assert_eq!(arrived.body, "{\"ticket_id\":\"1\"}");
    assert!(arrived.is_signed_with(PUBLISHED));
}

#[tokio::test]
async fn a_webhook_that_exists_lends_what_is_left_open_and_its_own_secret() {
    let stage = Stage::set().await;
    let mailbox = Mailbox::open().await;
    let other = json!({ "authentication": { "type": "bearer_token", "data": { "token": "t" }, "add_position": "header" } });
    let webhook = make(&stage, with(named("x", &format!("{}/own", mailbox.url)), &other)).await;
    let id = webhook["id"].as_str().unwrap();
    let path = format!("{TEST}?webhook_id={id}");
    assert_eq!(stage.admin(Method::POST, &path, json!({ "request": {} })).await.0, 200);
    let arrived = mailbox.last();
    assert_eq!((arrived.uri.path(), arrived.header("authorization")), ("/hook/own", "Bearer t"));
    let (_, secret) =
        stage.admin(Method::GET, &format!("/api/v2/webhooks/{id}/signing_secret"), Value::Null).await;
    assert!(arrived.is_signed_with(secret["signing_secret"]["secret"].as_str().unwrap()));
    let elsewhere = json!({ "request": { "endpoint": format!("{}/elsewhere", mailbox.url) } });
    assert_eq!(stage.admin(Method::POST, &path, elsewhere).await.0, 200);
    assert_eq!(mailbox.last().uri.path(), "/hook/elsewhere");
    let (_, after) = stage.admin(Method::GET, &format!("/api/v2/webhooks/{id}"), Value::Null).await;
    assert_eq!(after["webhook"]["endpoint"], webhook["endpoint"], "a test changes nothing");
}

#[tokio::test]
async fn a_test_that_cannot_be_sent_is_an_error() {
    let stage = Stage::set().await;
    for (path, request) in [
        (TEST.to_owned(), json!({})),
        (TEST.to_owned(), json!({ "endpoint": "nowhere" })),
        (TEST.to_owned(), json!({ "endpoint": "http://127.0.0.1:9/" })),
        (format!("{TEST}?webhook_id=nothing"), json!({})),
    ] {
        let (status, body) = stage.admin(Method::POST, &path, json!({ "request": request })).await;
        assert!(
            matches!(status, 400 | 404) && body["errors"][0]["code"].is_string(),
            "{path} {request}: {status} {body}"
        );
    }
}

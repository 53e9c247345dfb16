//! The requests of a webhook in all variants, and their record.

use std::time::Duration;

use axum::http::StatusCode;
use misread::sandbox::zendesk::InvocationStatus;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Mailbox, Stage, make, named, notify, with};

async fn get(stage: &Stage, path: &str) -> Value {
    let (status, body) = stage.admin(Method::GET, path, Value::Null).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

#[tokio::test]
async fn every_way_of_authentication_and_the_webhook_s_own_headers_are_sent() {
    let stage = Stage::set().await;
    let mailbox = Mailbox::open().await;
    let ways = [
        (
            json!({ "type": "basic_auth", "data": { "username": "u", "password": "p" } }),
            "authorization",
            "Basic dTpw",
        ),
        (json!({ "type": "bearer_token", "data": { "token": "t" } }), "authorization", "Bearer t"),
        (json!({ "type": "api_key", "data": { "name": "X-Key", "value": "v" } }), "x-key", "v"),
    ];
    for (authentication, header, value) in ways {
        let authentication = with(authentication, &json!({ "add_position": "header" }));
        let other = json!({ "authentication": authentication, "custom_headers": { "X-Team": "cs" } });
        let webhook = make(&stage, with(named("x", &mailbox.url), &other)).await;
        notify(&stage, &webhook, json!("{}")).await;
        stage.plain_ticket();
        stage.zendesk.deliver_webhooks().await;
        let arrived = mailbox
            .seen
            .lock()
            .unwrap()
            .iter()
            .rfind(|one| one.header("x-zendesk-webhook-id") == webhook["id"])
            .cloned()
            .unwrap();
        assert_eq!((arrived.header(header), arrived.header("x-team")), (value, "cs"));
    }
}

#[tokio::test]
async fn a_new_secret_counts_at_once_and_the_old_one_is_worth_nothing() {
    let stage = Stage::set().await;
    let mailbox = Mailbox::open().await;
    let webhook = make(&stage, named("x", &mailbox.url)).await;
    notify(&stage, &webhook, json!("{\"ticket_id\":\"{{ticket.id}}\"}")).await;
    let path = format!("/api/v2/webhooks/{}/signing_secret", webhook["id"].as_str().unwrap());
    let old = get(&stage, &path).await["signing_secret"].clone();
    assert_eq!((&old["algorithm"], old["secret"].as_str().unwrap().len()), (&json!("SHA256"), 44));
    stage.plain_ticket();
    stage.zendesk.deliver_webhooks().await;
    assert!(mailbox.last().is_signed_with(old["secret"].as_str().unwrap()));

    stage.plain_ticket();
    let (status, new) = stage.admin(Method::POST, &path, Value::Null).await;
    assert_eq!(status, 201);
    let new = new["signing_secret"]["secret"].as_str().unwrap();
    assert_eq!(get(&stage, &path).await["signing_secret"]["secret"], new);
    stage.zendesk.deliver_webhooks().await;
    assert!(
        mailbox.last().is_signed_with(new) && !mailbox.last().is_signed_with(old["secret"].as_str().unwrap())
    );
}

#[tokio::test]
async fn methods_and_formats_are_those_of_the_webhook() {
    let stage = Stage::set().await;
    let mailbox = Mailbox::open().await;
    let pairs = json!([["ticket", "{{ticket.id}}"], ["text", "가 & 나={{ticket.title}}"]]);
    let encoded = |id| format!("ticket={id}&text=%EA%B0%80+%26+%EB%82%98%3D%EB%AC%B8%EC%9D%98");
    for (method, format, template, body_of_ours) in [
        ("POST", "form_encoded", pairs.clone(), true),
        ("GET", "json", pairs.clone(), false),
        ("DELETE", "json", pairs, false),
        ("PATCH", "xml", json!("<t>{{ticket.id}}</t>"), true),
    ] {
        let endpoint =
            if body_of_ours { mailbox.url.clone() } else { format!("{}?from=zendesk", mailbox.url) };
        let other = json!({ "http_method": method, "request_format": format });
        let webhook = make(&stage, with(named("x", &endpoint), &other)).await;
        let id = webhook["id"].as_str().unwrap();
        let secret =
            get(&stage, &format!("/api/v2/webhooks/{id}/signing_secret")).await["signing_secret"]["secret"]
                .clone();
        notify(&stage, &webhook, template).await;
        let ticket = stage.plain_ticket();
        stage.zendesk.deliver_webhooks().await;
        let arrived = mailbox.last();
        assert_eq!(arrived.method.as_str(), method);
        let content_type = match format {
            "json" => "application/json; charset=utf-8",
            "xml" => "application/xml; charset=utf-8",
            _ => "application/x-www-form-urlencoded; charset=utf-8",
        };
        assert_eq!(arrived.header("content-type"), content_type);
        let expected = if format == "xml" { format!("<t>{ticket}</t>") } else { encoded(ticket) };
        if body_of_ours {
            assert_eq!((arrived.body.as_str(), arrived.uri.query()), (expected.as_str(), None));
        } else {
            assert_eq!(
                (arrived.body.as_str(), arrived.uri.query()),
                ("", Some(format!("from=zendesk&{expected}").as_str()))
            );
        }
        assert!(arrived.is_signed_with(secret.as_str().unwrap()), "{method}: over the body alone");
        assert_eq!(stage.admin(Method::DELETE, &format!("/api/v2/webhooks/{id}"), Value::Null).await.0, 204);
    }
}

#[tokio::test]
async fn invocations_and_attempts_tell_what_went_over_the_wire() {
    let stage = Stage::set().await;
    let mailbox = Mailbox::open().await;
    let secret = json!({ "authentication": { "type": "bearer_token", "data": { "token": "hush" }, "add_position": "header" },
        "custom_headers": { "x-own": "seen" } });
    let webhook = make(&stage, with(named("x", &mailbox.url), &secret)).await;
    notify(&stage, &webhook, json!("{\"ticket_id\":\"{{ticket.id}}\"}")).await;
    let invocations = format!("/api/v2/webhooks/{}/invocations", webhook["id"].as_str().unwrap());
    let ticket = stage.plain_ticket();
    assert_eq!(
        get(&stage, &invocations).await,
        json!({ "invocations": [], "meta": { "has_more": false } }),
        "not tried yet"
    );
    *mailbox.status.lock().unwrap() = StatusCode::CONFLICT;
    stage.zendesk.deliver_webhooks().await;
    *mailbox.status.lock().unwrap() = StatusCode::OK;
    stage.clock.advance(Duration::from_mins(1));
    stage.zendesk.deliver_webhooks().await;
    *mailbox.status.lock().unwrap() = StatusCode::FORBIDDEN;
    stage.clock.advance(Duration::from_mins(1));
    stage.plain_ticket();
    stage.zendesk.deliver_webhooks().await;

    let list = get(&stage, &invocations).await;
    let [second, first] = list["invocations"].as_array().unwrap().as_slice() else { panic!("{list}") };
    assert_eq!((&second["status"], &second["status_code"]), (&json!("terminated"), &json!(403)));
    assert_eq!(second["latest_completed_at"], "2026-03-02T01:02:00Z");
    assert_eq!((&first["status"], &first["status_code"]), (&json!("success"), &json!(200)));
    let page = get(&stage, &format!("{invocations}?page[size]=1")).await;
    assert_eq!((&page["invocations"], &page["meta"]["has_more"]), (&json!([second]), &json!(true)));

    let path = format!("{invocations}/{}/attempts", first["id"].as_str().unwrap());
    let attempts = get(&stage, &path).await["attempts"].clone();
    assert_eq!(attempts.as_array().unwrap().len(), 2);
    let [conflict, success] = [&attempts[0], &attempts[1]];
    assert_eq!((&conflict["status_code"], &success["status_code"]), (&json!(409), &json!(200)));
    assert_eq!((&conflict["status"], &success["status"]), (&json!("terminated"), &json!("success")));
    assert_eq!(
        (&success["id"], &success["invocation_id"]),
        (&webhook["id"], &first["id"]),
        "the webhook's id, as recorded"
    );
    assert_eq!(success["completed_at"], "2026-03-02T01:01:00Z");
    assert_eq!(success["request"]["payload"], format!("{{\"ticket_id\":\"{ticket}\"}}"));
    let headers = |message: &Value| message["headers"].as_array().unwrap().clone();
    let signed_at =
        json!({ "key": "X-Zendesk-Webhook-Signature-Timestamp", "value": "2026-03-02T01:01:00Z" });
    assert!(headers(&success["request"]).contains(&signed_at));
    assert!(headers(&success["request"]).contains(&json!({ "key": "x-own", "value": "seen" })));
    assert!(!success.to_string().contains("hush"), "{success}");
    assert!(headers(&success["response"]).contains(&json!({ "key": "x-mailbox", "value": "yes" })));
    assert_eq!(success["response"]["payload"], "thanks");
    let unknown = format!("{invocations}/nothing/attempts");
    assert_eq!(stage.admin(Method::GET, &unknown, Value::Null).await.0, 404);
}

#[tokio::test]
async fn what_waits_for_a_webhook_that_is_switched_off_is_not_sent() {
    let stage = Stage::set().await;
    let mailbox = Mailbox::open().await;
    let webhook = make(&stage, named("x", &mailbox.url)).await;
    notify(&stage, &webhook, json!("{}")).await;
    stage.plain_ticket();
    let path = format!("/api/v2/webhooks/{}", webhook["id"].as_str().unwrap());
    stage.admin(Method::PATCH, &path, json!({ "webhook": { "status": "inactive" } })).await;
    stage.plain_ticket();
    stage.zendesk.deliver_webhooks().await;
    assert_eq!(mailbox.count(), 0);
    let ended: Vec<_> =
        stage.zendesk.invocations().iter().map(|ended| (ended.webhook_id.clone(), ended.status)).collect();
    assert!(
        ended.contains(&(webhook["id"].as_str().unwrap().to_owned(), InvocationStatus::Dropped)),
        "{ended:?}"
    );
    stage.admin(Method::PATCH, &path, json!({ "webhook": { "status": "active" } })).await;
    stage.plain_ticket();
    stage.zendesk.deliver_webhooks().await;
    assert_eq!(mailbox.count(), 1, "only what came since");
}

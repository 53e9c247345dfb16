//! Creating, listing, changing and deleting webhooks, and their secrets.

use std::time::Duration;

use misread::sandbox::zendesk::ADMIN_USER;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Stage, make, named, with};

const PATH: &str = "/api/v2/webhooks";

fn names(list: &Value) -> Vec<&str> {
    list["webhooks"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

async fn get(stage: &Stage, path: &str) -> Value {
    let (status, body) = stage.admin(Method::GET, path, Value::Null).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

#[tokio::test]
async fn a_webhook_is_shown_as_recorded_and_never_tells_a_secret() {
    let stage = Stage::set().await;
    let full = json!({ "description": "설명", "custom_headers": { "X-Team": "cs" },
        "authentication": { "type": "bearer_token", "data": { "token": "secret-token" }, "add_position": "header" } });
    let made = make(&stage, with(named("Example", "https://example.com"), &full)).await;
    let id = made["id"].as_str().unwrap();
    assert_eq!(id.len(), 26);
    let mut expected = json!({
        "id": id, "name": "Example", "description": "설명", "status": "active",
        "subscriptions": ["conditional_ticket_events"], "created_at": "2026-03-02T01:00:00.25Z",
        "created_by": ADMIN_USER.to_string(), "endpoint": "https://example.com", "http_method": "POST",
        "request_format": "json", "authentication": { "type": "bearer_token", "add_position": "header" },
        "custom_headers": { "X-Team": "cs" },
    });
    assert_eq!(made, expected, "fractions of a second when it is made");
    expected["created_at"] = json!("2026-03-02T01:00:00Z");
    assert_eq!(get(&stage, &format!("{PATH}/{id}")).await["webhook"], expected);
    let shown = [
        (
            json!({ "type": "basic_auth", "data": { "username": "u", "password": "p" }, "add_position": "header" }),
            json!({ "username": "u" }),
        ),
        (
            json!({ "type": "api_key", "data": { "name": "X-Key", "value": "v" }, "add_position": "header" }),
            json!({ "name": "X-Key" }),
        ),
    ];
    for (authentication, data) in shown {
        let made = make(
            &stage,
            with(named("x", "https://example.com"), &json!({ "authentication": authentication })),
        )
        .await;
        assert_eq!(made["authentication"]["data"], data);
    }
    let open =
        make(&stage, with(named("x", "https://example.com"), &json!({ "authentication": null }))).await;
    assert!(open.get("authentication").is_none() && open.get("description").is_none(), "no keys for nothing");
}

#[tokio::test]
async fn what_cannot_be_a_webhook_is_refused_in_a_list_of_errors() {
    let stage = Stage::set().await;
    let wrong = [
        json!({ "name": "" }),
        json!({ "endpoint": "example.com" }),
        json!({ "endpoint": "ftp://example.com" }),
        json!({ "http_method": "TRACE" }),
        json!({ "request_format": "yaml" }),
        json!({ "status": "sleeping" }),
        json!({ "name": null }),
        json!({ "subscriptions": ["conditional_ticket_events", "zen:event-type:ticket.created"] }),
        json!({ "subscriptions": ["everything"] }),
        json!({ "subscriptions": ["zen:event-type:ticket.created"], "http_method": "PUT" }),
        json!({ "authentication": { "type": "digest", "add_position": "header" } }),
        json!({ "authentication": { "type": "bearer_token", "data": {}, "add_position": "header" } }),
        json!({ "authentication": { "type": "bearer_token", "data": { "token": "t" }, "add_position": "body" } }),
        json!({ "custom_headers": ["X-Team"] }),
    ];
    for other in wrong {
        let body = json!({ "webhook": with(named("x", "https://example.com"), &other) });
        let (status, answer) = stage.admin(Method::POST, PATH, body).await;
        assert_eq!(status, 400, "{other}: {answer}");
        assert!(
            answer["errors"][0]["code"].is_string() && answer["errors"][0]["title"].is_string(),
            "{answer}"
        );
    }
    assert_eq!(stage.admin(Method::POST, PATH, json!({ "name": "x" })).await.0, 400);
    assert_eq!(names(&get(&stage, PATH).await), [""; 0]);
}

#[tokio::test]
async fn a_patch_changes_only_what_is_said_and_never_the_subscriptions() {
    let stage = Stage::set().await;
    let full = json!({ "description": "설명", "custom_headers": { "X-Team": "cs" },
        "authentication": { "type": "bearer_token", "data": { "token": "t" }, "add_position": "header" } });
    let made = make(&stage, with(named("가", "https://example.com"), &full)).await;
    let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
    stage.clock.advance(Duration::from_secs(2));
    assert_eq!(
        stage.admin(Method::PATCH, &path, json!({ "webhook": { "name": "나" } })).await,
        (204, Value::Null)
    );
    let patched = get(&stage, &path).await["webhook"].clone();
    assert_eq!((&patched["name"], &patched["description"]), (&json!("나"), &json!("설명")));
    assert_eq!(patched["authentication"], made["authentication"]);
    assert_eq!(
        (&patched["updated_at"], &patched["updated_by"]),
        (&json!("2026-03-02T01:00:02Z"), &json!(ADMIN_USER.to_string()))
    );

    let other = json!({ "webhook": { "subscriptions": ["zen:event-type:ticket.created"] } });
    assert_eq!(
        stage.admin(Method::PATCH, &path, other).await.0,
        400,
        "what it is connected to never changes"
    );
    let stray = json!({ "webhook": { "id": "x", "nonsense": true } });
    assert_eq!(stage.admin(Method::PATCH, &path, stray).await.0, 204, "unknown keys are passed over");
}

#[tokio::test]
async fn a_clone_has_a_secret_of_its_own_and_deleting_one_leaves_the_other() {
    let stage = Stage::set().await;
    let made =
        make(&stage, with(named("가", "https://example.com"), &json!({ "description": "설명" }))).await;
    let id = made["id"].as_str().unwrap();
    let (status, cloned) =
        stage.admin(Method::POST, &format!("{PATH}?clone_webhook_id={id}"), Value::Null).await;
    assert_eq!((status, &cloned["webhook"]["name"]), (201, &json!("가 (copy)")));
    assert_eq!(cloned["webhook"]["description"], "설명");
    let copy = cloned["webhook"]["id"].as_str().unwrap();
    let secret = async |id: &str| {
        get(&stage, &format!("{PATH}/{id}/signing_secret")).await["signing_secret"]["secret"].clone()
    };
    assert_ne!(secret(id).await, secret(copy).await);
    assert_eq!(stage.admin(Method::DELETE, &format!("{PATH}/{id}"), Value::Null).await, (204, Value::Null));
    assert_eq!(names(&get(&stage, PATH).await), ["가 (copy)"]);
    for (method, path) in [
        (Method::GET, format!("{PATH}/{id}")),
        (Method::DELETE, format!("{PATH}/{id}")),
        (Method::PATCH, format!("{PATH}/{id}")),
        (Method::GET, format!("{PATH}/{id}/signing_secret")),
        (Method::POST, format!("{PATH}/{id}/signing_secret")),
        (Method::GET, format!("{PATH}/{id}/invocations")),
        (Method::POST, format!("{PATH}?clone_webhook_id={id}")),
    ] {
        let (status, answer) = stage.admin(method.clone(), &path, json!({ "webhook": {} })).await;
        assert_eq!(
            (status, &answer["errors"][0]["code"]),
            (404, &json!("WebhookNotFound")),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn lists_are_newest_first_and_cut_by_cursors_that_stand_there_only_when_there_is_more() {
    let stage = Stage::set().await;
    for (name, status) in [("가 하나", "active"), ("나 둘", "inactive"), ("다 하나", "active")] {
        stage.clock.advance(Duration::from_secs(1));
        make(&stage, with(named(name, "https://example.com"), &json!({ "status": status }))).await;
    }
    let list = get(&stage, PATH).await;
    assert_eq!(names(&list), ["다 하나", "나 둘", "가 하나"]);
    assert_eq!((&list["meta"], list.get("links")), (&json!({ "has_more": false }), None), "as recorded");
    let first = get(&stage, &format!("{PATH}?page[size]=2")).await;
    assert_eq!((names(&first), &first["meta"]["has_more"]), (vec!["다 하나", "나 둘"], &json!(true)));
    let next = first["links"]["next"].as_str().unwrap().replace(&stage.zendesk_url, "");
    assert!(next.contains(first["meta"]["after_cursor"].as_str().unwrap()));
    let second = get(&stage, &next).await;
    assert_eq!((names(&second), &second["meta"]["has_more"]), (vec!["가 하나"], &json!(false)));
    assert_eq!(stage.admin(Method::GET, &format!("{PATH}?page[size]=101"), Value::Null).await.0, 400);
}

#[tokio::test]
async fn these_calls_have_a_budget_of_their_own() {
    let stage = Stage::set().await;
    let call = async || stage.ask_admin(Method::GET, PATH).send().await.unwrap();
    let first = call().await;
    assert_eq!(
        (&first.headers()["x-rate-limit"], &first.headers()["x-rate-limit-remaining"]),
        (&"100".parse().unwrap(), &"99".parse().unwrap())
    );
    assert!(!first.headers().contains_key("ratelimit-limit"), "not the account's");
    for _ in 1..100 {
        assert_eq!(call().await.status(), 200);
    }
    let refused = call().await;
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (429, &"60".parse().unwrap()));
    let macros = stage.ask_zendesk(Method::GET, "/api/v2/macros").send().await.unwrap();
    assert_eq!(macros.headers()["ratelimit-remaining"], "699");
    stage.clock.advance(Duration::from_mins(1));
    assert_eq!(call().await.status(), 200);
}

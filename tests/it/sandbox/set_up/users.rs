//! Users: created, found and changed.

use std::time::Duration;

use misread::sandbox::zendesk::SERVICE_USER;
use reqwest::Method;
use serde_json::{Value, json};

use super::Stage;

const PATH: &str = "/api/v2/users";

async fn make(stage: &Stage, body: Value) -> Value {
    stage.make(PATH, "user", body).await
}

#[tokio::test]
async fn a_user_is_shown_with_every_recorded_key() {
    let stage = Stage::set().await;
    let made = make(&stage, json!({ "name": "testUser" })).await;
    let id = made["id"].as_i64().unwrap();
    let expected = json!({ "id": id, "url": format!("{}{PATH}/{id}.json", stage.zendesk_url), "name": "testUser",
        "email": null, "created_at": "2026-03-02T01:00:00Z", "updated_at": "2026-03-02T01:00:00Z", "time_zone": "Seoul",
        "iana_time_zone": "Asia/Seoul", "phone": null, "shared_phone_number": null, "photo": null, "locale_id": 69,
        "locale": "ko", "organization_id": null, "role": "end-user", "verified": false, "external_id": null, "tags": [],
        "alias": null, "active": true, "shared": false, "shared_agent": false, "last_login_at": null,
        "two_factor_auth_enabled": false, "signature": null, "details": null, "notes": null, "role_type": null,
        "custom_role_id": null, "moderator": false, "ticket_restriction": "requested", "only_private_comments": false,
        "restricted_agent": true, "suspended": false, "default_group_id": null, "report_csv": false, "user_fields": {} });
    assert_eq!(made, expected);
    stage.clock.advance(Duration::from_secs(1));
    let own = format!("{PATH}/{id}");
    let change = json!({ "user": { "phone": "010-0000-0000", "tags": ["vip"], "external_id": "acct-x", "organization_id": 9 } });
    let (status, body) = stage.agent(Method::PUT, &own, change).await;
    let user = &body["user"];
    assert_eq!(
        (status, &user["name"], &user["phone"], &user["tags"]),
        (200, &json!("testUser"), &json!("010-0000-0000"), &json!(["vip"]))
    );
    assert_eq!((&user["updated_at"], &user["organization_id"]), (&json!("2026-03-02T01:00:01Z"), &json!(9)));
    let (_, body) = stage.agent(Method::PUT, &own, json!({ "user": { "phone": null } })).await;
    assert_eq!((&body["user"]["phone"], &body["user"]["external_id"]), (&Value::Null, &json!("acct-x")));
}

#[tokio::test]
async fn users_are_found_by_address_external_id_and_name() {
    let stage = Stage::set().await;
    let body = json!({ "name": "홍 길동", "email": "Hong@Example.com", "external_id": "acct-9001" });
    let id = make(&stage, body).await["id"].clone();
    for query in [
        "query=hong@example.com",
        "external_id=ACCT-9001",
        "query=길동",
        "query=external_id:acct-9001",
        "query=role:end-user%20길동",
        "query=type:user%20email:hong@example.com",
    ] {
        let found = stage.get(&format!("{PATH}/search?{query}")).await;
        assert_eq!((&found["count"], &found["users"][0]["id"]), (&json!(1), &id), "{query}");
    }
    assert_eq!(stage.get(&format!("{PATH}/search?query=nobody@example.com")).await["count"], 0);
    assert_eq!(stage.agent(Method::GET, &format!("{PATH}/search"), Value::Null).await.0, 400);
    let many = stage.get(&format!("{PATH}/show_many?ids={id},{SERVICE_USER},5")).await;
    assert_eq!(many["count"], 2);
}

#[tokio::test]
async fn one_who_exists_is_updated_and_one_who_does_not_is_made() {
    let stage = Stage::set().await;
    let path = "/api/v2/users/create_or_update";
    let body = |name: &str| json!({ "user": { "name": name, "email": "hong@example.com", "external_id": "acct-9001" } });
    let (status, first) = stage.agent(Method::POST, path, body("홍길동")).await;
    assert_eq!(status, 201);
    let (status, second) = stage.agent(Method::POST, path, body("홍 길동")).await;
    assert_eq!(
        (status, &second["user"]["id"], &second["user"]["name"]),
        (200, &first["user"]["id"], &json!("홍 길동"))
    );
    let by_address = json!({ "user": { "name": "길동", "email": "HONG@example.com" } });
    assert_eq!(stage.agent(Method::POST, path, by_address).await.0, 200);
}

#[tokio::test]
async fn what_cannot_be_a_user_is_told_and_staff_is_the_admin_s() {
    let stage = Stage::set().await;
    make(&stage, json!({ "name": "가", "email": "taken@example.com", "external_id": "acct-9001" })).await;
    for (body, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": "나", "email": "Taken@example.com" }), "email"),
        (json!({ "name": "나", "email": "nowhere" }), "email"),
        (json!({ "name": "나", "external_id": "acct-9001" }), "external_id"),
    ] {
        let (status, answer) = stage.agent(Method::POST, PATH, json!({ "user": body })).await;
        assert_eq!(status, 422);
        assert!(answer["details"][field][0]["description"].is_string(), "{answer}");
    }
    let agent = json!({ "user": { "name": "새 상담사", "email": "new@example.com", "role": "agent" } });
    assert_eq!(stage.agent(Method::POST, PATH, agent.clone()).await.0, 403);
    let (status, made) = stage.admin(Method::POST, PATH, agent).await;
    assert_eq!((status, &made["user"]["role"]), (201, &json!("agent")));
    let me = format!("{PATH}/{SERVICE_USER}");
    assert_eq!(stage.agent(Method::PUT, &me, json!({ "user": { "role": "admin" } })).await.0, 403);
}

//! The right to change the account's set-up: clients act as their users, and only admins may.

use std::time::Duration;

use misread::sandbox::zendesk::{ADMIN_USER, Role, SERVICE_USER};
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::{Stage, answered};

const SERVICE: (&str, &str) = ("misread", "client-secret");
const SET_UP: (&str, &str) = ("misread-admin", "client-secret-admin");

async fn token(stage: &Stage, (id, secret): (&str, &str), scope: &str) -> String {
    let request = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret,
        "scope": scope, "expires_in": 600 });
    let (status, body) =
        answered(stage.http.post(format!("{}/oauth/tokens", stage.zendesk_url)).json(&request)).await;
    assert_eq!(status, 201, "{body}");
    body["access_token"].as_str().unwrap().to_owned()
}

async fn with(stage: &Stage, token: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}{path}", stage.zendesk_url);
    answered(stage.http.request(method, url).bearer_auth(token).json(&body)).await
}

#[tokio::test]
async fn a_client_acts_as_the_user_that_it_is_tied_to_and_ends_with_that_user_s_access() {
    let stage = Stage::set().await;
    let me = "/api/v2/users/me.json";
    for (client, user, role) in [(SERVICE, SERVICE_USER, "agent"), (SET_UP, ADMIN_USER, "admin")] {
        let token = token(&stage, client, "read write").await;
        let (_, body) = with(&stage, &token, Method::GET, me, Value::Null).await;
        assert_eq!((&body["user"]["id"], &body["user"]["role"]), (&json!(user), &json!(role)));
    }
    let token = token(&stage, SET_UP, "read").await;
    assert_eq!(with(&stage, &token, Method::GET, "/api/v2/macros", Value::Null).await.0, 200);
    stage.zendesk.alter_user(ADMIN_USER, |user| user.profile.suspended = true).unwrap();
    assert_eq!(with(&stage, &token, Method::GET, "/api/v2/macros", Value::Null).await.0, 401);
}

#[tokio::test]
async fn a_token_tells_what_it_may_do() {
    let stage = Stage::set().await;
    let current = "/api/v2/oauth/tokens/current.json";
    let full = token(&stage, SERVICE, "tickets:write read").await;
    stage.clock.advance(Duration::from_mins(1));
    let (status, body) = with(&stage, &full, Method::GET, current, Value::Null).await;
    let shown = &body["token"];
    assert_eq!(status, 200);
    assert_eq!(shown["scopes"], json!(["tickets:write", "read"]));
    assert_eq!(shown["user_id"], SERVICE_USER);
    assert_eq!(shown["token"].as_str().unwrap(), &full[..10], "never the whole");
    assert_eq!(shown["created_at"], "2026-03-02T01:00:00Z");
    assert_eq!(shown["expires_at"], "2026-03-02T01:10:00Z");
    assert!(shown["client_id"].is_i64());

    let narrow = token(&stage, SERVICE, "tickets:read").await;
    assert_eq!(with(&stage, &narrow, Method::GET, current, Value::Null).await.0, 403, "it has no `read`");
    assert_eq!(stage.agent(Method::GET, current, Value::Null).await.0, 404, "an API token is none of these");
}

#[tokio::test]
async fn scopes_cover_what_they_name_and_one_that_does_not_exist_spoils_the_token() {
    let stage = Stage::set().await;
    let expected = [
        (
            "triggers:read",
            [("/api/v2/triggers", 200), ("/api/v2/trigger_categories", 200), ("/api/v2/macros", 403)],
        ),
        (
            "webhooks:read auditlogs:read",
            [("/api/v2/webhooks", 200), ("/api/v2/audit_logs", 200), ("/api/v2/users/show_many?ids=1", 403)],
        ),
        (
            "users",
            [("/api/v2/users/show_many?ids=1", 200), ("/api/v2/groups", 403), ("/api/v2/ticket_fields", 403)],
        ),
        ("read", [("/api/v2/macros", 200), ("/api/v2/ticket_forms", 200), ("/api/v2/webhooks", 200)]),
        // There is no separate scope for macros.
        ("macros:read read", [("/api/v2/macros", 403), ("/api/v2/tickets", 403), ("/api/v2/groups", 403)]),
    ];
    for (scope, paths) in expected {
        let token = token(&stage, SET_UP, scope).await;
        for (path, status) in paths {
            let (answered, body) = with(&stage, &token, Method::GET, path, Value::Null).await;
            assert_eq!(answered, status, "{scope}: {path}");
            if status == 403 {
                assert_eq!(body["error"], "Forbidden");
                assert_eq!(body["description"], "You are missing the following required scopes: read");
            }
        }
    }
    let reading = token(&stage, SET_UP, "triggers:read read").await;
    let (status, body) = with(&stage, &reading, Method::POST, "/api/v2/triggers", json!({})).await;
    assert_eq!((status, body["description"].as_str().unwrap().ends_with("scopes: write")), (403, true));
}

#[tokio::test]
async fn an_agent_changes_nothing_of_the_set_up() {
    let stage = Stage::set().await;
    let trigger = stage.get("/api/v2/triggers").await["triggers"][0]["id"].as_i64().unwrap();
    let category = stage.get("/api/v2/trigger_categories").await["trigger_categories"][0]["id"].clone();
    let category = category.as_str().unwrap();
    let refused = [
        (Method::POST, "/api/v2/triggers".to_owned()),
        (Method::PUT, format!("/api/v2/triggers/{trigger}")),
        (Method::DELETE, format!("/api/v2/triggers/{trigger}")),
        (Method::POST, "/api/v2/trigger_categories".to_owned()),
        (Method::PATCH, format!("/api/v2/trigger_categories/{category}")),
        (Method::GET, "/api/v2/webhooks".to_owned()),
        (Method::POST, "/api/v2/webhooks".to_owned()),
        (Method::POST, "/api/v2/webhooks/test".to_owned()),
        (Method::POST, "/api/v2/ticket_fields".to_owned()),
        (Method::PUT, "/api/v2/ticket_fields/6150000000101".to_owned()),
        (Method::DELETE, "/api/v2/ticket_fields/6150000000101".to_owned()),
        (Method::POST, "/api/v2/ticket_fields/6150000000101/options".to_owned()),
        (Method::POST, "/api/v2/groups".to_owned()),
        (Method::PUT, "/api/v2/groups/6150000000201".to_owned()),
        (Method::DELETE, "/api/v2/groups/6150000000201".to_owned()),
        (Method::POST, "/api/v2/group_memberships".to_owned()),
        (Method::POST, "/api/v2/ticket_forms".to_owned()),
        (Method::POST, "/api/v2/brands".to_owned()),
        (Method::POST, "/api/v2/custom_statuses".to_owned()),
        (Method::GET, "/api/v2/audit_logs".to_owned()),
    ];
    let before = stage.get("/api/v2/triggers").await;
    for (method, path) in refused {
        let (status, body) = stage.agent(method.clone(), &path, json!({})).await;
        assert_eq!(status, 403, "{method} {path}: {body}");
        assert_eq!(body["error"]["title"], "Forbidden", "{method} {path}: the role's refusal is an object");
        let (as_admin, _) = stage.admin(method.clone(), &path, json!({})).await;
        assert_ne!(as_admin, 403, "{method} {path}");
    }
    assert_eq!(
        stage.get("/api/v2/triggers").await["count"],
        before["count"].as_i64().unwrap() - 1,
        "the admin's"
    );
}

#[tokio::test]
async fn customers_use_no_api_of_agents() {
    let stage = Stage::set().await;
    let token = token(&stage, SERVICE, "read write").await;
    stage.zendesk.alter_user(SERVICE_USER, |user| user.role = Role::EndUser).unwrap();
    for (path, status) in [("/api/v2/users/me", 200), ("/api/v2/tickets", 403), ("/api/v2/macros", 403)] {
        assert_eq!(with(&stage, &token, Method::GET, path, Value::Null).await.0, status, "{path}");
    }
}

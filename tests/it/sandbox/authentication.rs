//! Authentication to Zendesk's API, and the lifetime of tokens.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

use super::stage::Stage;

async fn token(stage: &Stage, scope: &str, expires_in: u32) -> String {
    let request = json!({ "grant_type": "client_credentials", "client_id": "misread", "client_secret": "client-secret",
        "scope": scope, "expires_in": expires_in });
    let url = format!("{}/oauth/tokens", stage.zendesk_url);
    let response = stage.http.post(url).json(&request).send().await.unwrap();
    assert_eq!(response.status(), 201);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["token_type"], "bearer");
    body["access_token"].as_str().unwrap().to_owned()
}

async fn status_with(stage: &Stage, method: Method, path: &str, token: &str) -> StatusCode {
    let url = format!("{}{path}", stage.zendesk_url);
    let request =
        stage.http.request(method, url).bearer_auth(token).json(&json!({ "ticket": { "status": "open" } }));
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn an_access_token_works_until_it_ends_or_is_revoked() {
    let stage = Stage::set().await;
    let path = format!("/api/v2/tickets/{}", stage.plain_ticket());
    let first = token(&stage, "tickets:write read", 600).await;
    assert_eq!(status_with(&stage, Method::GET, &path, &first).await, 200);
    stage.clock.advance(Duration::from_mins(10));
    assert_eq!(status_with(&stage, Method::GET, &path, &first).await, 401);

    let second = token(&stage, "tickets:write read", 600).await;
    assert_eq!(status_with(&stage, Method::PUT, &path, &second).await, 200);
    stage.zendesk.revoke_tokens();
    assert_eq!(status_with(&stage, Method::PUT, &path, &second).await, 401);
    assert_eq!(stage.zendesk.access_tokens().len(), 2);
}

#[tokio::test]
async fn a_scope_covers_only_what_it_names() {
    let stage = Stage::set().await;
    let path = format!("/api/v2/tickets/{}", stage.plain_ticket());
    let expected = [("tickets:read", 200, 403), ("write", 403, 200), ("users:write nonsense", 403, 403)];
    for (scope, reading, writing) in expected {
        let token = token(&stage, scope, 600).await;
        assert_eq!(status_with(&stage, Method::GET, &path, &token).await, reading, "{scope}");
        assert_eq!(status_with(&stage, Method::PUT, &path, &token).await, writing, "{scope}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_told_apart() {
    let stage = Stage::set().await;
    let url = format!("{}/oauth/tokens", stage.zendesk_url);
    let mut request =
        json!({ "grant_type": "client_credentials", "client_id": "misread", "client_secret": "wrong" });
    assert_eq!(stage.http.post(&url).json(&request).send().await.unwrap().status(), 401);
    request["client_secret"] = json!("client-secret");
    request["expires_in"] = json!(300);
    assert_eq!(stage.http.post(&url).json(&request).send().await.unwrap().status(), 400);

    let ticket = format!("{}/api/v2/tickets/1", stage.zendesk_url);
    let anonymous: Value = stage.http.get(&ticket).send().await.unwrap().json().await.unwrap();
    assert_eq!(anonymous["error"], "Couldn't authenticate you");
    let outdated: Value =
        stage.http.get(&ticket).bearer_auth("stale").send().await.unwrap().json().await.unwrap();
    assert_eq!(outdated["error"], "invalid_token");

    let me = format!("{}/api/v2/users/me.json", stage.zendesk_url);
    let nobody: Value = stage.http.get(&me).bearer_auth("stale").send().await.unwrap().json().await.unwrap();
    assert!(nobody["user"]["id"].is_null());
    assert_eq!(stage.get("/api/v2/users/me.json").await["user"]["role"], "agent");
}

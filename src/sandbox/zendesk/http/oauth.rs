//! `POST /oauth/tokens`: the client-credentials grant, with tokens that expire on the sandbox's clock (facts §8).

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State as Handle;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::post};
use serde::Deserialize;
use serde_json::json;

use crate::zendesk::fake::FakeZendesk;

/// The default lifetime, in seconds: clients created since April 2026 get half an hour unless they request otherwise.
const DEFAULT_LIFE: u32 = 1800;

#[derive(Debug, Deserialize)]
struct TokenRequest {
    grant_type: String,
    client_id: String,
    client_secret: String,
    #[serde(default)]
    scope: String,
    expires_in: Option<u32>,
}

pub(super) fn routes(zendesk: &FakeZendesk) -> Router {
    Router::new().route("/oauth/tokens", post(issue)).with_state(zendesk.clone())
}

/// Responds like the published example: without `expires_in`, so that a client must assume the lifetime it requested.
async fn issue(Handle(zendesk): Handle<FakeZendesk>, body: Bytes) -> Response {
    let request: TokenRequest = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(_) => {
            return refuse(
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "The request is missing a required parameter.",
            );
        }
    };
    if request.grant_type != "client_credentials" {
        return refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type", "The grant type is not supported.");
    }
    let mut state = zendesk.lock();
    let known = state.clients.iter().find(|(_, client)| client.identifier == request.client_id);
    let Some((&client_id, client)) = known.filter(|(_, client)| client.secret == request.client_secret)
    else {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed.");
    };
    let identity = (client_id, client.user_id);
    let life = request.expires_in.unwrap_or(DEFAULT_LIFE);
    if !(301..172_800).contains(&life) {
        return refuse(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "expires_in must be more than 300 and less than 172800.",
        );
    }
    let life = Duration::from_secs(life.into());
    let token = state.tokens.issue(identity, &request.scope, life, zendesk.clock.now());
    let answer = json!({ "access_token": token, "token_type": "bearer", "scope": request.scope });
    (StatusCode::CREATED, Json(answer)).into_response()
}

fn refuse(status: StatusCode, error: &str, description: &str) -> Response {
    (status, Json(json!({ "error": error, "error_description": description }))).into_response()
}

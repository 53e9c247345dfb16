//! `POST /oauth/tokens`: the client-credentials grant, with tokens that end on the sandbox's clock (facts §8).

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State as Handle;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::post};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::FakeZendesk;
use super::webhooks::opaque_id;

/// Clients made since April 2026 get tokens for half an hour unless they ask for less or more.
const DEFAULT_LIFE: u32 = 1800;

/// The tokens that were given out.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    valid: BTreeMap<String, Grant>,
    issued: i64,
}

/// What a token allows.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    scope: String,
    ends_at: Timestamp,
}

impl Tokens {
    fn issue(&mut self, scope: String, life: Duration, now: Timestamp) -> String {
        self.issued += 1;
        let token = token(self.issued);
        self.valid.insert(token.clone(), Grant { scope, ends_at: now + life });
        token
    }

    pub(super) fn find(&self, token: &str, now: Timestamp) -> Option<Grant> {
        self.valid.get(token).filter(|grant| now < grant.ends_at).cloned()
    }

    pub(super) fn revoke_all(&mut self) {
        self.valid.clear();
    }

    /// Every token that was ever given out.
    pub(super) fn all(&self) -> Vec<String> {
        (1..=self.issued).map(token).collect()
    }

    pub(super) fn issued(&self) -> i64 {
        self.issued
    }
}

impl Grant {
    /// Whether the scope covers reading or writing a resource such as `tickets`. `write` does not include `read`.
    pub(super) fn allows(&self, write: bool, resource: &str) -> bool {
        let deed = if write { "write" } else { "read" };
        self.scope.split_whitespace().any(|scope| {
            scope == deed || scope.split_once(':').is_some_and(|(what, how)| what == resource && how == deed)
        })
    }
}

fn token(number: i64) -> String {
    opaque_id("access token", number)
}

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

/// Answers as the published example does: without `expires_in`, so that a client must reckon with what it asked for.
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
    if request.client_id != zendesk.settings.client_id
        || request.client_secret != zendesk.settings.client_secret
    {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed.");
    }
    let life = request.expires_in.unwrap_or(DEFAULT_LIFE);
    if !(301..172_800).contains(&life) {
        return refuse(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "expires_in must be more than 300 and less than 172800.",
        );
    }
    let life = Duration::from_secs(life.into());
    let token = zendesk.lock().tokens.issue(request.scope.clone(), life, zendesk.clock.now());
    let answer = json!({ "access_token": token, "token_type": "bearer", "scope": request.scope });
    (StatusCode::CREATED, Json(answer)).into_response()
}

fn refuse(status: StatusCode, error: &str, description: &str) -> Response {
    (status, Json(json!({ "error": error, "error_description": description }))).into_response()
}

//! `/oauth/tokens/current`: the scopes of the request's own token (facts §8).

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::routing::get;
use serde_json::{Value, json};

use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::moments::whole_seconds;
use crate::zendesk::refusal::Refusal;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new().route("/api/v2/oauth/tokens/current", get(show))
}

fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Refusal::NotFound)
}

/// The request's own token; only its first ten characters are shown.
async fn show(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let token = bearer(&headers)?;
    let (now, state) = (zendesk.clock.now(), zendesk.lock());
    let grant = state.tokens.find(token, now).ok_or(Refusal::InvalidToken)?;
    let shown: String = token.chars().take(10).collect();
    Ok(Json(json!({ "token": {
        "url": format!("{}/api/v2/oauth/tokens/{}.json", state.base_url, grant.number), "id": grant.number,
        "client_id": grant.client_id, "user_id": grant.user_id, "scopes": grant.scopes.names(), "token": shown,
        "refresh_token": null, "created_at": whole_seconds(grant.created_at), "expires_at": whole_seconds(grant.ends_at),
        "used_at": whole_seconds(now),
    } })))
}

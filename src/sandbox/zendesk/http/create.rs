//! `POST /tickets` (facts §3.2, §3.8).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::zendesk::caller::Caller;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::{FakeZendesk, create_request, update_request, wire};

/// 201 with the ticket and its first audit. A key used before for the same request returns the same response again.
pub(super) async fn create(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let request = update_request::ticket_object(&body)?;
    zendesk.change(|state, now| {
        if let Some(key) = key
            && let Some(answer) = state.idempotency_keys.look_up(key, &body, now)?
        {
            return Ok(answered(answer, Some("hit"), None));
        }
        let read = create_request::read(state, caller.user_id, request, now)?;
        let audit = state.create(read.opening, now)?;
        let ticket = wire::ticket(state, &state.ticket(audit.ticket_id)?.fields);
        let answer = json!({ "ticket": ticket, "audit": wire::audit(&audit) });
        if let Some(key) = key {
            state.idempotency_keys.remember(key.to_owned(), body.to_vec(), answer.clone(), now);
        }
        Ok(answered(answer, key.map(|_| "miss"), read.warning))
    })
}

fn answered(answer: Value, lookup: Option<&'static str>, warning: Option<String>) -> Response {
    let location = answer["ticket"]["url"].as_str().and_then(|url| HeaderValue::from_str(url).ok());
    let warning = warning.and_then(|text| HeaderValue::from_str(&text).ok());
    let mut response = (StatusCode::CREATED, Json(answer)).into_response();
    let headers = response.headers_mut();
    headers.extend(location.map(|url| (header::LOCATION, url)));
    if let Some(lookup) = lookup {
        headers.insert("x-idempotency-lookup", HeaderValue::from_static(lookup));
    }
    if let Some(warning) = warning {
        headers.insert("x-zendesk-api-warn", warning);
    }
    response
}

//! `POST /tickets` (facts §3.2).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::{create_request, update_request, wire};

/// 201 with the ticket and its first audit.
pub(super) async fn create(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Refusal> {
    let request = update_request::ticket_object(&body)?;
    zendesk.change(|state, now| {
        let read = create_request::read(state, caller.user_id, request, now)?;
        let audit = state.create(read.opening, now)?;
        let ticket = wire::ticket(state, &state.ticket(audit.ticket_id)?.fields);
        let answer = json!({ "ticket": ticket, "audit": wire::audit(&audit) });
        Ok(answered(answer, read.warning))
    })
}

fn answered(answer: Value, warning: Option<String>) -> Response {
    let location = answer["ticket"]["url"].as_str().and_then(|url| HeaderValue::from_str(url).ok());
    let warning = warning.and_then(|text| HeaderValue::from_str(&text).ok());
    let mut response = (StatusCode::CREATED, Json(answer)).into_response();
    let headers = response.headers_mut();
    headers.extend(location.map(|url| (header::LOCATION, url)));
    if let Some(warning) = warning {
        headers.insert("x-zendesk-api-warn", warning);
    }
    response
}

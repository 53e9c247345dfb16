//! `/tickets/{id}` and its tags.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::paging::Parameters;
use super::sideload::Include;
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::records::Via;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::update::Update;
use crate::zendesk::update_request::{self, Form};
use crate::zendesk::wire;

type TicketPath = Result<Path<i64>, PathRejection>;

/// `GET`: with `?include=users,groups` as top-level arrays, and the `comment_count` in the ticket (facts §3.1).
pub(super) async fn show(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: TicketPath,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let state = zendesk.lock();
    let ticket = state.ticket(id)?;
    let include = Include::asked(&query);
    let mut answer = json!({ "ticket": include.ticket(&state, ticket) });
    include.beside(&state, &[ticket], &mut answer);
    Ok(Json(answer))
}

/// `PUT`: the ticket and the audit of this update (facts §3.2).
pub(super) async fn update(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    path: TicketPath,
    body: Bytes,
) -> Result<Response, Refusal> {
    let Path(id) = path?;
    let mut request = update_request::ticket_object(&body)?;
    let limits = zendesk.limits();
    zendesk.change(|state, now| {
        state.writable(id)?;
        state.windows.update(limits, caller.user_id, id, now).map_err(Refusal::RateLimited)?;
        let ticket = &state.ticket(id)?.fields;
        update_request::check_stamp(&mut request, ticket.updated_at)?;
        let read = update_request::read(state, ticket, caller.user_id, Form::Single, request)?;
        let warning = read.warning("update").and_then(|text| HeaderValue::from_str(&text).ok());
        let audit = state.update(id, caller.user_id, Via::Api, read.update, now)?;
        let ticket = wire::ticket(state, &state.ticket(id)?.fields);
        let mut response = Json(json!({ "ticket": ticket, "audit": wire::audit(&audit) })).into_response();
        if let Some(warning) = warning {
            response.headers_mut().insert("x-zendesk-api-warn", warning);
        }
        Ok(response)
    })
}

/// `POST …/tags` sets all (201).
pub(super) async fn set_tags(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    path: TicketPath,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let answer = change_tags(&zendesk, caller, path, &body, |_, named| named)?;
    Ok((StatusCode::CREATED, answer))
}

/// `PUT …/tags` adds.
pub(super) async fn add_tags(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    path: TicketPath,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    change_tags(&zendesk, caller, path, &body, |tags, named| &tags | &named)
}

/// `DELETE …/tags` removes; the tags are in the body, or in the query as in the specification (facts §3.5).
pub(super) async fn remove_tags(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    path: TicketPath,
    Query(query): Query<Parameters>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let from_query =
        query.get("tags").map(|list| json!({ "tags": list.split(',').collect::<Vec<_>>() }).to_string());
    let body = from_query.map_or(body, Bytes::from);
    change_tags(&zendesk, caller, path, &body, |tags, named| &tags - &named)
}

fn change_tags(
    zendesk: &FakeZendesk,
    caller: Caller,
    path: TicketPath,
    body: &[u8],
    combine: impl FnOnce(BTreeSet<String>, BTreeSet<String>) -> BTreeSet<String>,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let mut request = update_request::object(body)?;
    let limits = zendesk.limits();
    zendesk.change(|state, now| {
        state.writable(id)?;
        state.windows.update(limits, caller.user_id, id, now).map_err(Refusal::RateLimited)?;
        let ticket = &state.ticket(id)?.fields;
        update_request::check_stamp(&mut request, ticket.updated_at)?;
        let named = update_request::tags(state, request.get("tags").unwrap_or(&Value::Null))?;
        let update = Update { tags: Some(combine(ticket.tags.clone(), named)), ..Update::default() };
        state.update(id, caller.user_id, Via::Api, update, now)?;
        Ok(Json(json!({ "tags": state.ticket(id)?.fields.tags })))
    })
}

//! `/ticket_fields` and their options (facts §5.2).

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use super::IdPath;
use super::body::record;
use super::paging::{List, Order, Parameters};
use crate::zendesk::caller::Caller;
use crate::zendesk::fields::{FieldInput, OptionInput, SYSTEM_FIELDS, TicketField};
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Admin;
use crate::zendesk::{FakeZendesk, wire};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/ticket_fields", get(list).post(create))
        .route("/api/v2/ticket_fields/{id}", get(show).put(update).delete(delete))
        .route("/api/v2/ticket_fields/{id}/options", get(options).post(put_option))
        .route("/api/v2/ticket_fields/{id}/options/{option}", get(option).delete(delete_option))
}

type Answer = Result<Json<Value>, Refusal>;
type OptionPath = Result<Path<(i64, i64)>, axum::extract::rejection::PathRejection>;

/// Includes system fields. Complete and ordered by position, unless a page size is given: pages are ordered by id.
async fn list(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    let state = zendesk.lock();
    let system = SYSTEM_FIELDS.iter().map(|field| wire::system_field(&state, field));
    let own = state.fields.values().map(|field| wire::ticket_field(&state, field));
    let number = |item: &Value, key: &str| item[key].as_i64().unwrap_or_default();
    let mut items: Vec<Value> = system.chain(own).collect();
    if query.keys().any(|key| key.starts_with("page[")) {
        let list = List {
            name: "ticket_fields",
            url: format!("{}/api/v2/ticket_fields.json", state.base_url),
            items: items.into_iter().map(|item| (number(&item, "id"), item)).collect(),
            order: Order::Ascending,
        };
        return list.page(&query, |item| item).map(Json);
    }
    items.sort_by_key(|item| (number(item, "position"), number(item, "id")));
    let answer =
        json!({ "count": items.len(), "ticket_fields": items, "next_page": null, "previous_page": null });
    Ok(Json(answer))
}

fn shown(zendesk: &FakeZendesk, id: i64) -> Answer {
    let state = zendesk.lock();
    let system = || SYSTEM_FIELDS.iter().find(|field| field.id == id);
    let field = match state.fields.get(&id) {
        Some(field) => wire::ticket_field(&state, field),
        None => wire::system_field(&state, system().ok_or(Refusal::NotFound)?),
    };
    Ok(Json(json!({ "ticket_field": field })))
}

async fn show(State(zendesk): State<FakeZendesk>, _caller: Caller, path: IdPath) -> Answer {
    let Path(id) = path?;
    shown(&zendesk, id)
}

async fn create(State(zendesk): State<FakeZendesk>, admin: Admin, body: Bytes) -> Result<Response, Refusal> {
    let input: FieldInput = record(&body, "ticket_field")?;
    let id = zendesk.settle(|state, now| state.create_field(input, admin.user_id, now))?;
    let location = format!("{}/api/v2/ticket_fields/{id}.json", zendesk.lock().base_url);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], shown(&zendesk, id)?).into_response())
}

/// Of a system field only `required` can be changed.
async fn update(State(zendesk): State<FakeZendesk>, admin: Admin, path: IdPath, body: Bytes) -> Answer {
    let Path(id) = path?;
    let input: FieldInput = record(&body, "ticket_field")?;
    zendesk.settle(|state, now| {
        if !SYSTEM_FIELDS.iter().any(|field| field.id == id) {
            return state.update_field(id, input, admin.user_id, now);
        }
        let required = &mut state.configuration.required_system_fields;
        match input.required {
            Some(true) => required.insert(id),
            Some(false) => required.remove(&id),
            None => false,
        };
        Ok(())
    })?;
    shown(&zendesk, id)
}

async fn delete(
    State(zendesk): State<FakeZendesk>,
    admin: Admin,
    path: IdPath,
) -> Result<StatusCode, Refusal> {
    let Path(id) = path?;
    if SYSTEM_FIELDS.iter().any(|field| field.id == id) {
        return Err(Refusal::Forbidden);
    }
    zendesk.settle(|state, now| state.delete_field(id, admin.user_id, now))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn options(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
    Query(query): Query<Parameters>,
) -> Answer {
    let Path(id) = path?;
    let state = zendesk.lock();
    let field = state.fields.get(&id).ok_or(Refusal::NotFound)?;
    let list = List {
        name: "custom_field_options",
        url: format!("{}/api/v2/ticket_fields/{id}/options.json", state.base_url),
        items: (0..field.options.len()).map(|at| (at, at)).collect(),
        order: Order::Ascending,
    };
    list.page(&query, |at| wire::field_option(&state, field, at)).map(Json)
}

fn place(field: &TicketField, option_id: i64) -> Result<usize, Refusal> {
    field.options.iter().position(|option| option.id == option_id).ok_or(Refusal::NotFound)
}

fn shown_option(zendesk: &FakeZendesk, id: i64, option_id: i64) -> Answer {
    let state = zendesk.lock();
    let field = state.fields.get(&id).ok_or(Refusal::NotFound)?;
    let at = place(field, option_id)?;
    Ok(Json(json!({ "custom_field_option": wire::field_option(&state, field, at) })))
}

async fn option(State(zendesk): State<FakeZendesk>, _caller: Caller, path: OptionPath) -> Answer {
    let Path((id, option_id)) = path?;
    shown_option(&zendesk, id, option_id)
}

/// Adds an option (201), or changes the one with the given id (200).
async fn put_option(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    path: IdPath,
    body: Bytes,
) -> Result<Response, Refusal> {
    let Path(id) = path?;
    let input: OptionInput = record(&body, "custom_field_option")?;
    let (option_id, new) = zendesk.settle(|state, now| state.put_option(id, input, now))?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    let location = format!("{}/api/v2/ticket_fields/{id}/options", zendesk.lock().base_url);
    Ok((status, [(header::LOCATION, location)], shown_option(&zendesk, id, option_id)?).into_response())
}

async fn delete_option(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    path: OptionPath,
) -> Result<StatusCode, Refusal> {
    let Path((id, option_id)) = path?;
    zendesk.settle(|state, now| state.delete_option(id, option_id, now))?;
    Ok(StatusCode::NO_CONTENT)
}

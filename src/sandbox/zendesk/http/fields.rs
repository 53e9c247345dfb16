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
use super::body::{Words, record};
use super::pages::page;
use crate::sandbox::zendesk::caller::Caller;
use crate::sandbox::zendesk::fields::{FieldInput, OptionInput, SYSTEM_FIELDS, TicketField};
use crate::sandbox::zendesk::refusal::Refusal;
use crate::sandbox::zendesk::rights::Admin;
use crate::sandbox::zendesk::{FakeZendesk, wire};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/ticket_fields", get(list).post(create))
        .route("/api/v2/ticket_fields/{id}", get(show).put(update).delete(delete))
        .route("/api/v2/ticket_fields/{id}/options", get(options).post(put_option))
        .route("/api/v2/ticket_fields/{id}/options/{option}", get(option).delete(delete_option))
}

type Answer = Result<Json<Value>, Refusal>;
type OptionPath = Result<Path<(i64, i64)>, axum::extract::rejection::PathRejection>;

/// System fields too. Whole, in the order of positions, unless pages of a size are asked for: these are in the order of ids.
async fn list(State(zendesk): State<FakeZendesk>, _caller: Caller, Query(query): Query<Words>) -> Answer {
    let state = zendesk.lock();
    let system = SYSTEM_FIELDS.iter().map(|field| wire::system_field(&state, field));
    let own = state.fields.values().map(|field| wire::ticket_field(&state, field));
    let mut items: Vec<Value> = system.chain(own).collect();
    if query.contains_key("page[size]") || query.contains_key("page[after]") {
        items.sort_by_key(|item| item["id"].as_i64());
        return page(
            "ticket_fields",
            items,
            &format!("{}/api/v2/ticket_fields.json", state.base_url),
            &query,
        );
    }
    items.sort_by_key(|item| (item["position"].as_i64(), item["id"].as_i64()));
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
    Query(query): Query<Words>,
) -> Answer {
    let Path(id) = path?;
    let state = zendesk.lock();
    let field = state.fields.get(&id).ok_or(Refusal::NotFound)?;
    let items = (0..field.options.len()).map(|at| wire::field_option(&state, field, at)).collect();
    let url = format!("{}/api/v2/ticket_fields/{id}/options.json", state.base_url);
    page("custom_field_options", items, &url, &query)
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

/// Adds an option (201), or changes the one that is named by its id (200). 100 calls a minute.
async fn put_option(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    path: IdPath,
    body: Bytes,
) -> Result<Response, Refusal> {
    let Path(id) = path?;
    let input: OptionInput = record(&body, "custom_field_option")?;
    let (option_id, new) = zendesk.settle(|state, now| {
        state.configuration.option_calls.call(now).map_err(Refusal::RateLimited)?;
        state.put_option(id, input, now)
    })?;
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

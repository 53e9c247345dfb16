//! Users, groups and ticket fields (facts §5.2, §5.3).

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::zendesk::caller::Caller;
use crate::sandbox::zendesk::records::FieldOption;
use crate::sandbox::zendesk::refusal::Refusal;
use crate::sandbox::zendesk::{FakeZendesk, wire};

type IdPath = Result<Path<i64>, PathRejection>;

/// Open to everybody: who has no valid credentials is told so with 200 and an anonymous user.
pub(super) async fn me(
    State(zendesk): State<FakeZendesk>,
    caller: Result<Caller, Refusal>,
) -> Result<Json<Value>, Refusal> {
    match caller {
        Ok(caller) => {
            let state = zendesk.lock();
            Ok(Json(json!({ "user": wire::user(&state, state.user(caller.user_id)?) })))
        }
        Err(Refusal::Forbidden) => Err(Refusal::Forbidden),
        Err(_) => Ok(Json(wire::anonymous())),
    }
}

pub(super) async fn user(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let state = zendesk.lock();
    Ok(Json(json!({ "user": wire::user(&state, state.user(id)?) })))
}

pub(super) async fn groups(State(zendesk): State<FakeZendesk>, _caller: Caller) -> Json<Value> {
    let state = zendesk.lock();
    let groups: Vec<_> = state.groups.values().map(|group| wire::group(&state, group)).collect();
    Json(json!({ "count": groups.len(), "groups": groups, "next_page": null, "previous_page": null }))
}

pub(super) async fn group(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let state = zendesk.lock();
    let group = state.groups.get(&id).ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "group": wire::group(&state, group) })))
}

pub(super) async fn ticket_fields(State(zendesk): State<FakeZendesk>, _caller: Caller) -> Json<Value> {
    let state = zendesk.lock();
    let fields: Vec<_> = state.fields.values().map(|field| wire::ticket_field(&state, field)).collect();
    Json(json!({ "count": fields.len(), "ticket_fields": fields, "next_page": null, "previous_page": null }))
}

pub(super) async fn ticket_field(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let state = zendesk.lock();
    let field = state.fields.get(&id).ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "ticket_field": wire::ticket_field(&state, field) })))
}

pub(super) async fn options(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let state = zendesk.lock();
    let field = state.fields.get(&id).ok_or(Refusal::NotFound)?;
    let answer = json!({ "custom_field_options": wire::field_options(field), "count": field.options.len() });
    Ok(Json(answer))
}

#[derive(Debug, Deserialize)]
pub(super) struct OptionRequest {
    custom_field_option: NewOption,
}

#[derive(Debug, Deserialize)]
struct NewOption {
    id: Option<i64>,
    name: String,
    value: String,
}

/// Adds an option (201), or changes the one that is named by its id (200).
pub(super) async fn put_option(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
    Json(request): Json<OptionRequest>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let Path(field_id) = path?;
    let NewOption { id, name, value } = request.custom_field_option;
    let mut state = zendesk.lock();
    let new_id = state.next_id();
    let field = state.fields.get_mut(&field_id).ok_or(Refusal::NotFound)?;
    let option = FieldOption { id: id.unwrap_or(new_id), name, value };
    let answer = json!({ "custom_field_option": {
        "id": option.id, "name": option.name, "raw_name": option.name, "value": option.value,
    } });
    let status = match id {
        None => {
            field.options.push(option);
            StatusCode::CREATED
        }
        Some(id) => {
            *field.options.iter_mut().find(|known| known.id == id).ok_or(Refusal::NotFound)? = option;
            StatusCode::OK
        }
    };
    Ok((status, Json(answer)))
}

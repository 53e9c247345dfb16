//! `/ticket_forms` (facts §5.3).

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use super::IdPath;
use super::body::{flag, record};
use super::paging::{List, Order, Parameters};
use crate::zendesk::FakeZendesk;
use crate::zendesk::caller::Caller;
use crate::zendesk::forms::{FormInput, TicketForm};
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Admin;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/ticket_forms", get(list).post(create))
        .route("/api/v2/ticket_forms/{id}", get(show).put(update).delete(delete))
}

type Answer = Result<Json<Value>, Refusal>;

/// Not every plan has several forms.
fn allowed(zendesk: &FakeZendesk) -> Result<(), Refusal> {
    if zendesk.lock().configuration.switches.ticket_forms { Ok(()) } else { Err(Refusal::Forbidden) }
}

async fn list(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    allowed(&zendesk)?;
    let state = zendesk.lock();
    let active = flag(&query, "active");
    let forms = state.configuration.forms.values();
    let forms = forms.filter(|form| active.is_none_or(|active| form.active == active));
    let list = List {
        name: "ticket_forms",
        url: format!("{}/api/v2/ticket_forms.json", state.base_url),
        items: forms.map(|form| ((form.position(), form.id()), form)).collect(),
        order: Order::Ascending,
    };
    list.page(&query, |form| form.json(&state)).map(Json)
}

fn shown(zendesk: &FakeZendesk, id: i64) -> Answer {
    allowed(zendesk)?;
    let state = zendesk.lock();
    let form: &TicketForm = state.configuration.forms.get(&id).ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "ticket_form": form.json(&state) })))
}

async fn show(State(zendesk): State<FakeZendesk>, _caller: Caller, path: IdPath) -> Answer {
    let Path(id) = path?;
    shown(&zendesk, id)
}

async fn create(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    allowed(&zendesk)?;
    let input: FormInput = record(&body, "ticket_form")?;
    let id = zendesk.settle(|state, now| state.create_form(input, now))?;
    Ok((StatusCode::CREATED, shown(&zendesk, id)?))
}

async fn update(State(zendesk): State<FakeZendesk>, _admin: Admin, path: IdPath, body: Bytes) -> Answer {
    allowed(&zendesk)?;
    let Path(id) = path?;
    let input: FormInput = record(&body, "ticket_form")?;
    zendesk.settle(|state, now| state.update_form(id, input, now))?;
    shown(&zendesk, id)
}

async fn delete(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    path: IdPath,
) -> Result<StatusCode, Refusal> {
    allowed(&zendesk)?;
    let Path(id) = path?;
    zendesk.settle(|state, _| state.delete_form(id))?;
    Ok(StatusCode::NO_CONTENT)
}

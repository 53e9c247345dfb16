//! `/dynamic_content/items` (facts §5.3).

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use super::IdPath;
use super::body::record;
use super::paging::{List, Order, Parameters};
use crate::zendesk::FakeZendesk;
use crate::zendesk::caller::Caller;
use crate::zendesk::dynamic_content::ContentInput;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Admin;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/dynamic_content/items", get(list).post(create))
        .route("/api/v2/dynamic_content/items/{id}", get(show).put(rename).delete(delete))
}

type Answer = Result<Json<Value>, Refusal>;

/// Not every plan has dynamic content.
fn allowed(zendesk: &FakeZendesk) -> Result<(), Refusal> {
    if zendesk.lock().configuration.switches.dynamic_content { Ok(()) } else { Err(Refusal::Forbidden) }
}

async fn list(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    allowed(&zendesk)?;
    let state = zendesk.lock();
    let list = List {
        name: "items",
        url: format!("{}/api/v2/dynamic_content/items.json", state.base_url),
        items: state.configuration.dynamic_content.iter().map(|(id, item)| (*id, item)).collect(),
        order: Order::Ascending,
    };
    list.page(&query, |item| item.json(&state)).map(Json)
}

fn shown(zendesk: &FakeZendesk, id: i64) -> Answer {
    allowed(zendesk)?;
    let state = zendesk.lock();
    let item = state.configuration.dynamic_content.get(&id).ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "item": item.json(&state) })))
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
    let input: ContentInput = record(&body, "item")?;
    let id = zendesk.settle(|state, now| state.create_content(input, now))?;
    Ok((StatusCode::CREATED, shown(&zendesk, id)?))
}

async fn rename(State(zendesk): State<FakeZendesk>, _admin: Admin, path: IdPath, body: Bytes) -> Answer {
    allowed(&zendesk)?;
    let Path(id) = path?;
    let input: ContentInput = record(&body, "item")?;
    zendesk.settle(|state, now| state.rename_content(id, input, now))?;
    shown(&zendesk, id)
}

async fn delete(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    path: IdPath,
) -> Result<StatusCode, Refusal> {
    allowed(&zendesk)?;
    let Path(id) = path?;
    let gone = zendesk.lock().configuration.dynamic_content.remove(&id);
    gone.map(|_| StatusCode::NO_CONTENT).ok_or(Refusal::NotFound)
}

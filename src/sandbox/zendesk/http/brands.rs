//! `/brands` (facts §5.3).

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
use super::sorting::by_text;
use crate::zendesk::FakeZendesk;
use crate::zendesk::brands::BrandInput;
use crate::zendesk::caller::Caller;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Admin;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/brands", get(list).post(create))
        .route("/api/v2/brands/{id}", get(show).put(update))
}

type Answer = Result<Json<Value>, Refusal>;

/// In alphabetical order.
async fn list(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    let state = zendesk.lock();
    let brands = state.configuration.brands.values();
    let list = List {
        name: "brands",
        url: format!("{}/api/v2/brands.json", state.base_url),
        items: brands.map(|brand| (by_text(&brand.name, brand.id), brand)).collect(),
        order: Order::Ascending,
    };
    list.page(&query, |brand| brand.json(&state)).map(Json)
}

fn shown(zendesk: &FakeZendesk, id: i64) -> Answer {
    let state = zendesk.lock();
    let brand = state.configuration.brands.get(&id).ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "brand": brand.json(&state) })))
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
    let input: BrandInput = record(&body, "brand")?;
    let id = zendesk.settle(|state, now| state.create_brand(input, now))?;
    Ok((StatusCode::CREATED, shown(&zendesk, id)?))
}

async fn update(State(zendesk): State<FakeZendesk>, _admin: Admin, path: IdPath, body: Bytes) -> Answer {
    let Path(id) = path?;
    let input: BrandInput = record(&body, "brand")?;
    zendesk.settle(|state, now| state.update_brand(id, input, now))?;
    shown(&zendesk, id)
}

//! `/custom_statuses` (facts §5.3).

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, put};
use serde_json::{Value, json};

use super::IdPath;
use super::body::{flag, record};
use super::paging::Parameters;
use crate::zendesk::FakeZendesk;
use crate::zendesk::caller::Caller;
use crate::zendesk::records::status_word;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Admin;
use crate::zendesk::statuses::StatusInput;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/custom_statuses", get(list).post(create))
        .route("/api/v2/custom_statuses/{id}", get(show).put(update))
        .route("/api/v2/custom_status/default", put(make_default))
}

type Answer = Result<Json<Value>, Refusal>;

/// All at once: this list has no pages.
async fn list(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Json<Value> {
    let state = zendesk.lock();
    let (active, default) = (flag(&query, "active"), flag(&query, "default"));
    let categories = query.get("status_categories");
    let statuses = state.configuration.statuses.values().filter(|status| {
        let category = status_word(status.category);
        active.is_none_or(|active| status.active == active)
            && default.is_none_or(|default| status.default == default)
            && categories.is_none_or(|wanted| wanted.split(',').any(|wanted| wanted.trim() == category))
    });
    Json(json!({ "custom_statuses": statuses.map(|status| status.json(&state)).collect::<Value>() }))
}

fn shown(zendesk: &FakeZendesk, id: i64) -> Answer {
    let state = zendesk.lock();
    let status = state.configuration.statuses.get(&id).ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "custom_status": status.json(&state) })))
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
    let input: StatusInput = record(&body, "custom_status")?;
    let id = zendesk.settle(|state, now| state.create_status(input, now))?;
    Ok((StatusCode::CREATED, shown(&zendesk, id)?))
}

async fn update(State(zendesk): State<FakeZendesk>, _admin: Admin, path: IdPath, body: Bytes) -> Answer {
    let Path(id) = path?;
    let input: StatusInput = record(&body, "custom_status")?;
    zendesk.settle(|state, now| state.update_status(id, input, now))?;
    shown(&zendesk, id)
}

/// `{"ids":[…]}`: makes these the defaults of their categories.
async fn make_default(State(zendesk): State<FakeZendesk>, _admin: Admin, body: Bytes) -> Answer {
    let ids: Vec<i64> = record(&body, "ids")?;
    zendesk.settle(|state, _| state.make_statuses_default(&ids))?;
    Ok(Json(json!({})))
}

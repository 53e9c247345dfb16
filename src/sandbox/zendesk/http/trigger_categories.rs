//! `/trigger_categories`; ids are texts and errors have the `errors[]` form (facts §3.11, §5.1).

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};

use super::body::record;
use super::paging::{List, Order, Parameters};
use super::sorting::{by_number, by_text, named};
use crate::zendesk::FakeZendesk;
use crate::zendesk::caller::Caller;
use crate::zendesk::refusal::{Refusal, listed};
use crate::zendesk::rights::Admin;
use crate::zendesk::triggers::{CategoryInput, TriggerCategory};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/trigger_categories", get(list).post(create))
        .route("/api/v2/trigger_categories/{id}", get(show).patch(update).delete(delete))
}

type Answer = Result<Json<Value>, Refusal>;

/// By position, or by name according to `sort`; `include=rule_counts` adds the number of triggers of each.
async fn list(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    let state = zendesk.lock();
    state.require_categories()?;
    let key = |category: &TriggerCategory| match named(&query) {
        "name" => by_text(&category.name, category.id),
        "created_at" => by_number(category.created_at.as_second(), category.id),
        "updated_at" => by_number(category.updated_at.as_second(), category.id),
        _ => by_number(category.position, category.id),
    };
    let categories: Vec<_> = state.configuration.categories.values().collect();
    let list = List {
        name: "trigger_categories",
        url: format!("{}/api/v2/trigger_categories.json", state.base_url),
        items: categories.iter().map(|category| (key(category), *category)).collect(),
        order: Order::Ascending,
    };
    let mut answer = list.page(&query, TriggerCategory::json).map_err(in_their_form)?;
    if query.get("include").is_some_and(|include| include.contains("rule_counts")) {
        let mut by_position = categories.clone();
        by_position.sort_by_key(|category| (category.position, category.id));
        let counts = by_position.iter().map(|category| {
            let here = state.triggers.iter().filter(|trigger| trigger.category_id == category.id);
            let (active, inactive): (Vec<_>, Vec<_>) = here.partition(|trigger| trigger.definition.active);
            json!({ "trigger_category_id": category.id.to_string(), "active_count": active.len(),
                "inactive_count": inactive.len() })
        });
        answer["rule_counts"] = counts.collect();
    }
    Ok(Json(answer))
}

fn shown(zendesk: &FakeZendesk, id: &str) -> Answer {
    let state = zendesk.lock();
    Ok(Json(json!({ "trigger_category": state.category(id)?.json() })))
}

async fn show(State(zendesk): State<FakeZendesk>, _caller: Caller, Path(id): Path<String>) -> Answer {
    shown(&zendesk, &id)
}

/// These endpoints report bad requests in their own form.
fn input(body: &[u8]) -> Result<CategoryInput, Refusal> {
    record(body, "trigger_category").map_err(in_their_form)
}

fn in_their_form(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::BadRequest(title) => listed(StatusCode::BAD_REQUEST, "InvalidTriggerCategory", &title),
        other => other,
    }
}

/// Responds with 200, according to Zendesk's description of its API.
async fn create(State(zendesk): State<FakeZendesk>, _admin: Admin, body: Bytes) -> Answer {
    let input = input(&body)?;
    let id = zendesk.settle(|state, now| state.create_category(input, now))?;
    shown(&zendesk, &id.to_string())
}

async fn update(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Path(id): Path<String>,
    body: Bytes,
) -> Answer {
    let input = input(&body)?;
    zendesk.settle(|state, now| state.update_category(&id, input, now))?;
    shown(&zendesk, &id)
}

async fn delete(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    zendesk.settle(|state, _| state.delete_category(&id))?;
    Ok(StatusCode::NO_CONTENT)
}

//! `/triggers` (facts §5.1).

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use serde_json::{Value, json};

use super::IdPath;
use super::body::{flag, record};
use super::many;
use super::paging::{List, Parameters};
use super::sorting::{by_number, by_text, named, natural_order};
use crate::zendesk::FakeZendesk;
use crate::zendesk::caller::Caller;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Admin;
use crate::zendesk::rules::{Trigger, action_definitions, condition_definitions};
use crate::zendesk::triggers::{ManyInput, TriggerInput};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/triggers", get(list).post(create))
        .route("/api/v2/triggers/active", get(active))
        .route("/api/v2/triggers/search", get(search))
        .route("/api/v2/triggers/definitions", get(definitions))
        .route("/api/v2/triggers/update_many", put(update_many))
        .route("/api/v2/triggers/reorder", put(reorder))
        .route("/api/v2/triggers/{id}", get(show).put(update).delete(delete))
}

type Answer = Result<Json<Value>, Refusal>;

/// The requested triggers, in execution order or the query's.
fn triggers(
    zendesk: &FakeZendesk,
    wanted: impl Fn(&Trigger) -> bool,
    url: &str,
    query: &Parameters,
) -> Answer {
    let state = zendesk.lock();
    let category = query.get("category_id");
    let here = |trigger: &Trigger| category.is_none_or(|id| trigger.category_id.to_string() == *id);
    let key = |place: i64, trigger: &Trigger| match named(query) {
        "alphabetical" => by_text(&trigger.definition.title, trigger.id),
        "created_at" => by_number(trigger.created_at.as_second(), trigger.id),
        "updated_at" => by_number(trigger.updated_at.as_second(), trigger.id),
        _ => by_number(place, trigger.id),
    };
    let all = (0..).zip(state.triggers.iter().map(AsRef::as_ref));
    let found = all.filter(|(_, trigger)| here(trigger) && wanted(trigger));
    let list = List {
        name: "triggers",
        url: format!("{}/api/v2/{url}.json", state.base_url),
        items: found.map(|(place, trigger)| (key(place, trigger), trigger)).collect(),
        order: natural_order(query),
    };
    list.page(query, |trigger| trigger.json(&state)).map(Json)
}

async fn list(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    let active = flag(&query, "active");
    let wanted = |trigger: &Trigger| active.is_none_or(|active| trigger.definition.active == active);
    triggers(&zendesk, wanted, "triggers", &query)
}

async fn active(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    triggers(&zendesk, |trigger| trigger.definition.active, "triggers/active", &query)
}

/// By words of the title, and by `filter={"json":{"description":…}}`.
async fn search(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    let text = query.get("query").map(|text| text.to_lowercase()).unwrap_or_default();
    let filter: Value = match query.get("filter").map(|filter| serde_json::from_str(filter)) {
        None => Value::Null,
        Some(Ok(filter)) => filter,
        Some(Err(problem)) => return Err(Refusal::BadRequest(problem.to_string())),
    };
    let filter = filter["json"].as_object().cloned().unwrap_or_default();
    let active = flag(&query, "active");
    let state = zendesk.lock();
    let fitting: Vec<i64> = state
        .triggers
        .iter()
        .filter(|trigger| {
            let shown = trigger.json(&state);
            trigger.definition.title.to_lowercase().contains(&text)
                && active.is_none_or(|active| trigger.definition.active == active)
                && filter.iter().all(|(key, value)| shown[key] == *value)
        })
        .map(|trigger| trigger.id)
        .collect();
    drop(state);
    triggers(&zendesk, |trigger| fitting.contains(&trigger.id), "triggers/search", &query)
}

async fn definitions(State(zendesk): State<FakeZendesk>, _caller: Caller) -> Json<Value> {
    let state = zendesk.lock();
    let conditions = condition_definitions(&state);
    Json(json!({ "definitions": { "conditions_all": conditions, "conditions_any": conditions,
        "actions": action_definitions(&state, false) } }))
}

fn shown(zendesk: &FakeZendesk, id: i64) -> Answer {
    let state = zendesk.lock();
    Ok(Json(json!({ "trigger": state.trigger(id)?.json(&state) })))
}

async fn show(State(zendesk): State<FakeZendesk>, _caller: Caller, path: IdPath) -> Answer {
    let Path(id) = path?;
    shown(&zendesk, id)
}

async fn create(State(zendesk): State<FakeZendesk>, admin: Admin, body: Bytes) -> Result<Response, Refusal> {
    let input: TriggerInput = record(&body, "trigger")?;
    let id = zendesk.settle(|state, now| state.create_trigger(input, admin.user_id, now))?;
    let location = format!("{}/api/v2/triggers/{id}.json", zendesk.lock().base_url);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], shown(&zendesk, id)?).into_response())
}

async fn update(State(zendesk): State<FakeZendesk>, admin: Admin, path: IdPath, body: Bytes) -> Answer {
    let Path(id) = path?;
    let input: TriggerInput = record(&body, "trigger")?;
    zendesk.settle(|state, now| state.update_trigger(id, input, admin.user_id, now))?;
    shown(&zendesk, id)
}

async fn delete(
    State(zendesk): State<FakeZendesk>,
    admin: Admin,
    path: IdPath,
) -> Result<StatusCode, Refusal> {
    let Path(id) = path?;
    zendesk.settle(|state, now| state.delete_trigger(id, admin.user_id, now))?;
    Ok(StatusCode::NO_CONTENT)
}

/// At most 100 at once; returns those named.
async fn update_many(State(zendesk): State<FakeZendesk>, admin: Admin, body: Bytes) -> Answer {
    let inputs: Vec<ManyInput> = record(&body, "triggers")?;
    many::at_most(inputs.len())?;
    let ids: Vec<i64> = inputs.iter().map(ManyInput::id).collect();
    zendesk.settle(|state, now| state.update_triggers(&inputs, admin.user_id, now))?;
    triggers(&zendesk, |trigger| ids.contains(&trigger.id), "triggers", &Parameters::new())
}

async fn reorder(State(zendesk): State<FakeZendesk>, _admin: Admin, body: Bytes) -> Answer {
    let ids: Vec<i64> = record(&body, "trigger_ids")?;
    zendesk.settle(|state, _| state.reorder_triggers(&ids))?;
    triggers(&zendesk, |_| true, "triggers", &Parameters::new())
}

//! `/macros` (facts §4.1).

use std::collections::BTreeSet;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, put};
use serde_json::{Value, json};

use super::IdPath;
use super::body::{flag, record};
use super::many;
use super::paging::{List, Parameters};
use super::sorting::{by_number, by_text, named, natural_order};
use crate::zendesk::FakeZendesk;
use crate::zendesk::caller::Caller;
use crate::zendesk::macros::{Macro, MacroInput, ManyInput, Restriction, SPANS};
use crate::zendesk::records::Role;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rules::{action_definitions, macro_actions};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/macros", get(list).post(create))
        .route("/api/v2/macros/active", get(active))
        .route("/api/v2/macros/search", get(search))
        .route("/api/v2/macros/categories", get(categories))
        .route("/api/v2/macros/actions", get(actions))
        .route("/api/v2/macros/definitions", get(definitions))
        .route("/api/v2/macros/update_many", put(update_many))
        .route("/api/v2/macros/destroy_many", delete(destroy_many))
        .route("/api/v2/macros/{id}", get(show).put(update).delete(destroy))
        .route("/api/v2/macros/{id}/apply", get(changes))
        .route("/api/v2/tickets/{ticket}/macros/{id}/apply", get(on_ticket))
}

type Answer = Result<Json<Value>, Refusal>;
type TwoIds = Result<Path<(i64, i64)>, axum::extract::rejection::PathRejection>;

/// The requested macros that the caller may see, in alphabetical order or the query's.
fn macros(
    zendesk: &FakeZendesk,
    caller: Caller,
    wanted: impl Fn(&Macro) -> bool,
    url: &str,
    query: &Parameters,
) -> Answer {
    let (now, state) = (zendesk.clock.now(), zendesk.lock());
    let user = state.user(caller.user_id)?;
    let fits = |one: &&Macro| {
        one.is_for(user) && has_access(one, caller, query) && in_group(one, query) && wanted(one)
    };
    let category = query.get("category");
    let in_category = |one: &&Macro| category.is_none_or(|wanted| one.category() == Some(wanted));
    let count = |one: &Macro, name: &str| {
        let span = SPANS.iter().find(|(known, _)| *known == name);
        span.map_or(0, |(_, span)| state.macro_usage(one.id, *span, now))
    };
    let key = |one: &Macro| match named(query) {
        "created_at" => by_number(one.created_at.as_second(), one.id),
        "updated_at" => by_number(one.updated_at.as_second(), one.id),
        "position" => by_number(one.position, one.id),
        name if name.starts_with("usage_") => by_number(count(one, name), one.id),
        _ => by_text(&one.title, one.id),
    };
    let found = state.configuration.macros.values().filter(fits).filter(in_category);
    let list = List {
        name: "macros",
        url: format!("{}/api/v2/{url}.json", state.base_url),
        items: found.map(|one| (key(one), one)).collect(),
        order: natural_order(query),
    };
    let sideloads = query.get("include").map(String::as_str).unwrap_or_default();
    let counted = list.page(query, |one| {
        let mut value = one.json(&state);
        for name in sideloads.split(',').filter(|name| SPANS.iter().any(|(known, _)| known == name)) {
            value[name] = json!(count(one, name));
        }
        value
    });
    counted.map(Json)
}

/// `personal`, `agents` (all personal ones, for admins), `shared` or `account` (for all agents).
fn has_access(one: &Macro, caller: Caller, query: &Parameters) -> bool {
    let personal = matches!(one.restriction, Some(Restriction::User { .. }));
    match query.get("access").map(String::as_str) {
        Some("personal") => one.restriction == Some(Restriction::User { id: caller.user_id }),
        Some("agents") => personal && caller.role == Role::Admin,
        Some("shared") => !personal,
        Some("account") => one.restriction.is_none(),
        _ => true,
    }
}

fn in_group(one: &Macro, query: &Parameters) -> bool {
    let wanted = query.get("group_id").and_then(|id| id.parse::<i64>().ok());
    wanted.is_none_or(|wanted| match &one.restriction {
        Some(Restriction::Group { id, ids }) => *id == wanted || ids.contains(&wanted),
        _ => false,
    })
}

async fn list(State(zendesk): State<FakeZendesk>, caller: Caller, Query(query): Query<Parameters>) -> Answer {
    let active = flag(&query, "active");
    let viewable = flag(&query, "only_viewable") == Some(true);
    let wanted = |one: &Macro| active.is_none_or(|active| one.active == active) && (!viewable || one.active);
    macros(&zendesk, caller, wanted, "macros", &query)
}

async fn active(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    macros(&zendesk, caller, |one| one.active, "macros/active", &query)
}

/// By words of the title.
async fn search(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    let text = query.get("query").map(|text| text.to_lowercase()).unwrap_or_default();
    let active = flag(&query, "active");
    let wanted = |one: &Macro| {
        one.title.to_lowercase().contains(&text) && active.is_none_or(|active| one.active == active)
    };
    macros(&zendesk, caller, wanted, "macros/search", &query)
}

async fn categories(State(zendesk): State<FakeZendesk>, caller: Caller) -> Answer {
    let state = zendesk.lock();
    let user = state.user(caller.user_id)?;
    let visible = state.configuration.macros.values().filter(|one| one.is_for(user));
    let categories: BTreeSet<&str> = visible.filter_map(Macro::category).collect();
    Ok(Json(json!({ "categories": categories })))
}

async fn actions(State(zendesk): State<FakeZendesk>, _caller: Caller) -> Json<Value> {
    Json(json!({ "actions": macro_actions(&zendesk.lock()) }))
}

async fn definitions(State(zendesk): State<FakeZendesk>, _caller: Caller) -> Json<Value> {
    Json(json!({ "definitions": { "actions": action_definitions(&zendesk.lock(), true) } }))
}

fn shown(zendesk: &FakeZendesk, id: i64, caller: Caller) -> Answer {
    let state = zendesk.lock();
    Ok(Json(json!({ "macro": state.macro_for(id, caller.user_id)?.json(&state) })))
}

async fn show(State(zendesk): State<FakeZendesk>, caller: Caller, path: IdPath) -> Answer {
    let Path(id) = path?;
    shown(&zendesk, id, caller)
}

/// 201, as recorded.
async fn create(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let input: MacroInput = record(&body, "macro")?;
    let id = zendesk.settle(|state, now| state.create_macro(input, caller.user_id, now))?;
    Ok((StatusCode::CREATED, shown(&zendesk, id, caller)?))
}

async fn update(State(zendesk): State<FakeZendesk>, caller: Caller, path: IdPath, body: Bytes) -> Answer {
    let Path(id) = path?;
    let input: MacroInput = record(&body, "macro")?;
    zendesk.settle(|state, now| state.update_macro(id, input, caller.user_id, now))?;
    shown(&zendesk, id, caller)
}

async fn destroy(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    path: IdPath,
) -> Result<StatusCode, Refusal> {
    let Path(id) = path?;
    zendesk.settle(|state, now| state.delete_macro(id, caller.user_id, now))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes activity and position of several; returns those named.
async fn update_many(State(zendesk): State<FakeZendesk>, caller: Caller, body: Bytes) -> Answer {
    let inputs: Vec<ManyInput> = record(&body, "macros")?;
    many::at_most(inputs.len())?;
    let ids: Vec<i64> = inputs.iter().map(|input| input.id).collect();
    zendesk.settle(|state, now| {
        inputs
            .into_iter()
            .try_for_each(|input| state.update_macro(input.id, input.into(), caller.user_id, now))
    })?;
    macros(&zendesk, caller, |one| ids.contains(&one.id), "macros", &Parameters::new())
}

/// Unknown ids are ignored.
async fn destroy_many(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    Query(query): Query<Parameters>,
) -> Result<StatusCode, Refusal> {
    let ids: Vec<i64> = many::ids(&query)?;
    zendesk.settle(|state, now| {
        ids.into_iter().try_for_each(|id| match state.delete_macro(id, caller.user_id, now) {
            Err(Refusal::NotFound) => Ok(()),
            other => other,
        })
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns only what would change; changes nothing (facts §4.3).
async fn changes(State(zendesk): State<FakeZendesk>, caller: Caller, path: IdPath) -> Answer {
    let Path(id) = path?;
    let state = zendesk.lock();
    let applied = state.macro_for(id, caller.user_id)?.changes(&state, caller.user_id);
    Ok(Json(json!({ "result": { "ticket": applied } })))
}

/// Returns the whole ticket as it would be; changes nothing (facts §4.3).
async fn on_ticket(State(zendesk): State<FakeZendesk>, caller: Caller, path: TwoIds) -> Answer {
    let Path((ticket_id, id)) = path?;
    let state = zendesk.lock();
    let ticket = &state.ticket(ticket_id)?.fields;
    let applied = state.macro_for(id, caller.user_id)?.on_ticket(&state, ticket, caller.user_id);
    Ok(Json(json!({ "result": { "ticket": applied } })))
}

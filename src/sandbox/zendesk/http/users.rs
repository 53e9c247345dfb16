//! `/users` beyond reading one (facts §5.3).

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::IdPath;
use super::account;
use super::body::record;
use super::many;
use super::paging::{List, Order, Parameters};
use crate::zendesk::caller::Caller;
use crate::zendesk::records::User;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::users::UserInput;
use crate::zendesk::{FakeZendesk, wire};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/users", get(list).post(create))
        .route("/api/v2/users/search", get(search))
        .route("/api/v2/users/show_many", get(show_many))
        .route("/api/v2/users/create_or_update", post(create_or_update))
        .route("/api/v2/users/{id}", get(account::user).put(update).delete(delete))
}

type Answer = Result<Json<Value>, Refusal>;
type Made = Result<(StatusCode, Json<Value>), Refusal>;

fn users(zendesk: &FakeZendesk, wanted: impl Fn(&User) -> bool, url: &str, query: &Parameters) -> Answer {
    let state = zendesk.lock();
    let active = state.users.values().filter(|user| user.profile.active);
    let list = List {
        name: "users",
        url: format!("{}/api/v2/{url}.json", state.base_url),
        items: active.filter(|user| wanted(user)).map(|user| (user.id, user)).collect(),
        order: Order::Ascending,
    };
    list.page(query, |user| wire::user(&state, user)).map(Json)
}

/// All, or those with a role (`role=agent`, or several as `role[]=agent&role[]=admin`) or an external id.
async fn list(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Answer {
    let asked = pairs.iter().filter(|(name, _)| name == "role" || name == "role[]");
    let roles: Vec<Value> = asked.map(|(_, role)| json!(role)).collect();
    let query: Parameters = pairs.into_iter().collect();
    let external_id = query.get("external_id");
    let wanted = |user: &User| {
        (roles.is_empty() || roles.contains(&json!(user.role)))
            && external_id.is_none_or(|id| user.external_id.as_ref() == Some(id))
    };
    users(&zendesk, wanted, "users", &query)
}

/// By external id, or by a query: an address, `external_id:…`, `role:…`, or words of the name.
async fn search(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    let external_id = query.get("external_id").cloned();
    let text = query.get("query").map(|text| text.to_lowercase()).unwrap_or_default();
    if external_id.is_none() && text.trim().is_empty() {
        return Err(Refusal::BadRequest("Missing parameter: query or external_id".to_owned()));
    }
    let fits = |user: &User, word: &str| {
        let word = word.trim_matches('"');
        match word.split_once(':') {
            Some(("external_id", id)) => {
                user.external_id.as_ref().is_some_and(|own| own.to_lowercase() == id)
            }
            Some(("email", address)) => user.email == address,
            Some(("role", role)) => json!(user.role) == role,
            Some(("type", kind)) => kind == "user",
            _ => user.email.to_lowercase().contains(word) || user.name.to_lowercase().contains(word),
        }
    };
    let wanted = |user: &User| match &external_id {
        Some(id) => user.external_id.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(id)),
        None => text.split_whitespace().all(|word| fits(user, word)),
    };
    users(&zendesk, wanted, "users/search", &query)
}

/// By ids or external ids, at most a hundred; unknown users are absent.
async fn show_many(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    let named = query.get("external_ids").map(|ids| ids.split(',').map(str::trim).collect::<Vec<_>>());
    let ids: Vec<i64> = if named.is_some() { Vec::new() } else { many::ids(&query)? };
    let named = named.unwrap_or_default();
    many::at_most(named.len())?;
    let wanted = |user: &User| {
        ids.contains(&user.id) || user.external_id.as_ref().is_some_and(|id| named.contains(&id.as_str()))
    };
    users(&zendesk, wanted, "users/show_many", &query)
}

fn shown(zendesk: &FakeZendesk, id: i64) -> Answer {
    let state = zendesk.lock();
    Ok(Json(json!({ "user": wire::user(&state, state.user(id)?) })))
}

async fn create(State(zendesk): State<FakeZendesk>, caller: Caller, body: Bytes) -> Made {
    let input: UserInput = record(&body, "user")?;
    let id = zendesk.settle(|state, now| state.create_user(input, caller.user_id, now))?;
    Ok((StatusCode::CREATED, shown(&zendesk, id)?))
}

/// 200 for an existing user, 201 for a new one.
async fn create_or_update(State(zendesk): State<FakeZendesk>, caller: Caller, body: Bytes) -> Made {
    let input: UserInput = record(&body, "user")?;
    let (status, id) = zendesk.settle(|state, now| match state.user_like(&input) {
        Some(id) => state.update_user(id, input, caller.user_id, now).map(|()| (StatusCode::OK, id)),
        None => state.create_user(input, caller.user_id, now).map(|id| (StatusCode::CREATED, id)),
    })?;
    Ok((status, shown(&zendesk, id)?))
}

async fn update(State(zendesk): State<FakeZendesk>, caller: Caller, path: IdPath, body: Bytes) -> Answer {
    let Path(id) = path?;
    let input: UserInput = record(&body, "user")?;
    zendesk.settle(|state, now| state.update_user(id, input, caller.user_id, now))?;
    shown(&zendesk, id)
}

/// Returns the deleted user, now inactive, as recorded.
async fn delete(State(zendesk): State<FakeZendesk>, caller: Caller, path: IdPath) -> Answer {
    let Path(id) = path?;
    zendesk.settle(|state, now| state.delete_user(id, caller.user_id, now))?;
    shown(&zendesk, id)
}

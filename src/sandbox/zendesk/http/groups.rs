//! `/groups` and `/group_memberships` (facts §5.3).

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};

use super::IdPath;
use super::body::{flag, record};
use super::paging::{List, Order, Parameters};
use super::sorting::by_text;
use crate::zendesk::caller::Caller;
use crate::zendesk::groups::GroupInput;
use crate::zendesk::refusal::{Flaws, Refusal};
use crate::zendesk::rights::Admin;
use crate::zendesk::{FakeZendesk, wire};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/groups", get(list).post(create))
        .route("/api/v2/groups/assignable", get(assignable))
        .route("/api/v2/groups/{id}", get(show).put(update).delete(delete))
        .route("/api/v2/groups/{id}/memberships", get(of_group))
        .route("/api/v2/users/{id}/groups", get(groups_of_user))
        .route("/api/v2/users/{id}/group_memberships", get(of_user))
        .route("/api/v2/group_memberships", get(memberships).post(join))
        .route("/api/v2/group_memberships/{id}", get(membership).delete(leave))
}

/// In alphabetical order, including deleted ones unless `exclude_deleted` is given.
fn groups(
    zendesk: &FakeZendesk,
    deleted: bool,
    of_user: Option<i64>,
    url: &str,
    query: &Parameters,
) -> Answer {
    let state = zendesk.lock();
    let user = of_user.map(|id| state.user(id)).transpose()?;
    let groups = state.groups.values().filter(|group| deleted || !group.deleted);
    let groups = groups.filter(|group| user.is_none_or(|user| user.group_ids.contains(&group.id)));
    let list = List {
        name: "groups",
        url: format!("{}/api/v2/{url}.json", state.base_url),
        items: groups.map(|group| (by_text(&group.name, group.id), group)).collect(),
        order: Order::Ascending,
    };
    list.page(query, |group| wire::group(&state, group)).map(Json)
}

type Answer = Result<Json<Value>, Refusal>;

async fn list(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    groups(&zendesk, flag(&query, "exclude_deleted") != Some(true), None, "groups", &query)
}

async fn assignable(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    groups(&zendesk, false, None, "groups/assignable", &query)
}

async fn groups_of_user(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
    Query(query): Query<Parameters>,
) -> Answer {
    let Path(id) = path?;
    groups(&zendesk, false, Some(id), &format!("users/{id}/groups"), &query)
}

fn shown(zendesk: &FakeZendesk, id: i64) -> Answer {
    let state = zendesk.lock();
    let group = state.groups.get(&id).ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "group": wire::group(&state, group) })))
}

async fn show(State(zendesk): State<FakeZendesk>, _caller: Caller, path: IdPath) -> Answer {
    let Path(id) = path?;
    shown(&zendesk, id)
}

async fn create(
    State(zendesk): State<FakeZendesk>,
    admin: Admin,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let input: GroupInput = record(&body, "group")?;
    let id = zendesk.settle(|state, now| state.create_group(input, admin.user_id, now))?;
    Ok((StatusCode::CREATED, shown(&zendesk, id)?))
}

async fn update(State(zendesk): State<FakeZendesk>, admin: Admin, path: IdPath, body: Bytes) -> Answer {
    let Path(id) = path?;
    let input: GroupInput = record(&body, "group")?;
    zendesk.settle(|state, now| state.update_group(id, input, admin.user_id, now))?;
    shown(&zendesk, id)
}

async fn delete(
    State(zendesk): State<FakeZendesk>,
    admin: Admin,
    path: IdPath,
) -> Result<StatusCode, Refusal> {
    let Path(id) = path?;
    zendesk.settle(|state, now| state.delete_group(id, admin.user_id, now))?;
    Ok(StatusCode::NO_CONTENT)
}

fn members(
    zendesk: &FakeZendesk,
    (user, group): (Option<i64>, Option<i64>),
    url: &str,
    query: &Parameters,
) -> Answer {
    let state = zendesk.lock();
    if user.is_some_and(|id| !state.users.contains_key(&id)) || group.is_some_and(|id| !state.has_group(id)) {
        return Err(Refusal::NotFound);
    }
    let all = state.memberships().into_iter();
    let wanted = all
        .filter(|one| user.is_none_or(|id| one.user_id == id) && group.is_none_or(|id| one.group_id == id));
    let list = List {
        name: "group_memberships",
        url: format!("{}/api/v2/{url}.json", state.base_url),
        items: wanted.map(|one| (one.id(), one)).collect(),
        order: Order::Ascending,
    };
    list.page(query, |one| one.json(&state)).map(Json)
}

async fn memberships(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    members(&zendesk, (None, None), "group_memberships", &query)
}

async fn of_group(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
    Query(query): Query<Parameters>,
) -> Answer {
    let Path(id) = path?;
    members(&zendesk, (None, Some(id)), &format!("groups/{id}/memberships"), &query)
}

async fn of_user(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
    Query(query): Query<Parameters>,
) -> Answer {
    let Path(id) = path?;
    members(&zendesk, (Some(id), None), &format!("users/{id}/group_memberships"), &query)
}

async fn membership(State(zendesk): State<FakeZendesk>, _caller: Caller, path: IdPath) -> Answer {
    let Path(id) = path?;
    let state = zendesk.lock();
    let found = state.memberships().into_iter().find(|one| one.id() == id).ok_or(Refusal::NotFound)?;
    Ok(Json(json!({ "group_membership": found.json(&state) })))
}

#[derive(Debug, Deserialize)]
struct Joining {
    user_id: i64,
    group_id: i64,
}

async fn join(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let Joining { user_id, group_id } = record(&body, "group_membership")?;
    let mut state = zendesk.lock();
    let there = state.has_group(group_id);
    let user = state.users.get_mut(&user_id).filter(|user| user.role.is_staff() && there);
    let user = user.ok_or_else(|| Flaws::only("user_id", "User: is invalid", "InvalidValue"))?;
    if !user.group_ids.insert(group_id) {
        return Err(Flaws::only("user_id", "User: has already been taken", "DuplicateValue"));
    }
    let found =
        state.memberships().into_iter().find(|one| (one.user_id, one.group_id) == (user_id, group_id));
    let shown = found.map(|one| one.json(&state));
    Ok((StatusCode::CREATED, Json(json!({ "group_membership": shown }))))
}

async fn leave(
    State(zendesk): State<FakeZendesk>,
    _admin: Admin,
    path: IdPath,
) -> Result<StatusCode, Refusal> {
    let Path(id) = path?;
    let mut state = zendesk.lock();
    let found = state.memberships().into_iter().find(|one| one.id() == id).ok_or(Refusal::NotFound)?;
    if let Some(user) = state.users.get_mut(&found.user_id) {
        user.group_ids.remove(&found.group_id);
    }
    Ok(StatusCode::NO_CONTENT)
}

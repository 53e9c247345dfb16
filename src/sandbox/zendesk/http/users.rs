//! Many users at once: `/users`, `/users/show_many`.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Value, json};

use super::many;
use super::paging::{List, Order, Parameters};
use crate::sandbox::zendesk::caller::Caller;
use crate::sandbox::zendesk::refusal::Refusal;
use crate::sandbox::zendesk::{FakeZendesk, wire};

/// `GET /users/show_many?ids=…`: ordered by id; users who do not exist are absent.
pub(super) async fn show_many(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let ids: BTreeSet<i64> = many::ids(&query)?.into_iter().collect();
    let state = zendesk.lock();
    let found = ids.iter().filter_map(|id| state.users.get(id));
    let users: Vec<_> = found.map(|user| wire::user(&state, user)).collect();
    Ok(Json(json!({ "count": users.len(), "users": users, "next_page": null, "previous_page": null })))
}

/// `GET /users`: all, or those with a role (`role=agent`, or several as `role[]=agent&role[]=admin`).
pub(super) async fn index(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, Refusal> {
    let asked = pairs.iter().filter(|(name, _)| name == "role" || name == "role[]");
    let roles: Vec<Value> = asked.map(|(_, role)| json!(role)).collect();
    let query: Parameters = pairs.into_iter().collect();
    let state = zendesk.lock();
    let users = state.users.values();
    let users = users.filter(|user| roles.is_empty() || roles.contains(&json!(user.role)));
    let url = format!("{}/api/v2/users.json", state.base_url);
    let list = List {
        name: "users",
        url,
        items: users.map(|user| (user.id, user)).collect(),
        order: Order::Ascending,
    };
    list.page(&query, |user| wire::user(&state, user)).map(Json)
}

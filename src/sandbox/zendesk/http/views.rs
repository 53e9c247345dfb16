//! `/views` (facts §5.4).

use axum::extract::{Path, Query, State};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::Value;

use super::IdPath;
use super::paging::{List, Order, Parameters};
use super::resource::{Resource, create, list, page, show, update};
use super::sideload::Include;
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::macros::Restriction;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Right;
use crate::zendesk::state::State as Account;
use crate::zendesk::views::{View, ViewInput};

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/views", get(list::<View>).post(create::<View>))
        .route("/api/v2/views/{id}", get(show::<View>).put(update::<View>))
        .route("/api/v2/views/{id}/tickets", get(tickets))
}

impl Resource for View {
    const PATH: &'static str = "views";
    const NAMES: (&'static str, &'static str) = ("view", "views");
    /// Agents may change their own.
    const WRITERS: Right = Right::Staff;
    type Id = i64;
    type Input = ViewInput;

    /// Those that the caller may see, in their order.
    fn list(account: &Account, query: &Parameters, caller: Caller) -> Result<Value, Refusal> {
        let user = account.user(caller.user_id)?;
        let seen = account.views.values().filter(|one| Restriction::admits(one.restriction.as_ref(), user));
        let items = seen.map(|one| ((one.position, one.id), one)).collect();
        page::<Self, _, _>(account, query, items, |one| one.json(&account.base_url))
    }

    fn show(account: &Account, id: &i64, caller: Caller) -> Result<Value, Refusal> {
        let user = account.user(caller.user_id)?;
        Ok(account.views.seen_by(user, *id)?.json(&account.base_url))
    }

    fn create(account: &mut Account, input: ViewInput, by: Caller, now: Timestamp) -> Result<i64, Refusal> {
        account.create_view(input, by.user_id, now)
    }

    fn update(
        account: &mut Account,
        id: &i64,
        input: ViewInput,
        by: Caller,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        account.update_view(*id, input, by.user_id, now)
    }
}

/// `GET …/tickets`
async fn tickets(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    path: IdPath,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let state = zendesk.lock();
    let view = state.views.seen_by(state.user(caller.user_id)?, id)?;
    let found = state.tickets_in(view, caller.user_id);
    let items = (0_u64..).zip(found).collect();
    let url = format!("{}/api/v2/views/{id}/tickets.json", state.base_url);
    let include = Include::asked(&query);
    let list = List { name: "tickets", url, items, order: Order::Ascending };
    list.page(&query, |ticket| include.ticket(&state, ticket)).map(Json)
}

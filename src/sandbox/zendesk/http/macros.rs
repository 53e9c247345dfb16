//! `/macros` (facts §4.1).

use axum::extract::{Path, Query, State};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::IdPath;
use super::paging::Parameters;
use super::resource::{Resource, create, delete, list, page_at, show, update};
use super::sorting::by_text;
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::macros::{Macro, MacroInput, Restriction};
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Right;
use crate::zendesk::state::State as Account;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/macros", get(list::<Macro>).post(create::<Macro>))
        .route("/api/v2/macros/active", get(active))
        .route("/api/v2/macros/{id}", get(show::<Macro>).put(update::<Macro>).delete(delete::<Macro>))
        .route("/api/v2/macros/{id}/apply", get(changes))
        .route("/api/v2/tickets/{ticket}/macros/{id}/apply", get(on_ticket))
}

type Answer = Result<Json<Value>, Refusal>;
type TwoIds = Result<Path<(i64, i64)>, axum::extract::rejection::PathRejection>;

impl Resource for Macro {
    const PATH: &'static str = "macros";
    const NAMES: (&'static str, &'static str) = ("macro", "macros");
    /// Agents may change their own.
    const WRITERS: Right = Right::Staff;
    type Id = i64;
    type Input = MacroInput;

    /// `access=shared` leaves out personal ones.
    fn list(account: &Account, query: &Parameters, caller: Caller) -> Result<Value, Refusal> {
        let shared = query.get("access").is_some_and(|access| access == "shared");
        let personal = |one: &Macro| matches!(one.restriction, Some(Restriction::User { .. }));
        macros(account, query, caller, Self::PATH, |one| !(shared && personal(one)))
    }

    fn show(account: &Account, id: &i64, caller: Caller) -> Result<Value, Refusal> {
        let user = account.user(caller.user_id)?;
        Ok(account.macros.seen_by(user, *id)?.json(&account.base_url))
    }

    fn create(account: &mut Account, input: MacroInput, by: Caller, now: Timestamp) -> Result<i64, Refusal> {
        account.create_macro(input, by.user_id, now)
    }

    fn update(
        account: &mut Account,
        id: &i64,
        input: MacroInput,
        by: Caller,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        account.update_macro(*id, input, by.user_id, now)
    }

    fn delete(account: &mut Account, id: &i64, by: Caller, now: Timestamp) -> Result<(), Refusal> {
        account.delete_macro(*id, by.user_id, now)
    }
}

/// The macros that the caller may see, in alphabetical order.
fn macros(
    account: &Account,
    query: &Parameters,
    caller: Caller,
    path: &str,
    wanted: impl Fn(&Macro) -> bool,
) -> Result<Value, Refusal> {
    let user = account.user(caller.user_id)?;
    let found = account.macros.values().filter(|one| one.is_for(user) && wanted(one));
    let items = found.map(|one| (by_text(&one.title, one.id), one)).collect();
    let counted = query.get("include").is_some_and(|names| names.split(',').any(|name| name == "usage_24h"));
    page_at(account, path, "macros", query, items, |one| {
        let mut value = one.json(&account.base_url);
        if counted {
            value["usage_24h"] = json!(account.macro_usage(one.id, caller.at));
        }
        value
    })
}

async fn active(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    macros(&zendesk.lock(), &query, caller, "macros/active", |one| one.active).map(Json)
}

/// Returns only what would change; changes nothing (facts §4.3).
async fn changes(State(zendesk): State<FakeZendesk>, caller: Caller, path: IdPath) -> Answer {
    let Path(id) = path?;
    let state = zendesk.lock();
    let user = state.user(caller.user_id)?;
    let applied = state.macros.seen_by(user, id)?.changes(&state, caller.user_id);
    Ok(Json(json!({ "result": { "ticket": applied } })))
}

/// Returns the whole ticket as it would be; changes nothing (facts §4.3).
async fn on_ticket(State(zendesk): State<FakeZendesk>, caller: Caller, path: TwoIds) -> Answer {
    let Path((ticket_id, id)) = path?;
    let state = zendesk.lock();
    let ticket = &state.ticket(ticket_id)?.fields;
    let user = state.user(caller.user_id)?;
    let applied = state.macros.seen_by(user, id)?.on_ticket(&state, ticket, caller.user_id);
    Ok(Json(json!({ "result": { "ticket": applied } })))
}

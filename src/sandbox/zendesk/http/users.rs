//! `/users` (facts §5.3).

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::body::record;
use super::many;
use super::paging::Parameters;
use super::resource::{Resource, create, page_at, show, update};
use crate::zendesk::audit_log::AuditKind;
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::records::User;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Right;
use crate::zendesk::state::State as Account;
use crate::zendesk::users::UserInput;
use crate::zendesk::wire;

pub(super) fn routes() -> Router<FakeZendesk> {
    Router::new()
        .route("/api/v2/users", post(create::<User>))
        .route("/api/v2/users/search", get(search))
        .route("/api/v2/users/show_many", get(show_many))
        .route("/api/v2/users/create_or_update", post(create_or_update))
        .route("/api/v2/users/{id}", get(show::<User>).put(update::<User>))
}

type Answer = Result<Json<Value>, Refusal>;

impl Resource for User {
    const PATH: &'static str = "users";
    const NAMES: (&'static str, &'static str) = ("user", "users");
    /// Agents may change customers.
    const WRITERS: Right = Right::Staff;
    type Id = i64;
    type Input = UserInput;

    fn show(account: &Account, id: &i64, _caller: Caller) -> Result<Value, Refusal> {
        Ok(wire::user(account, account.user(*id)?))
    }

    fn create(account: &mut Account, input: UserInput, by: Caller, now: Timestamp) -> Result<i64, Refusal> {
        let id = account.next_id();
        account.users.create(id, input, by.role, now)?;
        log(account, AuditKind::Create, id, by, now);
        Ok(id)
    }

    fn update(
        account: &mut Account,
        id: &i64,
        input: UserInput,
        by: Caller,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        account.users.update(*id, input, by.role, now)?;
        log(account, AuditKind::Update, *id, by, now);
        Ok(())
    }
}

fn log(account: &mut Account, kind: AuditKind, id: i64, by: Caller, now: Timestamp) {
    let name = account.users[&id].name.clone();
    account.log(by.user_id, kind, ("user", id, &name), String::new(), now);
}

fn users(
    account: &Account,
    path: &str,
    query: &Parameters,
    wanted: impl Fn(&User) -> bool,
) -> Result<Value, Refusal> {
    let found = account.users.values().filter(|user| user.profile.active && wanted(user));
    let items = found.map(|user| (user.id, user)).collect();
    page_at(account, path, "users", query, items, |user| wire::user(account, user))
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
    users(&zendesk.lock(), "users/search", &query, wanted).map(Json)
}

/// By ids, at most a hundred; unknown users are absent.
async fn show_many(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    Query(query): Query<Parameters>,
) -> Answer {
    let ids: Vec<i64> = many::ids(&query)?;
    users(&zendesk.lock(), "users/show_many", &query, |user| ids.contains(&user.id)).map(Json)
}

/// 200 for an existing user, 201 for a new one.
async fn create_or_update(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let input: UserInput = record(&body, "user")?;
    zendesk.update_config(|account, now| {
        let (status, id) = match account.users.like(&input) {
            Some(id) => User::update(account, &id, input, caller, now).map(|()| (StatusCode::OK, id)),
            None => User::create(account, input, caller, now).map(|id| (StatusCode::CREATED, id)),
        }?;
        Ok((status, Json(json!({ "user": User::show(account, &id, caller)? }))))
    })
}

//! What the kinds of objects in an account have in common: each is listed, shown, created, changed and deleted alike.

use std::fmt::Display;
use std::str::FromStr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::body::record;
use super::paging::{List, Order, Parameters};
use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::rights::Right;
use crate::zendesk::state::State as Account;

/// A kind of object. A kind implements only what it has a route for, beside showing and creating one.
pub(super) trait Resource: 'static {
    /// The path of its list below `/api/v2/`.
    const PATH: &'static str;
    /// The keys of one object and of a list.
    const NAMES: (&'static str, &'static str);
    const READERS: Right = Right::Staff;
    const WRITERS: Right = Right::Admin;
    /// The status of the response to a creation.
    const CREATED: StatusCode = StatusCode::CREATED;
    /// Whether that response has a `Location`.
    const LOCATED: bool = false;
    type Id: FromStr + Display;
    /// The object in a request's body that creates or changes one.
    type Input: DeserializeOwned;

    /// The list, or one page of it.
    fn list(_account: &Account, _query: &Parameters, _caller: Caller) -> Result<Value, Refusal> {
        Err(Refusal::InvalidEndpoint)
    }

    fn show(account: &Account, id: &Self::Id, caller: Caller) -> Result<Value, Refusal>;

    fn create(
        account: &mut Account,
        input: Self::Input,
        caller: Caller,
        now: Timestamp,
    ) -> Result<Self::Id, Refusal>;

    fn update(
        _account: &mut Account,
        _id: &Self::Id,
        _input: Self::Input,
        _caller: Caller,
        _now: Timestamp,
    ) -> Result<(), Refusal> {
        Err(Refusal::InvalidEndpoint)
    }

    fn delete(
        _account: &mut Account,
        _id: &Self::Id,
        _caller: Caller,
        _now: Timestamp,
    ) -> Result<(), Refusal> {
        Err(Refusal::InvalidEndpoint)
    }

    /// A refusal in the form of these endpoints.
    fn refused(refusal: Refusal) -> Refusal {
        refusal
    }

    /// The response for a path without an id.
    fn unknown() -> Refusal {
        Refusal::NotFound
    }
}

/// One page of a list in ascending order.
pub(super) fn page<R: Resource, K: Ord + Serialize + DeserializeOwned, T>(
    account: &Account,
    query: &Parameters,
    items: Vec<(K, T)>,
    render: impl FnMut(T) -> Value,
) -> Result<Value, Refusal> {
    page_at::<K, T>(account, R::PATH, R::NAMES.1, query, items, render).map_err(R::refused)
}

/// The same at another path.
pub(super) fn page_at<K: Ord + Serialize + DeserializeOwned, T>(
    account: &Account,
    path: &str,
    name: &str,
    query: &Parameters,
    items: Vec<(K, T)>,
    render: impl FnMut(T) -> Value,
) -> Result<Value, Refusal> {
    let url = format!("{}/api/v2/{path}.json", account.base_url);
    List { name, url, items, order: Order::Ascending }.page(query, render)
}

fn id_of<R: Resource>(path: &str) -> Result<R::Id, Refusal> {
    path.parse().map_err(|_| R::unknown())
}

fn shown<R: Resource>(zendesk: &FakeZendesk, id: &R::Id, caller: Caller) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!({ (R::NAMES.0): R::show(&zendesk.lock(), id, caller)? })))
}

pub(super) async fn list<R: Resource>(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    Query(query): Query<Parameters>,
) -> Result<Json<Value>, Refusal> {
    R::READERS.check(caller)?;
    R::list(&zendesk.lock(), &query, caller).map(Json)
}

pub(super) async fn show<R: Resource>(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    R::READERS.check(caller)?;
    shown::<R>(&zendesk, &id_of::<R>(&id)?, caller)
}

pub(super) async fn create<R: Resource>(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Refusal> {
    R::WRITERS.check(caller)?;
    let input: R::Input = record(&body, R::NAMES.0).map_err(R::refused)?;
    let id = zendesk.update_config(|account, now| R::create(account, input, caller, now))?;
    let location = format!("{}/api/v2/{}/{id}.json", zendesk.lock().base_url, R::PATH);
    let answer = (R::CREATED, shown::<R>(&zendesk, &id, caller)?);
    Ok(if R::LOCATED {
        ([(header::LOCATION, location)], answer).into_response()
    } else {
        answer.into_response()
    })
}

pub(super) async fn update<R: Resource>(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    R::WRITERS.check(caller)?;
    let id = id_of::<R>(&id)?;
    let input: R::Input = record(&body, R::NAMES.0).map_err(R::refused)?;
    zendesk.update_config(|account, now| R::update(account, &id, input, caller, now))?;
    shown::<R>(&zendesk, &id, caller)
}

pub(super) async fn delete<R: Resource>(
    State(zendesk): State<FakeZendesk>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    R::WRITERS.check(caller)?;
    let id = id_of::<R>(&id)?;
    zendesk.update_config(|account, now| R::delete(account, &id, caller, now))?;
    Ok(StatusCode::NO_CONTENT)
}

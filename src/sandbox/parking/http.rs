//! The routes of the parking API's contract, and the check of the bearer token.

use std::sync::{Arc, PoisonError};

use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::action::{Order, Target, UseAction};
use super::refusal::Refusal;
use super::{MockParking, control};
use crate::domain::ids::{AccountId, LotId, UseId};
use crate::domain::parking::{Account, Compensation, CompensationKind, ParkingUse, Receipt};
use crate::faults;
use crate::wire::date;

const LONGEST_KEY: usize = 128;

pub(super) fn router(parking: &MockParking, shutdown: &CancellationToken) -> Router {
    let contract = Router::new()
        .route("/v1/accounts/{account_id}", get(account))
        .route("/v1/uses", get(uses))
        .route("/v1/uses/{use_id}", get(one_use))
        .route("/v1/uses/{use_id}/{action}", post(act))
        .route("/v1/lots/{lot_id}/inspections", post(inspect))
        .fallback(async || Refusal::NotFound("path"))
        .layer(middleware::from_fn_with_state(parking.clone(), authorize))
        .with_state(parking.clone());
    Router::new()
        .merge(control::routes(parking))
        .fallback_service(contract)
        .layer(middleware::from_fn_with_state((parking.faults.clone(), shutdown.clone()), faults::inject))
        .layer(middleware::map_response_with_state(Arc::clone(&parking.clock), date))
}

async fn authorize(State(parking): State<MockParking>, request: Request, next: Next) -> Response {
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if bearer.and_then(|value| value.strip_prefix("Bearer ")) == Some(&*parking.token) {
        let traceparent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
        if let Some(traceparent) = traceparent {
            let mut traceparents = parking.traceparents.lock().unwrap_or_else(PoisonError::into_inner);
            traceparents.push(traceparent.to_owned());
        }
        next.run(request).await
    } else {
        Refusal::Unauthorized.into_response()
    }
}

async fn account(
    State(parking): State<MockParking>,
    Path(id): Path<AccountId>,
) -> Result<Json<Account>, Refusal> {
    parking.account(&id).map(Json).ok_or(Refusal::NotFound("account"))
}

async fn one_use(
    State(parking): State<MockParking>,
    Path(id): Path<UseId>,
) -> Result<Json<ParkingUse>, Refusal> {
    parking.parking_use(&id).map(Json).ok_or(Refusal::NotFound("use"))
}

#[derive(Debug, Deserialize)]
struct UsesQuery {
    account_id: Option<AccountId>,
    plate: Option<String>,
    entered_from: Option<Timestamp>,
    entered_to: Option<Timestamp>,
    limit: Option<usize>,
}

async fn uses(
    State(parking): State<MockParking>,
    query: Result<Query<UsesQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let Query(query) = query.map_err(|problem| Refusal::BadRequest(problem.body_text()))?;
    let limit = query.limit.unwrap_or(20);
    if query.account_id.is_none() && query.plate.is_none() {
        return Err(Refusal::BadRequest("one of account_id and plate is needed".to_owned()));
    }
    if !(1..=100).contains(&limit) {
        return Err(Refusal::BadRequest("limit is from 1 to 100".to_owned()));
    }
    let mut found = parking.lock().uses(|parking_use| query.fits(parking_use));
    found.sort_by_key(|parking_use| std::cmp::Reverse(parking_use.entered_at));
    let has_more = found.len() > limit;
    found.truncate(limit);
    Ok(Json(json!({ "uses": found, "has_more": has_more })))
}

impl UsesQuery {
    fn fits(&self, parking_use: &ParkingUse) -> bool {
        self.account_id.as_ref().is_none_or(|id| *id == parking_use.account_id)
            && self.plate.as_ref().is_none_or(|plate| *plate == parking_use.vehicle.plate)
            && self.entered_from.is_none_or(|from| parking_use.entered_at >= from)
            && self.entered_to.is_none_or(|to| parking_use.entered_at <= to)
    }
}

async fn act(
    State(parking): State<MockParking>,
    Path((use_id, action)): Path<(UseId, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Receipt>, Refusal> {
    let key = idempotency_key(&headers)?;
    let body = json_body(&body)?;
    let kind = use_action(&action, &body)?;
    let order =
        Order { ticket_id: text(&body, "ticket_id")?, target: Target::Use { id: use_id, kind }, body };
    parking.lock().act(&key, order, parking.clock.now()).map(Json)
}

/// The last part of the path determines the action, and so the content of the body.
fn use_action(action: &str, body: &Value) -> Result<UseAction, Refusal> {
    let kind = match action {
        "cancellation" => UseAction::Cancel,
        "refund" => UseAction::Refund,
        "receivable-withdrawal" => UseAction::Withdraw,
        "operator-make-good" => UseAction::MakeGood,
        "compensation" => return compensation(body).map(UseAction::Compensate),
        _ => return Err(Refusal::NotFound("path")),
    };
    demand_reason(body)?;
    Ok(kind)
}

async fn inspect(
    State(parking): State<MockParking>,
    Path(lot_id): Path<LotId>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Receipt>, Refusal> {
    let key = idempotency_key(&headers)?;
    let body = json_body(&body)?;
    demand_reason(&body)?;
    let target = Target::Lot { id: lot_id, use_id: UseId::new(text(&body, "use_id")?) };
    let order = Order { ticket_id: text(&body, "ticket_id")?, target, body };
    parking.lock().act(&key, order, parking.clock.now()).map(Json)
}

fn idempotency_key(headers: &HeaderMap) -> Result<String, Refusal> {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(Refusal::BadRequest(format!(
            "an Idempotency-Key of 1 to {LONGEST_KEY} characters is needed"
        )));
    }
    Ok(key.to_owned())
}

fn json_body(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body)
        .map_err(|problem| Refusal::BadRequest(format!("the body is not JSON: {problem}")))
}

fn text(body: &Value, key: &str) -> Result<String, Refusal> {
    let found = body.get(key).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| Refusal::BadRequest(format!("`{key}` must be a string")))
}

fn demand_reason(body: &Value) -> Result<(), Refusal> {
    match text(body, "reason")?.as_str() {
        "lpr_misread" => Ok(()),
        _ => Err(Refusal::BadRequest("`reason` must be lpr_misread".to_owned())),
    }
}

fn compensation(body: &Value) -> Result<Compensation, Refusal> {
    let grant =
        Compensation::deserialize(body).map_err(|problem| Refusal::BadRequest(problem.to_string()))?;
    if grant.amount.0 < 1 || grant.kind == CompensationKind::Unknown {
        return Err(Refusal::BadRequest("`kind` must be coupon or points, `amount` at least 1".to_owned()));
    }
    Ok(grant)
}

//! The control routes: inspect the mock parking system and change it without the service's knowledge. No authentication.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};

use super::{DoneAction, MockParking};
use crate::SandboxError;
use crate::domain::ids::UseId;
use crate::domain::parking::{Account, Lot, ParkingUse, UseStatus};
use crate::faults;

pub(super) fn routes(parking: &MockParking) -> Router {
    Router::new()
        .route("/sandbox/accounts", get(accounts).put(put_account))
        .route("/sandbox/lots", get(lots).put(put_lot))
        .route("/sandbox/uses", get(uses).put(put_use))
        .route("/sandbox/uses/{use_id}/status", put(put_status))
        .route("/sandbox/uses/{use_id}/payment", post(pay))
        .route("/sandbox/actions", get(actions))
        .with_state(parking.clone())
        .merge(faults::control_routes(parking.faults.clone()))
}

async fn accounts(State(parking): State<MockParking>) -> Json<Vec<Account>> {
    Json(parking.lock().accounts.values().cloned().collect())
}

async fn put_account(State(parking): State<MockParking>, Json(account): Json<Account>) -> StatusCode {
    parking.add_account(account);
    StatusCode::NO_CONTENT
}

async fn lots(State(parking): State<MockParking>) -> Json<Vec<Lot>> {
    Json(parking.lock().lots.values().cloned().collect())
}

async fn put_lot(State(parking): State<MockParking>, Json(lot): Json<Lot>) -> StatusCode {
    parking.add_lot(lot);
    StatusCode::NO_CONTENT
}

async fn uses(State(parking): State<MockParking>) -> Json<Vec<ParkingUse>> {
    Json(parking.uses())
}

async fn put_use(State(parking): State<MockParking>, Json(parking_use): Json<ParkingUse>) -> StatusCode {
    parking.add_use(parking_use);
    StatusCode::NO_CONTENT
}

async fn put_status(
    State(parking): State<MockParking>,
    Path(id): Path<UseId>,
    Json(status): Json<UseStatus>,
) -> Result<StatusCode, SandboxError> {
    parking.set_status(&id, status)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn pay(State(parking): State<MockParking>, Path(id): Path<UseId>) -> Result<StatusCode, SandboxError> {
    parking.pay(&id)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn actions(State(parking): State<MockParking>) -> Json<Vec<DoneAction>> {
    Json(parking.actions())
}

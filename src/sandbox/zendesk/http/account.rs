//! The caller's user, and one user by id (facts §5.3).

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::IdPath;
use crate::zendesk::caller::Caller;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::{FakeZendesk, wire};

/// Open to all: without valid credentials the response is 200 with an anonymous user.
pub(super) async fn me(
    State(zendesk): State<FakeZendesk>,
    caller: Result<Caller, Refusal>,
) -> Result<Json<Value>, Refusal> {
    match caller {
        Ok(caller) => {
            let state = zendesk.lock();
            Ok(Json(json!({ "user": wire::user(&state, state.user(caller.user_id)?) })))
        }
        Err(refusal @ (Refusal::Forbidden | Refusal::MissingScope(_))) => Err(refusal),
        Err(_) => Ok(Json(wire::anonymous())),
    }
}

pub(super) async fn user(
    State(zendesk): State<FakeZendesk>,
    _caller: Caller,
    path: IdPath,
) -> Result<Json<Value>, Refusal> {
    let Path(id) = path?;
    let state = zendesk.lock();
    Ok(Json(json!({ "user": wire::user(&state, state.user(id)?) })))
}

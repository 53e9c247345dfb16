//! The caller's user (facts §5.3).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::zendesk::caller::Caller;
use crate::zendesk::fake::FakeZendesk;
use crate::zendesk::refusal::Refusal;
use crate::zendesk::wire;

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

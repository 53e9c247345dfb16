//! The contract's error responses.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::domain::parking::ParkingUse;

/// A response other than 200 (contract: responses).
#[derive(Debug)]
pub(super) enum Refusal {
    Unauthorized,
    BadRequest(String),
    NotFound(&'static str),
    Conflict { error: &'static str, parking_use: Box<ParkingUse> },
    Refused(&'static str),
}

#[derive(Serialize)]
struct ErrorBody {
    error: &'static str,
    message: String,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    parking_use: Option<Box<ParkingUse>>,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error, message, parking_use) = match self {
            Self::Unauthorized => {
                (StatusCode::UNAUTHORIZED, "unauthorized", "a valid bearer token is needed".to_owned(), None)
            }
            Self::BadRequest(message) => (StatusCode::BAD_REQUEST, "bad_request", message, None),
            Self::NotFound(what) => {
                (StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}"), None)
            }
            Self::Conflict { error, parking_use } => {
                let message = "the use is not in the state that the action needs".to_owned();
                (StatusCode::CONFLICT, error, message, Some(parking_use))
            }
            Self::Refused(error) => {
                (StatusCode::UNPROCESSABLE_ENTITY, error, "this is never possible as asked".to_owned(), None)
            }
        };
        (status, Json(ErrorBody { error, message, parking_use })).into_response()
    }
}

//! Zendesk's error answers (facts §3.7, §3.11).

mod flaws;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::limits::LimitHit;
use crate::sandbox::SandboxError;
pub(super) use flaws::{Flaws, listed};

/// An answer that is not the one asked for.
#[derive(Debug)]
pub(super) enum Refusal {
    Unauthenticated,
    InvalidToken,
    /// The user's role does not allow it.
    Forbidden,
    /// The access token lacks the scope that is named.
    MissingScope(&'static str),
    NotFound,
    InvalidEndpoint,
    BadRequest(String),
    /// 422: a field cannot take this value.
    Invalid {
        field: &'static str,
        description: String,
        error: &'static str,
    },
    /// `safe_update` with an outdated stamp.
    OutdatedStamp,
    RateLimited(LimitHit),
    /// Any other, with its whole body.
    Told(StatusCode, Value),
}

impl Refusal {
    pub(super) fn closed() -> Self {
        let description = "Status: closed prevents ticket update".to_owned();
        Self::Invalid { field: "status", description, error: "ClosedTicket" }
    }

    /// More than can be named at once; the double blank is Zendesk's (facts §3.9).
    pub(super) fn too_many(most: usize) -> Self {
        let description = format!("Parameter  cannot specify more than {most} values");
        let body = json!({ "error": "TooManyValues", "description": description, "max_count": most });
        Self::Told(StatusCode::BAD_REQUEST, body)
    }

    fn parts(self) -> (StatusCode, Value) {
        let named = |error: &str, description: &str| json!({ "error": error, "description": description });
        match self {
            Self::Unauthenticated => {
                (StatusCode::UNAUTHORIZED, json!({ "error": "Couldn't authenticate you" }))
            }
            Self::InvalidToken => (
                StatusCode::UNAUTHORIZED,
                json!({ "error": "invalid_token", "error_description":
                    "The access token provided is expired, revoked, malformed or invalid for other reasons." }),
            ),
            Self::Forbidden => (
                StatusCode::FORBIDDEN,
                json!({ "error": { "title": "Forbidden", "message": "You do not have access to this page." } }),
            ),
            Self::MissingScope(scope) => {
                let text = format!("You are missing the following required scopes: {scope}");
                (StatusCode::FORBIDDEN, named("Forbidden", &text))
            }
            Self::NotFound => (StatusCode::NOT_FOUND, named("RecordNotFound", "Not found")),
            Self::InvalidEndpoint => (StatusCode::NOT_FOUND, named("InvalidEndpoint", "Not found")),
            Self::BadRequest(description) => (StatusCode::BAD_REQUEST, named("BadRequest", &description)),
            Self::Invalid { field, description, error } => {
                let mut body = named("RecordInvalid", "Record validation errors");
                body["details"] = json!({ field: [{ "description": description, "error": error }] });
                (StatusCode::UNPROCESSABLE_ENTITY, body)
            }
            Self::OutdatedStamp => (
                StatusCode::CONFLICT,
                named("UpdateConflict", "Safe Update prevented the update due to outdated ticket data."),
            ),
            Self::RateLimited(hit) => {
                (StatusCode::TOO_MANY_REQUESTS, named("APIRateLimitExceeded", hit.description))
            }
            Self::Told(status, body) => (status, body),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let retry_after = match &self {
            Self::RateLimited(hit) => Some(hit.retry_after),
            _ => None,
        };
        let (status, body) = self.parts();
        let mut response = (status, Json(body)).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<SandboxError> for Refusal {
    fn from(error: SandboxError) -> Self {
        match error {
            SandboxError::TicketClosed(_) => Self::closed(),
            SandboxError::Unknown { .. } => Self::NotFound,
            other => Self::BadRequest(other.to_string()),
        }
    }
}

/// Ids in paths are numbers; anything else names nothing.
impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        Self::NotFound
    }
}

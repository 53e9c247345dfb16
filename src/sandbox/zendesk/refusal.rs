//! Zendesk's error responses (facts §3.7, §3.11).

mod flaws;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::limits::LimitHit;
use crate::SandboxError;
pub(super) use flaws::{Flaws, listed};

#[derive(Debug)]
pub(super) enum Refusal {
    Unauthenticated,
    InvalidToken,
    /// The user's role does not allow it.
    Forbidden,
    /// The access token lacks this scope.
    MissingScope(&'static str),
    NotFound,
    InvalidEndpoint,
    BadRequest(String),
    /// 422: a field cannot have this value.
    Invalid {
        field: &'static str,
        description: String,
        error: &'static str,
    },
    /// `safe_update` with an outdated stamp.
    OutdatedStamp,
    RateLimited(LimitHit),
    /// More than a hundred objects in one request (facts §3.9).
    TooManyValues,
    /// The limit of background jobs is reached by these (facts §3.9).
    TooManyJobs(Vec<String>),
    /// The search does not support the query (400), or would find too much (422).
    InvalidSearch(StatusCode, String),
    /// Any other, with its complete body.
    Whole(StatusCode, Value),
}

/// Seconds to wait if there are too many jobs, as in `zendesk-ratelimit-inflight-jobs`.
pub(super) const JOBS_RESET: usize = 60;

impl Refusal {
    pub(super) fn closed() -> Self {
        let description = "Status: closed prevents ticket update".to_owned();
        Self::Invalid { field: "status", description, error: "ClosedTicket" }
    }

    /// The name and the text of the error, as in a failed item of a background job.
    pub(super) fn told(self) -> (String, String) {
        let (_, body) = self.parts();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut details = body["details"].as_object().into_iter().flat_map(serde_json::Map::values);
        let first = details.find_map(|list| list[0]["description"].as_str());
        (text(&body["error"]), first.map_or_else(|| text(&body["description"]), str::to_owned))
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
                // The name for endpoints is not known (facts §3.11): only the text is.
                let name = if hit.of_account { "APIRateLimitExceeded" } else { "TooManyRequests" };
                (StatusCode::TOO_MANY_REQUESTS, named(name, hit.description))
            }
            Self::TooManyValues => {
                // Two spaces, as recorded.
                let mut body = named("TooManyValues", "Parameter  cannot specify more than 100 values");
                body["max_count"] = json!(100);
                (StatusCode::BAD_REQUEST, body)
            }
            Self::TooManyJobs(ids) => {
                let description = "Too many jobs are currently queued or running. Try again later.";
                let mut body = named("TooManyJobs", description);
                body["current_job_ids"] = json!(ids);
                (StatusCode::TOO_MANY_REQUESTS, body)
            }
            Self::InvalidSearch(status, description) => (status, named("invalid", &description)),
            Self::Whole(status, body) => (status, body),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let retry_after = match &self {
            Self::RateLimited(hit) => Some(hit.retry_after),
            Self::TooManyJobs(_) => i64::try_from(JOBS_RESET).ok(),
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

/// Ids in paths are numbers; any other text is not found.
impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        Self::NotFound
    }
}

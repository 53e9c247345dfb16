//! Why the sandbox rejected an operation of its user. (Clients of the fakes get an HTTP response instead.)

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why the sandbox rejected an operation of its user.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The object does not exist in the sandbox.
    #[error("the sandbox has no {what} {id}: create it first")]
    Unknown {
        /// The kind of object, for example `ticket`.
        what: &'static str,
        id: String,
    },
    /// The ticket accepts no more changes.
    #[error("ticket {0} is closed: open a new one")]
    TicketClosed(i64),
    /// A trigger uses a rule that the fake's engine does not support.
    #[error("the sandbox cannot run this trigger: {0}; use the conditions and actions that it knows")]
    UnsupportedRule(String),
    /// A value that Zendesk would reject.
    #[error("the sandbox cannot set {what}: {reason}")]
    Invalid {
        /// What was to be set.
        what: String,
        reason: String,
    },
    /// The webhook sender has no HTTP client.
    #[error("the sandbox cannot build its HTTP client: {0}")]
    HttpClient(#[source] reqwest::Error),
}

impl SandboxError {
    pub(crate) fn unknown(what: &'static str, id: impl std::fmt::Display) -> Self {
        Self::Unknown { what, id: id.to_string() }
    }
}

impl IntoResponse for SandboxError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Unknown { .. } => StatusCode::NOT_FOUND,
            Self::TicketClosed(_) => StatusCode::CONFLICT,
            Self::UnsupportedRule(_) | Self::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::HttpClient(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, Json(serde_json::json!({ "error": self.to_string() }))).into_response()
    }
}

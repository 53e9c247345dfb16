//! The responses to rejected deliveries, as problem details (RFC 9457) that say what to do.
//!
//! Zendesk retries only after 409, and after 429 or 503 with `Retry-After` under 60 s (facts §1.4). So every temporary
//! failure is a 503, and nothing is ever a 500.

use std::any::Any;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::BODY_LIMIT;
use crate::domain::signature::SignatureError;

/// The `Retry-After` for most failures, in seconds: soon.
const SOON: &str = "5";
/// The `Retry-After` for a failed store: the five retries to be expected (facts §1.4) then bridge a database outage of more
/// than a minute.
const WHEN_STORED_AGAIN: &str = "20";

/// Why a delivery is rejected.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the header `{0}` is missing: send webhooks from Zendesk, which signs them")]
    HeaderMissing(HeaderName),
    #[error("the header `{0}` must stand there once, in plain ASCII")]
    HeaderUnreadable(HeaderName),
    #[error("{0}: compare the signing secret and both clocks")]
    Signature(#[from] SignatureError),
    #[error("the bearer token is missing or wrong: compare it with the webhook's authentication in Zendesk")]
    Bearer,
    #[error("the header `{0}` names another sender than the settings allow")]
    WrongSender(HeaderName),
    #[error("the body is larger than {BODY_LIMIT} bytes: send ids only")]
    TooLarge,
    #[error("the body did not arrive in time: send it at once")]
    BodyLate,
    #[error("the body broke off: send it again")]
    BodyBroken,
    #[error("the body is compressed: send it as it is, without `Content-Encoding`")]
    Compressed,
    #[error("this signed text has come too often: send it again, signed anew")]
    TooOften,
    #[error(
        "its invocation id came before with another body, which was taken: send each delivery under an id of its own"
    )]
    OtherBody,
    #[error("the service is being stopped: send it again")]
    Stopping,
    #[error("the delivery could not be stored now: send it again")]
    Unavailable,
}

impl Refusal {
    pub(super) fn status(&self) -> StatusCode {
        self.kind().0
    }

    /// The kind of rejection, in a few words.
    pub(super) fn title(&self) -> &'static str {
        self.kind().1
    }

    /// Every reason that [`Self::reason`] names.
    pub(super) const REASONS: [&'static str; 12] = [
        "signature",
        "bearer",
        "sender",
        "too_large",
        "body_late",
        "body_broken",
        "compressed",
        "repeats",
        "other_body",
        "stopping",
        "not_stored",
        "timestamp",
    ];

    /// The reason's name in metrics. A wrong clock and a wrong secret are told apart: their cures differ.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::Signature(SignatureError::Stale { .. }) => "timestamp",
            Self::HeaderMissing(_) | Self::HeaderUnreadable(_) | Self::Signature(_) => "signature",
            Self::Bearer => "bearer",
            Self::WrongSender(_) => "sender",
            Self::TooLarge => "too_large",
            Self::BodyLate => "body_late",
            Self::BodyBroken => "body_broken",
            Self::Compressed => "compressed",
            Self::TooOften => "repeats",
            Self::OtherBody => "other_body",
            Self::Stopping => "stopping",
            Self::Unavailable => "not_stored",
        }
    }

    fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::HeaderMissing(_) | Self::HeaderUnreadable(_) | Self::Signature(_) => {
                (StatusCode::UNAUTHORIZED, "Signature not accepted")
            }
            Self::Bearer => (StatusCode::UNAUTHORIZED, "Token not accepted"),
            Self::WrongSender(_) => (StatusCode::FORBIDDEN, "Sender not allowed"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Body too large"),
            // Not 408 or 400: Zendesk would not retry, and a stalled network would cost a ticket.
            Self::BodyLate => (StatusCode::SERVICE_UNAVAILABLE, "Body too slow"),
            Self::BodyBroken => (StatusCode::SERVICE_UNAVAILABLE, "Body incomplete"),
            Self::Compressed => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Body compressed"),
            // Zendesk retries after this too, with a new signature.
            Self::TooOften => (StatusCode::TOO_MANY_REQUESTS, "Sent too often"),
            // Not 409: Zendesk would retry, always in vain.
            Self::OtherBody => (StatusCode::UNPROCESSABLE_ENTITY, "Invocation id used before"),
            Self::Stopping => (StatusCode::SERVICE_UNAVAILABLE, "Being stopped"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Not stored"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, title) = self.kind();
        let again = if matches!(self, Self::Unavailable) { WHEN_STORED_AGAIN } else { SOON };
        let problem = Json(json!({ "title": title, "status": status.as_u16(), "detail": self.to_string() }));
        let mut response = (status, problem).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(again));
        }
        response
    }
}

/// The response after a handler's panic. The panic's message may contain anything and stays out of the response and this
/// log line.
pub(super) fn after_panic(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked; this is a defect");
    Refusal::Unavailable.into_response()
}

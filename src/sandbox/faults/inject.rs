//! The middleware that applies faults to requests.

use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio_util::sync::CancellationToken;

use super::{Fault, Faults};
use crate::wire::ConnectionCutter;

/// Applies the pending faults to a request. Control routes under `/sandbox/` are exempt.
pub(crate) async fn inject(
    State((faults, shutdown)): State<(Faults, CancellationToken)>,
    ConnectInfo(scissors): ConnectInfo<ConnectionCutter>,
    request: Request,
    next: Next,
) -> Response {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    if target.starts_with("/sandbox/") {
        return next.run(request).await;
    }
    for fault in faults.strike(request.method().as_str(), target) {
        match fault {
            Fault::Latency { milliseconds } => tokio::time::sleep(Duration::from_millis(milliseconds)).await,
            Fault::Status { status, retry_after, body } => return answer(status, retry_after, body),
            Fault::Reset => {
                scissors.cut_before_answer();
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            Fault::AnswerLost => {
                let response = next.run(request).await;
                scissors.cut_before_answer();
                return response;
            }
            Fault::TruncatedBody => {
                let response = next.run(request).await;
                scissors.cut_in_body();
                return response;
            }
            Fault::NoAnswerAfterWrite => {
                let response = next.run(request).await;
                shutdown.cancelled().await;
                return response;
            }
        }
    }
    next.run(request).await
}

fn answer(status: u16, retry_after: Option<u32>, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let content_type = match body.chars().next() {
        Some('<') => "text/html; charset=utf-8",
        Some('{') => "application/json; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

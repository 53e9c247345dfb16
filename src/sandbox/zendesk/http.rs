//! The API's router, and the headers of every response (facts §3, §7).

mod account;
mod audit_logs;
mod body;
mod brands;
mod create;
mod fields;
mod forms;
mod groups;
mod invocations;
mod jobs;
mod lists;
mod macros;
mod many;
mod oauth;
mod paging;
mod resource;
mod revisions;
mod search;
mod sideload;
mod sorting;
mod statuses;
mod tags;
mod ticket_lists;
mod tickets;
mod tokens;
mod trigger_categories;
mod triggers;
mod users;
mod views;
mod webhook_page;
mod webhook_tests;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::control;
use super::fake::FakeZendesk;
use super::limits::Endpoint;
use super::refusal::Refusal;
use crate::faults;
use crate::wire::{self as connection, date};

/// An id in a path.
type IdPath = Result<Path<i64>, PathRejection>;

/// Larger than any response of the sandbox.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

impl FakeZendesk {
    /// Serves Zendesk's API and the control routes under `/sandbox` until `shutdown` is cancelled.
    ///
    /// # Errors
    /// If the listener has no address any more.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) -> std::io::Result<()> {
        self.lock().base_url = format!("http://{}", listener.local_addr()?);
        connection::serve(listener, router(self, &shutdown), shutdown).await
    }
}

fn router(zendesk: &FakeZendesk, shutdown: &CancellationToken) -> Router {
    let api = Router::new()
        .route("/api/v2/users/me", get(account::me))
        .route("/api/v2/autocomplete/tags", get(tags::autocomplete))
        .route("/api/v2/tickets", get(ticket_lists::index).post(create::create))
        .route("/api/v2/tickets/show_many", get(ticket_lists::show_many))
        .route("/api/v2/tickets/update_many", put(jobs::update_many))
        .route("/api/v2/search", get(search::search))
        .route("/api/v2/search/export", get(search::export))
        .route("/api/v2/job_statuses", get(jobs::index))
        .route("/api/v2/job_statuses/show_many", get(jobs::show_many))
        .route("/api/v2/job_statuses/{id}", get(jobs::show))
        .route("/api/v2/tickets/{id}", get(tickets::show).put(tickets::update))
        .route("/api/v2/tickets/{id}/comments", get(lists::comments))
        .route("/api/v2/tickets/{id}/audits", get(lists::audits))
        .route(
            "/api/v2/tickets/{id}/tags",
            post(tickets::set_tags).put(tickets::add_tags).delete(tickets::remove_tags),
        )
        .merge(set_up())
        .fallback(async || Refusal::InvalidEndpoint)
        .with_state(zendesk.clone())
        .merge(oauth::routes(zendesk))
        .layer(middleware::from_fn_with_state(zendesk.clone(), finish_response));
    let undressed = Router::new().fallback_service(api).layer(middleware::from_fn(strip_json));
    Router::new()
        .merge(control::routes(zendesk))
        .fallback_service(undressed)
        .layer(middleware::from_fn_with_state((zendesk.faults().clone(), shutdown.clone()), faults::inject))
        .layer(middleware::map_response_with_state(Arc::clone(&zendesk.clock), date))
}

/// All routes except those of tickets.
fn set_up() -> Router<FakeZendesk> {
    Router::new()
        .merge(audit_logs::routes())
        .merge(brands::routes())
        .merge(fields::routes())
        .merge(forms::routes())
        .merge(groups::routes())
        .merge(macros::routes())
        .merge(revisions::routes())
        .merge(statuses::routes())
        .merge(tokens::routes())
        .merge(trigger_categories::routes())
        .merge(triggers::routes())
        .merge(users::routes())
        .merge(views::routes())
        .merge(webhooks::routes())
}

/// Every path works with and without `.json`.
async fn strip_json(mut request: Request, next: Next) -> Response {
    let uri = request.uri();
    if let Some(path) = uri.path().strip_suffix(".json") {
        let target = uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        if let Ok(target) = target.parse::<Uri>() {
            *request.uri_mut() = target;
        }
    }
    next.run(request).await
}

/// Counts the request against the account's rate limit and adds Zendesk's headers to the response.
async fn finish_response(State(zendesk): State<FakeZendesk>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/v2/");
    let endpoint = Endpoint::of(request.method(), request.uri().path());
    let (now, limits) = (zendesk.clock.now(), zendesk.limits());
    let counted = if is_api { zendesk.lock().windows.request(limits, endpoint, now) } else { Ok(()) };
    let response = match counted {
        Ok(()) => next.run(request).await,
        Err(hit) => Refusal::RateLimited(hit).into_response(),
    };
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_ANSWER).await else {
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut state = zendesk.lock();
    let digest = URL_SAFE_NO_PAD.encode(&Sha256::digest(&body)[..16]);
    let request_id = format!("{:032x}", state.next_id());
    let headers = &mut parts.headers;
    if headers.get(header::CONTENT_TYPE).is_some_and(|value| value == "application/json") {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    }
    headers.insert("x-zendesk-api-version", HeaderValue::from_static("v2"));
    let texts =
        [(header::ETAG, format!("W/\"{digest}\"")), (HeaderName::from_static("x-request-id"), request_id)];
    for (name, text) in texts {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
    if is_api {
        state.windows.write_headers(limits, endpoint, now, headers);
    }
    Response::from_parts(parts, Body::from(body))
}

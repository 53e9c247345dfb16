//! The control routes of switches, limits and jobs: each can be read and set.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};

use super::super::fake::FakeZendesk;
use super::super::jobs::{Job, JobPace, JobSwitches};
use super::super::limits::RateLimits;
use super::super::switches::AccountSwitches;
use super::super::ticket_switches::TicketSwitches;
use super::super::webhooks::WebhookSwitches;

const DONE: StatusCode = StatusCode::NO_CONTENT;

pub(super) fn routes(zendesk: &FakeZendesk) -> Router {
    Router::new()
        .route("/sandbox/webhook-switches", get(webhook_switches).put(put_webhook_switches))
        .route("/sandbox/account-switches", get(account_switches).put(put_account_switches))
        .route("/sandbox/ticket-switches", get(ticket_switches).put(put_ticket_switches))
        .route("/sandbox/rate-limits", get(rate_limits).put(put_rate_limits))
        .route("/sandbox/job-pace", get(job_pace).put(put_job_pace))
        .route("/sandbox/job-switches", get(job_switches).put(put_job_switches))
        .route("/sandbox/jobs", get(jobs))
        .with_state(zendesk.clone())
}

async fn webhook_switches(State(zendesk): State<FakeZendesk>) -> Json<WebhookSwitches> {
    Json(zendesk.webhook_switches())
}

async fn put_webhook_switches(
    State(zendesk): State<FakeZendesk>,
    Json(switches): Json<WebhookSwitches>,
) -> StatusCode {
    zendesk.set_webhook_switches(switches);
    DONE
}

async fn account_switches(State(zendesk): State<FakeZendesk>) -> Json<AccountSwitches> {
    Json(zendesk.account_switches())
}

async fn put_account_switches(
    State(zendesk): State<FakeZendesk>,
    Json(switches): Json<AccountSwitches>,
) -> StatusCode {
    zendesk.set_account_switches(switches);
    DONE
}

async fn ticket_switches(State(zendesk): State<FakeZendesk>) -> Json<TicketSwitches> {
    Json(zendesk.ticket_switches())
}

async fn put_ticket_switches(
    State(zendesk): State<FakeZendesk>,
    Json(switches): Json<TicketSwitches>,
) -> StatusCode {
    zendesk.set_ticket_switches(switches);
    DONE
}

async fn rate_limits(State(zendesk): State<FakeZendesk>) -> Json<RateLimits> {
    Json(zendesk.rate_limits())
}

async fn put_rate_limits(State(zendesk): State<FakeZendesk>, Json(limits): Json<RateLimits>) -> StatusCode {
    zendesk.set_rate_limits(limits);
    DONE
}

async fn job_pace(State(zendesk): State<FakeZendesk>) -> Json<JobPace> {
    Json(zendesk.job_pace())
}

async fn put_job_pace(State(zendesk): State<FakeZendesk>, Json(job_pace): Json<JobPace>) -> StatusCode {
    zendesk.set_job_pace(job_pace);
    DONE
}

async fn job_switches(State(zendesk): State<FakeZendesk>) -> Json<JobSwitches> {
    Json(zendesk.job_switches())
}

async fn put_job_switches(
    State(zendesk): State<FakeZendesk>,
    Json(switches): Json<JobSwitches>,
) -> StatusCode {
    zendesk.set_job_switches(switches);
    DONE
}

async fn jobs(State(zendesk): State<FakeZendesk>) -> Json<Vec<Job>> {
    Json(zendesk.jobs())
}

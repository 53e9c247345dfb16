//! The control routes: inspect the fake account and act as its people. No authentication.

mod switches;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::customer::CustomerMessage;
use super::fake::FakeZendesk;
use super::opening::NewTicket;
use super::people::AgentUpdate;
use super::records::{FakeTicket, User};
use super::rules::TriggerDefinition;
use super::sender::DeliveryReport;
use super::webhooks::{Invocation, Webhook};
use crate::SandboxError;
use crate::domain::ids::TicketId;
use crate::faults;

type Done = Result<StatusCode, SandboxError>;
const DONE: StatusCode = StatusCode::NO_CONTENT;

pub(super) fn routes(zendesk: &FakeZendesk) -> Router {
    Router::new()
        .route("/sandbox/tickets", get(tickets).post(open))
        .route("/sandbox/tickets/{id}", get(ticket).delete(delete))
        .route("/sandbox/tickets/{id}/customer-comment", post(customer_comment))
        .route("/sandbox/tickets/{id}/cc-comment", post(cc_comment))
        .route("/sandbox/tickets/{id}/agent-update", post(agent_update))
        .route("/sandbox/tickets/{id}/agent-macro", post(agent_macro))
        .route("/sandbox/tickets/{id}/close", post(close))
        .route("/sandbox/tickets/{id}/merge", post(merge))
        .route("/sandbox/users", put(put_user))
        .route("/sandbox/users/{id}/suspended", put(suspend))
        .route("/sandbox/triggers", post(add_trigger))
        .route("/sandbox/webhooks", put(put_webhook))
        .route("/sandbox/default-triggers", post(add_default_triggers))
        .route("/sandbox/invocations", get(invocations))
        .route("/sandbox/deliver", post(deliver))
        .route("/sandbox/revoke-tokens", post(revoke_tokens))
        .with_state(zendesk.clone())
        .merge(switches::routes(zendesk))
        .merge(faults::control_routes(zendesk.faults().clone()))
}

async fn tickets(State(zendesk): State<FakeZendesk>) -> Json<Vec<FakeTicket>> {
    Json(zendesk.tickets())
}

#[derive(Debug, Serialize)]
struct Opened {
    ticket_id: TicketId,
}

async fn open(
    State(zendesk): State<FakeZendesk>,
    Json(new): Json<NewTicket>,
) -> Result<(StatusCode, Json<Opened>), SandboxError> {
    Ok((StatusCode::CREATED, Json(Opened { ticket_id: zendesk.open_ticket(new)? })))
}

async fn ticket(
    State(zendesk): State<FakeZendesk>,
    Path(id): Path<TicketId>,
) -> Result<Json<FakeTicket>, SandboxError> {
    zendesk.ticket(id).map(Json).ok_or_else(|| SandboxError::unknown("ticket", id))
}

async fn delete(State(zendesk): State<FakeZendesk>, Path(id): Path<TicketId>) -> Done {
    zendesk.delete(id).map(|()| DONE)
}

async fn customer_comment(
    State(zendesk): State<FakeZendesk>,
    Path(id): Path<TicketId>,
    Json(message): Json<CustomerMessage>,
) -> Done {
    zendesk.customer_sends(id, message).map(|_| DONE)
}

#[derive(Debug, Deserialize)]
struct CcComment {
    user_id: i64,
    text: String,
}

async fn cc_comment(
    State(zendesk): State<FakeZendesk>,
    Path(id): Path<TicketId>,
    Json(comment): Json<CcComment>,
) -> Done {
    zendesk.cc_comments(id, comment.user_id, &comment.text).map(|()| DONE)
}

#[derive(Debug, Deserialize)]
struct ByAgent {
    agent_id: i64,
    update: AgentUpdate,
}

async fn agent_update(
    State(zendesk): State<FakeZendesk>,
    Path(id): Path<TicketId>,
    Json(request): Json<ByAgent>,
) -> Done {
    zendesk.agent_changes(id, request.agent_id, request.update).map(|()| DONE)
}

#[derive(Debug, Deserialize)]
struct MacroByAgent {
    agent_id: i64,
    macro_id: i64,
}

async fn agent_macro(
    State(zendesk): State<FakeZendesk>,
    Path(id): Path<TicketId>,
    Json(MacroByAgent { agent_id, macro_id }): Json<MacroByAgent>,
) -> Done {
    zendesk.agent_uses_macro(id, agent_id, macro_id).map(|()| DONE)
}

async fn close(State(zendesk): State<FakeZendesk>, Path(id): Path<TicketId>) -> Done {
    zendesk.close(id).map(|()| DONE)
}

#[derive(Debug, Deserialize)]
struct Merge {
    into: TicketId,
    agent_id: i64,
}

async fn merge(
    State(zendesk): State<FakeZendesk>,
    Path(id): Path<TicketId>,
    Json(merge): Json<Merge>,
) -> Done {
    zendesk.merge(id, merge.into, merge.agent_id).map(|()| DONE)
}

async fn put_user(State(zendesk): State<FakeZendesk>, Json(user): Json<User>) -> StatusCode {
    zendesk.add_user(user);
    DONE
}

/// The body is `true` or `false`.
async fn suspend(
    State(zendesk): State<FakeZendesk>,
    Path(id): Path<i64>,
    Json(suspended): Json<bool>,
) -> Done {
    zendesk.alter_user(id, |user| user.profile.suspended = suspended).map(|()| DONE)
}

async fn add_trigger(State(zendesk): State<FakeZendesk>, Json(trigger): Json<TriggerDefinition>) -> Done {
    zendesk.add_trigger(trigger).map(|_| StatusCode::CREATED)
}

async fn put_webhook(State(zendesk): State<FakeZendesk>, Json(webhook): Json<Webhook>) -> StatusCode {
    zendesk.add_webhook(webhook);
    DONE
}

async fn add_default_triggers(State(zendesk): State<FakeZendesk>) -> Done {
    zendesk.with_default_triggers().map(|_| StatusCode::CREATED)
}

async fn invocations(State(zendesk): State<FakeZendesk>) -> Json<Vec<Invocation>> {
    Json(zendesk.invocations())
}

async fn deliver(State(zendesk): State<FakeZendesk>) -> Json<DeliveryReport> {
    Json(zendesk.deliver_webhooks().await)
}

async fn revoke_tokens(State(zendesk): State<FakeZendesk>) -> StatusCode {
    zendesk.revoke_tokens();
    DONE
}

//! Stores a verified delivery; the response 200 is sent only after it is on disk.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::json;

use super::Ingress;
use super::listen::Connection;
use super::refusal::Refusal;
use super::verified::VerifiedDelivery;
use crate::domain::ids::TicketId;
use crate::ports::{Accepted, DeliveryContent};
use crate::trace::SpanKind;

/// `POST /webhooks/zendesk`.
pub(super) async fn deliver(
    State(door): State<Arc<Ingress>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
) -> Response {
    match take(&door, &connection, request).await {
        Ok(word) => Json(json!({ "delivery": word })).into_response(),
        Err(refusal) => {
            let (kind, status) = (refusal.title(), refusal.status().as_u16());
            door.parts.options.metrics.refused(&refusal);
            tracing::warn!(kind, status, reason = %refusal, "delivery refused");
            refusal.into_response()
        }
    }
}

/// Stores an authentic delivery; returns a word for the result.
async fn take(door: &Ingress, connection: &Connection, request: Request) -> Result<&'static str, Refusal> {
    let span = door.parts.options.traces.begin();
    let delivery = VerifiedDelivery::read(request, door, connection).await?;
    if !connection.begin_storing() {
        return Err(Refusal::Unavailable);
    }
    // The permit is held until the response: the store keeps the body meanwhile.
    let metrics = &door.parts.options.metrics;
    metrics.delayed_by(delivery.delay());
    let (delivery, _room) = delivery.into_new_delivery();
    let begun = Instant::now();
    let (content, store_within) = (delivery.content.clone(), door.parts.options.store_within);
    let id = delivery.dedup_key.clone();
    match tokio::time::timeout(store_within, door.parts.store.accept(delivery)).await {
        Ok(Ok(Accepted::OtherBody)) => Err(Refusal::OtherBody),
        Ok(Ok(accepted)) => {
            let word = log(accepted, &id, &content);
            if let (Accepted::New { number }, Some(ticket_id)) = (accepted, content.ticket_id()) {
                let traces = &door.parts.options.traces;
                traces.delivery("POST /webhooks/zendesk", SpanKind::Server, ticket_id, number, span);
            }
            metrics.stored_after(begun.elapsed());
            metrics.delivered(if word == "repeat" { "repeated" } else { word });
            Ok(word)
        }
        Ok(Err(error)) => {
            metrics.delivered("not_stored");
            tracing::error!(%error, "delivery not stored");
            Err(Refusal::Unavailable)
        }
        Err(_) => {
            metrics.delivered("not_stored");
            tracing::error!(after = ?store_within, "delivery not known to be stored: the store is slow");
            Err(Refusal::Unavailable)
        }
    }
}

/// Logs the result of a delivery and names it in one word.
fn log(accepted: Accepted, id: &str, content: &DeliveryContent) -> &'static str {
    match (accepted, content) {
        (Accepted::New { .. }, DeliveryContent::Poison { problem }) => {
            tracing::error!(
                delivery.id = id,
                problem,
                "delivery makes no sense; kept for a person: `misread delivery show`, with its id"
            );
            "poison"
        }
        (Accepted::New { .. }, _) => {
            tracing::info!(ticket.id = content.ticket_id().map(TicketId::get), "delivery accepted");
            "accepted"
        }
        (Accepted::Repeat | Accepted::OtherBody, _) => {
            tracing::info!("delivery repeated; nothing changed");
            "repeat"
        }
    }
}

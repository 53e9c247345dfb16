//! Stores a verified delivery; 200 leaves only after the store has it on disk.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::Parts;
use super::refusal::Refusal;
use super::verified::VerifiedDelivery;
use crate::domain::ids::TicketId;
use crate::ports::{Accepted, DeliveryContent};

/// `POST /webhooks/zendesk`.
pub(super) async fn deliver(
    State(parts): State<Arc<Parts>>,
    delivery: VerifiedDelivery,
) -> Result<Json<Value>, Refusal> {
    let delivery = delivery.into_new_delivery();
    let content = delivery.content.clone();
    let stored = tokio::time::timeout(parts.options.store_within, parts.store.accept(delivery)).await;
    let accepted = match stored {
        Ok(Ok(accepted)) => accepted,
        Ok(Err(error)) => {
            tracing::error!(%error, "delivery not stored");
            return Err(Refusal::Unavailable);
        }
        Err(_) => {
            tracing::error!(after = ?parts.options.store_within, "delivery not known to be stored: the store is slow");
            return Err(Refusal::Unavailable);
        }
    };
    Ok(Json(json!({ "delivery": log(accepted, &content) })))
}

/// Logs what became of a delivery and names it in one word.
fn log(accepted: Accepted, content: &DeliveryContent) -> &'static str {
    match (accepted, content) {
        (Accepted::New, DeliveryContent::Poison { problem }) => {
            tracing::error!(problem, "delivery makes no sense; kept for a person");
            "poison"
        }
        (Accepted::New, _) => {
            tracing::info!(ticket.id = content.ticket_id().map(TicketId::get), "delivery accepted");
            "accepted"
        }
        (Accepted::Repeat, _) => {
            tracing::info!("delivery repeated; nothing changed");
            "repeat"
        }
    }
}

//! Delivers operators' orders to a case's journal.

use jiff::Timestamp;
use serde_json::json;

use crate::domain::case::Order;
use crate::domain::ids::TicketId;
use crate::ports::{DeliveryContent, NewDelivery, Store, StoreError};

/// Queues an order for its case. A worker takes it in like a delivery: in turn, once, and into the journal.
pub async fn order(
    store: &dyn Store,
    ticket_id: TicketId,
    order: Order,
    now: Timestamp,
) -> Result<(), StoreError> {
    let delivery = NewDelivery {
        dedup_key: format!("order-{ticket_id}-{}", now.as_nanosecond()),
        received_at: now,
        body: json!({ "ticket_id": ticket_id, "order": order }).to_string(),
        content: DeliveryContent::Order { ticket_id, order },
    };
    store.accept(delivery).await.map(drop)
}

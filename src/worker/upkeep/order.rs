//! Delivers operators' orders to a case's journal.

use jiff::Timestamp;

use crate::domain::case::Order;
use crate::domain::ids::TicketId;
use crate::ports::{NewDelivery, Store, StoreError};

/// Queues an order for its case.
pub async fn order(
    store: &dyn Store,
    ticket_id: TicketId,
    order: Order,
    now: Timestamp,
) -> Result<(), StoreError> {
    store.accept(NewDelivery::of_order(ticket_id, order, now)).await.map(drop)
}

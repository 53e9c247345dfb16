//! Finds the tickets whose decisions a backtest replays.

use jiff::Timestamp;
use sqlx::SqlitePool;

use crate::domain::ids::TicketId;
use crate::ports::StoreError;
use crate::store::column::{self, read_ticket_id, unavailable};

// Scans the journals in the order of their key: people request this rarely, and an index would cost every append.
const DECIDED_SINCE: &str = "
    SELECT DISTINCT ticket_id FROM journal
    WHERE ticket_id > $1 AND at >= $2 AND body ->> 'entry' = 'decided'
    ORDER BY ticket_id
    LIMIT $3";

/// One page of tickets.
pub(super) async fn since(
    readers: &SqlitePool,
    since: Timestamp,
    after: Option<TicketId>,
    limit: usize,
) -> Result<Vec<TicketId>, StoreError> {
    let ids: Vec<i64> = sqlx::query_scalar(DECIDED_SINCE)
        .bind(after.map_or(0, TicketId::get))
        .bind(since.as_millisecond())
        .bind(column::limit(limit))
        .fetch_all(readers)
        .await
        .map_err(|error| unavailable(&error))?;
    ids.into_iter().map(read_ticket_id).collect()
}

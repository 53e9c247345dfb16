//! What is read beside the writer, from committed data only.

use jiff::Timestamp;
use sqlx::SqlitePool;

use crate::domain::case::Entry;
use crate::domain::ids::TicketId;
use crate::ports::{CaseState, CaseSummary, Loaded, PendingDelivery, Recorded, StoreError};
use crate::store::column::{self, read_position, read_state, read_ticket_id, read_time, unavailable};

pub(super) const NEXT_DUE: &str = "
    SELECT coalesce(lease_until, due_at) FROM cases
    WHERE coalesce(lease_until, due_at) IS NOT NULL
    ORDER BY coalesce(lease_until, due_at)
    LIMIT 1";

// One statement, and so of one moment: the journal, then the deliveries not taken in.
pub(super) const LOAD: &str = "
    SELECT true AS is_entry, position AS number, at, body AS text FROM journal
    WHERE ticket_id = $1
    UNION ALL
    SELECT false, id, received_at, kind FROM deliveries
    WHERE ticket_id = $1 AND id > (SELECT taken_up_to FROM cases WHERE ticket_id = $1)
    ORDER BY is_entry DESC, number";

// Walks all cases: a person asks for this now and then, and an index would be paid for by every delivery.
const LIST: &str = "
    SELECT ticket_id, state, due_at, updated_at FROM cases
    WHERE $1 IS NULL OR state = $1
    ORDER BY updated_at DESC, ticket_id DESC
    LIMIT $2";

/// When the next case can be claimed.
pub(super) async fn next_due(readers: &SqlitePool) -> Result<Option<Timestamp>, StoreError> {
    let due: Option<i64> =
        sqlx::query_scalar(NEXT_DUE).fetch_optional(readers).await.map_err(|error| unavailable(&error))?;
    due.map(read_time).transpose()
}

/// The journal and the deliveries not taken in, as of one moment.
pub(super) async fn load(readers: &SqlitePool, ticket_id: TicketId) -> Result<Loaded, StoreError> {
    let rows: Vec<(bool, i64, i64, String)> = sqlx::query_as(LOAD)
        .bind(ticket_id.get())
        .fetch_all(readers)
        .await
        .map_err(|error| unavailable(&error))?;
    let mut loaded = Loaded { journal: Vec::new(), deliveries: Vec::new() };
    for (is_entry, number, at, text) in rows {
        let at = read_time(at)?;
        if is_entry {
            let position = read_position(number)?;
            loaded.journal.push(Recorded { position, at, entry: read_entry(ticket_id, position, &text)? });
        } else {
            loaded.deliveries.push(PendingDelivery { id: number, kind: text, received_at: at });
        }
    }
    Ok(loaded)
}

/// Cases, the latest changed first.
pub(super) async fn list(
    readers: &SqlitePool,
    state: Option<CaseState>,
    limit: usize,
) -> Result<Vec<CaseSummary>, StoreError> {
    let rows: Vec<(i64, String, Option<i64>, i64)> = sqlx::query_as(LIST)
        .bind(state.map(column::state))
        .bind(column::limit(limit))
        .fetch_all(readers)
        .await
        .map_err(|error| unavailable(&error))?;
    let summary = |(ticket_id, state, due_at, updated_at): (i64, String, Option<i64>, i64)| {
        Ok(CaseSummary {
            ticket_id: read_ticket_id(ticket_id)?,
            state: read_state(&state)?,
            due_at: due_at.map(read_time).transpose()?,
            updated_at: read_time(updated_at)?,
        })
    };
    rows.into_iter().map(summary).collect()
}

fn read_entry(ticket_id: TicketId, position: u32, body: &str) -> Result<Entry, StoreError> {
    let mut json = serde_json::Deserializer::from_str(body);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // serde's own words may quote the entry, and with it the customer.
        let cause = error.inner();
        let reason = format!("unknown or damaged at `{}`, column {}", error.path(), cause.column());
        StoreError::Unreadable { ticket_id, position, reason }
    })
}

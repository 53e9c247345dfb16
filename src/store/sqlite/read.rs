//! Reads beside the writer, of committed data only.

use jiff::Timestamp;
use sqlx::SqlitePool;

use crate::domain::ids::TicketId;
use crate::ports::{CaseState, CaseSummary, Loaded, StoreError};
use crate::store::column::{self, read_time, unavailable};
use crate::store::{rows, upkeep};

pub const NEXT_DUE: &str = "
    SELECT coalesce(lease_until, due_at) FROM cases
    WHERE coalesce(lease_until, due_at) IS NOT NULL
    ORDER BY coalesce(lease_until, due_at)
    LIMIT 1";

// One statement, so one snapshot: the journal, then the deliveries that are not in it.
pub const LOAD: &str = "
    SELECT true AS is_entry, position AS number, at, body AS text, NULL AS ordered_by, NULL AS ordered_because FROM journal
    WHERE ticket_id = $1
    UNION ALL
    SELECT false, id, received_at, kind, ordered_by, ordered_because FROM deliveries
    WHERE ticket_id = $1 AND id > (SELECT taken_up_to FROM cases WHERE ticket_id = $1)
    ORDER BY is_entry DESC, number";

/// When the next case can be claimed.
pub(super) async fn next_due(readers: &SqlitePool) -> Result<Option<Timestamp>, StoreError> {
    let due: Option<i64> =
        sqlx::query_scalar(NEXT_DUE).fetch_optional(readers).await.map_err(|error| unavailable(&error))?;
    due.map(read_time).transpose()
}

/// The journal and the deliveries that are not in it, from one snapshot.
pub async fn load(readers: &SqlitePool, ticket_id: TicketId) -> Result<Loaded, StoreError> {
    let loaded = sqlx::query_as(LOAD)
        .bind(ticket_id.get())
        .fetch_all(readers)
        .await
        .map_err(|error| unavailable(&error))?;
    rows::loaded(ticket_id, loaded)
}

/// Cases, the last changed first.
pub(super) async fn list(
    readers: &SqlitePool,
    state: Option<CaseState>,
    limit: usize,
) -> Result<Vec<CaseSummary>, StoreError> {
    let cases = match state {
        Some(state) => sqlx::query_as(upkeep::LIST_OF_STATE).bind(column::state(state)),
        None => sqlx::query_as(upkeep::LIST_OF_ALL),
    };
    let cases = cases.bind(column::limit(limit)).fetch_all(readers).await;
    rows::summaries(cases.map_err(|error| unavailable(&error))?)
}

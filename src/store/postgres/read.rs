//! Reads beside the writer, of committed data only.

use jiff::Timestamp;
use sqlx::PgPool;

use super::connect::bounded;
use crate::domain::ids::TicketId;
use crate::ports::{CaseState, CaseSummary, Loaded, StoreError};
use crate::store::column::{self, read_ticket_id, read_time, unavailable};
use crate::store::{rows, upkeep};

const NEXT_DUE: &str = "
    SELECT coalesce(lease_until, due_at) FROM cases
    WHERE coalesce(lease_until, due_at) IS NOT NULL
    ORDER BY coalesce(lease_until, due_at)
    LIMIT 1";

// The current time, not the start of the transaction.
const TIME: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

// One statement, so one snapshot: the journal, then the deliveries that are not in it.
const LOAD: &str = "
    SELECT true AS is_entry, position AS number, at, body AS text, NULL AS ordered_by, NULL AS ordered_because FROM journal
    WHERE ticket_id = $1
    UNION ALL
    SELECT false, id, received_at, kind, ordered_by, ordered_because FROM deliveries
    WHERE ticket_id = $1 AND id > (SELECT taken_up_to FROM cases WHERE ticket_id = $1)
    ORDER BY is_entry DESC, number";

// The condition on the text is that of the index: an entry's name is always written first.
const DECIDED_SINCE: &str = r#"
    SELECT DISTINCT ticket_id FROM journal
    WHERE ticket_id > $1 AND at >= $2 AND starts_with(body, '{"entry":"decided",')
    ORDER BY ticket_id
    LIMIT $3"#;

/// The server's time.
pub(super) async fn time(readers: &PgPool) -> Result<Timestamp, StoreError> {
    let told = bounded(sqlx::query_scalar(TIME).fetch_one(readers)).await;
    read_time(told.map_err(|error| unavailable(&error))?)
}

/// When the next case can be claimed.
pub(super) async fn next_due(readers: &PgPool) -> Result<Option<Timestamp>, StoreError> {
    let due = sqlx::query_scalar(NEXT_DUE).fetch_optional(readers);
    let due: Option<i64> = bounded(due).await.map_err(|error| unavailable(&error))?;
    due.map(read_time).transpose()
}

/// The journal and the deliveries that are not in it, from one snapshot.
pub(super) async fn load(readers: &PgPool, ticket_id: TicketId) -> Result<Loaded, StoreError> {
    let loaded = sqlx::query_as(LOAD).bind(ticket_id.get()).fetch_all(readers);
    rows::loaded(ticket_id, bounded(loaded).await.map_err(|error| unavailable(&error))?)
}

/// Cases, the last changed first.
pub(super) async fn list(
    readers: &PgPool,
    state: Option<CaseState>,
    limit: usize,
) -> Result<Vec<CaseSummary>, StoreError> {
    let cases = match state {
        Some(state) => sqlx::query_as(upkeep::LIST_OF_STATE).bind(column::state(state)),
        None => sqlx::query_as(upkeep::LIST_OF_ALL),
    };
    let cases = bounded(cases.bind(column::limit(limit)).fetch_all(readers)).await;
    rows::summaries(cases.map_err(|error| unavailable(&error))?)
}

/// One page of tickets whose decisions a backtest replays.
pub(super) async fn decided_since(
    readers: &PgPool,
    since: Timestamp,
    after: Option<TicketId>,
    limit: usize,
) -> Result<Vec<TicketId>, StoreError> {
    let ids = sqlx::query_scalar(DECIDED_SINCE)
        .bind(after.map_or(0, TicketId::get))
        .bind(since.as_millisecond())
        .bind(column::limit(limit))
        .fetch_all(readers);
    let ids: Vec<i64> = bounded(ids).await.map_err(|error| unavailable(&error))?;
    ids.into_iter().map(read_ticket_id).collect()
}

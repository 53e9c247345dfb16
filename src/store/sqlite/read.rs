//! What is read beside the writer, from committed data only.

use jiff::Timestamp;
use sqlx::SqlitePool;

use crate::domain::case::Entry;
use crate::domain::ids::TicketId;
use crate::ports::{CaseState, CaseSummary, Loaded, PendingDelivery, Recorded, StoreError};
use crate::store::column::{self, read_state, read_ticket_id, read_time, unavailable};

pub(super) const NEXT_DUE: &str = "
    SELECT coalesce(lease_until, due_at) FROM cases
    WHERE coalesce(lease_until, due_at) IS NOT NULL
    ORDER BY coalesce(lease_until, due_at)
    LIMIT 1";

pub(super) const JOURNAL: &str =
    "SELECT position, at, body FROM journal WHERE ticket_id = $1 ORDER BY position";

pub(super) const PENDING: &str = "
    SELECT id, kind, received_at FROM deliveries
    WHERE ticket_id = $1 AND id > (SELECT taken_up_to FROM cases WHERE ticket_id = $1)
    ORDER BY id";

// Walks all cases: a person asks for this now and then, and an index would be paid for by every delivery.
const LIST: &str = "
    SELECT ticket_id, state, due_at, updated_at FROM cases
    WHERE $1 IS NULL OR state = $1
    ORDER BY updated_at DESC, ticket_id DESC
    LIMIT $2";

/// When the next case can be claimed.
pub(super) async fn next_due(readers: &SqlitePool) -> Result<Option<Timestamp>, StoreError> {
    let due: Option<i64> = sqlx::query_scalar(NEXT_DUE)
        .fetch_optional(readers)
        .await
        .map_err(|error| unavailable(&error))?;
    due.map(read_time).transpose()
}

/// The journal and the deliveries not taken in, as of one moment.
pub(super) async fn load(readers: &SqlitePool, ticket_id: TicketId) -> Result<Loaded, StoreError> {
    let (journal, deliveries) = rows(readers, ticket_id)
        .await
        .map_err(|error| unavailable(&error))?;
    let journal = journal
        .into_iter()
        .map(|row| recorded(ticket_id, row))
        .collect::<Result<_, _>>()?;
    let pending = |(id, kind, received_at)| {
        Ok(PendingDelivery {
            id,
            kind,
            received_at: read_time(received_at)?,
        })
    };
    Ok(Loaded {
        journal,
        deliveries: deliveries
            .into_iter()
            .map(pending)
            .collect::<Result<_, StoreError>>()?,
    })
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

type JournalRow = (u32, i64, String);
type PendingRow = (i64, String, i64);

async fn rows(
    readers: &SqlitePool,
    ticket_id: TicketId,
) -> Result<(Vec<JournalRow>, Vec<PendingRow>), sqlx::Error> {
    let mut snapshot = readers.begin().await?;
    let journal = sqlx::query_as(JOURNAL)
        .bind(ticket_id.get())
        .fetch_all(&mut *snapshot)
        .await?;
    let deliveries = sqlx::query_as(PENDING)
        .bind(ticket_id.get())
        .fetch_all(&mut *snapshot)
        .await?;
    snapshot.commit().await?;
    Ok((journal, deliveries))
}

fn recorded(ticket_id: TicketId, (position, at, body): JournalRow) -> Result<Recorded, StoreError> {
    let mut json = serde_json::Deserializer::from_str(&body);
    let entry: Entry = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // serde's own words may quote the entry, and with it the customer.
        let cause = error.inner();
        let reason = format!(
            "unknown or damaged at `{}`, column {}",
            error.path(),
            cause.column()
        );
        StoreError::Unreadable {
            ticket_id,
            position,
            reason,
        }
    })?;
    Ok(Recorded {
        position,
        at: read_time(at)?,
        entry,
    })
}

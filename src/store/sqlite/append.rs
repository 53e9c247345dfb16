//! Appends to a journal and moves the case in the queue, both or neither.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::SqliteConnection;

use crate::ports::{Append, CaseState, QueueMove, StoreError};
use crate::store::column;

pub(super) const LAST_POSITION_UNDER_CLAIM: &str = "
    SELECT (SELECT coalesce(max(position), 0) FROM journal WHERE ticket_id = $1)
    FROM cases
    WHERE ticket_id = $1 AND fence = $2 AND lease_until IS NOT NULL";

const RECORD: &str = "
    INSERT INTO journal (ticket_id, position, at, body)
    SELECT $1, value ->> 0, value ->> 1, value ->> 2 FROM json_each($2)";

pub(super) const TAKE_IN: &str = "
    UPDATE cases SET
        taken_up_to = max(taken_up_to, coalesce($2, 0)),
        fruitless_claims = CASE WHEN $3 IS NULL THEN fruitless_claims ELSE 0 END,
        updated_at = coalesce($3, updated_at)
    WHERE ticket_id = $1";

pub(super) const KEEP: &str = "UPDATE cases SET lease_until = $2 WHERE ticket_id = $1";

// A delivery that came while the case was being worked on makes it due again: no wake-up is lost.
pub(super) const RELEASE: &str = "
    UPDATE cases SET
        lease_until = NULL,
        state = CASE WHEN waiting.since IS NULL THEN $2 ELSE $4 END,
        due_at = coalesce(waiting.since, $3)
    FROM (
        SELECT min(received_at) AS since FROM deliveries
        WHERE ticket_id = $1 AND id > (SELECT taken_up_to FROM cases WHERE ticket_id = $1)
    ) AS waiting
    WHERE cases.ticket_id = $1";

/// Appends inside the caller's transaction; a refusal leaves nothing behind.
///
/// A position that is not the journal's next one is a lost claim as well: its holder's view of the journal is out of
/// date (an earlier append was committed although its answer was lost), so the case must be claimed and loaded anew.
pub(super) async fn one(
    connection: &mut SqliteConnection,
    append: &Append,
) -> Result<Result<(), StoreError>, sqlx::Error> {
    let ticket_id = append.claim.ticket_id;
    let last_position: Option<u32> = sqlx::query_scalar(LAST_POSITION_UNDER_CLAIM)
        .bind(ticket_id.get())
        .bind(append.claim.fence)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(last_position) = last_position.filter(|last| continues(append, *last)) else {
        return Ok(Err(StoreError::FenceLost { ticket_id }));
    };
    tracing::trace!(
        ticket.id = ticket_id.get(),
        last_position,
        entries = append.entries.len(),
        "appending"
    );
    record(connection, append).await?;
    sqlx::query(TAKE_IN)
        .bind(ticket_id.get())
        .bind(append.taken_up_to)
        .bind(append.entries.last().map(|entry| entry.at.as_millisecond()))
        .execute(&mut *connection)
        .await?;
    move_in_queue(connection, append).await?;
    Ok(Ok(()))
}

fn continues(append: &Append, last_position: u32) -> bool {
    let positions = append.entries.iter().map(|entry| entry.position);
    positions.eq((last_position + 1..).take(append.entries.len()))
}

async fn record(connection: &mut SqliteConnection, append: &Append) -> Result<(), sqlx::Error> {
    if append.entries.is_empty() {
        return Ok(());
    }
    let rows = append
        .entries
        .iter()
        .map(|recorded| {
            Ok((
                recorded.position,
                recorded.at.as_millisecond(),
                json(&recorded.entry)?,
            ))
        })
        .collect::<Result<Vec<_>, sqlx::Error>>()?;
    sqlx::query(RECORD)
        .bind(append.claim.ticket_id.get())
        .bind(json(&rows)?)
        .execute(connection)
        .await
        .map(drop)
}

async fn move_in_queue(connection: &mut SqliteConnection, append: &Append) -> Result<(), sqlx::Error> {
    let ticket_id = append.claim.ticket_id.get();
    let statement = match append.queue_move {
        QueueMove::Keep { lease_until } => sqlx::query(KEEP)
            .bind(ticket_id)
            .bind(lease_until.as_millisecond()),
        QueueMove::Release { state, due_at } => sqlx::query(RELEASE)
            .bind(ticket_id)
            .bind(column::state(state))
            .bind(due_at.map(Timestamp::as_millisecond))
            .bind(column::state(CaseState::Active)),
    };
    statement.execute(connection).await.map(drop)
}

fn json(value: &impl Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

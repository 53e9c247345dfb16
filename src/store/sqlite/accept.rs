//! Stores deliveries and makes their cases due, however many at once, in two statements.

use std::borrow::Cow;
use std::collections::HashSet;

use sqlx::SqliteConnection;

use crate::ports::{Accepted, DeliveryContent, NewDelivery};
use crate::store::column;

const INSERT_NEW: &str = "
    INSERT INTO deliveries (dedup_key, ticket_id, kind, problem, body, received_at)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
    FROM json_each($1)
    WHERE true
    ON CONFLICT (dedup_key) DO NOTHING
    RETURNING id, dedup_key";

// A new delivery wakes any case, also one that ended or is stuck. Under a lease the claim is left alone: what was not
// taken in by then makes the case due when it is given back. NOT INDEXED: grouping by the ticket index would walk all
// deliveries ever stored, where the newest numbers are wanted.
pub(super) const WAKE_CASES: &str = "
    INSERT INTO cases (ticket_id, state, due_at, updated_at)
    SELECT ticket_id, 'active', min(received_at), max(received_at)
    FROM deliveries NOT INDEXED
    WHERE id >= $1 AND ticket_id IS NOT NULL
    GROUP BY ticket_id
    ON CONFLICT (ticket_id) DO UPDATE SET
        state = 'active',
        due_at = min(coalesce(cases.due_at, excluded.due_at), excluded.due_at),
        updated_at = max(cases.updated_at, excluded.updated_at)";

type Row<'a> = (
    Cow<'a, str>,
    Option<i64>,
    Option<Cow<'a, str>>,
    Option<Cow<'a, str>>,
    Cow<'a, str>,
    i64,
);

/// Accepts all, in order, inside the caller's transaction.
pub(super) async fn all(
    connection: &mut SqliteConnection,
    deliveries: impl ExactSizeIterator<Item = &NewDelivery> + Clone,
) -> Result<Vec<Accepted>, sqlx::Error> {
    if deliveries.len() == 0 {
        return Ok(Vec::new());
    }
    let rows: Vec<Row<'_>> = deliveries.clone().map(row).collect();
    let rows = serde_json::to_string(&rows).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let inserted: Vec<(i64, String)> = sqlx::query_as(INSERT_NEW)
        .bind(rows)
        .fetch_all(&mut *connection)
        .await?;
    if let Some(first) = inserted.iter().map(|(id, _)| *id).min() {
        sqlx::query(WAKE_CASES)
            .bind(first)
            .execute(&mut *connection)
            .await?;
    }
    // Of several equal keys in one batch, the first was stored.
    let mut new: HashSet<String> = inserted.into_iter().map(|(_, key)| key).collect();
    let is_new = |delivery: &NewDelivery| new.remove(&*column::text(&delivery.dedup_key));
    Ok(deliveries
        .map(is_new)
        .map(|is_new| if is_new { Accepted::New } else { Accepted::Repeat })
        .collect())
}

fn row(delivery: &NewDelivery) -> Row<'_> {
    let (ticket_id, kind, problem) = match &delivery.content {
        DeliveryContent::Wake { ticket_id, kind } => (Some(ticket_id.get()), Some(column::text(kind)), None),
        DeliveryContent::Poison { problem } => (None, None, Some(column::text(problem))),
    };
    let received_at = delivery.received_at.as_millisecond();
    (
        column::text(&delivery.dedup_key),
        ticket_id,
        kind,
        problem,
        column::text(&delivery.body),
        received_at,
    )
}

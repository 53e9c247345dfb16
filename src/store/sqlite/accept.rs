//! Opens the writer's transaction, stores deliveries and makes their cases due: however many, in one go.

use std::borrow::Cow;
use std::collections::HashSet;

use sqlx::SqliteConnection;

use crate::ports::{Accepted, DeliveryContent, NewDelivery};
use crate::store::column;

// One text, because each statement on its own costs a trip to the connection's thread.
//
// A new delivery wakes any case, also one that ended or is stuck. Under a lease the claim is left alone: what was not
// taken in by then makes the case due when it is given back.
//
// changes() is how many deliveries the first statement stored; they have the highest numbers.
pub(super) const STORE_AND_WAKE: &str = "
    BEGIN IMMEDIATE;

    INSERT INTO deliveries (dedup_key, ticket_id, kind, problem, body, received_at)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
    FROM json_each($1)
    WHERE true
    ON CONFLICT (dedup_key) DO NOTHING;

    SELECT changes();

    INSERT INTO cases (ticket_id, state, due_at, updated_at)
    SELECT ticket_id, 'active', min(received_at), max(received_at)
    FROM (SELECT ticket_id, received_at FROM deliveries ORDER BY id DESC LIMIT (SELECT changes()))
    WHERE ticket_id IS NOT NULL
    GROUP BY ticket_id
    ON CONFLICT (ticket_id) DO UPDATE SET
        state = 'active',
        due_at = min(coalesce(cases.due_at, excluded.due_at), excluded.due_at),
        updated_at = max(cases.updated_at, excluded.updated_at)";

pub(super) const LAST_STORED: &str = "SELECT dedup_key FROM deliveries ORDER BY id DESC LIMIT $1";

type Row<'a> = (
    Cow<'a, str>,
    Option<i64>,
    Option<Cow<'a, str>>,
    Option<Cow<'a, str>>,
    Cow<'a, str>,
    i64,
);

/// Opens the transaction and accepts all deliveries, possibly none, in order.
pub(super) async fn begin_with(
    connection: &mut SqliteConnection,
    deliveries: impl ExactSizeIterator<Item = &NewDelivery> + Clone,
) -> Result<Vec<Accepted>, sqlx::Error> {
    let rows: Vec<Row<'_>> = deliveries.clone().map(row).collect();
    let rows = serde_json::to_string(&rows).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    // All, not one: the statements after the answer's must run too.
    let stored: Vec<i64> = sqlx::query_scalar(STORE_AND_WAKE)
        .bind(rows)
        .fetch_all(&mut *connection)
        .await?;
    let stored: i64 = stored.iter().sum();
    if usize::try_from(stored).is_ok_and(|stored| stored == deliveries.len()) {
        return Ok(vec![Accepted::New; deliveries.len()]);
    }
    // Of several equal keys in one batch, the first was stored.
    let new: Vec<String> = sqlx::query_scalar(LAST_STORED)
        .bind(stored)
        .fetch_all(connection)
        .await?;
    let mut new: HashSet<String> = new.into_iter().collect();
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

//! Opens the writer's transaction, stores deliveries and makes their cases due: any number in one step.

use sqlx::SqliteConnection;

use crate::ports::{Accepted, NewDelivery};
use crate::store::rows;

// One text, because each separate statement costs a round trip to the connection's thread.
//
// A new delivery wakes any case, also one that ended or is stuck. Under a lease the claim is not changed: deliveries not
// taken in by then make the case due on release.
//
// changes() is the number of deliveries that the first statement stored; they have the highest numbers.
pub const STORE_AND_WAKE: &str = "
    BEGIN IMMEDIATE;

    INSERT INTO deliveries (dedup_key, ticket_id, kind, problem, body, received_at, ordered_by, ordered_because)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
    FROM json_each($1)
    WHERE true
    ON CONFLICT (dedup_key) DO NOTHING;

    SELECT changes(), last_insert_rowid();

    INSERT INTO cases (ticket_id, state, due_at, updated_at)
    SELECT ticket_id, 'active', min(received_at), max(received_at)
    FROM (SELECT ticket_id, received_at FROM deliveries ORDER BY id DESC LIMIT (SELECT changes()))
    WHERE ticket_id IS NOT NULL
    GROUP BY ticket_id
    ON CONFLICT (ticket_id) DO UPDATE SET
        state = 'active',
        due_at = min(coalesce(cases.due_at, excluded.due_at), excluded.due_at),
        updated_at = max(cases.updated_at, excluded.updated_at)";

pub const LAST_STORED: &str = "SELECT dedup_key, id FROM deliveries ORDER BY id DESC LIMIT $1";

// The bodies of earlier deliveries with the same keys.
const BODIES: &str =
    "SELECT dedup_key, body FROM deliveries WHERE dedup_key IN (SELECT value FROM json_each($1))";

/// Opens the transaction and accepts all deliveries, possibly none, in order.
pub async fn begin_with(
    connection: &mut SqliteConnection,
    deliveries: impl ExactSizeIterator<Item = &NewDelivery> + Clone,
) -> Result<Vec<Accepted>, sqlx::Error> {
    let rows = rows::deliveries(deliveries.clone())?;
    // All rows, not one: the statements after this result must run too.
    let stored: Vec<(i64, i64)> =
        sqlx::query_as(STORE_AND_WAKE).bind(rows).fetch_all(&mut *connection).await?;
    let (stored, last) = stored.first().copied().unwrap_or_default();
    if usize::try_from(stored).is_ok_and(|stored| stored == deliveries.len()) {
        return Ok((last - stored + 1..=last).map(|number| Accepted::New { number }).collect());
    }
    let stored = sqlx::query_as(LAST_STORED).bind(stored).fetch_all(&mut *connection).await?;
    let mut accepted = rows::accepted(deliveries.clone(), stored);
    if let Some(keys) = rows::repeated(deliveries.clone(), &accepted) {
        let before = sqlx::query_as(BODIES).bind(rows::json(&keys)?).fetch_all(connection).await?;
        rows::compare_bodies(deliveries, &mut accepted, before);
    }
    Ok(accepted)
}

//! Stores deliveries and makes their cases due: any number in one round trip.

use sqlx::PgConnection;

use crate::ports::{Accepted, NewDelivery};
use crate::store::rows;

// A new delivery wakes any case, also one that ended or is stuck. Under a lease the claim is not changed: deliveries not
// taken in by then make the case due on release. A key that another replica is storing is waited for.
const STORE_AND_WAKE: &str = "
    WITH stored AS (
        INSERT INTO deliveries (dedup_key, ticket_id, kind, problem, body, received_at, ordered_by, ordered_because)
        SELECT value ->> 0, (value ->> 1)::bigint, value ->> 2, value ->> 3, value ->> 4, (value ->> 5)::bigint, value ->> 6, value ->> 7
        FROM json_array_elements($1::json) WITH ORDINALITY AS given (value, place)
        ORDER BY place
        ON CONFLICT (dedup_key) DO NOTHING
        RETURNING dedup_key, id, ticket_id, received_at
    ), woken AS (
        INSERT INTO cases (ticket_id, state, due_at, updated_at)
        SELECT ticket_id, 'active', min(received_at), max(received_at) FROM stored
        WHERE ticket_id IS NOT NULL
        GROUP BY ticket_id
        ORDER BY ticket_id
        ON CONFLICT (ticket_id) DO UPDATE SET
            state = 'active',
            due_at = least(cases.due_at, excluded.due_at),
            updated_at = greatest(cases.updated_at, excluded.updated_at)
    )
    SELECT dedup_key, id FROM stored";

// The bodies of earlier deliveries with the same keys.
const BODIES: &str = "SELECT dedup_key, body FROM deliveries WHERE dedup_key = ANY($1)";

/// Accepts all deliveries, possibly none, in order, inside the caller's transaction and under its locks.
pub(super) async fn all(
    connection: &mut PgConnection,
    deliveries: impl ExactSizeIterator<Item = &NewDelivery> + Clone,
) -> Result<Vec<Accepted>, sqlx::Error> {
    if deliveries.len() == 0 {
        return Ok(Vec::new());
    }
    let rows = rows::deliveries(deliveries.clone())?;
    let stored = sqlx::query_as(STORE_AND_WAKE).bind(rows).fetch_all(&mut *connection).await?;
    let mut accepted = rows::accepted(deliveries.clone(), stored);
    if let Some(keys) = rows::repeated(deliveries.clone(), &accepted) {
        let before = sqlx::query_as(BODIES).bind(keys).fetch_all(connection).await?;
        rows::compare_bodies(deliveries, &mut accepted, before);
    }
    Ok(accepted)
}

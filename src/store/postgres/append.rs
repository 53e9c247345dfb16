//! Appends to journals and moves their cases in the queue, each atomically: any number in three round trips.

use sqlx::PgConnection;

use super::{guard, outline};
use crate::ports::{Append, StoreError};
use crate::store::journal;
use crate::store::rows::AppendRows;

// The claims that still hold, by their index in the list, the ends of their journals, whether these are not counted yet, and
// the intentions that their new entries name. The cases are locked already, so this is their latest state and stays so.
const JOURNAL_ENDS: &str = "
    SELECT claims.place - 1,
        (SELECT coalesce(max(position), 0) FROM journal WHERE journal.ticket_id = cases.ticket_id),
        EXISTS (SELECT 1 FROM uncounted WHERE uncounted.ticket_id = cases.ticket_id),
        (SELECT coalesce(json_object_agg(position, body), '{}'::json)::text FROM journal
            WHERE journal.ticket_id = cases.ticket_id
                AND position = ANY(ARRAY(SELECT json_array_elements_text(claims.value -> 2)::bigint)))
    FROM json_array_elements($1::json) WITH ORDINALITY AS claims (value, place)
    JOIN cases ON cases.ticket_id = (claims.value ->> 0)::bigint AND cases.fence = (claims.value ->> 1)::bigint
    WHERE cases.lease_until IS NOT NULL";

// $1 the entries, $2 all cases, $3 the released ones, $4 the figures, $5 the accounts that are named. A delivery that
// arrived while a case was being worked on makes it due again: no wake-up is lost. The figures are the last rows that a replica waits for, and each takes them in one
// order.
const RECORD_AND_MOVE: &str = "
    WITH recorded AS (
        INSERT INTO journal (ticket_id, position, at, body, counted, outlined)
        SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, (value ->> 2)::bigint, value ->> 3, value ->> 4 = '1', value ->> 5 = '1'
        FROM json_array_elements($1::json)
    ), counted AS (
        INSERT INTO event_counts (day, name, count, shard)
        SELECT value ->> 0, value ->> 1, (value ->> 2)::bigint, (value ->> 3)::bigint
        FROM json_array_elements($4::json) WITH ORDINALITY AS given (value, place)
        ORDER BY place
        ON CONFLICT (day, name, shard) DO UPDATE SET count = event_counts.count + excluded.count
    ), named AS (
        INSERT INTO mentions (ticket_id, account)
        SELECT (value ->> 0)::bigint, value ->> 1 FROM json_array_elements($5::json) AS given (value)
        ON CONFLICT DO NOTHING
    ), moved AS (
        SELECT (value ->> 0)::bigint AS ticket_id, (value ->> 2)::bigint AS last_at, (value ->> 3)::bigint AS lease_until,
            value ->> 4 AS awaits,
            greatest((value ->> 1)::bigint, (SELECT taken_up_to FROM cases WHERE ticket_id = (value ->> 0)::bigint)) AS taken_up_to
        FROM json_array_elements($2::json)
    ), released AS (
        SELECT moved.ticket_id, value ->> 1 AS state, (value ->> 2)::bigint AS due_at, value ->> 3 AS woken, (
            SELECT min(received_at) FROM deliveries
            WHERE deliveries.ticket_id = moved.ticket_id AND deliveries.id > moved.taken_up_to
        ) AS waiting_since
        FROM json_array_elements($3::json) JOIN moved ON moved.ticket_id = (value ->> 0)::bigint
    )
    UPDATE cases SET
        taken_up_to = moved.taken_up_to,
        fruitless_claims = CASE
            WHEN moved.last_at IS NULL AND moved.taken_up_to = cases.taken_up_to THEN cases.fruitless_claims
            ELSE 0
        END,
        updated_at = coalesce(moved.last_at, cases.updated_at),
        lease_until = moved.lease_until,
        awaits = coalesce(moved.awaits, cases.awaits),
        state = CASE
            WHEN released.ticket_id IS NULL THEN cases.state
            WHEN released.waiting_since IS NULL THEN released.state
            ELSE released.woken
        END,
        due_at = CASE
            WHEN released.ticket_id IS NULL THEN cases.due_at
            ELSE coalesce(released.waiting_since, released.due_at)
        END
    FROM moved LEFT JOIN released ON released.ticket_id = moved.ticket_id
    WHERE cases.ticket_id = moved.ticket_id";

/// Appends inside the caller's transaction and under its locks; an invalid append changes nothing.
pub(super) async fn all(
    connection: &mut PgConnection,
    appends: &[&Append],
    shard: i64,
) -> Result<Vec<Result<(), StoreError>>, sqlx::Error> {
    if appends.is_empty() {
        return Ok(Vec::new());
    }
    let claims = journal::claims(appends)?;
    let ends = sqlx::query_as(JOURNAL_ENDS).bind(claims).fetch_all(&mut *connection).await?;
    let (mut holding, mut outcomes) = journal::judge(appends, ends);
    for (append, outcome) in appends.iter().zip(&mut outcomes).filter(|(_, outcome)| outcome.is_ok()) {
        if let Err(held) = guard::pass(connection, append).await? {
            *outcome = Err(held);
            holding.retain(|holding| holding.append.claim.ticket_id != append.claim.ticket_id);
        }
    }
    let rows = AppendRows::of(&holding, shard)?;
    sqlx::query(RECORD_AND_MOVE)
        .bind(rows.entries)
        .bind(rows.cases)
        .bind(rows.releases)
        .bind(rows.counts)
        .bind(rows.mentions)
        .execute(&mut *connection)
        .await?;
    outline::keep(connection, &rows.outlines).await?;
    Ok(outcomes)
}

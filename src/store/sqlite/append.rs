//! Appends to journals and moves their cases in the queue, each atomically: any number in three round trips.

use sqlx::SqliteConnection;

use super::{guard, outline};
use crate::ports::{Append, StoreError};
use crate::store::journal;
use crate::store::rows::AppendRows;

// The claims that still hold, by their index in the list, the ends of their journals, whether these are not counted yet, and
// the intentions that their new entries name.
pub const JOURNAL_ENDS: &str = "
    SELECT claims.key,
        (SELECT coalesce(max(position), 0) FROM journal WHERE journal.ticket_id = cases.ticket_id),
        EXISTS (SELECT 1 FROM uncounted WHERE uncounted.ticket_id = cases.ticket_id),
        (SELECT json_group_object(CAST(position AS TEXT), body) FROM journal
            WHERE journal.ticket_id = cases.ticket_id
                AND position IN (SELECT value FROM json_each(claims.value, '$[2]')))
    FROM json_each($1) AS claims
    JOIN cases ON cases.ticket_id = claims.value ->> 0 AND cases.fence = claims.value ->> 1
    WHERE cases.lease_until IS NOT NULL";

// One text, because each separate statement costs a round trip to the connection's thread: $1 the entries, $2 all cases, $3
// the released ones, $4 the figures, $5 the accounts that are named. The outlines follow by a statement of their own. A delivery that arrived while a case was being worked on makes it due again: no wake-up is lost.
pub const RECORD_AND_MOVE: &str = "
    INSERT INTO journal (ticket_id, position, at, body, counted, outlined)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each($1);

    INSERT INTO event_counts (day, name, count)
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each($4) WHERE true
    ON CONFLICT (day, name) DO UPDATE SET count = count + excluded.count;

    INSERT INTO mentions (ticket_id, account) SELECT value ->> 0, value ->> 1 FROM json_each($5) WHERE true
    ON CONFLICT DO NOTHING;

    UPDATE cases SET
        taken_up_to = max(cases.taken_up_to, coalesce(append.taken_up_to, 0)),
        fruitless_claims = CASE WHEN coalesce(append.last_at, append.taken_up_to) IS NULL THEN fruitless_claims ELSE 0 END,
        updated_at = coalesce(append.last_at, updated_at),
        lease_until = append.lease_until,
        awaits = coalesce(append.awaits, cases.awaits)
    FROM (
        SELECT value ->> 0 AS ticket_id, value ->> 1 AS taken_up_to, value ->> 2 AS last_at, value ->> 3 AS lease_until,
            value ->> 4 AS awaits
        FROM json_each($2)
    ) AS append
    WHERE cases.ticket_id = append.ticket_id;

    UPDATE cases SET
        state = CASE WHEN release.waiting_since IS NULL THEN release.state ELSE release.woken END,
        due_at = coalesce(release.waiting_since, release.due_at)
    FROM (
        SELECT value ->> 0 AS ticket_id, value ->> 1 AS state, value ->> 2 AS due_at, value ->> 3 AS woken, (
            SELECT min(received_at) FROM deliveries
            WHERE ticket_id = value ->> 0 AND id > (SELECT taken_up_to FROM cases WHERE ticket_id = value ->> 0)
        ) AS waiting_since
        FROM json_each($3)
    ) AS release
    WHERE cases.ticket_id = release.ticket_id";

/// Appends inside the caller's transaction; an invalid append changes nothing.
pub async fn all(
    connection: &mut SqliteConnection,
    appends: &[&Append],
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
    let rows = AppendRows::of(&holding, 0)?;
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

//! Appends to journals and moves their cases in the queue, each atomically: any number in two round trips.

use sqlx::SqliteConnection;

use super::guard;
use crate::ports::{Append, StoreError};
use crate::store::journal;
use crate::store::rows::AppendRows;

// The claims that still hold, by their index in the list, and the ends of their journals.
pub(super) const JOURNAL_ENDS: &str = "
    SELECT claims.key, (SELECT coalesce(max(position), 0) FROM journal WHERE journal.ticket_id = cases.ticket_id)
    FROM json_each($1) AS claims
    JOIN cases ON cases.ticket_id = claims.value ->> 0 AND cases.fence = claims.value ->> 1
    WHERE cases.lease_until IS NOT NULL";

// One text, because each separate statement costs a round trip to the connection's thread: $1 the entries, $2 all cases, $3
// the released ones. A delivery that arrived while a case was being worked on makes it due again: no wake-up is lost.
pub(super) const RECORD_AND_MOVE: &str = "
    INSERT INTO journal (ticket_id, position, at, body)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each($1);

    UPDATE cases SET
        taken_up_to = max(cases.taken_up_to, coalesce(append.taken_up_to, 0)),
        fruitless_claims = CASE WHEN coalesce(append.last_at, append.taken_up_to) IS NULL THEN fruitless_claims ELSE 0 END,
        updated_at = coalesce(append.last_at, updated_at),
        lease_until = append.lease_until
    FROM (
        SELECT value ->> 0 AS ticket_id, value ->> 1 AS taken_up_to, value ->> 2 AS last_at, value ->> 3 AS lease_until
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
pub(super) async fn all(
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
            holding.retain(|holding| holding.claim.ticket_id != append.claim.ticket_id);
        }
    }
    let rows = AppendRows::of(&holding)?;
    sqlx::query(RECORD_AND_MOVE)
        .bind(rows.entries)
        .bind(rows.cases)
        .bind(rows.releases)
        .execute(connection)
        .await?;
    Ok(outcomes)
}

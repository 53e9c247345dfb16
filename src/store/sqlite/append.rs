//! Appends to journals and moves their cases in the queue, each both or neither: however many, in two trips.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::Serialize;
use sqlx::SqliteConnection;

use crate::ports::{Append, CaseState, QueueMove, StoreError};
use crate::store::column;

// Which of the claims still hold, by their place in the list, and where their journals end.
pub(super) const JOURNAL_ENDS: &str = "
    SELECT claims.key, (SELECT coalesce(max(position), 0) FROM journal WHERE journal.ticket_id = cases.ticket_id)
    FROM json_each($1) AS claims
    JOIN cases ON cases.ticket_id = claims.value ->> 0 AND cases.fence = claims.value ->> 1
    WHERE cases.lease_until IS NOT NULL";

// One text, because each statement on its own costs a trip to the connection's thread: $1 the entries, $2 all cases, $3 those
// given back. A delivery that came while a case was being worked on makes it due again: no wake-up is lost.
pub(super) const RECORD_AND_MOVE: &str = "
    INSERT INTO journal (ticket_id, position, at, body)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each($1);

    UPDATE cases SET
        taken_up_to = max(cases.taken_up_to, coalesce(append.taken_up_to, 0)),
        fruitless_claims = CASE WHEN append.last_at IS NULL THEN fruitless_claims ELSE 0 END,
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

/// Appends all inside the caller's transaction; what is refused leaves nothing behind.
///
/// A position that is not the journal's next one is a lost claim as well: its holder's view of the journal is out of
/// date (an earlier append was committed although its answer was lost), so the case must be claimed and loaded anew. The
/// same goes for a second append to one case: what it builds on is not on disk yet.
pub(super) async fn all(
    connection: &mut SqliteConnection,
    appends: &[&Append],
) -> Result<Vec<Result<(), StoreError>>, sqlx::Error> {
    if appends.is_empty() {
        return Ok(Vec::new());
    }
    let ends = journal_ends(connection, appends).await?;
    let mut under_way = HashSet::new();
    let mut holding = Vec::with_capacity(appends.len());
    let mut outcomes = Vec::with_capacity(appends.len());
    for (append, place) in appends.iter().zip(0_i64..) {
        let ticket_id = append.claim.ticket_id;
        let holds =
            ends.get(&place).is_some_and(|end| continues(append, *end)) && under_way.insert(ticket_id);
        if holds {
            holding.push(*append);
        }
        outcomes.push(if holds { Ok(()) } else { Err(StoreError::FenceLost { ticket_id }) });
    }
    record_and_move(connection, &holding).await?;
    Ok(outcomes)
}

async fn journal_ends(
    connection: &mut SqliteConnection,
    appends: &[&Append],
) -> Result<HashMap<i64, u32>, sqlx::Error> {
    let claims: Vec<_> = appends.iter().map(|append| (append.claim.ticket_id, append.claim.fence)).collect();
    let ends: Vec<(i64, u32)> =
        sqlx::query_as(JOURNAL_ENDS).bind(json(&claims)?).fetch_all(connection).await?;
    Ok(ends.into_iter().collect())
}

fn continues(append: &Append, journal_end: u32) -> bool {
    let positions = append.entries.iter().map(|entry| entry.position);
    positions.eq((journal_end + 1..).take(append.entries.len()))
}

async fn record_and_move(connection: &mut SqliteConnection, appends: &[&Append]) -> Result<(), sqlx::Error> {
    let (mut entries, mut cases, mut releases) = (Vec::new(), Vec::new(), Vec::new());
    for append in appends {
        let ticket_id = append.claim.ticket_id;
        for recorded in &append.entries {
            let body = json(&recorded.entry)?;
            entries.push((ticket_id, recorded.position, recorded.at.as_millisecond(), body));
        }
        let lease_until = match append.queue_move {
            QueueMove::Keep { lease_until } => Some(lease_until.as_millisecond()),
            QueueMove::Release { state, due_at } => {
                let due_at = due_at.map(Timestamp::as_millisecond);
                releases.push((ticket_id, column::state(state), due_at, column::state(CaseState::Active)));
                None
            }
        };
        let last_at = append.entries.last().map(|entry| entry.at.as_millisecond());
        cases.push((ticket_id, append.taken_up_to, last_at, lease_until));
    }
    sqlx::query(RECORD_AND_MOVE)
        .bind(json(&entries)?)
        .bind(json(&cases)?)
        .bind(json(&releases)?)
        .execute(connection)
        .await
        .map(drop)
}

fn json(value: &impl Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

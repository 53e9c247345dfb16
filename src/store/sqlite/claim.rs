//! Claims due cases, each with its own lease and fence.

use sqlx::SqliteConnection;

use crate::ports::Claim;
use crate::store::batch::ClaimRequest;
use crate::store::{column, rows};

// due_at stays unchanged: if the worker dies, the case is still known to be due when the lease expires.
//
// A case that was claimed more than twice without a step may be what crashes the process each time. Such cases are claimed
// one at a time, the least suspected first: a crash then counts against that one alone, and not against all claimed cases.
pub const CLAIM: &str = "
    UPDATE cases SET
        state = 'active',
        lease_until = $2,
        fence = fence + 1,
        fruitless_claims = fruitless_claims + 1
    WHERE ticket_id IN (
        SELECT ticket_id FROM (
            SELECT ticket_id FROM cases
            WHERE coalesce(lease_until, due_at) <= $1 AND (fruitless_claims <= 2 OR ticket_id = (
                SELECT ticket_id FROM cases
                WHERE fruitless_claims > 2 AND coalesce(lease_until, due_at) <= $1
                    AND NOT EXISTS (SELECT 1 FROM cases WHERE fruitless_claims > 2 AND lease_until > $1)
                ORDER BY fruitless_claims, coalesce(lease_until, due_at)
                LIMIT 1
            ))
            ORDER BY coalesce(lease_until, due_at)
            LIMIT $3
        )
        UNION
        SELECT ticket_id FROM (
            SELECT ticket_id FROM cases
            WHERE coalesce(lease_until, due_at) <= $1 AND fruitless_claims <= 2
            ORDER BY coalesce(lease_until, due_at) DESC
            LIMIT $4
        )
    )
    RETURNING due_at, ticket_id, fence, fruitless_claims";

// Their holder has ended. The fence increases, so that none of its pending writes can succeed; the number of claims without
// a step stays, for a case that crashes its worker.
const RELEASE_ALL: &str = "
    UPDATE cases SET
        lease_until = NULL,
        fence = fence + 1,
        due_at = CASE WHEN fruitless_claims <= 2 THEN coalesce(due_at, lease_until) ELSE lease_until END
    WHERE lease_until IS NOT NULL";

/// Releases the cases of the process that held them; returns how many. A case claimed more than twice without a step may be
/// what crashes the process each time: it waits for the end of its lease, since quick restarts would otherwise exhaust its
/// claims.
pub(super) async fn release_all(connection: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query(RELEASE_ALL).execute(connection).await?.rows_affected())
}

/// Claims inside the caller's transaction.
pub async fn one(
    connection: &mut SqliteConnection,
    request: &ClaimRequest,
) -> Result<Vec<Claim>, sqlx::Error> {
    let claimed = sqlx::query_as(CLAIM)
        .bind(request.now.as_millisecond())
        .bind(request.lease_until.as_millisecond())
        .bind(column::limit(request.longest_due()))
        .bind(column::limit(request.latest_due()))
        .fetch_all(connection)
        .await?;
    rows::claims(claimed)
}

//! Claims due cases, each with its own lease and fence.

use sqlx::PgConnection;

use crate::ports::Claim;
use crate::store::batch::ClaimRequest;
use crate::store::{column, rows};

// due_at stays unchanged: if the worker dies, the case is still known to be due when the lease expires. A case locked by
// another replica is skipped: it is being claimed, worked or woken right now. The lists are materialised, or the planner
// might fetch (and lock) them more than once.
//
// A case that was claimed more than twice without a step may be what crashes the process each time. Such cases are claimed
// one at a time, the least suspected first: a crash then counts against that one alone, and not against all claimed cases.
const CLAIM: &str = "
    WITH longest AS MATERIALIZED (
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
        FOR UPDATE SKIP LOCKED
    ), latest AS MATERIALIZED (
        SELECT ticket_id FROM cases
        WHERE coalesce(lease_until, due_at) <= $1 AND fruitless_claims <= 2
        ORDER BY coalesce(lease_until, due_at) DESC
        LIMIT $4
        FOR UPDATE SKIP LOCKED
    ), due AS (
        SELECT ticket_id FROM longest UNION SELECT ticket_id FROM latest
    )
    UPDATE cases SET
        state = 'active',
        lease_until = $2,
        fence = fence + 1,
        fruitless_claims = fruitless_claims + 1
    FROM due
    WHERE cases.ticket_id = due.ticket_id
    RETURNING cases.due_at, cases.ticket_id, cases.fence, cases.fruitless_claims";

/// Claims inside the caller's transaction.
pub(super) async fn one(
    connection: &mut PgConnection,
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

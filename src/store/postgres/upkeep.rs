//! Maintenance of the ledger: overdue and stuck cases, erasure, and the figures that remain.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{Connection, PgConnection};

use super::PostgresStore;
use super::connect::{self, bounded};
use super::{count, outline};
use crate::domain::case::Figures;
use crate::domain::ids::TicketId;
use crate::ports::{Backlog, CaseSummary, Erasure, Recounted, StoreError, StoredDelivery, Tickets, Upkeep};
use crate::store::column::{self, unavailable};
use crate::store::outline as store_outline;
use crate::store::rows::{json, summaries};
use crate::store::upkeep::{self, Wanted};

// $1 after which ticket, $2 how many, $3 the moment; without it all.
const TICKETS: &str = "
    SELECT ticket_id FROM cases
    WHERE ticket_id > $1
        AND ($3::bigint IS NULL OR (
            updated_at < $3 AND coalesce(lease_until, 0) < $3
                AND (erased_at IS NULL OR erased_at < updated_at)
        ))
    ORDER BY ticket_id
    LIMIT $2";

// $1 after which ticket, $2 how many, $3 the account, $4 the account as in a journal. A journal that is not counted yet is read.
const OF_ACCOUNT: &str = "
    SELECT ticket_id FROM mentions WHERE account = $3 AND ticket_id > $1
    UNION
    SELECT ticket_id FROM uncounted WHERE ticket_id > $1 AND EXISTS (
        SELECT 1 FROM journal WHERE journal.ticket_id = uncounted.ticket_id AND strpos(body, $4) > 0
    )
    ORDER BY ticket_id
    LIMIT $2";

const CASES: &str = "SELECT ticket_id, state, due_at, updated_at FROM cases WHERE ticket_id = ANY($1)";

const MARK_ERASED: &str = "
    UPDATE cases SET state = 'ended', due_at = NULL, lease_until = NULL, fence = fence + 1, erased_at = $3
    WHERE ticket_id = $1
        AND (SELECT coalesce(max(position), 0) FROM journal WHERE journal.ticket_id = cases.ticket_id) = $2
        AND CASE WHEN $4::bigint IS NULL
            THEN state = 'ended' AND due_at IS NULL AND lease_until IS NULL
            ELSE coalesce(lease_until, 0) < $4 AND NOT EXISTS (
                SELECT 1 FROM deliveries WHERE deliveries.ticket_id = $1 AND received_at >= $4
            )
        END";

const FIGURE_SUMS: &str = "SELECT name, sum(count)::bigint FROM event_counts GROUP BY name";

// $1 the first day, $2 the day after the last.
const FIGURE_SUMS_BETWEEN: &str =
    "SELECT name, sum(count)::bigint FROM event_counts WHERE day >= $1 AND day < $2 GROUP BY name";

const FIGURES: &str = "
    SELECT day, name, sum(count)::bigint FROM event_counts WHERE day >= $1 GROUP BY day, name";

const TOMBSTONE: &str = "
    INSERT INTO journal (ticket_id, position, at, body, counted, outlined) VALUES ($1, $2, $3, $4, true, true)";

// In the order in which every replica locks cases.
pub(super) const LOCK: &str = "SELECT 1 FROM cases WHERE ticket_id = ANY($1) ORDER BY ticket_id FOR UPDATE";

/// Each figure has as many rows at most: replicas that share one only wait for each other's commits.
const SHARDS: u32 = 16;

/// The rows that a replica of this name adds to.
pub(super) fn shard(replica: &str) -> i64 {
    let digit = replica.chars().find_map(|character| character.to_digit(SHARDS));
    digit.unwrap_or_default().into()
}

#[async_trait]
impl Upkeep for PostgresStore {
    async fn tickets(
        &self,
        which: Tickets<'_>,
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError> {
        let wanted = Wanted::of(which).map_err(|error| unavailable(&error))?;
        let ids = match &wanted {
            Wanted::OfAccount { .. } => sqlx::query_scalar(OF_ACCOUNT),
            Wanted::RestedBefore(_) => sqlx::query_scalar(TICKETS),
        };
        let ids = ids.bind(after.map_or(0, TicketId::get)).bind(column::limit(limit));
        let ids = match wanted {
            Wanted::OfAccount { account, in_journal } => ids.bind(account).bind(in_journal),
            Wanted::RestedBefore(moment) => ids.bind(moment),
        };
        let ids = bounded(ids.fetch_all(&self.readers)).await;
        upkeep::tickets(ids.map_err(|error| unavailable(&error))?)
    }

    async fn erase(&self, erasures: &[Erasure]) -> Result<Vec<TicketId>, StoreError> {
        let mut erased = Vec::new();
        let mut connection = self.another().await?;
        for erasure in erasures {
            if bounded(erase(&mut connection, erasure, self.shard))
                .await
                .map_err(|error| unavailable(&error))?
            {
                erased.push(erasure.ticket_id);
            }
        }
        Ok(erased)
    }

    async fn drop_poison(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut connection = self.another().await?;
        let dropped = sqlx::query("DELETE FROM deliveries WHERE ticket_id IS NULL AND received_at < $1")
            .bind(before.as_millisecond())
            .execute(&mut connection);
        Ok(bounded(dropped).await.map_err(|error| unavailable(&error))?.rows_affected())
    }

    async fn compact(&self) -> Result<(), StoreError> {
        let mut connection = self.another().await?;
        // Without a time limit: nothing waits for it.
        for statement in
            ["SET statement_timeout = 0", "VACUUM journal", "VACUUM deliveries", "VACUUM movements"]
        {
            sqlx::query(statement).execute(&mut connection).await.map_err(|error| unavailable(&error))?;
        }
        Ok(())
    }

    async fn shrink_log(&self) -> Result<(), StoreError> {
        // The server manages its log itself.
        Ok(())
    }

    async fn deliveries(&self, poison: bool, limit: usize) -> Result<Vec<StoredDelivery>, StoreError> {
        let rows = sqlx::query_as(upkeep::DELIVERIES).bind(poison).bind(column::limit(limit));
        let rows = bounded(rows.fetch_all(&self.readers)).await.map_err(|error| unavailable(&error))?;
        rows.into_iter().map(upkeep::delivery).collect()
    }

    async fn delivery(&self, id: &str) -> Result<Option<StoredDelivery>, StoreError> {
        let row = sqlx::query_as(upkeep::DELIVERY).bind(column::text(id)).bind(upkeep::number(id));
        let row = bounded(row.fetch_optional(&self.readers)).await.map_err(|error| unavailable(&error))?;
        row.map(upkeep::delivery).transpose()
    }

    async fn figure_sums(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        let rows = sqlx::query_as(FIGURE_SUMS).fetch_all(&self.readers);
        Ok(upkeep::sums(bounded(rows).await.map_err(|error| unavailable(&error))?))
    }

    async fn figure_sums_between(
        &self,
        from: Date,
        until: Date,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let rows = sqlx::query_as(FIGURE_SUMS_BETWEEN).bind(from.to_string()).bind(until.to_string());
        let rows = bounded(rows.fetch_all(&self.readers)).await;
        Ok(upkeep::sums(rows.map_err(|error| unavailable(&error))?))
    }

    async fn figures(&self) -> Result<Figures, StoreError> {
        self.figures_since(Date::ZERO).await
    }

    async fn figures_since(&self, since: Date) -> Result<Figures, StoreError> {
        let rows = sqlx::query_as(FIGURES).bind(since.to_string()).fetch_all(&self.readers);
        upkeep::figures(bounded(rows).await.map_err(|error| unavailable(&error))?)
    }

    async fn count(&self, after: Option<TicketId>, limit: usize) -> Result<Vec<Recounted>, StoreError> {
        let mut connection = self.another().await?;
        let counted = count_page(&mut connection, after, limit, self.shard);
        bounded(counted).await.map_err(|error| unavailable(&error))?
    }

    async fn cases(&self, ids: &[TicketId]) -> Result<Vec<CaseSummary>, StoreError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
        let rows = sqlx::query_as(CASES).bind(ids).fetch_all(&self.readers);
        summaries(bounded(rows).await.map_err(|error| unavailable(&error))?)
    }

    async fn take_turn(&self, chore: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
        let mut connection = self.another().await?;
        let taken = sqlx::query(upkeep::TAKE_TURN)
            .bind(chore)
            .bind(now.as_millisecond())
            .bind(until.as_millisecond())
            .execute(&mut connection);
        Ok(bounded(taken).await.map_err(|error| unavailable(&error))?.rows_affected() > 0)
    }

    async fn backlog(&self, now: Timestamp) -> Result<Backlog, StoreError> {
        let rows = sqlx::query_as(upkeep::BACKLOG).bind(now.as_millisecond()).fetch_all(&self.readers);
        upkeep::backlog(bounded(rows).await.map_err(|error| unavailable(&error))?)
    }
}

impl PostgresStore {
    /// A connection besides the writer's, which must not wait for this.
    pub(super) async fn another(&self) -> Result<PgConnection, StoreError> {
        connect::connection(&self.options).await.map_err(|error| unavailable(&error))
    }
}

/// In one transaction, which locks the cases before it reads what is not counted of them.
async fn count_page(
    connection: &mut PgConnection,
    after: Option<TicketId>,
    limit: usize,
    shard: i64,
) -> Result<Result<Vec<Recounted>, StoreError>, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let ids: Vec<i64> = sqlx::query_scalar(upkeep::UNCOUNTED)
        .bind(after.map_or(0, TicketId::get))
        .bind(column::limit(limit))
        .fetch_all(&mut *transaction)
        .await?;
    sqlx::query(LOCK).bind(&ids).execute(&mut *transaction).await?;
    let recounted = count::these(&mut transaction, &ids, shard).await?;
    transaction.commit().await?;
    Ok(recounted)
}

/// In its own transaction, which locks the case before it reads: it then sees what it waited for.
async fn erase(connection: &mut PgConnection, erasure: &Erasure, shard: i64) -> Result<bool, sqlx::Error> {
    let (id, last) = (erasure.ticket_id.get(), i64::from(erasure.last));
    let tombstone = erasure.tombstone();
    let at = tombstone.at.as_millisecond();
    let mut transaction = connection.begin().await?;
    let locked = sqlx::query("SELECT 1 FROM cases WHERE ticket_id = $1 FOR UPDATE").bind(id);
    locked.execute(&mut *transaction).await?;
    let since = erasure.untouched_since.map(Timestamp::as_millisecond);
    let marked = sqlx::query(MARK_ERASED).bind(id).bind(last).bind(at).bind(since);
    let marked = marked.execute(&mut *transaction).await?;
    if marked.rows_affected() == 0 {
        return Ok(false);
    }
    // Afterwards there is nothing left to count.
    let recounted = count::these(&mut transaction, &[id], shard).await?;
    if !upkeep::all_counted(&recounted) {
        return Ok(false);
    }
    for table in [
        "DELETE FROM deliveries WHERE ticket_id = $1",
        "DELETE FROM journal WHERE ticket_id = $1",
        "DELETE FROM movements WHERE ticket_id = $1",
        "DELETE FROM mentions WHERE ticket_id = $1",
        "DELETE FROM outlines WHERE ticket_id = $1",
    ] {
        sqlx::query(table).bind(id).execute(&mut *transaction).await?;
    }
    sqlx::query(TOMBSTONE)
        .bind(id)
        .bind(last + 1)
        .bind(at)
        .bind(json(&tombstone.entry)?)
        .execute(&mut *transaction)
        .await?;
    outline::keep(&mut transaction, &store_outline::of_erased(erasure)?).await?;
    transaction.commit().await?;
    Ok(true)
}

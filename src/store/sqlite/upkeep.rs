//! Maintenance of the ledger: overdue and stuck cases, erasure, and the figures that remain.

use std::collections::BTreeMap;
use std::path::Path;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{Connection, SqliteConnection, SqlitePool};

use super::{SqliteStore, connect, count, outline};
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
        AND ($3 IS NULL OR (
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
        SELECT 1 FROM journal WHERE journal.ticket_id = uncounted.ticket_id AND instr(body, $4) > 0
    )
    ORDER BY ticket_id
    LIMIT $2";

const CASES: &str = "
    SELECT ticket_id, state, due_at, updated_at FROM cases
    WHERE ticket_id IN (SELECT value FROM json_each($1))";

const MARK_ERASED: &str = "
    UPDATE cases SET state = 'ended', due_at = NULL, lease_until = NULL, fence = fence + 1, erased_at = $3
    WHERE ticket_id = $1
        AND (SELECT coalesce(max(position), 0) FROM journal WHERE journal.ticket_id = cases.ticket_id) = $2
        AND CASE WHEN $4 IS NULL
            THEN state = 'ended' AND due_at IS NULL AND lease_until IS NULL
            ELSE coalesce(lease_until, 0) < $4 AND NOT EXISTS (
                SELECT 1 FROM deliveries WHERE deliveries.ticket_id = $1 AND received_at >= $4
            )
        END";

// $1 the ticket, $2 the tombstone's position, $3 its time, $4 its body. Its figures stay.
const ERASE: &str = "
    DELETE FROM deliveries WHERE ticket_id = $1;

    DELETE FROM journal WHERE ticket_id = $1;

    DELETE FROM movements WHERE ticket_id = $1;

    DELETE FROM mentions WHERE ticket_id = $1;

    DELETE FROM outlines WHERE ticket_id = $1;

    INSERT INTO journal (ticket_id, position, at, body, counted, outlined) VALUES ($1, $2, $3, $4, 1, 1)";

const FIGURE_SUMS: &str = "SELECT name, sum(count) FROM event_counts GROUP BY name";

// $1 the first day, $2 the day after the last.
const FIGURE_SUMS_BETWEEN: &str =
    "SELECT name, sum(count) FROM event_counts WHERE day >= $1 AND day < $2 GROUP BY name";

pub const FIGURES: &str = "SELECT day, name, count FROM event_counts WHERE day >= $1";

#[async_trait]
impl Upkeep for SqliteStore {
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
        let read =
            async |readers: &SqlitePool| ids.fetch_all(readers).await.map_err(|error| unavailable(&error));
        upkeep::tickets(self.read(read).await?)
    }

    async fn erase(&self, erasures: &[Erasure]) -> Result<Vec<TicketId>, StoreError> {
        self.write_beside(async |path| erase(path, erasures).await).await
    }

    async fn drop_poison(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write_beside(async |path| drop_poison(path, before).await).await
    }

    async fn compact(&self) -> Result<(), StoreError> {
        self.write_beside(async |path| compact(path).await).await
    }

    async fn shrink_log(&self) -> Result<(), StoreError> {
        self.write_beside(async |path| shrink_log(path).await).await
    }

    async fn deliveries(&self, poison: bool, limit: usize) -> Result<Vec<StoredDelivery>, StoreError> {
        let rows = sqlx::query_as(upkeep::DELIVERIES).bind(poison).bind(column::limit(limit));
        let read =
            async |readers: &SqlitePool| rows.fetch_all(readers).await.map_err(|error| unavailable(&error));
        self.read(read).await?.into_iter().map(upkeep::delivery).collect()
    }

    async fn delivery(&self, id: &str) -> Result<Option<StoredDelivery>, StoreError> {
        let row = sqlx::query_as(upkeep::DELIVERY).bind(id).bind(upkeep::number(id));
        let read = async |readers: &SqlitePool| {
            row.fetch_optional(readers).await.map_err(|error| unavailable(&error))
        };
        self.read(read).await?.map(upkeep::delivery).transpose()
    }

    async fn figure_sums(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        let rows = sqlx::query_as(FIGURE_SUMS);
        let read =
            async |readers: &SqlitePool| rows.fetch_all(readers).await.map_err(|error| unavailable(&error));
        Ok(upkeep::sums(self.read(read).await?))
    }

    async fn figure_sums_between(
        &self,
        from: Date,
        until: Date,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let rows = sqlx::query_as(FIGURE_SUMS_BETWEEN).bind(from.to_string()).bind(until.to_string());
        let read =
            async |readers: &SqlitePool| rows.fetch_all(readers).await.map_err(|error| unavailable(&error));
        Ok(upkeep::sums(self.read(read).await?))
    }

    async fn figures(&self) -> Result<Figures, StoreError> {
        self.figures_since(Date::ZERO).await
    }

    async fn figures_since(&self, since: Date) -> Result<Figures, StoreError> {
        let rows = sqlx::query_as(FIGURES).bind(since.to_string());
        let read =
            async |readers: &SqlitePool| rows.fetch_all(readers).await.map_err(|error| unavailable(&error));
        upkeep::figures(self.read(read).await?)
    }

    async fn count(&self, after: Option<TicketId>, limit: usize) -> Result<Vec<Recounted>, StoreError> {
        self.write_beside(async |path| count_page(path, after, limit).await).await?
    }

    async fn cases(&self, ids: &[TicketId]) -> Result<Vec<CaseSummary>, StoreError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
        let rows = sqlx::query_as(CASES).bind(json(&ids).map_err(|error| unavailable(&error))?);
        let read =
            async |readers: &SqlitePool| rows.fetch_all(readers).await.map_err(|error| unavailable(&error));
        summaries(self.read(read).await?)
    }

    async fn take_turn(&self, chore: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
        self.write_beside(async |path| take_turn(path, chore, now, until).await).await
    }

    async fn backlog(&self, now: Timestamp) -> Result<Backlog, StoreError> {
        let rows = sqlx::query_as(upkeep::BACKLOG).bind(now.as_millisecond());
        let read =
            async |readers: &SqlitePool| rows.fetch_all(readers).await.map_err(|error| unavailable(&error));
        upkeep::backlog(self.read(read).await?)
    }
}

/// On its own connection; the writer waits for it as for any other process.
async fn erase(path: &Path, erasures: &[Erasure]) -> Result<Vec<TicketId>, sqlx::Error> {
    let mut connection = connect::writer(path, false).await?;
    let mut erased = Vec::new();
    for erasure in erasures {
        if erase_one(&mut connection, erasure).await? {
            erased.push(erasure.ticket_id);
        }
    }
    finish(connection).await?;
    Ok(erased)
}

async fn erase_one(connection: &mut SqliteConnection, erasure: &Erasure) -> Result<bool, sqlx::Error> {
    let id = erasure.ticket_id.get();
    let tombstone = erasure.tombstone();
    let at = tombstone.at.as_millisecond();
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let since = erasure.untouched_since.map(Timestamp::as_millisecond);
    let marked = sqlx::query(MARK_ERASED).bind(id).bind(erasure.last).bind(at).bind(since);
    if marked.execute(&mut *transaction).await?.rows_affected() == 0 {
        return Ok(false);
    }
    // Afterwards there is nothing left to count.
    let recounted = count::these(&mut transaction, &[id], 0).await?;
    if !upkeep::all_counted(&recounted) {
        return Ok(false);
    }
    sqlx::query(ERASE)
        .bind(id)
        .bind(tombstone.position)
        .bind(at)
        .bind(json(&tombstone.entry)?)
        .execute(&mut *transaction)
        .await?;
    outline::keep(&mut transaction, &store_outline::of_erased(erasure)?).await?;
    transaction.commit().await?;
    Ok(true)
}

/// A page of the tickets that a statement finds.
pub(super) async fn due(
    connection: &mut SqliteConnection,
    statement: &'static str,
    after: Option<TicketId>,
    limit: usize,
) -> Result<Vec<i64>, sqlx::Error> {
    let query = sqlx::query_scalar(statement).bind(after.map_or(0, TicketId::get)).bind(column::limit(limit));
    query.fetch_all(connection).await
}

/// In one transaction, which keeps every other write out.
async fn count_page(
    path: &Path,
    after: Option<TicketId>,
    limit: usize,
) -> Result<Result<Vec<Recounted>, StoreError>, sqlx::Error> {
    let mut connection = connect::writer(path, false).await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let ids = due(&mut transaction, upkeep::UNCOUNTED, after, limit).await?;
    let recounted = count::these(&mut transaction, &ids, 0).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(recounted)
}

async fn drop_poison(path: &Path, before: Timestamp) -> Result<u64, sqlx::Error> {
    let mut connection = connect::writer(path, false).await?;
    let dropped = sqlx::query("DELETE FROM deliveries WHERE ticket_id IS NULL AND received_at < $1")
        .bind(before.as_millisecond())
        .execute(&mut connection)
        .await?
        .rows_affected();
    finish(connection).await?;
    Ok(dropped)
}

async fn take_turn(path: &Path, chore: &str, now: Timestamp, until: Timestamp) -> Result<bool, sqlx::Error> {
    let mut connection = connect::writer(path, false).await?;
    let taken = sqlx::query(upkeep::TAKE_TURN)
        .bind(chore)
        .bind(now.as_millisecond())
        .bind(until.as_millisecond())
        .execute(&mut connection)
        .await?
        .rows_affected();
    connection.close().await?;
    Ok(taken > 0)
}

async fn compact(path: &Path) -> Result<(), sqlx::Error> {
    let mut connection = connect::writer(path, false).await?;
    sqlx::query("VACUUM").execute(&mut connection).await?;
    finish(connection).await
}

async fn shrink_log(path: &Path) -> Result<(), sqlx::Error> {
    let mut connection = connect::writer(path, false).await?;
    connect::settle_log(&mut connection).await?;
    connection.close().await
}

/// Deleted data stays in the write-ahead log until this truncates it. An active reader delays that.
async fn finish(mut connection: SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
    connection.close().await
}

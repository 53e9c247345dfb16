//! Lists of cases.

use std::path::Path;

use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Connection, FromRow, SqlitePool};

use super::{SqliteStore, connect, outline};
use crate::domain::ids::TicketId;
use crate::ports::{
    CaseFilter, CaseLine, CaseLists, CasePage, CaseSum, Lane, Place, Recounted, StoreError, StuckGroup,
};
use crate::store::column::{self, unavailable};
use crate::store::lists::{self, GroupRow, List, Planner, bound};
use crate::store::outline::{self as store_outline, COLUMNS, LineRow};
use crate::store::rows::json;

impl SqliteStore {
    async fn listed<R>(&self, list: &List<'_>, statement: String) -> Result<Vec<R>, StoreError>
    where
        R: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        let query = bound!(sqlx::query_as(AssertSqlSafe(statement)), list.values());
        self.read(async |readers: &SqlitePool| {
            query.fetch_all(readers).await.map_err(|error| unavailable(&error))
        })
        .await
    }

    async fn cut(&self, list: &mut List<'_>) -> Result<(), StoreError> {
        if let Some(statement) = list.cut_statement() {
            list.cut_at(self.listed(list, statement).await?.pop());
        }
        Ok(())
    }
}

#[async_trait]
impl CaseLists for SqliteStore {
    async fn case_page(
        &self,
        filter: &CaseFilter,
        after: Option<Place>,
        limit: usize,
    ) -> Result<CasePage, StoreError> {
        let mut list = List::of(filter, Planner::KeepsOrder, after, limit.saturating_add(1));
        self.cut(&mut list).await?;
        let rows: Vec<LineRow> = self.listed(&list, list.statement()).await?;
        list.page(rows, limit)
    }

    async fn case_sum(&self, filter: &CaseFilter, limit: usize) -> Result<CaseSum, StoreError> {
        let mut list = List::of(filter, Planner::KeepsOrder, None, limit);
        self.cut(&mut list).await?;
        let sum: Option<(i64, i64)> = self.listed(&list, list.sum_statement()).await?.pop();
        Ok(lists::sum(sum))
    }

    async fn waiting_in(&self, lane: Lane, limit: usize) -> Result<Vec<CaseLine>, StoreError> {
        let query = sqlx::query_as(AssertSqlSafe(lists::waiting_in()))
            .bind(store_outline::lane(lane))
            .bind(column::limit(limit));
        let read =
            async |readers: &SqlitePool| query.fetch_all(readers).await.map_err(|error| unavailable(&error));
        store_outline::lines(self.read(read).await?)
    }

    async fn stuck_groups(&self, limit: usize) -> Result<Vec<StuckGroup>, StoreError> {
        let query = sqlx::query_as(lists::STUCK_GROUPS).bind(column::limit(limit));
        let read =
            async |readers: &SqlitePool| query.fetch_all(readers).await.map_err(|error| unavailable(&error));
        let rows: Vec<GroupRow> = self.read(read).await?;
        lists::groups(rows)
    }

    async fn case_lines(&self, ids: &[TicketId]) -> Result<Vec<CaseLine>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM cases AS c LEFT JOIN outlines AS o ON o.ticket_id = c.ticket_id
            WHERE c.ticket_id IN (SELECT value FROM json_each($1))
            ORDER BY c.updated_at DESC, c.ticket_id DESC"
        );
        let ids = json(&lists::numbers(ids)).map_err(|error| unavailable(&error))?;
        let query = sqlx::query_as(AssertSqlSafe(statement)).bind(ids);
        let read =
            async |readers: &SqlitePool| query.fetch_all(readers).await.map_err(|error| unavailable(&error));
        store_outline::lines(self.read(read).await?)
    }

    async fn outline(&self, after: Option<TicketId>, limit: usize) -> Result<Vec<Recounted>, StoreError> {
        self.write_beside(async |path| outline_page(path, after, limit).await).await?
    }
}

/// In one transaction, which keeps every other write out.
async fn outline_page(
    path: &Path,
    after: Option<TicketId>,
    limit: usize,
) -> Result<Result<Vec<Recounted>, StoreError>, sqlx::Error> {
    let mut connection = connect::writer(path, false).await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let ids: Vec<i64> = sqlx::query_scalar(lists::OUTLINES_DUE)
        .bind(after.map_or(0, TicketId::get))
        .bind(column::limit(limit))
        .fetch_all(&mut *transaction)
        .await?;
    let folded = outline::these(&mut transaction, &ids).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(folded)
}

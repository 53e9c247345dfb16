//! Lists of cases.

use std::path::Path;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Connection, SqlitePool};

use super::upkeep::due;
use super::{SqliteStore, connect, outline};
use crate::domain::ids::TicketId;
use crate::ports::{
    CaseFilter, CaseLine, CaseLists, CasePage, CaseSum, Lane, Place, Recounted, StoreError, StuckGroup,
};
use crate::store::column::{self, unavailable};
use crate::store::lists::{self, GroupRow, List, Listed, Planner, Reads, bound};
use crate::store::outline::{self as store_outline, COLUMNS};
use crate::store::rows::json;

impl Reads for SqliteStore {
    const PLANNER: Planner = Planner::KeepsOrder;

    async fn listed<R: Listed>(&self, list: &List<'_>, statement: String) -> Result<Vec<R>, StoreError> {
        let query = bound!(sqlx::query_as(AssertSqlSafe(statement)), list.values());
        self.read(async |readers: &SqlitePool| {
            query.fetch_all(readers).await.map_err(|error| unavailable(&error))
        })
        .await
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
        lists::page(self, filter, after, limit).await
    }

    async fn case_sum(&self, filter: &CaseFilter, limit: usize) -> Result<CaseSum, StoreError> {
        lists::sum(self, filter, limit).await
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
    let ids = due(&mut transaction, lists::OUTLINES_DUE, after, limit).await?;
    let folded = outline::these(&mut transaction, &ids).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(folded)
}

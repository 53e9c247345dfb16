//! Lists of cases.

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::connect::bounded;
use super::upkeep::LOCK;
use super::{PostgresStore, outline};
use crate::domain::ids::TicketId;
use crate::ports::{
    CaseFilter, CaseLine, CaseLists, CasePage, CaseSum, Lane, Place, Recounted, StoreError, StuckGroup,
};
use crate::store::column::{self, unavailable};
use crate::store::lists::{self, GroupRow, List, Listed, Planner, Reads, bound};
use crate::store::outline::{self as store_outline, COLUMNS};

impl Reads for PostgresStore {
    const PLANNER: Planner = Planner::Estimates;

    async fn listed<R: Listed>(&self, list: &List<'_>, statement: String) -> Result<Vec<R>, StoreError> {
        let query = bound!(sqlx::query_as(AssertSqlSafe(statement)), list.values());
        bounded(query.fetch_all(&self.readers)).await.map_err(|error| unavailable(&error))
    }
}

#[async_trait]
impl CaseLists for PostgresStore {
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
        let rows = bounded(query.fetch_all(&self.readers)).await;
        store_outline::lines(rows.map_err(|error| unavailable(&error))?)
    }

    async fn stuck_groups(&self, limit: usize) -> Result<Vec<StuckGroup>, StoreError> {
        let query = sqlx::query_as(lists::STUCK_GROUPS).bind(column::limit(limit));
        let rows: Vec<GroupRow> =
            bounded(query.fetch_all(&self.readers)).await.map_err(|error| unavailable(&error))?;
        lists::groups(rows)
    }

    async fn case_lines(&self, ids: &[TicketId]) -> Result<Vec<CaseLine>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM cases AS c LEFT JOIN outlines AS o ON o.ticket_id = c.ticket_id
            WHERE c.ticket_id = ANY($1)
            ORDER BY c.updated_at DESC, c.ticket_id DESC"
        );
        let query = sqlx::query_as(AssertSqlSafe(statement)).bind(lists::numbers(ids));
        let rows = bounded(query.fetch_all(&self.readers)).await;
        store_outline::lines(rows.map_err(|error| unavailable(&error))?)
    }

    async fn outline(&self, after: Option<TicketId>, limit: usize) -> Result<Vec<Recounted>, StoreError> {
        let mut connection = self.another().await?;
        let folded = outline_page(&mut connection, after, limit);
        bounded(folded).await.map_err(|error| unavailable(&error))?
    }
}

/// In one transaction, which locks the cases before it reads their journals.
async fn outline_page(
    connection: &mut PgConnection,
    after: Option<TicketId>,
    limit: usize,
) -> Result<Result<Vec<Recounted>, StoreError>, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let ids: Vec<i64> = sqlx::query_scalar(lists::OUTLINES_DUE)
        .bind(after.map_or(0, TicketId::get))
        .bind(column::limit(limit))
        .fetch_all(&mut *transaction)
        .await?;
    sqlx::query(LOCK).bind(&ids).execute(&mut *transaction).await?;
    let folded = outline::these(&mut transaction, &ids).await?;
    transaction.commit().await?;
    Ok(folded)
}

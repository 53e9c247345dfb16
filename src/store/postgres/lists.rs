//! Lists of cases.

use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection, FromRow, PgConnection};

use super::connect::bounded;
use super::upkeep::LOCK;
use super::{PostgresStore, outline};
use crate::domain::ids::TicketId;
use crate::ports::{
    CaseFilter, CaseLine, CaseLists, CasePage, CaseSum, Lane, Place, Recounted, StoreError, StuckGroup,
};
use crate::store::column::{self, unavailable};
use crate::store::lists::{self, GroupRow, List, Planner, bound};
use crate::store::outline::{self as store_outline, COLUMNS, LineRow};

impl PostgresStore {
    async fn listed<R>(&self, list: &List<'_>, statement: String) -> Result<Vec<R>, StoreError>
    where
        R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let query = bound!(sqlx::query_as(AssertSqlSafe(statement)), list.values());
        bounded(query.fetch_all(&self.readers)).await.map_err(|error| unavailable(&error))
    }

    async fn cut(&self, list: &mut List<'_>) -> Result<(), StoreError> {
        if let Some(statement) = list.cut_statement() {
            list.cut_at(self.listed(list, statement).await?.pop());
        }
        Ok(())
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
        let mut list = List::of(filter, Planner::Estimates, after, limit.saturating_add(1));
        self.cut(&mut list).await?;
        let rows: Vec<LineRow> = self.listed(&list, list.statement()).await?;
        list.page(rows, limit)
    }

    async fn case_sum(&self, filter: &CaseFilter, limit: usize) -> Result<CaseSum, StoreError> {
        let mut list = List::of(filter, Planner::Estimates, None, limit);
        self.cut(&mut list).await?;
        let sum: Option<(i64, i64)> = self.listed(&list, list.sum_statement()).await?.pop();
        Ok(lists::sum(sum))
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

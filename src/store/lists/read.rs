//! Reads a list, in either database.

use sqlx::FromRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use super::{List, Planner};
use crate::ports::{CaseFilter, CasePage, CaseSum, Place, StoreError};

/// A row of a list, in either database.
pub(in crate::store) trait Listed:
    for<'r> FromRow<'r, PgRow> + for<'r> FromRow<'r, SqliteRow> + Send + Unpin
{
}

impl<R> Listed for R where R: for<'r> FromRow<'r, PgRow> + for<'r> FromRow<'r, SqliteRow> + Send + Unpin {}

/// A database that reads lists.
pub(in crate::store) trait Reads {
    /// How it plans a list.
    const PLANNER: Planner;

    /// Reads by a statement with the list's values.
    async fn listed<R: Listed>(&self, list: &List<'_>, statement: String) -> Result<Vec<R>, StoreError>;
}

/// The list, cut where it would look at too many cases.
async fn cut<'a, D: Reads>(
    database: &D,
    filter: &'a CaseFilter,
    after: Option<Place>,
    limit: usize,
) -> Result<List<'a>, StoreError> {
    let mut list = List::of(filter, D::PLANNER, after, limit);
    if let Some(statement) = list.cut_statement() {
        list.cut = database.listed(&list, statement).await?.pop();
    }
    Ok(list)
}

pub(in crate::store) async fn page(
    database: &impl Reads,
    filter: &CaseFilter,
    after: Option<Place>,
    limit: usize,
) -> Result<CasePage, StoreError> {
    let list = cut(database, filter, after, limit.saturating_add(1)).await?;
    let rows = database.listed(&list, list.statement()).await?;
    list.page(rows, limit)
}

/// Cases and won of the first `limit` of a list.
pub(in crate::store) async fn sum(
    database: &impl Reads,
    filter: &CaseFilter,
    limit: usize,
) -> Result<CaseSum, StoreError> {
    let list = cut(database, filter, None, limit).await?;
    let sum: Option<(i64, i64)> = database.listed(&list, list.sum_statement()).await?.pop();
    let (cases, won) = sum.unwrap_or_default();
    Ok(CaseSum { cases: cases.unsigned_abs(), won })
}

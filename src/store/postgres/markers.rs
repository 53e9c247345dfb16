//! Reads, creates and rotates the keys that seal markers, beside the writer.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::Connection;

use super::PostgresStore;
use super::connect::bounded;
use crate::domain::marker::MarkerKey;
use crate::ports::{MarkerKeys, StoreError};
use crate::store::column::unavailable;
use crate::store::markers;

#[async_trait]
impl MarkerKeys for PostgresStore {
    async fn marker_keys(&self, now: Timestamp) -> Result<Vec<MarkerKey>, StoreError> {
        let found = all(self).await?;
        if !found.is_empty() {
            return Ok(found);
        }
        let secret = markers::fresh_secret().map_err(|error| unavailable(&error))?;
        let mut connection = self.another().await?;
        let first =
            sqlx::query(markers::FIRST).bind(secret).bind(now.as_millisecond()).execute(&mut connection);
        bounded(first).await.map_err(|error| unavailable(&error))?;
        all(self).await
    }

    async fn rotate_marker_key(&self, now: Timestamp, not_after: Timestamp) -> Result<bool, StoreError> {
        let mut connection = self.another().await?;
        let work = async {
            let mut transaction = connection.begin().await?;
            sqlx::raw_sql("LOCK TABLE marker_keys IN EXCLUSIVE MODE").execute(&mut *transaction).await?;
            let made = sqlx::query(markers::NEXT)
                .bind(markers::fresh_secret()?)
                .bind(now.as_millisecond())
                .bind(not_after.as_millisecond())
                .execute(&mut *transaction)
                .await?
                .rows_affected();
            sqlx::query(markers::FORGET).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(made > 0)
        };
        bounded(work).await.map_err(|error| unavailable(&error))
    }
}

async fn all(store: &PostgresStore) -> Result<Vec<MarkerKey>, StoreError> {
    let rows = sqlx::query_as(markers::ALL).fetch_all(&store.readers);
    Ok(markers::keys(bounded(rows).await.map_err(|error| unavailable(&error))?))
}

//! Reads, creates and rotates the keys that seal markers, beside the writer.

use std::path::Path;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Connection, SqlitePool};

use super::{SqliteStore, connect};
use crate::domain::marker::MarkerKey;
use crate::ports::{MarkerKeys, StoreError};
use crate::store::column::unavailable;
use crate::store::markers;

#[async_trait]
impl MarkerKeys for SqliteStore {
    async fn marker_keys(&self, now: Timestamp) -> Result<Vec<MarkerKey>, StoreError> {
        let found = all(self).await?;
        if !found.is_empty() {
            return Ok(found);
        }
        self.write_beside(async |path| first(path, now).await).await?;
        all(self).await
    }

    async fn rotate_marker_key(&self, now: Timestamp, not_after: Timestamp) -> Result<bool, StoreError> {
        self.write_beside(async |path| rotate(path, now, not_after).await).await
    }
}

async fn all(store: &SqliteStore) -> Result<Vec<MarkerKey>, StoreError> {
    let rows = sqlx::query_as(markers::ALL);
    let read =
        async |readers: &SqlitePool| rows.fetch_all(readers).await.map_err(|error| unavailable(&error));
    Ok(markers::keys(store.read(read).await?))
}

/// On its own connection; the writer waits for it as for any other process.
async fn first(path: &Path, now: Timestamp) -> Result<(), sqlx::Error> {
    let mut connection = connect::writer(path, false).await?;
    sqlx::query(markers::FIRST)
        .bind(markers::fresh_secret()?)
        .bind(now.as_millisecond())
        .execute(&mut connection)
        .await?;
    connection.close().await
}

async fn rotate(path: &Path, now: Timestamp, not_after: Timestamp) -> Result<bool, sqlx::Error> {
    let mut connection = connect::writer(path, false).await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let made = sqlx::query(markers::NEXT)
        .bind(markers::fresh_secret()?)
        .bind(now.as_millisecond())
        .bind(not_after.as_millisecond())
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    sqlx::query(markers::FORGET).execute(&mut *transaction).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(made > 0)
}

//! The last good macros.

use std::collections::BTreeMap;
use std::path::Path;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Connection, SqlitePool};

use super::{SqliteStore, connect};
use crate::domain::reply::AccountMacro;
use crate::ports::{GoodMacros, StoreError};
use crate::store::column::unavailable;
use crate::store::macros;
use crate::store::rows::json;

#[async_trait]
impl GoodMacros for SqliteStore {
    async fn good_macros(&self) -> Result<BTreeMap<String, AccountMacro>, StoreError> {
        let rows = sqlx::query_as(macros::ALL);
        let read =
            async |readers: &SqlitePool| rows.fetch_all(readers).await.map_err(|error| unavailable(&error));
        Ok(macros::macros(self.read(read).await?))
    }

    async fn keep_macro(&self, name: &str, version: &AccountMacro, now: Timestamp) -> Result<(), StoreError> {
        self.write_beside(async |path| keep(path, name, version, now).await).await
    }
}

/// On its own connection; the writer waits for it as for any other process.
async fn keep(path: &Path, name: &str, version: &AccountMacro, now: Timestamp) -> Result<(), sqlx::Error> {
    let mut connection = connect::writer(path, false).await?;
    sqlx::query(macros::KEEP)
        .bind(name)
        .bind(version.id)
        .bind(version.updated_at.as_millisecond())
        .bind(version.hash())
        .bind(json(version)?)
        .bind(now.as_millisecond())
        .execute(&mut connection)
        .await?;
    connection.close().await
}

//! The last good macros.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::PostgresStore;
use super::connect::bounded;
use crate::domain::reply::AccountMacro;
use crate::ports::{GoodMacros, StoreError};
use crate::store::column::unavailable;
use crate::store::macros;
use crate::store::rows::json;

#[async_trait]
impl GoodMacros for PostgresStore {
    async fn good_macros(&self) -> Result<BTreeMap<String, AccountMacro>, StoreError> {
        let rows = sqlx::query_as(macros::ALL).fetch_all(&self.readers);
        Ok(macros::macros(bounded(rows).await.map_err(|error| unavailable(&error))?))
    }

    async fn keep_macro(&self, name: &str, version: &AccountMacro, now: Timestamp) -> Result<(), StoreError> {
        let mut connection = self.another().await?;
        let kept = sqlx::query(macros::KEEP)
            .bind(name)
            .bind(version.id)
            .bind(version.updated_at.as_millisecond())
            .bind(version.hash())
            .bind(json(version).map_err(|error| unavailable(&error))?)
            .bind(now.as_millisecond())
            .execute(&mut connection);
        bounded(kept).await.map(drop).map_err(|error| unavailable(&error))
    }
}

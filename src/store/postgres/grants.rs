//! The grants of limits that all replicas share.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use sqlx::PgConnection;

use super::PostgresStore;
use super::connect::bounded;
use crate::account::sliding_window::{Grant, Lane};
use crate::ports::{Decide, Grants, StoreError};
use crate::store::column::{read_time, unavailable};

/// The tolerated difference between replicas' clocks; a later grant still counts as made now, or a once wrong clock would
/// close the limit.
const CLOCKS_APART_MS: i64 = 5_000;

#[async_trait]
impl Grants for PostgresStore {
    async fn grant(
        &self,
        name: &str,
        span: SignedDuration,
        now: Timestamp,
        decide: Decide<'_>,
    ) -> Result<(), StoreError> {
        let work = async {
            let mut transaction = self.readers.begin().await?;
            let rows = counting(&mut transaction, name, span, now).await?;
            let granted = match read(rows) {
                Ok(granted) => decide(&granted),
                Err(error) => return Ok(Err(error)),
            };
            if let Some(Grant { lane, at }) = granted {
                sqlx::query("INSERT INTO grants (name, lane, at) VALUES ($1, $2, $3)")
                    .bind(name)
                    .bind(word(lane))
                    .bind(at.as_millisecond())
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await?;
            Ok(Ok(()))
        };
        Box::pin(bounded(work)).await.map_err(|error| unavailable(&error))?
    }
}

/// Excludes other transactions until the end of this one, and returns the grants that count, oldest first.
async fn counting(
    transaction: &mut PgConnection,
    name: &str,
    span: SignedDuration,
    now: Timestamp,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let now = now.as_millisecond();
    let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    // A grant lost in a crash of the server costs at most a 429.
    sqlx::raw_sql("SET LOCAL synchronous_commit = off; LOCK TABLE grants IN EXCLUSIVE MODE")
        .execute(&mut *transaction)
        .await?;
    sqlx::query("UPDATE grants SET at = $2 WHERE name = $1 AND at > $2 + $3")
        .bind(name)
        .bind(now)
        .bind(CLOCKS_APART_MS)
        .execute(&mut *transaction)
        .await?;
    sqlx::query("DELETE FROM grants WHERE name = $1 AND at <= $2")
        .bind(name)
        .bind(now.saturating_sub(span))
        .execute(&mut *transaction)
        .await?;
    sqlx::query_as("SELECT lane, at FROM grants WHERE name = $1 ORDER BY at")
        .bind(name)
        .fetch_all(transaction)
        .await
}

fn read(rows: Vec<(String, i64)>) -> Result<Vec<Grant>, StoreError> {
    let grant = |(lane, at): (String, i64)| {
        let lane = Lane::ALL.into_iter().find(|known| word(*known) == lane).unwrap_or(Lane::Backlog);
        Ok(Grant { lane, at: read_time(at)? })
    };
    rows.into_iter().map(grant).collect()
}

fn word(lane: Lane) -> &'static str {
    match lane {
        Lane::Fresh => "fresh",
        Lane::Backlog => "backlog",
    }
}

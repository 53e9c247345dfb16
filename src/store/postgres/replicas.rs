//! The processes that work on the database.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::PostgresStore;
use super::connect::bounded;
use crate::domain::moment::earlier;
use crate::ports::{Replica, Replicas, StoreError};
use crate::store::column::{self, read_time, unavailable};

/// A process that has been silent for this long is forgotten.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

// $6 is the time before which the silent are forgotten.
const REPORT: &str = "
    WITH forgotten AS (DELETE FROM replicas WHERE seen_at < $6 AND name <> $1)
    INSERT INTO replicas (name, program, policy, started_at, seen_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (name) DO UPDATE SET
        program = excluded.program,
        policy = excluded.policy,
        started_at = excluded.started_at,
        seen_at = excluded.seen_at";

const SEEN: &str = "
    SELECT name, program, policy, started_at, seen_at FROM replicas WHERE seen_at >= $1 ORDER BY name";

#[async_trait]
impl Replicas for PostgresStore {
    async fn report_replica(&self, replica: &Replica) -> Result<(), StoreError> {
        let mut connection = self.another().await?;
        let report = sqlx::query(REPORT)
            .bind(column::text(&replica.name))
            .bind(column::text(&replica.program))
            .bind(column::text(&replica.policy))
            .bind(replica.started_at.as_millisecond())
            .bind(replica.seen_at.as_millisecond())
            .bind(earlier(replica.seen_at, FORGOTTEN_AFTER).as_millisecond())
            .execute(&mut connection);
        bounded(report).await.map_err(|error| unavailable(&error))?;
        Ok(())
    }

    async fn replicas(&self, since: Timestamp) -> Result<Vec<Replica>, StoreError> {
        let rows = sqlx::query_as(SEEN).bind(since.as_millisecond()).fetch_all(&self.readers);
        let rows: Vec<(String, String, String, i64, i64)> =
            bounded(rows).await.map_err(|error| unavailable(&error))?;
        let replica = |(name, program, policy, started_at, seen_at)| {
            let (started_at, seen_at) = (read_time(started_at)?, read_time(seen_at)?);
            Ok(Replica { name, program, policy, started_at, seen_at })
        };
        rows.into_iter().map(replica).collect()
    }
}

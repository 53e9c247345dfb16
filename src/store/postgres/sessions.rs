//! Checks that connections are sessions: a pooler that assigns server connections per transaction breaks features that
//! depend on a session.
//!
//! Settings made safe on one connection would apply to another, prepared statements would belong to another client, and
//! notifications would not arrive. With a single client it seems to work, so the check opens two connections at the same
//! time.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, Row};

use super::connect::within;
use super::errors::Unsuitable;

/// The number of tries: a pooler may rotate its connections.
const TRIES: usize = 3;
const PATIENCE: Duration = Duration::from_secs(5);
const BY_TRANSACTION: &str = "a pooler before it hands out connections by transaction, so that settings, prepared statements and locks \
     of one would be another's: let it work by session (PgBouncer: `pool_mode = session`), or name the server itself";

/// Fails if two connections share a server process, or one connection has several.
pub(super) async fn probe(options: &PgConnectOptions) -> Result<(), sqlx::Error> {
    within(PATIENCE, meet(options)).await
}

async fn meet(options: &PgConnectOptions) -> Result<(), sqlx::Error> {
    let (mut one, mut other) = (options.connect().await?, options.connect().await?);
    for _ in 0..TRIES {
        let before = backend(&mut one).await?;
        // An open transaction keeps its server connection; the one used last is assigned first.
        sqlx::raw_sql("BEGIN").execute(&mut other).await?;
        let beside = backend(&mut other).await?;
        if beside == before || backend(&mut one).await? != before {
            return Err(sqlx::Error::Configuration(Box::new(Unsuitable(BY_TRANSACTION.to_owned()))));
        }
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await?;
    }
    one.close().await?;
    other.close().await
}

/// The id of the responding server process. Queried without a prepared statement, which a pooler might not support.
async fn backend(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::raw_sql("SELECT pg_backend_pid()").fetch_one(connection).await?.try_get(0)
}

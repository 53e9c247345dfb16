//! Whether connections are sessions: a pooler that hands server connections out by transaction breaks what rests on one.
//!
//! Settings that were made safe on one connection would hold on another's, prepared statements would be somebody else's, and hints would
//! not be heard. It seems to work as long as nobody else is there, so two connections are made to meet.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, Row};

use super::connect::within;
use super::errors::Unsuitable;

/// How often they meet: a pooler may hand out connections in turn.
const TRIES: usize = 3;
const PATIENCE: Duration = Duration::from_secs(5);
const BY_TRANSACTION: &str = "a pooler before it hands out connections by transaction, so that settings, prepared statements and locks \
     of one would be another's: let it work by session (PgBouncer: `pool_mode = session`), or name the server itself";

/// Fails when two connections share one of the server's, or one connection is several.
pub(super) async fn probe(options: &PgConnectOptions) -> Result<(), sqlx::Error> {
    within(PATIENCE, meet(options)).await
}

async fn meet(options: &PgConnectOptions) -> Result<(), sqlx::Error> {
    let (mut one, mut other) = (options.connect().await?, options.connect().await?);
    for _ in 0..TRIES {
        let before = backend(&mut one).await?;
        // What is open keeps its server connection; the one that was used last is handed out first.
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

/// The number of the server's process that answers. Asked without a prepared statement, which a pooler might not know.
async fn backend(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::raw_sql("SELECT pg_backend_pid()").fetch_one(connection).await?.try_get(0)
}

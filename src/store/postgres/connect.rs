//! Opens connections whose safety settings are read back, and upgrades the schema.

use std::io;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};
use tokio::time::timeout;

use super::errors::{Unsuitable, explain};
use super::sessions;
use crate::store::OpenError;
use crate::store::migrations::{self, Migrations};

const MIGRATIONS: Migrations = &[
    ("ledger", include_str!("../migrations/postgres/0001_ledger.sql")),
    ("upkeep", include_str!("../migrations/postgres/0002_upkeep.sql")),
    ("shared", include_str!("../migrations/postgres/0003_shared.sql")),
    ("good macros", include_str!("../migrations/postgres/0004_good_macros.sql")),
    ("movements", include_str!("../migrations/postgres/0005_movements.sql")),
    ("breaker", include_str!("../migrations/postgres/0006_breaker.sql")),
    ("marker_keys", include_str!("../migrations/postgres/0007_marker_keys.sql")),
    ("suspects", include_str!("../migrations/postgres/0008_suspects.sql")),
    ("figures", include_str!("../migrations/postgres/0009_figures.sql")),
    ("replicas", include_str!("../migrations/postgres/0010_replicas.sql")),
    ("console", include_str!("../migrations/postgres/0011_console.sql")),
    ("outlines", include_str!("../migrations/postgres/0012_outlines.sql")),
];

/// Four for reads, one for notifications.
const READERS: u32 = 5;
/// The time limit for connecting, and for a read that waits for a connection.
const CONNECTING: Duration = Duration::from_secs(5);
/// The time limit for any response. Longer than the server's own timeout, which ends statements that are only slow.
const ANSWERING: Duration = Duration::from_secs(8);
/// The advisory lock that keeps replicas from migrating at the same time.
const MIGRATING: i64 = 0x006d_6973_7265_6164;
/// The oldest server version with all features used.
const OLDEST_SERVER: i32 = 130_000;

/// The parameters allowed in an address. For others sqlx only logs a warning, which contains their values.
const PARAMETERS: &[&str] = &[
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "user",
];

/// The connections to a database whose tables are up to date.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) writer: PgConnection,
    pub(super) readers: PgPool,
    /// A name that no other process has.
    pub(super) replica: String,
}

/// Parses an address. Missing parts come from PostgreSQL's own environment variables and password file, as with its other
/// clients.
pub(super) fn options(address: &str) -> Result<PgConnectOptions, OpenError> {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    if names.filter(|name| !name.is_empty()).any(|name| !PARAMETERS.contains(&name)) {
        return Err(OpenError::Address("it carries a parameter that is not known"));
    }
    let options = PgConnectOptions::from_str(address)
        .map_err(|_| OpenError::Address("this one cannot be read; special characters are written as %40"))?;
    Ok(if options.get_application_name().is_none() { options.application_name("misread") } else { options })
}

/// The writer's first connection and the readers, on an up-to-date database.
pub(super) async fn open(options: &PgConnectOptions) -> Result<Opened, OpenError> {
    let database = name(options);
    let explained = |error: sqlx::Error| explain(&database, &error);
    sessions::probe(options).await.map_err(explained)?;
    let mut writer = connection(options).await.map_err(explained)?;
    migrate(&mut writer, &database).await?;
    let (replica, syncs): (String, bool) =
        sqlx::query_as("SELECT gen_random_uuid()::text, current_setting('fsync')::boolean")
            .fetch_one(&mut writer)
            .await
            .map_err(explained)?;
    if !syncs {
        tracing::warn!("the PostgreSQL server runs with `fsync` off: a crash of its machine loses tickets");
    }
    let readers = PgPoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(CONNECTING)
        .after_connect(|connection, _| Box::pin(settle(connection)))
        .connect_lazy_with(options.clone());
    Ok(Opened { writer, readers, replica })
}

/// A connection for writes.
pub(super) async fn connection(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let connecting = async {
        let mut connection = options.connect().await?;
        settle(&mut connection).await?;
        Ok(connection)
    };
    within(CONNECTING, connecting).await
}

/// Ends a wait for a server that has fallen silent. The command may still be executed.
pub(super) async fn bounded<T>(
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    within(ANSWERING, answer).await
}

pub(super) async fn within<T>(
    patience: Duration,
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    timeout(patience, answer).await.unwrap_or_else(|_| {
        let silence = format!("no answer within {} s", patience.as_secs());
        Err(sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, silence)))
    })
}

// `synchronous_commit` is fixed to its checked value, so that a later change of the server's configuration does not weaken
// this connection. Each statement of a transaction must see what was committed before it. The timeouts free the rows and
// locks of a replica that froze or was cut off in the middle of a transaction: the others' deliveries wait for them, and
// the webhook endpoint gives a delivery up after 4 s.
const SETTLE: &str = "
    SELECT set_config('synchronous_commit', current_setting('synchronous_commit'), false),
        current_setting('server_encoding'),
        current_setting('server_version_num')::int,
        current_setting('transaction_read_only')::boolean,
        set_config('default_transaction_isolation', 'read committed', false),
        set_config('statement_timeout', '6s', false),
        set_config('idle_in_transaction_session_timeout', '2s', false)";

/// Makes a connection safe to use, or returns why it cannot be.
async fn settle(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let (synchronous_commit, encoding, version, read_only, ..): (
        String,
        String,
        i32,
        bool,
        String,
        String,
        String,
    ) = sqlx::query_as(SETTLE).fetch_one(connection).await?;
    let wrong = if version < OLDEST_SERVER {
        format!("the server's version is {version}: PostgreSQL 13 or later is needed")
    } else if encoding != "UTF8" {
        format!("its encoding is {encoding}, which cannot hold every text: create it with ENCODING 'UTF8'")
    } else if read_only {
        "it is read-only: name the primary server, and a user who may write".to_owned()
    } else if !keeps_what_it_answers(&synchronous_commit) {
        format!(
            "`synchronous_commit` is `{synchronous_commit}`, so that a crash could lose tickets: set it to `on` for this user or server"
        )
    } else {
        return Ok(());
    };
    Err(sqlx::Error::Configuration(Box::new(Unsuitable(wrong))))
}

/// Whether an acknowledged commit is on disk, and on the synchronous standby too if there is one. `local` ignores the
/// standby: a failover would lose acknowledged commits, and without a standby it is equivalent to `on`.
fn keeps_what_it_answers(synchronous_commit: &str) -> bool {
    matches!(synchronous_commit, "on" | "remote_write" | "remote_apply")
}

/// Upgrades the schema in one transaction, under a lock that other replicas wait for.
async fn migrate(connection: &mut PgConnection, database: &str) -> Result<(), OpenError> {
    let explained = |error: sqlx::Error| explain(database, &error);
    let mut transaction = connection.begin().await.map_err(explained)?;
    // Our migration, or another replica's, may take long.
    sqlx::query("SET LOCAL statement_timeout = 0").execute(&mut *transaction).await.map_err(explained)?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(MIGRATING)
        .execute(&mut *transaction)
        .await
        .map_err(explained)?;
    let foreign: bool = sqlx::query_scalar(
        "SELECT to_regclass('_sqlx_migrations') IS NULL AND EXISTS (
            SELECT 1 FROM pg_class
            WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
                AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE pg_depend.objid = pg_class.oid AND deptype = 'e')
        )",
    )
    .fetch_one(&mut *transaction)
    .await
    .map_err(explained)?;
    if foreign {
        return Err(OpenError::Foreign(database.to_owned()));
    }
    migrations::run(MIGRATIONS, &mut *transaction, database, |error| explain(database, error)).await?;
    transaction.commit().await.map_err(explained)
}

/// Server and database, without user and password.
fn name(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap_or_else(|| options.get_username());
    match options.get_socket() {
        Some(folder) => format!("{}/{database}", folder.display()),
        None => format!("{}:{}/{database}", options.get_host(), options.get_port()),
    }
}

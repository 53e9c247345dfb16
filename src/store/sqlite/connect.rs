//! Opens connections whose safety settings are read back, and upgrades the schema.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};

use super::opened::{self, Opened};
use super::sole::{NotAlone, Sole};
use crate::store::OpenError;
use crate::store::migrations::{self, Migrations};

const MIGRATIONS: Migrations = &[
    ("ledger", include_str!("../migrations/sqlite/0001_ledger.sql")),
    ("upkeep", include_str!("../migrations/sqlite/0002_upkeep.sql")),
    ("shared", include_str!("../migrations/sqlite/0003_shared.sql")),
    ("good macros", include_str!("../migrations/sqlite/0004_good_macros.sql")),
    ("movements", include_str!("../migrations/sqlite/0005_movements.sql")),
    ("breaker", include_str!("../migrations/sqlite/0006_breaker.sql")),
    ("marker_keys", include_str!("../migrations/sqlite/0007_marker_keys.sql")),
    ("suspects", include_str!("../migrations/sqlite/0008_suspects.sql")),
    ("figures", include_str!("../migrations/sqlite/0009_figures.sql")),
    ("console", include_str!("../migrations/sqlite/0010_console.sql")),
    ("outlines", include_str!("../migrations/sqlite/0011_outlines.sql")),
];

/// The bytes that the write-ahead log keeps on a reset; usually it needs four megabytes.
const LOG_KEEPS: &str = "16777216";
/// How long SQLite waits for another process's write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The number of tries within that time where SQLite itself does not wait.
const BUSY_TRIES: u32 = 100;
/// `SQLITE_BUSY` (sqlite.org/rescode.html).
const BUSY: i32 = 5;
const READERS: u32 = 4;
/// How long a read waits for one of the readers.
const READER_WAIT: Duration = Duration::from_secs(5);

/// A setting that did not take effect.
#[derive(Debug, thiserror::Error)]
#[error("`{setting}` should be `{wanted}` but is `{found}`")]
struct UnsafeSetting {
    setting: &'static str,
    wanted: &'static str,
    found: String,
}

/// The file's real location: SQLite follows a symbolic link, while companion files would be looked for beside the link.
pub(super) fn place(path: &Path) -> Result<PathBuf, OpenError> {
    if !path.is_symlink() {
        return Ok(path.to_owned());
    }
    path.canonicalize().map_err(|error| OpenError::NotWritable {
        path: path.to_owned(),
        reason: format!("it is a symbolic link that leads nowhere: {error}"),
    })
}

/// Makes this process the only one that works on the file. The lock is the same for every spelling of the path.
pub(super) fn alone(path: &Path, now: Timestamp) -> Result<Sole, OpenError> {
    check_place(path)?;
    Sole::take(path, now).map_err(|not_alone| match not_alone {
        NotAlone::Held { holder, .. } => OpenError::Occupied { path: path.to_owned(), holder },
        NotAlone::Unlockable { path, error } => OpenError::NotWritable { path, reason: error.to_string() },
    })
}

/// The writer's first connection, and the companions of an up-to-date file.
pub async fn open(path: &Path) -> Result<(SqliteConnection, Opened), OpenError> {
    check_place(path)?;
    opened::put_back(path).map_err(|error| explain(path, &error.into()))?;
    let mut connection = writer(path, true).await.map_err(|error| explain(path, &error))?;
    settle_log(&mut connection).await.map_err(|error| explain(path, &error))?;
    migrate(&mut connection, path).await?;
    let opened = Opened::beside_writer(path).await.map_err(|error| explain(path, &error))?;
    Ok((connection, opened))
}

/// Connections for reading. All are opened now and kept: a connection opened while the log's name is missing would create
/// another log, and would not see the real one's data.
pub(super) async fn readers(path: &Path) -> Result<SqlitePool, sqlx::Error> {
    let pool = SqlitePoolOptions::new()
        .max_connections(READERS)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(READER_WAIT)
        // For a file this would only test the connection's own thread, and cost each read a round trip to it.
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(read_back(connection)))
        .connect_with(settings(path).read_only(true))
        .await?;
    // `min_connections` would open some of them in the background, after this returns.
    let mut all = Vec::new();
    for _ in 0..READERS {
        all.push(pool.acquire().await?);
    }
    drop(all);
    Ok(pool)
}

/// Moves the whole write-ahead log into the database, synced, so that no new data follows data that exists only in the log.
///
/// The log of a killed service may contain data that never reached the disk: after a failed sync, the kernel reports it as
/// written, and no later sync writes it again. SQLite takes it for committed, a repeat of it would be acknowledged, and a
/// power failure would lose it with everything after it. If another process keeps the log busy, that process has done this
/// already, and there is no wait.
pub(super) async fn settle_log(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let without_waiting =
        "PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 5000";
    sqlx::raw_sql(without_waiting).execute(&mut *connection).await?;
    read_back(connection).await
}

/// A connection for writes. Only the first one creates the file: a file that vanishes later must be noticed.
pub(super) async fn writer(path: &Path, create: bool) -> Result<SqliteConnection, sqlx::Error> {
    let settings = settings(path).create_if_missing(create);
    let mut tries = BUSY_TRIES;
    let mut connection = loop {
        // The busy timeout does not cover the switch of a new file to write-ahead mode: of two processes that make it
        // together, SQLite refuses one at once.
        match settings.connect().await {
            Err(error) if tries > 0 && primary_code(&error) == Some(BUSY) => tries -= 1,
            connected => break connected?,
        }
        tokio::time::sleep(BUSY_TIMEOUT / BUSY_TRIES).await;
    };
    read_back(&mut connection).await?;
    Ok(connection)
}

pub fn settings(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // On macOS a plain fsync does not flush the drive's cache.
        .pragma("fullfsync", "1")
        // A log that grew during a long read is truncated again.
        .pragma("journal_size_limit", LOG_KEEPS)
        // Erased data must not stay readable in the file, not even in the remains of split pages.
        .pragma("secure_delete", "1")
}

/// SQLite ignores settings that it cannot make (a file system without shared memory has no WAL), so they are read back.
pub async fn read_back(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let (journal_mode, synchronous, foreign_keys, busy_timeout) =
        sqlx::query_as::<_, (String, i64, i64, i64)>(
            "SELECT journal_mode, synchronous, foreign_keys, timeout
         FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_busy_timeout",
        )
        .fetch_one(connection)
        .await?;
    for (setting, wanted, found) in [
        ("journal_mode", "wal", journal_mode),
        ("synchronous", "2", synchronous.to_string()),
        ("foreign_keys", "1", foreign_keys.to_string()),
        ("busy_timeout", "5000", busy_timeout.to_string()),
    ] {
        if found != wanted {
            return Err(sqlx::Error::Configuration(Box::new(UnsafeSetting { setting, wanted, found })));
        }
    }
    Ok(())
}

/// The file's folder; `.` for a path without one.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// Mistakes that SQLite itself would report only as "unable to open database file", or at the first write.
fn check_place(path: &Path) -> Result<(), OpenError> {
    let folder = folder(path);
    let Ok(folder_facts) = folder.metadata() else {
        return Err(OpenError::FolderMissing(folder.to_owned()));
    };
    if path.is_dir() {
        return Err(OpenError::IsFolder(path.to_owned()));
    }
    let read_only =
        |reason: &str| OpenError::NotWritable { path: path.to_owned(), reason: reason.to_owned() };
    if folder_facts.permissions().readonly() {
        return Err(read_only("its folder is read-only"));
    }
    match path.metadata() {
        Ok(facts) if facts.permissions().readonly() => Err(read_only("the file is read-only")),
        _ => Ok(()),
    }
}

/// Upgrades the schema in one transaction, so that two processes that start together do not conflict.
async fn migrate(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let explained = |error: sqlx::Error| explain(path, &error);
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(explained)?;
    let foreign: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema)
            AND NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations')",
    )
    .fetch_one(&mut *transaction)
    .await
    .map_err(explained)?;
    if foreign {
        return Err(OpenError::Foreign(path.display().to_string()));
    }
    migrations::run(MIGRATIONS, &mut *transaction, &path.display().to_string(), |error| explain(path, error))
        .await?;
    transaction.commit().await.map_err(explained)
}

/// Explains a database error at the start. Codes: sqlite.org/rescode.html.
pub fn explain(path: &Path, error: &sqlx::Error) -> OpenError {
    let path: PathBuf = path.to_owned();
    let reason = error.to_string();
    if let sqlx::Error::Configuration(cause) = error
        && let Some(setting) = cause.downcast_ref::<UnsafeSetting>()
    {
        return OpenError::Unsafe { path, reason: setting.to_string() };
    }
    match primary_code(error) {
        // PERM, READONLY, CANTOPEN
        Some(3 | 8 | 14) => OpenError::NotWritable { path, reason },
        // CORRUPT, NOTADB
        Some(11 | 26) => OpenError::Damaged { path, reason },
        _ => OpenError::Unavailable { database: path.display().to_string(), reason },
    }
}

/// SQLite's primary result code, if the error is SQLite's.
pub(super) fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

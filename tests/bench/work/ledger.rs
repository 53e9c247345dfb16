//! Ledgers that hold many ended cases: copies of cases that the service has worked.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

/// Ids of the copies, apart from those of the tickets that are opened.
const FIRST_COPY: i64 = 1_000_000;

const COPIES: &str = "
    CREATE TEMP TABLE copies AS
    WITH RECURSIVE
        originals AS (SELECT ticket_id, row_number() OVER (ORDER BY ticket_id) - 1 AS number FROM worked.cases),
        numbers (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < $1)
    SELECT $2 + numbers.number AS ticket_id, originals.ticket_id AS original
    FROM numbers JOIN originals ON originals.number = numbers.number % (SELECT count(*) FROM originals)
    ORDER BY numbers.number";

const CASES: &str = "
    INSERT INTO cases (ticket_id, state, fence, taken_up_to, updated_at)
    SELECT copies.ticket_id, state, fence, copies.rowid, updated_at
    FROM copies JOIN worked.cases ON cases.ticket_id = original
    ORDER BY copies.rowid";

const DELIVERIES: &str = "
    INSERT INTO deliveries (id, dedup_key, ticket_id, kind, body, received_at)
    SELECT copies.rowid, hex(randomblob(13)), copies.ticket_id, kind, body, received_at
    FROM copies JOIN worked.deliveries ON deliveries.ticket_id = original
    ORDER BY copies.rowid";

const JOURNALS: &str = "
    INSERT INTO journal (ticket_id, position, at, body)
    SELECT copies.ticket_id, position, at, body
    FROM copies JOIN worked.journal ON journal.ticket_id = original
    ORDER BY copies.rowid, position";

/// Makes a ledger at `path` with `count` copies of the cases in the one at `worked`.
pub(crate) async fn fill(path: &Path, worked: &Path, count: usize) {
    let address = format!("sqlite://{}", path.display());
    drop(misread::store::open(&address, Arc::default()).await.expect("the ledger is created"));
    // Only for filling: the service sets it back.
    let options = SqliteConnectOptions::new().filename(path).synchronous(SqliteSynchronous::Off);
    let mut connection = options.connect().await.expect("the ledger opens");
    let worked = worked.to_str().expect("a temporary path is text");
    run(&mut connection, sqlx::query("ATTACH DATABASE $1 AS worked").bind(worked)).await;
    let count = i64::try_from(count).expect("a count in range");
    run(&mut connection, sqlx::query(COPIES).bind(count).bind(FIRST_COPY)).await;
    for statement in ["BEGIN", CASES, DELIVERIES, JOURNALS, "COMMIT", "PRAGMA wal_checkpoint(TRUNCATE)"] {
        run(&mut connection, sqlx::query(statement)).await;
    }
    connection.close().await.expect("the ledger closes");
    sync(path);
}

async fn run(
    connection: &mut SqliteConnection,
    statement: sqlx::query::Query<'_, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>,
) {
    statement.execute(connection).await.expect("the ledger can be written");
}

/// A copy on disk, so that its own write-back disturbs no measurement.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).expect("the folder is writable");
    sync(to);
}

/// Removes a ledger with all its files.
pub(crate) fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let file = PathBuf::from(format!("{}{suffix}", path.display()));
        if file.exists() {
            fs::remove_file(file).expect("the folder is writable");
        }
    }
}

pub(crate) fn bytes(path: &Path) -> u64 {
    fs::metadata(path).expect("the ledger is there").len()
}

fn sync(path: &Path) {
    File::open(path).and_then(|file| file.sync_all()).expect("the disk works");
}

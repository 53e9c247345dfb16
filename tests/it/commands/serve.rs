//! Starts of `misread serve` that a ledger prevents: one clear message, and no open port.

use std::fs;
use std::sync::Arc;

use sqlx::{Connection, SqliteConnection};

use super::process::{Ended, Place};

/// Starts the service on a ledger that it cannot use.
fn refused(place: &mut Place, ledger: &str) -> Ended {
    place.set("MISREAD_DATABASE_URL", &format!("sqlite://{ledger}"));
    let serve = place.run(&["serve"]);
    assert_eq!((serve.code, serve.out.as_str()), (Some(1), ""), "{}", serve.err);
    assert!(!serve.err.contains("ready for webhooks"), "{}", serve.err);
    serve
}

#[tokio::test]
async fn a_ledger_that_is_newer_than_the_program_stops_the_start() {
    let mut place = Place::furnished();
    let path = place.path("newer.db");
    drop(misread::store::open(&format!("sqlite://{}", path.display()), Arc::default()).await.unwrap());
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let later = "INSERT INTO _sqlx_migrations VALUES (99, 'later', '2030-01-01', TRUE, x'00', 0)";
    sqlx::raw_sql(later).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let serve = refused(&mut place, "newer.db");
    assert_eq!(
        serve.err,
        "error: the database `newer.db` is newer than this program (migration 99 is unknown here): \
         start the newer version, or restore the backup from before it\n"
    );
}

#[test]
fn a_damaged_ledger_stops_the_start() {
    let mut place = Place::furnished();
    place.write("damaged.db", &"these are notes and not a database\n".repeat(100));
    let before = fs::read(place.path("damaged.db")).unwrap();
    let serve = refused(&mut place, "damaged.db");
    assert!(serve.err.starts_with("error: `damaged.db` is not a sound SQLite database"), "{}", serve.err);
    assert!(serve.err.contains("restore it from a backup"), "{}", serve.err);
    assert_eq!(fs::read(place.path("damaged.db")).unwrap(), before, "what may be rescued was changed");
}

#[test]
fn a_ledger_in_a_folder_that_does_not_exist_stops_the_start() {
    let serve = refused(&mut Place::furnished(), "missing/misread.db");
    assert_eq!(
        serve.err,
        "error: the database's folder `missing` does not exist: create it, or change the database address\n"
    );
}

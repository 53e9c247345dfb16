//! Opening a PostgreSQL ledger: what is checked, and the clear messages that stop the start.

use std::sync::Arc;
use std::time::{Duration, Instant};

use misread::store::OpenError;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::contract::delivery;
use super::pooler::{Mode, Pooler};
use super::server::{Database, private};

async fn refusal(address: &str) -> OpenError {
    misread::store::open(address, Arc::default()).await.expect_err("it opened")
}

/// The message, without the server's place and the database's name.
async fn told(database: &Database) -> String {
    let told = refusal(&database.address).await.to_string();
    let (before, rest) = told.split_once('`').unwrap();
    format!("{before}<it>{}", rest.split_once('`').unwrap().1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_start_together_make_the_tables_once() {
    let Some(database) = Database::new().await else { return };
    let mut replicas = JoinSet::new();
    for _ in 0..6 {
        let address = database.address.clone();
        replicas.spawn(async move { misread::store::open(&address, Arc::default()).await.unwrap() });
    }
    for (store, number) in replicas.join_all().await.iter().zip(1..) {
        store.check().await.unwrap();
        store.accept(delivery(&format!("d{number}"), number, 0)).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_answers_before_it_has_written_is_refused() {
    let Some(database) = Database::new().await else { return };
    for setting in ["off", "local"] {
        database.run(&format!("ALTER DATABASE SET synchronous_commit = {setting}")).await;
        assert_eq!(
            told(&database).await,
            format!(
                "the database <it> cannot be used safely: `synchronous_commit` is `{setting}`, so that a crash could \
                 lose tickets: set it to `on` for this user or server"
            )
        );
    }
    for setting in ["remote_write", "on", "remote_apply"] {
        database.run(&format!("ALTER DATABASE SET synchronous_commit = {setting}")).await;
        misread::store::open(&database.address, Arc::default()).await.unwrap().check().await.unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_was_checked_cannot_be_loosened_later() {
    let Some(server) = private() else { return };
    let database = Database::on(server, "").await;
    let store = misread::store::open(&database.address, Arc::default()).await.unwrap();
    store.check().await.unwrap();
    // A new connection is checked again.
    database.run("ALTER DATABASE SET synchronous_commit = off").await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.run(end).await;
    let refused = store.accept(delivery("a", 1, 0)).await.unwrap_err().to_string();
    assert!(refused.contains("`synchronous_commit` is `off`"), "{refused}");
    assert!(store.load(super::contract::ticket(1)).await.is_err());
}

#[tokio::test]
async fn a_database_that_is_read_only_or_cannot_hold_every_text_is_refused() {
    let Some(server) = private() else { return };
    let database = Database::on(server, "").await;
    database.run("ALTER DATABASE SET default_transaction_read_only = on").await;
    assert_eq!(
        told(&database).await,
        "the database <it> cannot be used safely: it is read-only: name the primary server, and a user who may write"
    );
    let ascii = Database::on(server, "ENCODING 'SQL_ASCII'").await;
    assert_eq!(
        told(&ascii).await,
        "the database <it> cannot be used safely: its encoding is SQL_ASCII, which cannot hold every text: \
         create it with ENCODING 'UTF8'"
    );
}

#[tokio::test]
async fn another_programs_database_and_one_of_a_newer_version_are_left_alone() {
    let Some(database) = Database::new().await else { return };
    database.run("CREATE TABLE bookmarks (url TEXT)").await;
    let foreign = "the database <it> was not made by this program: let the database address name another one";
    assert_eq!(told(&database).await, foreign);
    database.run("DROP TABLE bookmarks").await;
    drop(misread::store::open(&database.address, Arc::default()).await.unwrap());
    database.run("INSERT INTO _sqlx_migrations VALUES (99, 'later', now(), true, '', 0)").await;
    assert_eq!(
        told(&database).await,
        "the database <it> is newer than this program (migration 99 is unknown here): \
         start the newer version, or restore the backup from before it"
    );
    database
        .run("DELETE FROM _sqlx_migrations WHERE version = 99; UPDATE _sqlx_migrations SET checksum = ''")
        .await;
    assert_eq!(told(&database).await, foreign);
}

#[tokio::test]
async fn a_wrong_password_a_missing_database_and_a_missing_right_are_told_without_the_password() {
    let Some(server) = private() else { return };
    let database = Database::on(server, "").await;
    database
        .run("CREATE ROLE guarded LOGIN PASSWORD 'hunter2'; REVOKE CREATE ON SCHEMA public FROM public")
        .await;
    let wrong = database.address.replace("postgres@", "guarded:hunter3@");
    let right = database.address.replace("postgres@", "guarded:hunter2@");
    let missing = server.address("postgres", "no_such_database");
    for (address, why) in [
        (wrong, r#"password authentication failed for user "guarded""#),
        (right, "permission denied for schema public"),
        (missing, r#"database "no_such_database" does not exist"#),
    ] {
        let error = refusal(&address).await;
        assert!(matches!(error, OpenError::Refused { .. }), "{error:?}");
        assert!(error.to_string().contains(why), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter"), "{error:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_or_silent_is_told_soon_and_without_the_password() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let began = Instant::now();
    let error = refusal(&format!("postgres://user:hunter2@127.0.0.1:{port}/misread")).await;
    assert_eq!(
        error.to_string(),
        format!(
            "the database `127.0.0.1:{port}/misread` cannot be reached (error communicating with database: no answer \
             within 5 s): check the address, and that the server runs and can be reached from here"
        )
    );
    drop(silent);
    let error = refusal(&format!("postgres://user:hunter2@127.0.0.1:{port}/misread")).await;
    assert!(matches!(error, OpenError::Unreachable { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hunter"), "{error:?}");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_that_works_by_transaction_is_found_out_and_one_that_works_by_session_is_not() {
    let Some(server) = private() else { return };
    let database = Database::on(server, "").await;
    let name = database.address.rsplit('/').find_map(|part| part.strip_prefix("misread_test_")).unwrap();
    let name = format!("misread_test_{}", name.split('?').next().unwrap());
    let by_session = Pooler::before(server, Mode::Session).await;
    let store = misread::store::open(&by_session.address(&name), Arc::default()).await.unwrap();
    store.accept(delivery("a", 1, 0)).await.unwrap();
    for connections_there in [false, true] {
        let by_transaction = Pooler::before(server, Mode::Transaction).await;
        if connections_there {
            // Other clients' server connections are idle in it.
            by_transaction.warm_up(&name, 4).await;
        }
        let refused = refusal(&by_transaction.address(&name)).await.to_string();
        assert!(refused.contains("hands out connections by transaction"), "{refused}");
        assert!(refused.contains("`pool_mode = session`"), "{refused}");
    }
}

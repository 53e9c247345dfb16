//! Opening a SQLite ledger: what is secured, and the clear messages that stop the start.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use misread::ports::Ledger;
use misread::store::OpenError;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use super::contract::delivery;

async fn open(path: &Path) -> Result<Arc<dyn Ledger>, OpenError> {
    misread::store::open(&format!("sqlite://{}", path.display()), Arc::default()).await
}

async fn refusal(path: &Path) -> String {
    let error = open(path).await.expect_err("it opened").to_string();
    error
        .replace(path.to_str().unwrap(), "<file>")
        .replace(path.parent().unwrap().to_str().unwrap(), "<folder>")
}

async fn sql(path: &Path, statements: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn the_first_start_makes_the_file_and_the_second_finds_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("주차 100% #1.db");
    let error = open(&path).await.unwrap_err();
    assert!(matches!(error, OpenError::Address(_)), "{error}");
    let path = folder.path().join("주차 100%.db");
    for _ in 0..2 {
        open(&path).await.unwrap().check().await.unwrap();
        assert!(path.is_file());
    }
}

#[tokio::test]
async fn the_file_is_in_write_ahead_mode() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("misread.db");
    sql(&path, "PRAGMA journal_mode = DELETE").await;
    let store = open(&path).await.unwrap();
    store.accept(delivery("a", 1, 0)).await.unwrap();
    assert!(folder.path().join("misread.db-wal").metadata().unwrap().len() > 0);
}

#[tokio::test]
async fn an_address_that_names_no_file_is_explained() {
    for (address, told) in [
        ("", "only SQLite and PostgreSQL are supported"),
        ("misread.db", "only SQLite and PostgreSQL are supported"),
        ("mysql://user:hunter2@db/misread", "only SQLite and PostgreSQL are supported"),
        (
            "postgres://user:hunter2@db:port/misread",
            "this one cannot be read; special characters are written as %40",
        ),
        ("postgres://user@db/misread?pasword=hunter2", "it carries a parameter that is not known"),
        ("sqlite:misread.db", "only SQLite and PostgreSQL are supported"),
        ("sqlite://", "after `sqlite://` stands the path of a file, and nothing else"),
        ("sqlite://misread.db?mode=ro", "after `sqlite://` stands the path of a file, and nothing else"),
        ("sqlite://:memory:", "a database in memory would lose tickets; name a file"),
    ] {
        let error = misread::store::open(address, Arc::default()).await.unwrap_err().to_string();
        let form = "the database address must look like `sqlite://data/misread.db` or `postgres://user@host/misread`";
        assert_eq!(error, format!("{form}: {told}"));
    }
}

#[tokio::test]
async fn a_missing_folder_and_a_folder_in_the_files_place_are_explained() {
    let folder = TempDir::new().unwrap();
    assert_eq!(
        refusal(&folder.path().join("data").join("misread.db")).await,
        "the database's folder `<folder>` does not exist: create it, or change the database address"
    );
    let path = folder.path().join("misread.db");
    fs::create_dir(&path).unwrap();
    assert_eq!(refusal(&path).await, "`<file>` is a folder: let the database address name a file in it");
}

#[tokio::test]
async fn a_read_only_file_or_folder_is_explained() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("misread.db");
    open(&path).await.unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    assert_eq!(
        refusal(&path).await,
        "the database `<file>` cannot be written to (the file is read-only): \
         give this program's user the right to write the file and its folder"
    );
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let told = refusal(&path).await;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(
        told.starts_with("the database `<file>` cannot be written to (its folder is read-only)"),
        "{told}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_or_is_damaged_is_explained() {
    let folder = TempDir::new().unwrap();
    let text = folder.path().join("notes.db");
    fs::write(&text, "these are notes and not a database\n".repeat(100)).unwrap();
    assert_eq!(
        refusal(&text).await,
        "`<file>` is not a sound SQLite database (error returned from database: (code: 26) file is not a database): \
         restore it from a backup, or let the database address name another file"
    );
    let cut = folder.path().join("cut.db");
    sql(&cut, "CREATE TABLE filler AS SELECT zeroblob(100000) AS zeros").await;
    fs::File::options().write(true).open(&cut).unwrap().set_len(8_192).unwrap();
    let told = refusal(&cut).await;
    assert!(told.starts_with("`<file>` is not a sound SQLite database"), "{told}");
}

#[tokio::test]
async fn a_database_that_is_newer_than_the_program_is_explained() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("misread.db");
    drop(open(&path).await.unwrap());
    sql(&path, "INSERT INTO _sqlx_migrations VALUES (99, 'later', '2030-01-01', TRUE, x'00', 0)").await;
    assert_eq!(
        refusal(&path).await,
        "the database `<file>` is newer than this program (migration 99 is unknown here): \
         start the newer version, or restore the backup from before it"
    );
}

#[tokio::test]
async fn another_programs_database_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("other.db");
    sql(&path, "CREATE TABLE bookmarks (url TEXT)").await;
    let told =
        "the database `<file>` was not made by this program: let the database address name another one";
    assert_eq!(refusal(&path).await, told);
    let ours = folder.path().join("misread.db");
    drop(open(&ours).await.unwrap());
    sql(&ours, "UPDATE _sqlx_migrations SET checksum = x'00'").await;
    assert_eq!(refusal(&ours).await, told);
}

#[tokio::test]
async fn a_rescue_that_a_crash_broke_off_is_brought_to_its_end() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("misread.db");
    drop(open(&path).await.unwrap());
    let copy = folder.path().join("misread.db.rescued");
    let store = open(&path).await.unwrap();
    store.accept(delivery("a", 1, 0)).await.unwrap();
    sql(&path, "VACUUM INTO 'PATH'".replace("PATH", copy.to_str().unwrap()).leak()).await;
    drop(store);
    // The rest of the deleted file must not be taken for the copy's.
    fs::remove_file(&path).unwrap();
    fs::write(folder.path().join("misread.db-wal"), "of the deleted one").unwrap();
    for _ in 0..2 {
        let store = open(&path).await.unwrap();
        assert_eq!(store.list(None, 9).await.unwrap().len(), 1);
        assert!(!copy.exists());
        // The state after an interruption just before the end.
        fs::hard_link(&path, &copy).unwrap();
    }
    // If someone has put a ledger there, that one counts.
    fs::remove_file(&copy).unwrap();
    fs::write(&copy, "of another time").unwrap();
    assert_eq!(open(&path).await.unwrap().list(None, 9).await.unwrap().len(), 1);
    assert_eq!(fs::read_to_string(&copy).unwrap(), "of another time");
}

#[tokio::test]
async fn a_log_that_cannot_be_written_stops_the_start() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("misread.db");
    // SQLite cannot create the write-ahead log if a folder has its name.
    fs::create_dir(folder.path().join("misread.db-wal")).unwrap();
    let told = refusal(&path).await;
    assert!(told.starts_with("the database `<file>` could not be opened: "), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_may_make_the_file_at_the_same_time() {
    // SQLite refuses one of two that switch a new file to write-ahead mode together at once, without its usual wait. Many
    // rounds, because few hit that moment.
    for _ in 0..50 {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("misread.db");
        let (one, other) = tokio::join!(tokio::spawn(opened(path.clone())), tokio::spawn(opened(path)));
        one.unwrap();
        other.unwrap();
    }
}

async fn opened(path: PathBuf) {
    open(&path).await.unwrap().check().await.unwrap();
}

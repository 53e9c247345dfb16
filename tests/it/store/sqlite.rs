//! The contract on SQLite, and what only SQLite has: group commit, settings, its file.

use std::sync::Arc;

use jiff::Timestamp;
use misread::ports::{CaseState, StoreError};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::Notify;

use super::contract::{Ledger, append, at, contract, delivery, futures_of, recorded, release, ticket};

pub(crate) struct SqliteLedger {
    folder: TempDir,
}

impl SqliteLedger {
    fn here() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn address(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("misread.db").display())
    }

    /// A plain connection in addition to the store, to look and to disturb.
    async fn connection(&self) -> SqliteConnection {
        SqliteConnection::connect(&self.address()).await.unwrap()
    }
}

impl Ledger for SqliteLedger {
    async fn new() -> Option<Self> {
        Some(Self::here())
    }

    async fn open(&self, work_arrived: Arc<Notify>) -> Arc<dyn misread::ports::Ledger> {
        misread::store::open(&self.address(), work_arrived).await.unwrap()
    }

    async fn sql(&self, statements: String) {
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut self.connection().await).await.unwrap();
    }
}

contract!(SqliteLedger);

async fn count(connection: &mut SqliteConnection, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(connection).await.unwrap()
}

// On one thread, so that all commands are queued before the lock is released.
#[tokio::test]
async fn one_command_that_fails_in_a_group_fails_alone() {
    let ledger = SqliteLedger::here();
    let store = ledger.open(Arc::default()).await;
    store.accept(delivery("first", 500, 0)).await.unwrap();
    let claim = store.claim(at(0), at(60), 1).await.unwrap()[0];
    let mut beside = ledger.connection().await;
    sqlx::raw_sql(
        "CREATE TRIGGER broken BEFORE INSERT ON deliveries WHEN NEW.dedup_key = 'd7'
         BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END",
    )
    .execute(&mut beside)
    .await
    .unwrap();

    // While another connection holds the write lock, all commands queue up and then share a commit.
    let lock = beside.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let stale = misread::ports::Claim { fence: 99, ..claim };
    let accepts = (0..20).map(|number| delivery(&format!("d{number}"), number + 1, 1));
    let accepts: Vec<_> = accepts
        .map(|delivery| {
            tokio::spawn({
                let store = store.clone();
                async move { store.accept(delivery).await }
            })
        })
        .collect();
    let appends: Vec<_> = [(claim, 1), (stale, 2)]
        .map(|(claim, position)| {
            tokio::spawn({
                let store = store.clone();
                async move {
                    store
                        .append(append(claim, vec![recorded(position, 1)], release(CaseState::Waiting, None)))
                        .await
                }
            })
        })
        .into();
    tokio::task::yield_now().await;
    lock.rollback().await.unwrap();

    for (number, accept) in accepts.into_iter().enumerate() {
        match accept.await.unwrap() {
            Ok(accepted) => assert!(accepted.is_new() && number != 7, "{number}"),
            Err(error) => {
                assert_eq!(number, 7, "{error}");
                assert!(error.to_string().contains("broken on purpose"), "{error}");
            }
        }
    }
    let mut results = Vec::new();
    for append in appends {
        results.push(append.await.unwrap());
    }
    assert!(matches!(results[..], [Ok(()), Err(StoreError::FenceLost { .. })]), "{results:?}");
    assert_eq!(count(&mut beside, "SELECT count(*) FROM deliveries").await, 1 + 19);
    assert_eq!(count(&mut beside, "SELECT count(*) FROM cases").await, 1 + 19);
    assert_eq!(store.load(ticket(500)).await.unwrap().journal, [recorded(1, 1)]);
    store.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_deliveries_at_once_are_all_stored_and_each_exactly_once() {
    let ledger = SqliteLedger::here();
    let store = ledger.open(Arc::default()).await;
    let answers =
        futures_of(1_000, |number| {
            let store = store.clone();
            let number = i64::try_from(number).unwrap();
            async move {
                store.accept(delivery(&format!("d{}", number % 500), number % 500 + 1, 0)).await.unwrap()
            }
        })
        .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_new()).count(), 500);
    let mut beside = ledger.connection().await;
    assert_eq!(count(&mut beside, "SELECT count(*) FROM deliveries").await, 500);
    assert_eq!(count(&mut beside, "SELECT count(*) FROM cases WHERE state = 'active'").await, 500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_is_an_answer_and_not_a_wait() {
    let ledger = SqliteLedger::here();
    let store = ledger.open(Arc::default()).await;
    let mut beside = ledger.connection().await;
    let lock = beside.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let mut waiting = tokio::task::JoinSet::new();
    for number in 0..2_000 {
        let store = store.clone();
        waiting.spawn(async move { store.accept(delivery(&format!("d{number}"), 1, 0)).await });
    }
    // With the lock held, only the commands that find no room get an answer.
    let refused = waiting.join_next().await.unwrap().unwrap();
    assert!(
        matches!(&refused, Err(StoreError::Unavailable(reason)) if reason == "the write queue is full"),
        "{refused:?}"
    );
    lock.rollback().await.unwrap();
    let answers = waiting.join_all().await;
    let stored = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!((1_024..2_000).contains(&stored), "{stored}");
    assert_eq!(store.load(ticket(1)).await.unwrap().deliveries.len(), stored);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_puts_no_other_file_in_the_place_of_a_log_that_was_moved_away() {
    let ledger = SqliteLedger::here();
    let store = ledger.open(Arc::default()).await;
    store.accept(delivery("a", 1, 0)).await.unwrap();
    let (log, elsewhere) =
        (ledger.folder.path().join("misread.db-wal"), ledger.folder.path().join("elsewhere"));
    std::fs::rename(&log, &elsewhere).unwrap();
    let mut reading = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let store = store.clone();
        reading.spawn(async move { store.load(ticket(1)).await.unwrap().deliveries.len() });
    }
    assert_eq!(reading.join_all().await, [1; 64]);
    assert!(!log.exists(), "a connection that was opened meanwhile made a log of its own");
    std::fs::rename(&elsewhere, &log).unwrap();
    assert!(store.accept(delivery("b", 1, 0)).await.unwrap().is_new());
}

#[tokio::test]
async fn the_writer_recovers_after_its_database_was_locked_for_too_long() {
    let ledger = SqliteLedger::here();
    let store = ledger.open(Arc::default()).await;
    let mut beside = ledger.connection().await;
    let lock = beside.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let refused = store.accept(delivery("a", 1, 0)).await;
    assert!(
        matches!(&refused, Err(StoreError::Unavailable(reason)) if reason.contains("locked")),
        "{refused:?}"
    );
    lock.rollback().await.unwrap();
    assert!(store.accept(delivery("a", 1, 0)).await.unwrap().is_new());
}

#[tokio::test]
async fn a_journal_entry_is_never_changed_and_one_from_the_future_is_named_without_its_words() {
    let ledger = SqliteLedger::here();
    let store = ledger.open(Arc::default()).await;
    store.accept(delivery("a", 1, 0)).await.unwrap();
    let claim = store.claim(at(0), at(60), 1).await.unwrap()[0];
    store.append(append(claim, vec![recorded(1, 1)], release(CaseState::Waiting, None))).await.unwrap();
    let mut beside = ledger.connection().await;
    let change = sqlx::query("UPDATE journal SET at = 0").execute(&mut beside).await.unwrap_err();
    assert!(change.to_string().contains("never changed"), "{change}");
    let future = r#"INSERT INTO journal (ticket_id, position, at, body) VALUES (1, 2, 0, '{"entry":"woken","kind":"x","delivery":"12가3456"}')"#;
    sqlx::query(future).execute(&mut beside).await.unwrap();
    let error = store.load(ticket(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreadable { position: 2, .. }), "{error:?}");
    assert!(!error.to_string().contains("12가3456"), "{error}");
}

#[tokio::test]
async fn times_are_kept_to_the_millisecond() {
    let ledger = SqliteLedger::here();
    let store = ledger.open(Arc::default()).await;
    let received_at = Timestamp::from_millisecond(1_770_000_000_123).unwrap();
    store.accept(misread::ports::NewDelivery { received_at, ..delivery("a", 1, 0) }).await.unwrap();
    assert_eq!(store.load(ticket(1)).await.unwrap().deliveries[0].received_at, received_at);
    assert_eq!(store.next_due().await.unwrap(), Some(received_at));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_grew_during_a_read_gives_its_room_back() {
    const MEGABYTES: u64 = 1 << 20;
    let ledger = SqliteLedger::here();
    let store = ledger.open(Arc::default()).await;
    let write = async |from: usize| {
        futures_of(100, |number| {
            let store = store.clone();
            let large = delivery(&format!("d{}", from + number), 1, 0);
            let large = misread::ports::NewDelivery { body: "x".repeat(256 * 1024), ..large };
            async move { store.accept(large).await.unwrap() }
        })
        .await;
    };
    let mut reader = ledger.connection().await;
    sqlx::raw_sql("BEGIN; SELECT count(*) FROM deliveries").execute(&mut reader).await.unwrap();
    write(0).await;
    assert!(store.log_bytes().unwrap() > 20 * MEGABYTES, "{:?}", store.log_bytes());
    // The store does not wait for readers.
    let began = std::time::Instant::now();
    store.shrink_log().await.unwrap();
    assert!(began.elapsed() < std::time::Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(store.log_bytes().unwrap() > 20 * MEGABYTES);
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
    // SQLite shrinks the log by itself when it restarts it: after a checkpoint, with the next write.
    store.accept(delivery("a", 2, 0)).await.unwrap();
    store.accept(delivery("b", 2, 0)).await.unwrap();
    assert!(store.log_bytes().unwrap() <= 16 * MEGABYTES, "{:?}", store.log_bytes());
    store.shrink_log().await.unwrap();
    assert_eq!(store.log_bytes(), Some(0));
    reader.close().await.unwrap();
}

/// The deliveries in the ledger after a power cut.
async fn power_cut(ledger: &SqliteLedger) -> Vec<String> {
    let image = SqliteLedger::here();
    for file in std::fs::read_dir(ledger.folder.path()).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), image.folder.path().join(file.file_name())).unwrap();
    }
    let _opened = image.open(Arc::default()).await;
    let mut beside = image.connection().await;
    let keys = sqlx::query_scalar("SELECT dedup_key FROM deliveries ORDER BY dedup_key");
    keys.fetch_all(&mut beside).await.unwrap()
}

// Connections keep sharing a deleted log while one of them is open. A new connection would continue in a new log that
// lacks the old one's content: it seems to work, but its data is lost after a power cut.
#[tokio::test]
async fn while_another_connection_writes_into_a_deleted_log_nothing_is_acknowledged_that_would_be_lost() {
    let ledger = SqliteLedger::here();
    let store = ledger.open(Arc::default()).await;
    store.accept(delivery("first", 1, 0)).await.unwrap();
    let mut beside = ledger.connection().await;
    assert_eq!(count(&mut beside, "SELECT count(*) FROM deliveries").await, 1);
    let stop = tokio_util::sync::CancellationToken::new();
    let writes = tokio::spawn({
        let stop = stop.clone();
        async move {
            while !stop.is_cancelled() {
                // The write may be refused.
                let _ = sqlx::query("UPDATE probe SET probes = probes + 1").execute(&mut beside).await;
            }
            beside
        }
    });
    std::fs::remove_file(ledger.folder.path().join("misread.db-wal")).unwrap();
    let mut acknowledged = vec!["first".to_owned()];
    for number in 0..20 {
        let key = format!("while it writes {number:02}");
        if store.accept(delivery(&key, 2, 1)).await.is_ok() {
            acknowledged.push(key);
        }
    }
    stop.cancel();
    let beside = writes.await.unwrap();
    let missing = |found: &[String], acknowledged: &[String]| {
        acknowledged.iter().filter(|key| !found.contains(key)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(missing(&power_cut(&ledger).await, &acknowledged), [""; 0]);
    beside.close().await.unwrap();
    let again = async {
        while store.accept(delivery("it goes on", 3, 2)).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), again).await.unwrap();
    acknowledged.push("it goes on".to_owned());
    assert_eq!(missing(&power_cut(&ledger).await, &acknowledged), [""; 0]);
}

/// After quick restarts every case continues at once, but a case that may crash the process waits for the end of its
/// lease.
#[tokio::test]
async fn what_is_claimed_again_and_again_without_a_step_waits_for_the_end_of_its_lease() {
    let ledger = SqliteLedger::here();
    let first = ledger.open(Arc::default()).await;
    first.accept(delivery("d", 1, 0)).await.unwrap();
    drop(first);
    for (start, at_once) in [(1, true), (2, true), (3, true), (4, false), (63, true)] {
        // Opens as a starting process does: the process before it is dead.
        let store = loop {
            let opened = misread::store::open_to_work(&ledger.address(), Arc::default(), at(start)).await;
            match opened {
                Ok(store) => break store,
                Err(misread::store::OpenError::Occupied { .. }) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}"),
            }
        };
        let claims = store.claim(at(start), at(start + 60), 1).await.unwrap();
        assert_eq!(!claims.is_empty(), at_once, "start {start}: {claims:?}");
    }
}

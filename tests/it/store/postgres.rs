//! The contract on PostgreSQL, and what only PostgreSQL has: hints between replicas, and a server that comes and goes.

use std::sync::Arc;
use std::time::Duration;

use misread::ports::{Append, CaseState, Claim, StoreError};
use sqlx::{Connection, PgConnection};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::contract::{Ledger, append, at, contract, delivery, recorded, release, ticket};
use super::server::{Database, own};

/// Far longer than a hint takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

impl Ledger for Database {
    async fn new() -> Option<Self> {
        Database::new().await
    }

    async fn open(&self, work_arrived: Arc<Notify>) -> Arc<dyn misread::ports::Ledger> {
        misread::store::open(&self.address, work_arrived).await.unwrap()
    }

    async fn sql(&self, statements: String) {
        self.run(&statements).await;
    }
}

contract!(Database);

async fn count(connection: &mut PgConnection, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(connection).await.unwrap()
}

fn is_unavailable<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Unavailable(_)))
}

#[tokio::test]
async fn a_delivery_that_one_replica_accepts_wakes_the_others() {
    let Some(database) = Database::new().await else { return };
    let rung = Arc::new(Notify::new());
    let other = database.open(rung.clone()).await;
    // The listener gives one hint when it begins, for what it may have missed.
    timeout(PATIENCE, rung.notified()).await.unwrap();
    let one = database.open(Arc::default()).await;
    for number in 0..3 {
        one.accept(delivery(&format!("d{number}"), 5, 0)).await.unwrap();
        timeout(PATIENCE, rung.notified()).await.unwrap();
    }
    assert_eq!(other.claim(at(0), at(60), 9).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_is_told_and_one_that_is_back_is_used_without_opening_again() {
    let Some(mut server) = own() else { return };
    let database = Database::on(&server, "").await;
    let rung = Arc::new(Notify::new());
    let (store, other) = (database.open(Arc::default()).await, database.open(rung.clone()).await);
    store.accept(delivery("a", 1, 0)).await.unwrap();
    let claim = store.claim(at(0), at(60), 1).await.unwrap()[0];

    // A restart between two calls has no effect.
    server.stop().unwrap();
    server.start().unwrap();
    assert!(store.accept(delivery("b", 2, 0)).await.unwrap().is_new());
    assert_eq!(store.load(ticket(1)).await.unwrap().deliveries.len(), 1);

    server.stop().unwrap();
    assert!(is_unavailable(&store.accept(delivery("c", 3, 0)).await));
    assert!(is_unavailable(
        &store.append(append(claim, vec![recorded(1, 1)], release(CaseState::Ended, None))).await
    ));
    assert!(is_unavailable(&store.load(ticket(1)).await));
    assert!(is_unavailable(&store.check().await));
    server.start().unwrap();
    assert!(store.accept(delivery("c", 3, 0)).await.unwrap().is_new());
    store.append(append(claim, vec![recorded(1, 1)], release(CaseState::Ended, None))).await.unwrap();
    assert_eq!(store.load(ticket(1)).await.unwrap().journal.len(), 1);

    // The listener recovers too: it gives a hint when it listens again, and then for deliveries of other replicas.
    let heard = async {
        for number in 0.. {
            store.accept(delivery(&format!("h{number}"), 4, 0)).await.unwrap();
            if timeout(Duration::from_millis(100), rung.notified()).await.is_ok() && number > 30 {
                return;
            }
        }
    };
    timeout(PATIENCE, heard).await.unwrap();
    drop(other);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_outlives_a_crash_of_the_server() {
    let Some(mut server) = own() else { return };
    let database = Database::on(&server, "").await;
    let store = database.open(Arc::default()).await;
    let (mut answered, mut crashed) = (Vec::new(), false);
    for number in 0..200_i64 {
        if number == 120 {
            server.crash().unwrap();
            crashed = true;
        }
        match store.accept(delivery(&format!("d{number}"), number + 1, 0)).await {
            Ok(_) => answered.push(number + 1),
            Err(error) => assert!(crashed && matches!(error, StoreError::Unavailable(_)), "{error}"),
        }
    }
    assert_eq!(answered.len(), 120);
    server.start().unwrap();
    for id in answered {
        assert_eq!(store.load(ticket(id)).await.unwrap().deliveries.len(), 1, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_new_tickets_deliveries_the_later_number_is_never_seen_first() {
    let Some(database) = Database::new().await else { return };
    let (one, other) = (database.open(Arc::default()).await, database.open(Arc::default()).await);
    database
        .run(
            "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
             CREATE TRIGGER slow BEFORE INSERT ON deliveries FOR EACH ROW WHEN (NEW.dedup_key = 'slow')
             EXECUTE FUNCTION linger()",
        )
        .await;
    let mut beside = database.connection().await;
    sqlx::query("SELECT pg_advisory_lock(1)").execute(&mut beside).await.unwrap();
    let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    // The first has its number, but is not committed yet when the second one arrives at another replica.
    let slow = tokio::spawn(async move { one.accept(delivery("slow", 5, 0)).await });
    while count(&mut beside, waiting).await < 1 {}
    let fast = tokio::spawn({
        let other = other.clone();
        async move { other.accept(delivery("fast", 5, 0)).await }
    });
    while count(&mut beside, waiting).await < 2 && !fast.is_finished() {}
    let mut seen = 0;
    let mut work = async || {
        for claim in other.claim(at(1), at(60), 1).await.unwrap() {
            let deliveries = other.load(claim.ticket_id).await.unwrap().deliveries;
            seen += deliveries.len();
            let taken_up_to = deliveries.last().map(|delivery| delivery.id);
            let ended = append(claim, vec![], release(CaseState::Ended, None));
            other.append(Append { taken_up_to, ..ended }).await.unwrap();
        }
    };
    if fast.is_finished() {
        work().await;
    }
    sqlx::query("SELECT pg_advisory_unlock(1)").execute(&mut beside).await.unwrap();
    slow.await.unwrap().unwrap();
    fast.await.unwrap().unwrap();
    work().await;
    assert_eq!(seen, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_waits_for_a_claim_that_is_being_made_and_has_then_lost() {
    let Some(database) = Database::new().await else { return };
    let store = database.open(Arc::default()).await;
    store.accept(delivery("a", 5, 0)).await.unwrap();
    let claim = store.claim(at(0), at(60), 1).await.unwrap()[0];
    let (mut beside, mut looking) = (database.connection().await, database.connection().await);
    let mut claiming = beside.begin().await.unwrap();
    sqlx::query("UPDATE cases SET fence = fence + 1").execute(&mut *claiming).await.unwrap();
    let late = tokio::spawn({
        let store = store.clone();
        async move { store.append(append(claim, vec![recorded(1, 1)], release(CaseState::Ended, None))).await }
    });
    let waiting = "SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while count(&mut looking, waiting).await < 1 && !late.is_finished() {}
    claiming.commit().await.unwrap();
    let late = late.await.unwrap();
    assert!(matches!(late, Err(StoreError::FenceLost { .. })), "{late:?}");
    assert_eq!(store.load(ticket(5)).await.unwrap().journal, []);
}

// On one thread, so that all commands are queued before the lock is released.
#[tokio::test]
async fn one_command_that_fails_in_a_group_fails_alone() {
    let Some(database) = Database::new().await else { return };
    let store = database.open(Arc::default()).await;
    store.accept(delivery("first", 500, 0)).await.unwrap();
    let claim = store.claim(at(0), at(60), 1).await.unwrap()[0];
    database
        .run(
            "CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken on purpose'; END $$;
             CREATE TRIGGER broken BEFORE INSERT ON deliveries FOR EACH ROW WHEN (NEW.dedup_key = 'd7')
             EXECUTE FUNCTION break()",
        )
        .await;

    // While another connection locks the table, all commands queue up and then share a commit.
    let mut beside = database.connection().await;
    let mut lock = beside.begin().await.unwrap();
    sqlx::query("LOCK TABLE cases").execute(&mut *lock).await.unwrap();
    let stale = Claim { fence: 99, ..claim };
    let accepts: Vec<_> = (0..20)
        .map(|number| {
            let (store, delivery) = (store.clone(), delivery(&format!("d{number}"), number + 1, 1));
            tokio::spawn(async move { store.accept(delivery).await })
        })
        .collect();
    let appends = [(claim, 1), (stale, 2)].map(|(claim, position)| {
        let (store, waiting) = (store.clone(), release(CaseState::Waiting, None));
        tokio::spawn(async move { store.append(append(claim, vec![recorded(position, 1)], waiting)).await })
    });
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
    let [held, stale] = appends;
    held.await.unwrap().unwrap();
    let stale = stale.await.unwrap();
    assert!(matches!(stale, Err(StoreError::FenceLost { .. })), "{stale:?}");
    assert_eq!(count(&mut beside, "SELECT count(*) FROM deliveries").await, 1 + 19);
    assert_eq!(count(&mut beside, "SELECT count(*) FROM cases").await, 1 + 19);
    assert_eq!(store.load(ticket(500)).await.unwrap().journal, [recorded(1, 1)]);
}

#[tokio::test]
async fn a_lock_that_is_kept_is_not_waited_for_without_end() {
    let Some(database) = Database::new().await else { return };
    let store = database.open(Arc::default()).await;
    let mut beside = database.connection().await;
    let mut lock = beside.begin().await.unwrap();
    sqlx::query("LOCK TABLE cases").execute(&mut *lock).await.unwrap();
    let refused = timeout(PATIENCE, store.accept(delivery("a", 1, 0))).await.unwrap();
    assert!(is_unavailable(&refused), "{refused:?}");
    lock.rollback().await.unwrap();
    assert!(store.accept(delivery("a", 1, 0)).await.unwrap().is_new());
}

#[tokio::test]
async fn a_journal_entry_is_never_changed_and_one_from_the_future_is_named_without_its_words() {
    let Some(database) = Database::new().await else { return };
    let store = database.open(Arc::default()).await;
    store.accept(delivery("a", 1, 0)).await.unwrap();
    let claim = store.claim(at(0), at(60), 1).await.unwrap()[0];
    store.append(append(claim, vec![recorded(1, 1)], release(CaseState::Waiting, None))).await.unwrap();
    let mut beside = database.connection().await;
    let change = sqlx::query("UPDATE journal SET at = 0").execute(&mut beside).await.unwrap_err();
    assert!(change.to_string().contains("never changed"), "{change}");
    let future = r#"INSERT INTO journal (ticket_id, position, at, body) VALUES (1, 2, 0, '{"entry":"woken","kind":"x","delivery":"12가3456"}')"#;
    sqlx::query(future).execute(&mut beside).await.unwrap();
    let error = store.load(ticket(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreadable { position: 2, .. }), "{error:?}");
    assert!(!error.to_string().contains("12가3456"), "{error}");
}

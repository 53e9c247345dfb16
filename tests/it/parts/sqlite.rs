//! Tests that need internals: settings that do not take effect, SQLite's query plans, and which commands share a commit.

use jiff::Timestamp;
use misread::domain::case::{Entry, StuckCause};
use misread::domain::ids::TicketId;
use misread::domain::limits::Tally;
use misread::ports::{Append, DeliveryContent, NewDelivery, QueueMove, Recorded, StoreError};
use misread::store::OpenError;
use misread::store::batch::ClaimRequest;
use misread::store::sqlite::upkeep::FIGURES;
use misread::store::sqlite::{accept, append, claim, connect, read};
use misread::store::upkeep as store_upkeep;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions};
use tempfile::TempDir;

#[tokio::test]
async fn a_setting_that_does_not_take_stops_the_start_and_is_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("misread.db");
    let safe = connect::settings(&path).create_if_missing(true);
    let told = async |options: SqliteConnectOptions| {
        let mut connection = options.connect().await.unwrap();
        let error = connect::read_back(&mut connection).await.unwrap_err();
        let error = connect::explain(&path, &error);
        assert!(matches!(error, OpenError::Unsafe { .. }), "{error:?}");
        error.to_string().replace(&path.display().to_string(), "<file>")
    };
    let because =
        |reason| format!("the database `<file>` cannot be used safely ({reason}): put it on a local disk");
    // This file locking simulates a network file system: no shared memory, so no write-ahead log.
    let no_shared_memory = safe.clone().vfs("unix-dotfile");
    assert_eq!(told(no_shared_memory).await, because("`journal_mode` should be `wal` but is `delete`"));
    let lazy = safe.clone().synchronous(SqliteSynchronous::Normal);
    assert_eq!(told(lazy).await, because("`synchronous` should be `2` but is `1`"));
    let loose = safe.clone().foreign_keys(false);
    assert_eq!(told(loose).await, because("`foreign_keys` should be `1` but is `0`"));
    let hasty = safe.clone().busy_timeout(std::time::Duration::ZERO);
    assert_eq!(told(hasty).await, because("`busy_timeout` should be `5000` but is `0`"));
    let mut connection = safe.connect().await.unwrap();
    connect::read_back(&mut connection).await.unwrap();
}

#[tokio::test]
async fn no_statement_of_the_work_walks_a_whole_table() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("misread.db");
    let (mut connection, _readers) = connect::open(&path).await.unwrap();
    let moves = append::RECORD_AND_MOVE.split(';').skip(1);
    let others = [
        claim::CLAIM,
        append::JOURNAL_ENDS,
        read::LOAD,
        store_upkeep::LIST_OF_STATE,
        store_upkeep::UNCOUNTED,
        FIGURES,
    ];
    for statement in others.into_iter().chain(moves) {
        let steps = plan(&mut connection, statement).await;
        // A range without a lower bound is a scan too: `ticket_id>?` is the plan of `IS NOT NULL`.
        let walks = |step: &String| {
            let limited = ["json_each", "SCAN claims", "SCAN (subquery"];
            (step.starts_with("SCAN") && !limited.iter().any(|limited| step.contains(limited)))
                || step.contains("(ticket_id>?)")
        };
        assert!(!steps.iter().any(walks), "{statement}: {steps:#?}");
    }
    // Its "scan" is of the index of claimable cases, in order, and ends at the first row.
    let next_due = plan(&mut connection, read::NEXT_DUE).await;
    assert_eq!(next_due, ["SCAN cases USING COVERING INDEX cases_by_next_claim"]);
    // These two scan the deliveries backwards by number, up to their limit: the newest need no sorting.
    let wake = accept::STORE_AND_WAKE.rsplit(';').next().unwrap();
    for statement in [wake, accept::LAST_STORED] {
        let steps = plan(&mut connection, statement).await;
        assert!(steps.contains(&"SCAN deliveries".to_owned()), "{steps:#?}");
        assert!(!steps.iter().any(|step| step.contains("ORDER BY")), "{steps:#?}");
    }
    // Their scans are of what was found before.
    for statement in [store_upkeep::LIST_OF_ALL, store_upkeep::BACKLOG] {
        let steps = plan(&mut connection, statement).await;
        let reads = steps.iter().filter(|step| step.contains("cases"));
        assert!(reads.clone().count() >= 2, "{steps:#?}");
        for step in reads {
            let by = ["cases_by_state (state=?)", "cases_by_next_claim (<expr><?)"];
            assert!(by.iter().any(|by| step.contains(by)), "{statement}: {steps:#?}");
        }
    }
    let claim = plan(&mut connection, claim::CLAIM).await;
    assert!(claim.iter().any(|step| step.contains("cases_by_next_claim (<expr><?)")), "{claim:#?}");
    assert!(!claim.iter().any(|step| step.contains("ORDER BY")), "{claim:#?}");
}

#[tokio::test]
async fn of_two_appends_to_one_case_in_one_commit_only_the_first_counts() {
    let folder = TempDir::new().unwrap();
    let (mut connection, opened) = connect::open(&folder.path().join("misread.db")).await.unwrap();
    let (ticket_id, now) = (TicketId::try_from(1).unwrap(), Timestamp::UNIX_EPOCH);
    let content = DeliveryContent::Wake { ticket_id, kind: "start".to_owned() };
    let delivery =
        NewDelivery { dedup_key: "a".to_owned(), received_at: now, body: "{}".to_owned(), content };
    accept::begin_with(&mut connection, [&delivery].into_iter()).await.unwrap();
    let claims =
        claim::one(&mut connection, &ClaimRequest { now, lease_until: now, limit: 1 }).await.unwrap();
    let append = |entry| Append {
        claim: claims[0],
        entries: vec![Recorded { position: 1, at: now, entry }],
        taken_up_to: None,
        queue_move: QueueMove::Keep { lease_until: now },
        guard: None,
        tally: Tally::default(),
        outline: None,
    };
    let (first, second) =
        (append(Entry::TicketGone), append(Entry::Stuck { reason: StuckCause::NothingSaid.into() }));
    let outcomes = append::all(&mut connection, &[&first, &second]).await.unwrap();
    assert!(matches!(outcomes[..], [Ok(()), Err(StoreError::FenceLost { .. })]), "{outcomes:?}");
    sqlx::query("COMMIT").execute(&mut connection).await.unwrap();
    assert_eq!(read::load(opened.readers(), ticket_id).await.unwrap().journal, first.entries);
}

async fn plan(connection: &mut sqlx::SqliteConnection, statement: &str) -> Vec<String> {
    let steps: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")))
            .fetch_all(connection)
            .await
            .unwrap();
    steps.into_iter().map(|(.., step)| step).collect()
}

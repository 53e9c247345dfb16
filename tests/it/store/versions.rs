//! Ledgers of every earlier version, with sample data, are opened by this version without loss.
//!
//! The dumps in `tests/data` are never changed: a new migration adds a dump of the version before it. They hold the migrations'
//! checksums too, so a published migration that is edited fails here.

use std::collections::BTreeSet;
use std::sync::Arc;

use misread::domain::case::{Case, Ending, Rest};
use misread::ports::{CaseState, Store, Tickets};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;

use super::contract::{
    append, at, delivery, outlines_are_those_of_the_journals, recorded, recounted, release, ticket,
};
use super::server::Database;

const SQLITE: [&str; 5] = [
    include_str!("../../data/ledger_1_sqlite.sql"),
    include_str!("../../data/ledger_2_sqlite.sql"),
    include_str!("../../data/ledger_3_sqlite.sql"),
    include_str!("../../data/ledger_8_sqlite.sql"),
    include_str!("../../data/ledger_10_sqlite.sql"),
];
const POSTGRES: [&str; 5] = [
    include_str!("../../data/ledger_1_postgres.sql"),
    include_str!("../../data/ledger_2_postgres.sql"),
    include_str!("../../data/ledger_3_postgres.sql"),
    include_str!("../../data/ledger_8_postgres.sql"),
    include_str!("../../data/ledger_11_postgres.sql"),
];

/// One case settled, one handed over, one that waits with a pending delivery, one with an expired lease, and a poison
/// delivery.
async fn holds_the_sample(store: &dyn Store) {
    let cases = store.list(None, 9).await.unwrap();
    let states: Vec<_> = cases.iter().map(|case| (case.ticket_id.get(), case.state)).collect();
    let (active, ended) = (CaseState::Active, CaseState::Ended);
    assert_eq!(states, [(35015, ended), (35005, ended), (7, active), (8, active)]);
    for (id, ending) in [(35005, Ending::Settled), (35015, Ending::HandedOver)] {
        let journal = store.load(ticket(id)).await.unwrap().journal;
        let case = Case::fold(ticket(id), journal.iter().map(|recorded| (recorded.at, &recorded.entry)));
        assert_eq!(case.rest, Some(Rest::Ended(ending)));
    }
    assert_eq!(store.decided_since(at(0), None, 9).await.unwrap(), [ticket(35005), ticket(35015)]);
    assert!(!store.accept(delivery("waiting", 7, 90)).await.unwrap().is_new());
    assert!(!store.accept(delivery("poison", 7, 90)).await.unwrap().is_new());

    assert_eq!(store.next_due().await.unwrap(), Some(at(20)));
    let claims = store.claim(at(60), at(120), 9).await.unwrap();
    let claimed: Vec<_> = claims.iter().map(|claim| (claim.ticket_id.get(), claim.fence)).collect();
    assert_eq!(claimed, [(8, 2), (7, 2)], "the longest due first, under a new fence");
    let waiting = store.load(ticket(7)).await.unwrap();
    assert_eq!((waiting.journal.len(), waiting.deliveries.len()), (1, 1));
    let onwards = append(claims[1], vec![recorded(2, 61)], release(CaseState::Ended, None));
    store.append(onwards).await.unwrap();
    assert!(store.accept(delivery("new", 7, 90)).await.unwrap().is_new());
    let numbers: Vec<_> = store.load(ticket(7)).await.unwrap().deliveries;
    assert!(numbers.is_sorted_by(|one, next| one.id < next.id), "{numbers:?}");
}

/// The journals of the sample were written by versions that kept no outlines.
async fn its_outlines_are_folded(store: &dyn misread::ports::Ledger) {
    let folded = store.outline(None, 9).await.unwrap();
    assert!(folded.iter().all(|one| one.unreadable.is_none()), "{folded:?}");
    let known = outlines_are_those_of_the_journals(store).await;
    assert!(known >= 3, "{known}");
}

/// The journals of the sample were written by versions that counted nothing.
async fn its_journals_are_counted(store: &dyn misread::ports::Ledger) {
    // Of the journals that those versions erased.
    let before = store.figures().await.unwrap();
    let counted = store.count(None, 9).await.unwrap();
    assert!(counted.iter().all(|one| one.unreadable.is_none()), "{counted:?}");
    let mut all = recounted(store).await;
    assert!(all.keys().any(|(_, name)| name == "ended.settled"), "{all:?}");
    for (key, count) in before {
        *all.entry(key).or_default() += count;
    }
    assert_eq!(store.figures().await.unwrap(), all);

    // Each account that stands anywhere in a journal as a value of its own leads to the ticket.
    let mut named = BTreeSet::new();
    for id in store.tickets(Tickets::All, None, 9).await.unwrap() {
        for recorded in store.load(id).await.unwrap().journal {
            texts(&serde_json::to_value(&recorded.entry).unwrap(), &mut |text| {
                if text.starts_with("acct-") {
                    named.insert((text.to_owned(), id));
                }
            });
        }
    }
    assert!(named.len() >= 2, "{named:?}");
    for (account, id) in named {
        let found = store.tickets(Tickets::OfAccount(&account), None, 9).await.unwrap();
        assert!(found.contains(&id), "{account} {id}: {found:?}");
    }
}

fn texts(value: &serde_json::Value, look: &mut impl FnMut(&str)) {
    match value {
        serde_json::Value::String(text) => look(text),
        serde_json::Value::Array(values) => values.iter().for_each(|value| texts(value, look)),
        serde_json::Value::Object(values) => values.values().for_each(|value| texts(value, look)),
        _ => {}
    }
}

#[tokio::test]
async fn every_earlier_sqlite_ledger_is_brought_up_to_date() {
    for dump in SQLITE {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("misread.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut connection = SqliteConnection::connect_with(&options.foreign_keys(false)).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(dump)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let address = format!("sqlite://{}", path.display());
        let store = misread::store::open(&address, Arc::default()).await.unwrap();
        holds_the_sample(&*store).await;
        its_journals_are_counted(&*store).await;
        its_outlines_are_folded(&*store).await;
    }
}

#[tokio::test]
async fn every_earlier_postgres_ledger_is_brought_up_to_date() {
    for dump in POSTGRES {
        let Some(database) = Database::new().await else { return };
        let mut connection = database.connection().await;
        sqlx::raw_sql(AssertSqlSafe(dump)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let store = misread::store::open(&database.address, Arc::default()).await.unwrap();
        holds_the_sample(&*store).await;
        its_journals_are_counted(&*store).await;
        its_outlines_are_folded(&*store).await;
    }
}

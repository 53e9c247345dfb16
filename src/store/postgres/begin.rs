//! Opens the writer's transaction and takes every lock that its batch needs, in one round trip and in one order.
//!
//! All replicas take them in that order, so they wait for each other but never deadlock. Under these locks each later
//! statement sees what the others have committed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, PgConnection};

use crate::store::batch::Batch;

/// The namespace of our advisory locks for accepting.
const ACCEPTING: i32 = 0x6d72_6400;
/// The number of locks that tickets share, so that a large batch does not exhaust the server's lock table.
const SLOTS: i64 = 512;
/// The lock for the counts of limits and breaker: each replica sees all counts of the others.
const COUNTING: i32 = ACCEPTING + 1;
/// The lock shared by deliveries without a ticket.
const POISON: i64 = SLOTS;

pub(super) async fn transaction(connection: &mut PgConnection, batch: &Batch) -> Result<(), sqlx::Error> {
    // This text contains only numbers.
    sqlx::raw_sql(AssertSqlSafe(statements(batch))).execute(connection).await.map(drop)
}

/// A ticket's accepting lock is taken before its deliveries are numbered and held until they are committed: within a
/// ticket, a delivery with a lower number never becomes visible after one with a higher, so a case that has read up to a
/// number has missed none. It also keeps two replicas from creating the same case.
fn statements(batch: &Batch) -> String {
    let mut slots = BTreeSet::new();
    let mut tickets: BTreeSet<i64> =
        batch.appends().iter().map(|append| append.claim.ticket_id.get()).collect();
    for delivery in batch.accepts() {
        if let Some(ticket_id) = delivery.content.ticket_id() {
            slots.insert(ticket_id.get().rem_euclid(SLOTS));
            tickets.insert(ticket_id.get());
        } else {
            slots.insert(POISON);
        }
    }
    let mut statements = "BEGIN".to_owned();
    if !slots.is_empty() {
        let slots = list(&slots);
        // Writing to a string cannot fail.
        let _ = write!(
            statements,
            "; SELECT pg_advisory_xact_lock({ACCEPTING}, slot) FROM unnest(ARRAY[{slots}]) AS slot"
        );
    }
    if !tickets.is_empty() {
        let tickets = list(&tickets);
        let _ = write!(
            statements,
            "; SELECT 1 FROM cases WHERE ticket_id IN ({tickets}) ORDER BY ticket_id FOR UPDATE"
        );
    }
    if batch.appends().iter().any(|append| !append.tally.is_empty()) {
        let _ = write!(statements, "; SELECT pg_advisory_xact_lock({COUNTING}, 0)");
    }
    statements
}

/// Keeps the other replicas from counting until the end of this transaction.
pub(super) async fn counting(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let lock = sqlx::query("SELECT pg_advisory_xact_lock($1, 0)").bind(COUNTING);
    lock.execute(connection).await.map(drop)
}

fn list(numbers: &BTreeSet<i64>) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

//! Opens the writer's transaction and takes every lock that its batch will need, in one trip and in one order.
//!
//! All replicas take them in that order, so they wait for each other but never in a circle. Under these locks each later
//! statement sees what the others have committed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, PgConnection};

use crate::store::batch::Batch;

/// The number space of our advisory locks for accepting.
const ACCEPTING: i32 = 0x6d72_6400;
/// Tickets share so many locks, so that a large batch does not exhaust the server's table of locks.
const SLOTS: i64 = 512;
/// The lock of what limits and breaker count: each replica sees all that the others have counted.
const COUNTING: i32 = ACCEPTING + 1;
/// Deliveries that name no ticket share one more.
const POISON: i64 = SLOTS;

/// Begins.
pub(super) async fn transaction(connection: &mut PgConnection, batch: &Batch) -> Result<(), sqlx::Error> {
    // Nothing but numbers gets into this text.
    sqlx::raw_sql(AssertSqlSafe(statements(batch))).execute(connection).await.map(drop)
}

/// A ticket's accepting lock comes before its deliveries are numbered and is held until they are committed: within a ticket,
/// a delivery with a lower number is never seen after one with a higher, so a case that has read up to a number has missed
/// none. It also keeps two replicas from making the same case.
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
        // Writing to a text does not fail.
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

fn list(numbers: &BTreeSet<i64>) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

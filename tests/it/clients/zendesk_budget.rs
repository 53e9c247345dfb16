//! Our own limits on updates, which keep Zendesk from responding 429.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use misread::account::sliding_window::Lane;
use misread::ports::{CallError, Helpdesk, UpdateOutcome};
use misread::zendesk::{Budgets, ZendeskClient};
use serde_json::json;

use super::stub::{self, Seen, Stub, html};
use super::{clock, desk_with, key, note, read, send, ticket_id};

/// A limit per minute, without bulk updates.
fn budgets(per_minute: u32) -> Budgets {
    let updates_per_minute = NonZeroU32::new(per_minute).unwrap();
    Budgets { updates_per_minute, together: false, ..Budgets::default() }
}

/// A Zendesk that accepts every update.
async fn willing() -> Stub {
    Stub::start(|seen: &Seen| {
        let id: i64 = seen.target.rsplit('/').next().unwrap().parse().unwrap();
        stub::json(
            200,
            json!({"ticket": {"id": id, "updated_at": "2026-03-02T09:30:00Z"}, "audit": {"id": 1, "events": []}}),
        )
    })
    .await
}

/// The reason why nothing was written.
#[derive(Debug, PartialEq)]
enum Held {
    ByBudget(Duration),
    ByZendesk(CallError),
}

/// Reserves an update, then writes, as the worker does.
async fn write(desk: &ZendeskClient, ticket: i64) -> Result<UpdateOutcome, Held> {
    desk.admit(ticket_id(ticket), Lane::Backlog).await.map_err(Held::ByBudget)?;
    send(desk, &key(ticket, 1), &note("확인"), "2026-03-02T09:00:00Z").await.map_err(Held::ByZendesk)
}

fn wait(result: Result<UpdateOutcome, Held>) -> Duration {
    match result {
        Err(Held::ByBudget(wait)) => wait,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn beyond_the_accounts_budget_nothing_is_sent() {
    let stub = willing().await;
    let clock = clock();
    let desk = desk_with(&stub.url, |options| options.budgets = budgets(3), Arc::clone(&clock));
    for ticket in 1..=3 {
        write(&desk, ticket).await.unwrap();
        clock.advance(Duration::from_secs(5));
    }
    assert_eq!(wait(write(&desk, 4).await), Duration::from_secs(45));
    assert_eq!(stub.seen().len(), 3);
    clock.advance(Duration::from_secs(45));
    write(&desk, 4).await.unwrap();
}

#[tokio::test]
async fn a_crowd_of_waiting_cases_is_spread_and_all_get_through_as_told() {
    let stub = willing().await;
    let clock = clock();
    let desk = desk_with(&stub.url, |options| options.budgets = budgets(4), Arc::clone(&clock));
    let mut agenda = BTreeMap::<Duration, Vec<i64>>::new();
    for ticket in 1..=4 {
        write(&desk, ticket).await.unwrap();
    }
    for ticket in 5..=20 {
        agenda.entry(wait(write(&desk, ticket).await)).or_default().push(ticket);
    }
    assert_eq!(agenda.keys().copied().collect::<Vec<_>>(), [1, 2, 3, 4].map(Duration::from_mins));
    for tickets in agenda.values() {
        clock.advance(Duration::from_mins(1));
        for ticket in tickets {
            write(&desk, *ticket).await.unwrap();
        }
    }
    assert_eq!(stub.seen().len(), 20);
}

#[tokio::test]
async fn after_a_429_no_update_leaves_before_the_time_that_zendesk_named() {
    let busy = Arc::new(AtomicBool::new(true));
    let shared = Arc::clone(&busy);
    let stub = Stub::start(move |_| {
        if shared.load(Ordering::SeqCst) {
            html(429).header("retry-after", "93")
        } else {
            stub::json(
                200,
                json!({"ticket": {"id": 1, "updated_at": "2026-03-02T09:30:00Z"}, "audit": {"id": 1, "events": []}}),
            )
        }
    })
    .await;
    let clock = clock();
    let desk = desk_with(&stub.url, |_| {}, Arc::clone(&clock));
    let refused = write(&desk, 1).await.unwrap_err();
    let reason = "PUT /api/v2/tickets/{id}: 429".to_owned();
    assert_eq!(refused, Held::ByZendesk(CallError::Retry { after: Some(Duration::from_secs(93)), reason }));
    busy.store(false, Ordering::SeqCst);
    assert_eq!(wait(write(&desk, 1).await), Duration::from_secs(93));
    clock.advance(Duration::from_secs(92));
    assert_eq!(wait(write(&desk, 2).await), Duration::from_secs(1));
    assert_eq!(stub.seen().len(), 1);
    clock.advance(Duration::from_secs(1));
    write(&desk, 1).await.unwrap();
}

#[tokio::test]
async fn budgets_do_not_hold_back_reads() {
    let gone = json!({"error": "RecordNotFound", "description": "Not found"});
    let stub = Stub::always(stub::json(404, gone)).await;
    let desk = desk_with(&stub.url, |options| options.budgets = budgets(1), clock());
    write(&desk, 1).await.unwrap();
    wait(write(&desk, 1).await);
    for _ in 0..3 {
        assert_eq!(read(&desk, 1).await, Ok(None));
    }
}

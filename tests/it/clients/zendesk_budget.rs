//! Our own limits on updates, so that Zendesk hardly ever has to say 429.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use misread::ports::{CallError, Desk, UpdateOutcome};
use misread::zendesk::{Budgets, ZendeskClient};
use serde_json::json;

use super::stub::{self, Seen, Stub, html};
use super::{clock, desk_with, key, note, ticket_id, time};

fn budgets(per_minute: u32, per_ticket: u32) -> Budgets {
    Budgets {
        updates_per_minute: NonZeroU32::new(per_minute).unwrap(),
        updates_per_ticket_per_10_minutes: NonZeroU32::new(per_ticket).unwrap(),
    }
}

/// Zendesk that takes every update.
async fn willing() -> Stub {
    Stub::start(|seen: &Seen| {
        let id: i64 = seen.target.rsplit('/').next().unwrap().parse().unwrap();
        stub::json(
            200,
            json!({"ticket": {"id": id, "updated_at": "2026-03-02T09:30:00Z"}, "audit": {"id": 1}}),
        )
    })
    .await
}

/// Why nothing was written.
#[derive(Debug, PartialEq)]
enum Held {
    ByBudget(Duration),
    ByZendesk(CallError),
}

/// Asks for room and then writes, as the worker does.
async fn write(desk: &ZendeskClient, ticket: i64) -> Result<UpdateOutcome, Held> {
    desk.admit(ticket_id(ticket)).map_err(Held::ByBudget)?;
    desk.update(ticket_id(ticket), &key(ticket, 1), &note("확인"), time("2026-03-02T09:00:00Z"))
        .await
        .map_err(Held::ByZendesk)
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
    let desk = desk_with(&stub.url, |options| options.budgets = budgets(3, 20), Arc::clone(&clock));
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
async fn one_busy_ticket_does_not_use_up_the_others_budget() {
    let stub = willing().await;
    let clock = clock();
    let desk = desk_with(&stub.url, |options| options.budgets = budgets(3, 2), Arc::clone(&clock));
    write(&desk, 1).await.unwrap();
    write(&desk, 1).await.unwrap();
    for _ in 0..5 {
        assert_eq!(wait(write(&desk, 1).await), Duration::from_mins(10));
    }
    write(&desk, 2).await.unwrap();
    assert_eq!(wait(write(&desk, 3).await), Duration::from_mins(1), "the account's budget is used up");
    clock.advance(Duration::from_mins(1));
    for _ in 0..2 {
        write(&desk, 3).await.unwrap();
    }
    assert_eq!(
        wait(write(&desk, 3).await),
        Duration::from_mins(10),
        "waiting for the account cost the ticket nothing"
    );
}

#[tokio::test]
async fn a_crowd_of_waiting_cases_is_spread_and_all_get_through_as_told() {
    let stub = willing().await;
    let clock = clock();
    let desk = desk_with(&stub.url, |options| options.budgets = budgets(4, 20), Arc::clone(&clock));
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
                json!({"ticket": {"id": 1, "updated_at": "2026-03-02T09:30:00Z"}, "audit": {"id": 1}}),
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
    let desk = desk_with(&stub.url, |options| options.budgets = budgets(1, 1), clock());
    write(&desk, 1).await.unwrap();
    wait(write(&desk, 1).await);
    for _ in 0..3 {
        assert_eq!(desk.ticket(ticket_id(1)).await, Ok(None));
    }
}

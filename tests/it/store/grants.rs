//! Stories of the contract on what replicas share apart from the cases: limits, and chores that one of them does for
//! all.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use misread::account::sliding_window::{Grant, Lane};
use misread::domain::limits::Tally;
use misread::ports::{self, Append, CaseState, CaseSummary};

use super::contract::{Ledger, at, delivery, futures_of, recorded, release, ticket};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

async fn open(ledger: &impl Ledger) -> Arc<dyn ports::Ledger> {
    ledger.open(Arc::default()).await
}

/// The grants that count at this second; adds one at this second if `add`.
async fn look(store: &dyn ports::Ledger, name: &str, second: i64, add: bool) -> Vec<i64> {
    let mut seen = Vec::new();
    let mut decide = |granted: &[Grant]| {
        seen = granted.iter().map(|grant| grant.at.duration_since(at(0)).as_secs()).collect();
        add.then_some(Grant { lane: Lane::Backlog, at: at(second) })
    };
    store.grant(name, MINUTE, at(second), &mut decide).await.unwrap();
    seen
}

pub(crate) async fn grants_count_for_their_span_and_for_their_own_limit(ledger: &impl Ledger) {
    let store = open(ledger).await;
    assert_eq!(look(&*store, "updates", 0, true).await, [0_i64; 0]);
    assert_eq!(look(&*store, "updates", 20, true).await, [0]);
    assert_eq!(look(&*store, "requests", 20, true).await, [0_i64; 0]);
    assert_eq!(look(&*store, "updates", 59, false).await, [0, 20]);
    assert_eq!(look(&*store, "updates", 60, false).await, [20]);
    assert_eq!(look(&*store, "requests", 79, false).await, [20]);
    assert_eq!(look(&*store, "updates", 80, true).await, [0_i64; 0]);
    assert_eq!(look(&*store, "requests", 80, false).await, [0_i64; 0]);
    let mut lane = None;
    let mut keep = |granted: &[Grant]| {
        lane = granted.first().map(|grant| grant.lane);
        None
    };
    store.grant("updates", MINUTE, at(81), &mut keep).await.unwrap();
    assert_eq!(lane, Some(Lane::Backlog));
}

pub(crate) async fn a_grant_is_remembered_at_the_time_that_it_was_made_and_never_later_than_now(
    ledger: &impl Ledger,
) {
    let store = open(ledger).await;
    look(&*store, "updates", 600, true).await;
    // The clock was ten minutes ahead. Its grant is not forgotten, and does not block the limit for ten minutes.
    assert_eq!(look(&*store, "updates", 0, false).await, [0]);
    assert_eq!(look(&*store, "updates", 59, false).await, [0]);
    assert_eq!(look(&*store, "updates", 60, false).await, [0_i64; 0]);
}

pub(crate) async fn those_who_ask_at_once_are_never_granted_more_than_there_is(ledger: &impl Ledger) {
    const LIMIT: usize = 7;
    let store = open(ledger).await;
    let granted = futures_of(40, |_| {
        let store = Arc::clone(&store);
        async move {
            let mut granted = false;
            let mut decide = |before: &[Grant]| {
                granted = before.len() < LIMIT;
                granted.then_some(Grant { lane: Lane::Fresh, at: at(1) })
            };
            store.grant("updates", MINUTE, at(1), &mut decide).await.unwrap();
            granted
        }
    })
    .await;
    assert_eq!(granted.into_iter().filter(|granted| *granted).count(), LIMIT);
}

pub(crate) async fn a_chore_is_done_by_one_of_all_who_could(ledger: &impl Ledger) {
    let stores = [open(ledger).await, open(ledger).await];
    let soon = |now: Timestamp| now + Duration::from_mins(10);
    let took = futures_of(8, |number| {
        let store = Arc::clone(&stores[number % 2]);
        async move { store.take_turn("sweep", at(0), soon(at(0))).await.unwrap() }
    })
    .await;
    assert_eq!(took.into_iter().filter(|took| *took).count(), 1);
    let [store, other] = &stores;
    assert!(store.take_turn("another", at(0), soon(at(0))).await.unwrap(), "each chore has turns of its own");
    assert!(!other.take_turn("sweep", at(599), soon(at(599))).await.unwrap());
    assert!(other.take_turn("sweep", at(600), soon(at(600))).await.unwrap());
    assert!(!store.take_turn("sweep", at(600), soon(at(600))).await.unwrap());
    // A clock that is a little behind must wait; a clock that was corrected need not.
    assert!(!store.take_turn("sweep", at(595), soon(at(595))).await.unwrap());
    assert!(store.take_turn("sweep", at(-600), soon(at(-600))).await.unwrap());
}

pub(crate) async fn it_is_told_how_the_cases_of_some_tickets_stand(ledger: &impl Ledger) {
    let store = open(ledger).await;
    for id in 1..=4 {
        store.accept(delivery(&format!("d{id}"), id, id)).await.unwrap();
    }
    for claim in store.claim(at(2), at(60), 9).await.unwrap() {
        let taken_up_to = store.load(claim.ticket_id).await.unwrap().deliveries.last().map(|last| last.id);
        let queue_move = release(CaseState::Waiting, Some(at(500)));
        let entries = vec![recorded(1, 7)];
        store
            .append(Append {
                claim,
                entries,
                taken_up_to,
                queue_move,
                guard: None,
                tally: Tally::default(),
                outline: None,
            })
            .await
            .unwrap();
    }
    let mut cases = store.cases(&[ticket(2), ticket(3), ticket(99)]).await.unwrap();
    cases.sort_by_key(|case| case.ticket_id);
    let case = |id: i64, state, due: i64, updated: i64| CaseSummary {
        ticket_id: ticket(id),
        state,
        due_at: Some(at(due)),
        updated_at: at(updated),
    };
    assert_eq!(cases, [case(2, CaseState::Waiting, 500, 7), case(3, CaseState::Active, 3, 3)]);
    assert_eq!(store.cases(&[]).await.unwrap(), []);
}

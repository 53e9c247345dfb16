//! The breaker is one for all replicas: it is asked and opened in the transaction that records an intention.

use std::ops::RangeInclusive;
use std::sync::Arc;

use misread::domain::ids::{AccountId, LotId};
use misread::domain::limits::{Breaker, Event, Limits, Measure, Most, Movement, Tally};
use misread::domain::parking::Won;
use misread::ports::{Append, Claim, Guard, QueueMove, Store, StoreError};

use super::contract::{Ledger, append, at, delivery, futures_of, recorded, ticket};

/// What an intention came to.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Moved,
    Held { newly: bool },
}

/// Moves 100 won; 250 in an hour are never too much, and no other limit is near.
fn moves(released: bool) -> Guard {
    let most = Most { won: Won(1_000_000), times: 1_000 };
    let at_least = Tally { won: 250, refusals: 1_000, hand_overs: 1_000 };
    Guard {
        released,
        movement: Some(Movement {
            account_id: AccountId::new("account"),
            lot_id: LotId::new("lot"),
            won: Won(100),
        }),
        limits: Limits {
            per_action: Won(100),
            per_account: most,
            per_lot: most,
            per_day: most,
            breaker: Breaker { factor: 5, at_least },
        },
    }
}

/// Claims new tickets; a claim stays valid for an hour.
async fn claimed(store: &dyn Store, ids: RangeInclusive<i64>) -> Vec<Claim> {
    for id in ids.clone() {
        store.accept(delivery(&format!("d{id}"), id, 0)).await.unwrap();
    }
    let mut claims = store.claim(at(0), at(3_600), 100).await.unwrap();
    claims.retain(|claim| ids.contains(&claim.ticket_id.get()));
    claims
}

/// Intends the movement of one claimed ticket.
async fn intends(store: &dyn Store, claim: Claim, second: i64, released: bool) -> Outcome {
    let keep = QueueMove::Keep { lease_until: at(3_600) };
    let intention = Append {
        guard: Some(moves(released)),
        tally: Tally { won: 100, ..Tally::default() },
        ..append(claim, vec![recorded(1, second)], keep)
    };
    let outcome = match store.append(intention).await {
        Ok(()) => Outcome::Moved,
        Err(StoreError::BreakerOpen { trip, newly }) => {
            assert_eq!((trip.measure, trip.in_hour, trip.most), (Measure::Won, 300, 250));
            Outcome::Held { newly }
        }
        Err(error) => panic!("{error}"),
    };
    let written = store.load(ticket(claim.ticket_id.get())).await.unwrap().journal.len();
    assert_eq!(written, usize::from(outcome == Outcome::Moved), "what is held is not written");
    outcome
}

pub(crate) async fn a_breaker_that_opens_holds_all_replicas_until_a_person_lifts_it(ledger: &impl Ledger) {
    let (one, other) = (ledger.open(Arc::default()).await, ledger.open(Arc::default()).await);
    let claims = claimed(&*one, 1..=8).await;
    assert_eq!(intends(&*one, claims[0], 1, false).await, Outcome::Moved);
    assert_eq!(intends(&*other, claims[1], 2, false).await, Outcome::Moved);
    assert_eq!(intends(&*other, claims[2], 3, false).await, Outcome::Held { newly: true });
    assert_eq!(intends(&*one, claims[3], 4, false).await, Outcome::Held { newly: false });
    assert_eq!(intends(&*one, claims[4], 5, true).await, Outcome::Moved, "a person released it");

    let lifted = other.lift(at(10), "이하나", Some("확인함")).await.unwrap();
    assert_eq!(lifted.map(|trip| trip.in_hour), Some(300));
    assert_eq!(one.lift(at(11), "박둘", None).await.unwrap(), None, "it is closed already");
    let [latest, tripped] = <[_; 2]>::try_from(one.breaker_events(10).await.unwrap()).unwrap();
    let by = Event::Lifted { by: "이하나".to_owned(), because: Some("확인함".to_owned()) };
    assert_eq!((latest.at, latest.event), (at(10), by));
    assert!(matches!(tripped.event, Event::Tripped(trip) if trip.in_hour == 300));
    // The hour begins anew with the person's decision.
    assert_eq!(intends(&*one, claims[5], 12, false).await, Outcome::Moved);
    assert_eq!(intends(&*other, claims[6], 13, false).await, Outcome::Moved);
    assert_eq!(intends(&*one, claims[7], 14, false).await, Outcome::Held { newly: true });
}

pub(crate) async fn replicas_that_move_too_much_at_once_open_the_breaker_once(ledger: &impl Ledger) {
    let stores = [ledger.open(Arc::default()).await, ledger.open(Arc::default()).await];
    let claims = claimed(&*stores[0], 1..=20).await;
    assert_eq!(claims.len(), 20);
    let outcomes = futures_of(20, |number| {
        let (store, claim) = (stores[number % 2].clone(), claims[number]);
        async move { intends(&*store, claim, 1, false).await }
    })
    .await;
    let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    assert_eq!(count(Outcome::Moved), 2);
    assert_eq!(count(Outcome::Held { newly: true }), 1);
    assert_eq!(count(Outcome::Held { newly: false }), 17);
}

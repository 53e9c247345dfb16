//! The money of an action counts from the transaction that records its intention.

use std::sync::Arc;

use misread::domain::ids::{AccountId, LotId};
use misread::domain::limits::{Breaker, Limit, Limits, Most, Movement, Tally};
use misread::domain::parking::Won;
use misread::ports::{Append, CaseState, Guard, QueueMove, Store, StoreError};

use super::contract::{Ledger, append, at, delivery, futures_of, recorded, release, ticket};

const A_DAY: i64 = 24 * 3600;

fn most(won: i64, times: u32) -> Most {
    Most { won: Won(won), times }
}

fn moves(account: &str, lot: &str, won: i64) -> Guard {
    Guard {
        released: true,
        movement: Some(Movement {
            account_id: AccountId::new(account),
            lot_id: LotId::new(lot),
            won: Won(won),
        }),
        limits: Limits {
            per_action: Won(100),
            per_account: most(200, 10),
            per_lot: most(1_000, 3),
            per_day: most(500, 10),
            breaker: Breaker { factor: 1, at_least: Tally::default() },
        },
    }
}

/// Moves this amount for one ticket; returns the limit that refuses it.
async fn moved(store: &dyn Store, id: i64, second: i64, guard: Guard) -> Option<Limit> {
    store.accept(delivery(&format!("d{id}"), id, second)).await.unwrap();
    let claims = store.claim(at(second), at(second + 60), 100).await.unwrap();
    let claim = claims.into_iter().find(|claim| claim.ticket_id == ticket(id)).unwrap();
    let keep = QueueMove::Keep { lease_until: at(second + 60) };
    let intention = append(claim, vec![recorded(1, second)], keep);
    let outcome = store
        .append(Append { tally: Tally { won: 1, ..Tally::default() }, guard: Some(guard), ..intention })
        .await;
    let written = store.load(ticket(id)).await.unwrap().journal.len();
    let limit = match outcome {
        Ok(()) => None,
        Err(StoreError::OverLimit { limit }) => Some(limit),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(written, usize::from(limit.is_none()), "an intention that exceeds a limit is not written");
    // The claim is still valid.
    let rest = release(CaseState::Ended, None);
    store.append(append(claim, Vec::new(), rest)).await.unwrap();
    limit
}

pub(crate) async fn limits_hold_for_all_replicas_together_and_free_themselves(ledger: &impl Ledger) {
    let stores: [Arc<dyn Store>; 2] = [ledger.open(Arc::default()).await, ledger.open(Arc::default()).await];
    let (one, other) = (&*stores[0], &*stores[1]);
    assert_eq!(moved(one, 1, 0, moves("a", "lot", 100)).await, None);
    assert_eq!(moved(other, 2, 1, moves("a", "lot", 100)).await, None);
    assert_eq!(moved(one, 3, 2, moves("a", "lot", 1)).await, Some(Limit::Account));
    assert_eq!(moved(one, 4, 3, moves("b", "lot", 50)).await, None);
    assert_eq!(moved(other, 5, 4, moves("c", "lot", 1)).await, Some(Limit::Lot));
    assert_eq!(moved(other, 6, 5, moves("c", "other", 200)).await, None);
    assert_eq!(moved(one, 7, 6, moves("d", "third", 51)).await, Some(Limit::Day));
    assert_eq!(moved(one, 8, 7, moves("d", "third", 50)).await, None, "what reaches a limit passes");
    assert_eq!(moved(other, 9, A_DAY + 60, moves("e", "lot", 100)).await, None, "a day is over");
    assert_eq!(moved(other, 10, A_DAY + 61, moves("a", "fourth", 1)).await, Some(Limit::Account));
    assert_eq!(
        moved(one, 11, 30 * A_DAY + 60, moves("a", "fourth", 100)).await,
        None,
        "thirty days are over"
    );

    // An id that no system should have counts like any other.
    assert_eq!(moved(one, 12, 31 * A_DAY + 60, moves("a\0", "lot\0", 150)).await, None);
    assert_eq!(moved(one, 13, 31 * A_DAY + 61, moves("a\0", "lot", 51)).await, Some(Limit::Account));

    // Concurrent requests are together never allowed more than the limit.
    let later = 60 * A_DAY;
    for id in 101..=120 {
        one.accept(delivery(&format!("d{id}"), id, later)).await.unwrap();
    }
    let mut claims = one.claim(at(later), at(later + 60), 100).await.unwrap();
    claims.retain(|claim| claim.ticket_id.get() > 100);
    assert_eq!(claims.len(), 20);
    let allowed = futures_of(20, |number| {
        let (store, claim) = (stores[number % 2].clone(), claims[number]);
        async move {
            let keep = QueueMove::Keep { lease_until: at(later + 60) };
            let guard = Some(moves(&format!("account {number}"), &format!("lot {number}"), 100));
            let intention = Append {
                guard,
                tally: Tally { won: 1, ..Tally::default() },
                ..append(claim, vec![recorded(1, later)], keep)
            };
            store.append(intention).await.is_ok()
        }
    })
    .await;
    assert_eq!(allowed.iter().filter(|allowed| **allowed).count(), 5);
}

//! Races between replicas: stories of the contract in which two stores on one ledger interfere on purpose.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use misread::domain::case::Entry;
use misread::ports::{Append, CaseState, QueueMove, Recorded, Store, StoreError};

use super::contract::{Ledger, append, at, delivery, futures_of, release, ticket};

async fn replicas(ledger: &impl Ledger) -> [Arc<dyn Store>; 2] {
    [ledger.open(Arc::default()).await, ledger.open(Arc::default()).await]
}

pub(crate) async fn replicas_that_accept_the_same_delivery_store_it_once(ledger: &impl Ledger) {
    const DELIVERIES: usize = 60;
    let stores = replicas(ledger).await;
    let answers = futures_of(2 * DELIVERIES, |number| {
        let store = stores[number % 2].clone();
        let number = i64::try_from(number / 2).unwrap();
        async move { store.accept(delivery(&format!("d{number}"), 1 + number % 7, 0)).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_new()).count(), DELIVERIES);
    let mut kept = 0;
    for id in 1..=7 {
        kept += stores[0].load(ticket(id)).await.unwrap().deliveries.len();
    }
    assert_eq!(kept, DELIVERIES);
}

pub(crate) async fn replicas_that_race_for_one_case_write_one_journal(ledger: &impl Ledger) {
    let stores = replicas(ledger).await;
    stores[0].accept(delivery("a", 5, 0)).await.unwrap();
    let clock = Arc::new(AtomicI64::new(1));
    // Each lease has expired when the next worker claims, so that it takes the case over from the one before.
    let turns = futures_of(8, |worker| {
        let (store, clock) = (stores[worker % 2].clone(), clock.clone());
        async move {
            let (mut fences, mut written) = (Vec::new(), 0);
            for _ in 0..25 {
                let now = at(clock.fetch_add(1, Ordering::SeqCst));
                for claim in store.claim(now, now, 1).await.unwrap() {
                    fences.push(claim.fence);
                    let next = store.load(ticket(5)).await.unwrap().journal.len() + 1;
                    let entry =
                        Entry::Woken { delivery: claim.fence, kind: String::new(), received_at: None };
                    let recorded = Recorded { position: u32::try_from(next).unwrap(), at: now, entry };
                    let keep = QueueMove::Keep { lease_until: now };
                    match store.append(append(claim, vec![recorded], keep)).await {
                        Ok(()) => written += 1,
                        Err(StoreError::FenceLost { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            }
            (fences, written)
        }
    })
    .await;
    let written: usize = turns.iter().map(|(_, written)| written).sum();
    let mut fences: Vec<i64> = turns.into_iter().flat_map(|(fences, _)| fences).collect();
    let claims = fences.len();
    fences.sort_unstable();
    fences.dedup();
    assert_eq!(fences.len(), claims, "each claim has a fence of its own");
    let journal = stores[0].load(ticket(5)).await.unwrap().journal;
    assert_eq!(journal.len(), written, "what was answered is there, what was refused is not");
    assert!(journal.iter().zip(1..).all(|(recorded, position)| recorded.position == position));
    let writers = journal.iter().map(|recorded| match recorded.entry {
        Entry::Woken { delivery: fence, .. } => fence,
        _ => unreachable!("{recorded:?}"),
    });
    assert!(writers.is_sorted(), "nobody wrote after a later claim had");
}

pub(crate) async fn no_delivery_is_overlooked_while_it_is_accepted(ledger: &impl Ledger) {
    const DELIVERIES: usize = 300;
    let stores = replicas(ledger).await;
    let accepted = Arc::new(AtomicBool::new(false));
    let working = tokio::spawn({
        let (store, accepted) = (stores[0].clone(), accepted.clone());
        async move {
            let mut taken = 0;
            loop {
                let last = accepted.load(Ordering::SeqCst);
                let claims = store.claim(at(1), at(60), 1).await.unwrap();
                if claims.is_empty() && last {
                    return taken;
                }
                for claim in claims {
                    let seen = store.load(claim.ticket_id).await.unwrap().deliveries;
                    taken += seen.len();
                    let taken_up_to = seen.last().map(|delivery| delivery.id);
                    let ended = append(claim, vec![], release(CaseState::Ended, None));
                    store.append(Append { taken_up_to, ..ended }).await.unwrap();
                }
            }
        }
    });
    futures_of(DELIVERIES, |number| {
        let store = stores[number % 2].clone();
        async move { store.accept(delivery(&format!("d{number}"), 5, 0)).await.unwrap() }
    })
    .await;
    accepted.store(true, Ordering::SeqCst);
    assert_eq!(working.await.unwrap(), DELIVERIES, "each was seen, and none twice");
    assert_eq!(stores[1].next_due().await.unwrap(), None);
}

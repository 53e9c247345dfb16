//! The store as a worker sees it: the ledger in memory, with failing transactions and lost responses.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use misread::domain::case::Entry;
use misread::domain::ids::TicketId;
use misread::domain::limits::Happened;
use misread::ports::{
    Accepted, Append, CaseState, CaseSummary, Claim, Clock, Loaded, NewDelivery, Store, StoreError,
};

use super::ledger::Ledger;
use super::watch::Came;
use super::world::{State, World};

/// One replica's view of the world: its clock may be wrong.
#[derive(Clone, Debug)]
pub(super) struct Replica {
    pub(super) world: Arc<World>,
    pub(super) skew: SignedDuration,
}

#[async_trait]
impl Clock for Replica {
    fn now(&self) -> Timestamp {
        self.world.lock().now + self.skew
    }

    async fn sleep_until(&self, at: Timestamp) {
        // Time passes by the other branches that the sleeper waits for.
        while self.now() < at {
            tokio::task::yield_now().await;
        }
    }
}

impl State {
    /// A command whose transaction may fail, or whose response may be lost.
    pub(super) fn commit<T>(
        &mut self,
        command: impl FnOnce(&mut Ledger) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let unavailable = || Err(StoreError::Unavailable("disk".to_owned()));
        let fault_plan = self.fault_plan;
        if fault_plan.store_fails(&mut self.rng) {
            self.faults.store_failed += 1;
            return unavailable();
        }
        let answer = command(&mut self.ledger);
        if fault_plan.store_fails(&mut self.rng) {
            self.faults.store_answers_lost += 1;
            return unavailable();
        }
        answer
    }
}

/// Data on disk can be read again unchanged.
fn reread(append: &Append) {
    for recorded in &append.entries {
        let body = serde_json::to_string(&recorded.entry).unwrap();
        let entry: Entry = serde_json::from_str(&body).unwrap();
        assert_eq!(entry, recorded.entry, "does not survive the disk: {body}");
    }
}

#[async_trait]
impl Store for Replica {
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError> {
        self.world.lock().commit(|ledger| Ok(ledger.accept(delivery)))
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        _limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        self.world.lock().commit(|ledger| Ok(ledger.claim(now, lease_until)))
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.world.lock().ledger.next_due())
    }

    async fn load(&self, _ticket_id: TicketId) -> Result<Loaded, StoreError> {
        self.world.pass().await;
        let loaded = {
            let mut state = self.world.lock();
            state.sees_load(self.skew);
            state.commit(|ledger| Ok(ledger.load()))
        };
        self.world.pass().await;
        loaded
    }

    async fn append(&self, append: Append) -> Result<(), StoreError> {
        self.world.pass().await;
        let done = {
            let mut state = self.world.lock();
            // Only rarely: it takes longer than everything else.
            if state.rng.per_mille(20) {
                reread(&append);
            }
            let (held, mut stored) = (state.ledger.holds(append.claim), false);
            let done = state.commit(|ledger| {
                let done = ledger.append(append.clone(), self.skew);
                stored = done.is_ok();
                done
            });
            state.sees_append(&append, Came { held, stored, told: done.is_ok(), skew: self.skew });
            let gap = held && matches!(done, Err(StoreError::FenceLost { .. }));
            state.must(!gap, "a journal has no gap and no entry twice", "it does not go on where it ended");
            done
        };
        self.world.pass().await;
        done
    }

    async fn list(&self, _state: Option<CaseState>, _limit: usize) -> Result<Vec<CaseSummary>, StoreError> {
        unreachable!("a worker lists nothing")
    }

    async fn decided_since(
        &self,
        _since: Timestamp,
        _after: Option<TicketId>,
        _limit: usize,
    ) -> Result<Vec<TicketId>, StoreError> {
        unreachable!("a worker replays nothing")
    }

    async fn breaker(&self) -> Result<Option<Happened>, StoreError> {
        Ok(None)
    }

    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

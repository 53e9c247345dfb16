//! A ledger in memory that keeps the contract: dedup, due times, leases, fences, appends all or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use misread::domain::case::Entry;
use misread::domain::ids::TicketId;
use misread::ports::{
    Accepted, Append, Asks, CaseState, CaseSummary, Claim, DeliveryContent, Loaded, NewDelivery,
    PendingDelivery, QueueMove, Recorded, Store, StoreError,
};

use super::world::World;

/// The ledger, and the world whose weather it shares.
#[derive(Debug)]
pub(super) struct MemoryStore {
    world: Arc<World>,
    tables: Mutex<Tables>,
}

#[derive(Debug, Default)]
struct Tables {
    keys: BTreeSet<String>,
    deliveries: Vec<(TicketId, PendingDelivery)>,
    cases: BTreeMap<TicketId, Row>,
}

#[derive(Debug)]
struct Row {
    state: CaseState,
    due_at: Option<Timestamp>,
    lease_until: Option<Timestamp>,
    fence: i64,
    fruitless_claims: u32,
    taken_up_to: i64,
    journal: Vec<Recorded>,
}

impl MemoryStore {
    pub(super) fn new(world: Arc<World>) -> Arc<Self> {
        Arc::new(Self { world, tables: Mutex::default() })
    }

    /// The whole journal, and where the case stands.
    pub(super) fn end(&self, ticket_id: TicketId) -> (Vec<Recorded>, CaseState, Option<Timestamp>) {
        let tables = self.tables.lock().unwrap();
        let row = &tables.cases[&ticket_id];
        (row.journal.clone(), row.state, row.due_at)
    }

    fn fails(&self) -> bool {
        let mut state = self.world.lock();
        let weather = state.weather;
        weather.store_fails(&mut state.dice)
    }

    /// A command whose transaction may fail, or whose answer may be lost.
    fn commit<T>(&self, command: impl FnOnce(&mut Tables) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let unavailable = || Err(StoreError::Unavailable("disk".to_owned()));
        if self.fails() {
            return unavailable();
        }
        let answer = command(&mut self.tables.lock().unwrap());
        if self.fails() { unavailable() } else { answer }
    }
}

impl Tables {
    fn accept(&mut self, delivery: NewDelivery) -> Accepted {
        if !self.keys.insert(delivery.dedup_key) {
            return Accepted::Repeat;
        }
        let DeliveryContent::Wake { ticket_id, kind } = delivery.content else {
            return Accepted::New;
        };
        let received_at = delivery.received_at;
        let id = i64::try_from(self.deliveries.len()).unwrap() + 1;
        self.deliveries.push((ticket_id, PendingDelivery { id, asks: Asks::Look(kind), received_at }));
        let row = self.cases.entry(ticket_id).or_insert_with(Row::new);
        row.state = CaseState::Active;
        row.due_at = Some(row.due_at.map_or(received_at, |due| due.min(received_at)));
        Accepted::New
    }

    fn claim(&mut self, now: Timestamp, lease_until: Timestamp, limit: usize) -> Vec<Claim> {
        let mut due: Vec<_> = self.cases.iter().filter_map(|(id, row)| Some((row.next()?, *id))).collect();
        due.retain(|(at, _)| *at <= now);
        due.sort_unstable();
        due.truncate(limit);
        let take = |(_, ticket_id): (Timestamp, TicketId)| {
            let row = self.cases.get_mut(&ticket_id).unwrap();
            row.state = CaseState::Active;
            row.lease_until = Some(lease_until);
            row.fence += 1;
            row.fruitless_claims += 1;
            Claim { ticket_id, fence: row.fence, fruitless_claims: row.fruitless_claims }
        };
        due.into_iter().map(take).collect()
    }

    fn load(&self, ticket_id: TicketId) -> Loaded {
        let row = &self.cases[&ticket_id];
        Loaded { journal: row.journal.clone(), deliveries: self.pending(ticket_id, row.taken_up_to) }
    }

    fn pending(&self, ticket_id: TicketId, taken_up_to: i64) -> Vec<PendingDelivery> {
        let all =
            self.deliveries.iter().filter(|(of, delivery)| *of == ticket_id && delivery.id > taken_up_to);
        all.map(|(_, delivery)| delivery.clone()).collect()
    }

    fn append(&mut self, append: Append) -> Result<(), StoreError> {
        let Claim { ticket_id, fence, .. } = append.claim;
        let row = self.cases.get_mut(&ticket_id).unwrap();
        let end = row.journal.last().map_or(0, |last| last.position);
        let positions = append.entries.iter().map(|entry| entry.position);
        let continues = positions.eq((end + 1..).take(append.entries.len()));
        if row.fence != fence || row.lease_until.is_none() || !continues {
            return Err(StoreError::FenceLost { ticket_id });
        }
        if !append.entries.is_empty() {
            row.fruitless_claims = 0;
        }
        row.journal.extend(append.entries);
        row.taken_up_to = row.taken_up_to.max(append.taken_up_to.unwrap_or(0));
        let taken_up_to = row.taken_up_to;
        match append.queue_move {
            QueueMove::Keep { lease_until } => row.lease_until = Some(lease_until),
            QueueMove::Release { state, due_at } => {
                (row.lease_until, row.state, row.due_at) = (None, state, due_at);
                let waiting = self.pending(ticket_id, taken_up_to);
                if let Some(since) = waiting.iter().map(|delivery| delivery.received_at).min() {
                    let row = self.cases.get_mut(&ticket_id).unwrap();
                    (row.state, row.due_at) = (CaseState::Active, Some(since));
                }
            }
        }
        Ok(())
    }
}

impl Row {
    fn new() -> Self {
        Self {
            state: CaseState::Active,
            due_at: None,
            lease_until: None,
            fence: 0,
            fruitless_claims: 0,
            taken_up_to: 0,
            journal: Vec::new(),
        }
    }

    fn next(&self) -> Option<Timestamp> {
        self.lease_until.or(self.due_at)
    }
}

/// What is on disk can be read again, word for word.
fn reread(append: &Append) {
    for recorded in &append.entries {
        let body = serde_json::to_string(&recorded.entry).unwrap();
        let entry: Entry = serde_json::from_str(&body).unwrap();
        assert_eq!(entry, recorded.entry, "does not survive the disk: {body}");
    }
}

#[async_trait]
impl Store for MemoryStore {
    /// The door: its own failures are Zendesk's to repeat, so it never fails here.
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError> {
        Ok(self.tables.lock().unwrap().accept(delivery))
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        self.commit(|tables| Ok(tables.claim(now, lease_until, limit)))
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.tables.lock().unwrap().cases.values().filter_map(Row::next).min())
    }

    async fn load(&self, ticket_id: TicketId) -> Result<Loaded, StoreError> {
        self.world.pass().await;
        let loaded = self.commit(|tables| Ok(tables.load(ticket_id)));
        self.world.pass().await;
        loaded
    }

    async fn append(&self, append: Append) -> Result<(), StoreError> {
        self.world.pass().await;
        // Rarely: it takes longer than all the rest.
        if self.world.lock().dice.per_mille(20) {
            reread(&append);
        }
        let done = self.commit(|tables| tables.append(append));
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

    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

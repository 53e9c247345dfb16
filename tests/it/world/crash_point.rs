//! Crashes and freezes: ports that count the worker's steps and stop it when the crash point is reached.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use misread::account::sliding_window::Lane;
use misread::domain::ids::{AccountId, EffectKey, TicketId};
use misread::domain::limits::Happened;
use misread::domain::parking::Account;
use misread::domain::ticket::{Ticket, TicketChange};
use misread::ports::{
    Accepted, ActionOutcome, ActionRequest, Append, CallError, CaseState, CaseSummary, Claim, Helpdesk,
    Loaded, NewDelivery, Parking, SendMode, Store, StoreError, TicketWrite, UpdateOutcome, UseQuery,
    UsesPage,
};
use misread::worker::Parts;
use tokio::sync::{Notify, watch};

/// A crash point that is reached after a number of steps. A later step stops forever like a killed process, or until it is thawed.
#[derive(Debug)]
pub(crate) struct CrashPoint {
    left: AtomicI64,
    blown: Notify,
    thawed: watch::Sender<bool>,
}

impl CrashPoint {
    pub(crate) fn after(steps: u16) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicI64::new(i64::from(steps)),
            blown: Notify::new(),
            thawed: watch::Sender::new(false),
        })
    }

    /// Returns when the crash point is reached.
    pub(crate) async fn reached(&self) {
        self.blown.notified().await;
    }

    /// The stopped worker continues, late and without noticing.
    pub(crate) fn thaw(&self) {
        self.thawed.send_replace(true);
    }

    async fn pass(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) <= 0 {
            self.blown.notify_one();
            let mut thawed = self.thawed.subscribe();
            thawed.wait_for(|thawed| *thawed).await.unwrap();
        }
    }

    /// A step before the call and one after it: a crash may come after the call and before its response is seen.
    async fn around<T>(&self, call: impl Future<Output = T>) -> T {
        self.pass().await;
        let answer = call.await;
        self.pass().await;
        answer
    }

    /// Puts the crash point into every port of the worker.
    pub(crate) fn into_parts(self: &Arc<Self>, parts: &mut Parts) {
        parts.store = Arc::new(Fused { crash_point: Arc::clone(self), port: Arc::clone(&parts.store) });
        parts.desk = Arc::new(Fused { crash_point: Arc::clone(self), port: Arc::clone(&parts.desk) });
        parts.parking = Arc::new(Fused { crash_point: Arc::clone(self), port: Arc::clone(&parts.parking) });
    }
}

#[derive(Debug)]
struct Fused<P: ?Sized> {
    crash_point: Arc<CrashPoint>,
    port: Arc<P>,
}

#[async_trait]
impl Helpdesk for Fused<dyn Helpdesk> {
    async fn ticket(&self, id: TicketId, lane: Lane) -> Result<Option<Ticket>, CallError> {
        self.crash_point.around(self.port.ticket(id, lane)).await
    }

    async fn admit(&self, id: TicketId, lane: Lane) -> Result<SendMode, Duration> {
        self.port.admit(id, lane).await
    }

    fn writes_together(&self) -> bool {
        self.port.writes_together()
    }

    async fn update(&self, sending: TicketWrite<'_>) -> Result<UpdateOutcome, CallError> {
        self.crash_point.around(self.port.update(sending)).await
    }

    async fn jobs_under_way(&self, key: &EffectKey) -> Result<Option<Duration>, CallError> {
        self.crash_point.around(self.port.jobs_under_way(key)).await
    }

    async fn changes(&self, id: TicketId, requester_id: i64) -> Result<Vec<TicketChange>, CallError> {
        self.crash_point.around(self.port.changes(id, requester_id)).await
    }
}

#[async_trait]
impl Parking for Fused<dyn Parking> {
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, CallError> {
        self.crash_point.around(self.port.account(id)).await
    }

    async fn uses(&self, query: &UseQuery) -> Result<UsesPage, CallError> {
        self.crash_point.around(self.port.uses(query)).await
    }

    async fn act(&self, key: &EffectKey, request: &ActionRequest) -> Result<ActionOutcome, CallError> {
        self.crash_point.around(self.port.act(key, request)).await
    }
}

#[async_trait]
impl Store for Fused<dyn Store> {
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError> {
        self.port.accept(delivery).await
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        self.crash_point.around(self.port.claim(now, lease_until, limit)).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.port.next_due().await
    }

    async fn load(&self, ticket_id: TicketId) -> Result<Loaded, StoreError> {
        self.crash_point.around(self.port.load(ticket_id)).await
    }

    async fn append(&self, append: Append) -> Result<(), StoreError> {
        self.crash_point.around(self.port.append(append)).await
    }

    async fn list(&self, state: Option<CaseState>, limit: usize) -> Result<Vec<CaseSummary>, StoreError> {
        self.port.list(state, limit).await
    }

    async fn decided_since(
        &self,
        since: Timestamp,
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError> {
        self.port.decided_since(since, after, limit).await
    }

    async fn breaker(&self) -> Result<Option<Happened>, StoreError> {
        self.port.breaker().await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.port.check().await
    }
}

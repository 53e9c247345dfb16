//! Somebody is faster: just before one of the service's writes arrives at Zendesk, something else happens.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use misread::domain::ids::{EffectKey, TicketId};
use misread::domain::quota::Lane;
use misread::domain::ticket::{Ticket, TicketChange};
use misread::ports::{CallError, Desk, Sending, UpdateOutcome, Way};

type Deed = Box<dyn FnOnce() + Send>;

/// A desk at which something happens just ahead of a write.
pub(crate) struct Crossing {
    desk: Arc<dyn Desk>,
    /// How many writes pass before it happens, and what.
    ahead: Mutex<(u32, Option<Deed>)>,
}

impl Crossing {
    /// `deed` happens ahead of the write after `writes` others.
    pub(crate) fn after(writes: u32, desk: Arc<dyn Desk>, deed: impl FnOnce() + Send + 'static) -> Arc<Self> {
        Arc::new(Self { desk, ahead: Mutex::new((writes, Some(Box::new(deed)))) })
    }
}

impl fmt::Debug for Crossing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Crossing").field("desk", &self.desk).finish_non_exhaustive()
    }
}

#[async_trait]
impl Desk for Crossing {
    async fn ticket(&self, id: TicketId, lane: Lane) -> Result<Option<Ticket>, CallError> {
        self.desk.ticket(id, lane).await
    }

    fn may_read(&self, lane: Lane) -> Result<(), Duration> {
        self.desk.may_read(lane)
    }

    async fn admit(&self, id: TicketId, lane: Lane) -> Result<Way, Duration> {
        self.desk.admit(id, lane).await
    }

    fn writes_together(&self) -> bool {
        self.desk.writes_together()
    }

    async fn is_over(&self, key: &EffectKey) -> Result<bool, CallError> {
        self.desk.is_over(key).await
    }

    async fn update(&self, sending: Sending<'_>) -> Result<UpdateOutcome, CallError> {
        let deed = {
            let mut ahead = self.ahead.lock().unwrap();
            let now = ahead.0 == 0;
            ahead.0 = ahead.0.saturating_sub(1);
            if now { ahead.1.take() } else { None }
        };
        if let Some(deed) = deed {
            deed();
        }
        self.desk.update(sending).await
    }

    async fn changes(&self, id: TicketId, requester_id: i64) -> Result<Vec<TicketChange>, CallError> {
        self.desk.changes(id, requester_id).await
    }
}

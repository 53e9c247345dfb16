//! Crossing events: something happens just before one of the service's writes arrives at Zendesk, between two of its
//! reads, or just after money has moved.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use misread::account::sliding_window::Lane;
use misread::domain::ids::{AccountId, EffectKey, TicketId};
use misread::domain::parking::Account;
use misread::domain::ticket::{Ticket, TicketChange};
use misread::ports::{
    ActionOutcome, ActionRequest, CallError, Helpdesk, Parking, SendMode, TicketWrite, UpdateOutcome,
    UseQuery, UsesPage,
};

type Callback = Box<dyn FnOnce() + Send>;

/// The call at which the event happens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Ahead of a write.
    Write,
    /// After the ticket was read, and before its changes are.
    Ticket,
    /// After the ticket's changes were read.
    Changes,
}

/// An event that happens once, and the number of such calls before it.
struct Once(Mutex<(u32, Option<Callback>)>);

impl Once {
    fn after(calls: u32, deed: impl FnOnce() + Send + 'static) -> Self {
        Self(Mutex::new((calls, Some(Box::new(deed)))))
    }

    fn call(&self) {
        let deed = {
            let mut ahead = self.0.lock().unwrap();
            let now = ahead.0 == 0;
            ahead.0 = ahead.0.saturating_sub(1);
            if now { ahead.1.take() } else { None }
        };
        if let Some(deed) = deed {
            deed();
        }
    }
}

/// A desk with an event at one of its calls.
pub(crate) struct Crossing {
    desk: Arc<dyn Helpdesk>,
    at: At,
    once: Once,
}

impl Crossing {
    /// `deed` happens ahead of the write after `writes` others.
    pub(crate) fn after(
        writes: u32,
        desk: Arc<dyn Helpdesk>,
        deed: impl FnOnce() + Send + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { desk, at: At::Write, once: Once::after(writes, deed) })
    }

    /// `deed` happens after the ticket was read first, and before its changes are.
    pub(crate) fn between_reads(desk: Arc<dyn Helpdesk>, deed: impl FnOnce() + Send + 'static) -> Arc<Self> {
        Arc::new(Self { desk, at: At::Ticket, once: Once::after(0, deed) })
    }

    /// `deed` happens after the ticket and its changes were read first.
    pub(crate) fn after_reads(desk: Arc<dyn Helpdesk>, deed: impl FnOnce() + Send + 'static) -> Arc<Self> {
        Arc::new(Self { desk, at: At::Changes, once: Once::after(0, deed) })
    }

    fn comes_to(&self, at: At) {
        if self.at == at {
            self.once.call();
        }
    }
}

impl fmt::Debug for Crossing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Crossing").field("desk", &self.desk).finish_non_exhaustive()
    }
}

#[async_trait]
impl Helpdesk for Crossing {
    async fn ticket(&self, id: TicketId, lane: Lane) -> Result<Option<Ticket>, CallError> {
        let ticket = self.desk.ticket(id, lane).await;
        self.comes_to(At::Ticket);
        ticket
    }

    async fn admit(&self, id: TicketId, lane: Lane) -> Result<SendMode, Duration> {
        self.desk.admit(id, lane).await
    }

    fn writes_together(&self) -> bool {
        self.desk.writes_together()
    }

    async fn jobs_under_way(&self, key: &EffectKey) -> Result<Option<Duration>, CallError> {
        self.desk.jobs_under_way(key).await
    }

    async fn update(&self, sending: TicketWrite<'_>) -> Result<UpdateOutcome, CallError> {
        self.comes_to(At::Write);
        self.desk.update(sending).await
    }

    async fn changes(&self, id: TicketId, requester_id: i64) -> Result<Vec<TicketChange>, CallError> {
        let changes = self.desk.changes(id, requester_id).await;
        self.comes_to(At::Changes);
        changes
    }
}

/// A parking system with an event directly after its first action.
pub(crate) struct Acting {
    parking: Arc<dyn Parking>,
    once: Once,
}

impl Acting {
    pub(crate) fn then(parking: Arc<dyn Parking>, deed: impl FnOnce() + Send + 'static) -> Arc<Self> {
        Arc::new(Self { parking, once: Once::after(0, deed) })
    }
}

impl fmt::Debug for Acting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Acting").field("parking", &self.parking).finish_non_exhaustive()
    }
}

#[async_trait]
impl Parking for Acting {
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, CallError> {
        self.parking.account(id).await
    }

    async fn uses(&self, query: &UseQuery) -> Result<UsesPage, CallError> {
        self.parking.uses(query).await
    }

    async fn act(&self, key: &EffectKey, request: &ActionRequest) -> Result<ActionOutcome, CallError> {
        let outcome = self.parking.act(key, request).await;
        self.once.call();
        outcome
    }
}

//! A slow way to Zendesk: the first write is under way when its answer is given up, and arrives when a test lets it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use misread::domain::ids::{EffectKey, TicketId};
use misread::domain::ticket::{Ticket, TicketChange, TicketUpdate};
use misread::ports::{CallError, Desk, UpdateOutcome};

/// A desk whose first write is held up on the way.
#[derive(Debug)]
pub(crate) struct Late {
    desk: Arc<dyn Desk>,
    held: Mutex<Held>,
    /// Whether the held write arrives just ahead of the next one.
    overtaken: bool,
}

#[derive(Debug)]
enum Held {
    NotYet,
    UnderWay(TicketId, EffectKey, Box<TicketUpdate>, Timestamp),
    Arrived,
}

impl Late {
    pub(crate) fn new(desk: Arc<dyn Desk>, overtaken: bool) -> Arc<Self> {
        Arc::new(Self { desk, held: Mutex::new(Held::NotYet), overtaken })
    }

    /// The held write arrives at Zendesk.
    pub(crate) async fn arrive(&self) {
        let held = std::mem::replace(&mut *self.held.lock().unwrap(), Held::Arrived);
        if let Held::UnderWay(id, key, update, read_at) = held {
            self.desk.update(id, &key, &update, read_at).await.unwrap();
        }
    }

    /// Whether it is still on its way.
    pub(crate) fn is_under_way(&self) -> bool {
        matches!(*self.held.lock().unwrap(), Held::UnderWay(..))
    }
}

#[async_trait]
impl Desk for Late {
    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, CallError> {
        self.desk.ticket(id).await
    }

    fn admit(&self, id: TicketId) -> Result<(), Duration> {
        self.desk.admit(id)
    }

    async fn update(
        &self,
        id: TicketId,
        key: &EffectKey,
        update: &TicketUpdate,
        read_at: Timestamp,
    ) -> Result<UpdateOutcome, CallError> {
        {
            let mut held = self.held.lock().unwrap();
            if matches!(*held, Held::NotYet) {
                *held = Held::UnderWay(id, key.clone(), Box::new(update.clone()), read_at);
                return Err(CallError::Unknown { reason: "no answer".to_owned() });
            }
        }
        if self.overtaken {
            self.arrive().await;
        }
        self.desk.update(id, key, update, read_at).await
    }

    async fn changes(&self, id: TicketId, requester_id: i64) -> Result<Vec<TicketChange>, CallError> {
        self.desk.changes(id, requester_id).await
    }
}

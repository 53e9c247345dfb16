//! A slow connection to Zendesk: the first write's response is given up, and the write arrives when the test lets it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use misread::account::sliding_window::Lane;
use misread::domain::ids::{EffectKey, TicketId};
use misread::domain::ticket::{Seen, Ticket, TicketChange, TicketUpdate};
use misread::ports::{CallError, Helpdesk, Lease, SendMode, TicketWrite, UpdateOutcome};

/// A desk whose first write is delayed.
#[derive(Debug)]
pub(crate) struct Late {
    desk: Arc<dyn Helpdesk>,
    held: Mutex<Held>,
    /// Whether the delayed write arrives directly before the next one.
    overtaken: bool,
}

#[derive(Debug)]
enum Held {
    NotYet,
    UnderWay(TicketId, EffectKey, Box<TicketUpdate>, Seen),
    Arrived,
}

impl Late {
    pub(crate) fn new(desk: Arc<dyn Helpdesk>, overtaken: bool) -> Arc<Self> {
        Arc::new(Self { desk, held: Mutex::new(Held::NotYet), overtaken })
    }

    /// Lets the delayed write arrive at Zendesk.
    pub(crate) async fn arrive(&self) {
        let held = std::mem::replace(&mut *self.held.lock().unwrap(), Held::Arrived);
        if let Held::UnderWay(ticket_id, key, update, seen) = held {
            let (way, lease) = (SendMode::Single, Lease::until(Timestamp::MAX));
            let sending = TicketWrite { ticket_id, key: &key, update: &update, seen, way, lease: &lease };
            self.desk.update(sending).await.unwrap();
        }
    }

    /// Whether it has not arrived yet.
    pub(crate) fn is_under_way(&self) -> bool {
        matches!(*self.held.lock().unwrap(), Held::UnderWay(..))
    }
}

#[async_trait]
impl Helpdesk for Late {
    async fn ticket(&self, id: TicketId, lane: Lane) -> Result<Option<Ticket>, CallError> {
        self.desk.ticket(id, lane).await
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
        {
            let mut held = self.held.lock().unwrap();
            if matches!(*held, Held::NotYet) {
                let TicketWrite { ticket_id, key, update, seen, .. } = sending;
                *held = Held::UnderWay(ticket_id, key.clone(), Box::new(update.clone()), seen);
                return Err(CallError::Unknown { reason: "no answer".to_owned() });
            }
        }
        if self.overtaken {
            self.arrive().await;
        }
        self.desk.update(sending).await
    }

    async fn changes(&self, id: TicketId, requester_id: i64) -> Result<Vec<TicketChange>, CallError> {
        self.desk.changes(id, requester_id).await
    }
}

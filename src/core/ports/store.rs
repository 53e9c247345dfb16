//! The ledger's interface for the webhook and the worker.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::json;

use super::limits::Guard;
use crate::domain::case::{Entry, Order, Outline};
use crate::domain::ids::TicketId;
use crate::domain::limits::{Happened, Limit, Tally, Trip};

/// A verified webhook delivery to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct NewDelivery {
    /// The key that identifies a repeat: the invocation id, or a digest if there is none. At most 128 characters.
    pub dedup_key: String,
    pub received_at: Timestamp,
    /// The raw body.
    pub body: String,
    pub content: DeliveryContent,
}

impl NewDelivery {
    /// An order for a case. A worker takes it in like any delivery: in turn, once, and into the journal.
    pub fn of_order(ticket_id: TicketId, order: Order, now: Timestamp) -> Self {
        Self {
            dedup_key: format!("order-{ticket_id}-{}", now.as_nanosecond()),
            received_at: now,
            body: json!({ "ticket_id": ticket_id, "order": order }).to_string(),
            content: DeliveryContent::Order { ticket_id, order },
        }
    }
}

/// The content of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum DeliveryContent {
    /// A request to look at this ticket.
    Wake {
        ticket_id: TicketId,
        /// The kind that the trigger or event names, for the journal; it decides nothing.
        kind: String,
    },
    /// An order on the case. Only the command line and the console make such a delivery; no webhook can.
    Order {
        ticket_id: TicketId,
        /// The order and its author.
        order: Order,
    },
    /// Authentic but meaningless: kept for a person.
    Poison {
        /// What is wrong with it.
        problem: String,
    },
}

impl DeliveryContent {
    /// The ticket whose case becomes due.
    pub fn ticket_id(&self) -> Option<TicketId> {
        match self {
            Self::Wake { ticket_id, .. } | Self::Order { ticket_id, .. } => Some(*ticket_id),
            Self::Poison { .. } => None,
        }
    }
}

/// Whether a delivery was new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is on disk now.
    New {
        /// Its number in the ledger; a later delivery has a higher one.
        number: i64,
    },
    /// Stored before: nothing changed.
    Repeat,
    /// Its key was stored before with another body: nothing changed.
    OtherBody,
}

impl Accepted {
    /// Whether it was stored.
    pub fn is_new(self) -> bool {
        matches!(self, Self::New { .. })
    }
}

/// The right to work on one case, until the lease expires or another claim is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The ticket whose case is claimed.
    pub ticket_id: TicketId,
    /// Grows with every claim of this ticket; each append checks it.
    pub fence: i64,
    /// The number of claims since the last append.
    pub fruitless_claims: u32,
    /// Since when it has been due.
    pub due_since: Timestamp,
}

/// A delivery that is not in the case's journal yet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PendingDelivery {
    /// Its number in the store; ascending.
    pub id: i64,
    pub asks: DeliveryRequest,
    pub received_at: Timestamp,
}

impl PendingDelivery {
    /// The entry that takes it into the case's journal.
    pub fn entry(&self) -> Entry {
        let (delivery, received_at) = (self.id, Some(self.received_at));
        match &self.asks {
            DeliveryRequest::Refresh(kind) => Entry::Woken { delivery, kind: kind.clone(), received_at },
            DeliveryRequest::Command(order) => Entry::Ordered { delivery, order: order.clone() },
        }
    }
}

/// The request of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryRequest {
    /// To look at the ticket, with the kind that the trigger or event names.
    Refresh(String),
    /// To do what a person ordered in the console or on the command line.
    Command(Order),
}

/// A journal entry with its position and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The position; the first is 1.
    pub position: u32,
    /// When it was recorded.
    pub at: Timestamp,
    /// What happened, or is intended.
    pub entry: Entry,
}

/// A case as loaded for work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The whole journal, oldest first.
    pub journal: Vec<Recorded>,
    /// Deliveries that are not in the journal yet, oldest first.
    pub deliveries: Vec<PendingDelivery>,
}

/// The disk below a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    /// The size of the ledger's file in bytes, without its log.
    pub ledger: u64,
    /// What is free for this process in bytes.
    pub free: u64,
}

impl Disk {
    /// With less than this the room will be used up soon: 1 GiB in bytes.
    pub const LITTLE: u64 = 1 << 30;

    /// Whether a person should make room.
    pub fn is_nearly_full(self) -> bool {
        self.free < Self::LITTLE
    }
}

/// A case's state, for the queue and for lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseState {
    /// Due for the service itself, now or at a time.
    Active,
    /// Waiting for the customer, an agent or a payment.
    Waiting,
    /// Ended; a new delivery wakes it.
    Ended,
    /// The service gave up; a person must look.
    Stuck,
}

/// The change of the queue entry in the same transaction as an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueMove {
    /// The worker keeps the case; the lease is renewed to this time.
    Keep {
        /// New end of the lease.
        lease_until: Timestamp,
    },
    /// The case is released. If deliveries arrived that are not in the journal, it is due at once regardless of `due_at`.
    Release {
        /// How it rests.
        state: CaseState,
        /// When it is next due; `None`: only a delivery wakes it.
        due_at: Option<Timestamp>,
    },
}

/// An append, in one transaction with the queue move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The claim that it is made under.
    pub claim: Claim,
    /// The entries in order; the first gets the journal's next position. May be empty.
    pub entries: Vec<Recorded>,
    /// These entries cover the deliveries up to and including this number.
    pub taken_up_to: Option<i64>,
    /// The change of the queue entry.
    pub queue_move: QueueMove,
    /// The checks for the last entry; `None`: it has no effect outside, or none that needs a person's release.
    pub guard: Option<Guard>,
    /// What the breaker counts of it.
    pub tally: Tally,
    /// The outline of the case after these entries; `None`: the ledger folds it later, from the journal.
    pub outline: Option<Box<Outline>>,
}

/// Why the store refused or failed.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the names say it")]
pub enum StoreError {
    /// Another worker has claimed the case. Nothing was appended.
    #[error("the claim on ticket {ticket_id} was lost: another worker has it")]
    FenceLost { ticket_id: TicketId },
    /// The movement would exceed this limit. Nothing was appended.
    #[error("a movement would exceed {}", limit.setting())]
    OverLimit { limit: Limit },
    /// An hour exceeded the usual rate: nothing goes out without a person. Nothing was appended.
    #[error("the breaker is open: {} in an hour, where {} pass", trip.in_hour, trip.most)]
    BreakerOpen {
        trip: Trip,
        /// Whether this append opened the breaker.
        newly: bool,
    },
    /// A journal entry that this program cannot read.
    #[error("journal entry {position} of ticket {ticket_id} cannot be read: {reason}")]
    Unreadable {
        ticket_id: TicketId,
        /// The entry's position.
        position: u32,
        reason: String,
    },
    /// The database cannot read its own files.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The database failed; a retry may succeed.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
}

/// A line of `misread case list`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CaseSummary {
    pub ticket_id: TicketId,
    pub state: CaseState,
    /// When it is next due.
    pub due_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The ledger: deliveries, cases, journal.
#[async_trait]
pub trait Store: Debug + Send + Sync {
    /// Stores a delivery and makes its case due. Returns only when it is on disk.
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError>;

    /// Claims up to `limit` due cases without a live lease: those that have been due for longest, and, for a quarter of the
    /// places, those that became due last, so that neither the backlog nor new work starves.
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError>;

    /// When the next case becomes due or a lease expires, if any.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;

    /// The journal, and the deliveries that are not in it yet.
    async fn load(&self, ticket_id: TicketId) -> Result<Loaded, StoreError>;

    /// Appends and moves atomically, if the claim still holds. Returns only when it is on disk.
    async fn append(&self, append: Append) -> Result<(), StoreError>;

    /// Cases, the last changed first; all states if `state` is `None`.
    async fn list(&self, state: Option<CaseState>, limit: usize) -> Result<Vec<CaseSummary>, StoreError>;

    /// Tickets with a policy decision recorded at `since` or later, by ascending id, those after `after`, at most `limit`.
    async fn decided_since(
        &self,
        since: Timestamp,
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError>;

    /// The last entry of the breaker's journal; `None`: it never opened.
    async fn breaker(&self) -> Result<Option<Happened>, StoreError>;

    /// The size of the ledger's write-ahead log in bytes, if it has one of its own.
    fn log_bytes(&self) -> Option<u64> {
        None
    }

    /// The ledger's size and the room for it, if it is a file of this machine.
    fn disk(&self) -> Option<Disk> {
        None
    }

    /// Fails if the ledger cannot be written to now.
    async fn check(&self) -> Result<(), StoreError>;
}

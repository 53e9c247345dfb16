//! The ledger, as the door and the worker see it.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::limits::Guard;
use crate::domain::case::{Entry, Order};
use crate::domain::ids::TicketId;
use crate::domain::limits::{Happened, Limit, Tally, Trip};

/// A verified webhook delivery, about to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// What makes a repeat recognisable: the invocation id, or a digest where there is none. At most 128 characters.
    pub dedup_key: String,
    /// When it arrived.
    pub received_at: Timestamp,
    /// The raw body.
    pub body: String,
    /// What it says.
    pub content: DeliveryContent,
}

/// What a delivery says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryContent {
    /// Look at this ticket.
    Wake {
        /// The ticket.
        ticket_id: TicketId,
        /// Why, as the trigger or event names it, for the journal; nothing is decided by it.
        kind: String,
    },
    /// Do this with the case. Only the command line makes such a delivery; no webhook can.
    Order {
        /// The ticket.
        ticket_id: TicketId,
        /// What, and who says so.
        order: Order,
    },
    /// Authentic, but it makes no sense: kept for a person.
    Poison {
        /// What is wrong with it.
        problem: String,
    },
}

impl DeliveryContent {
    /// The ticket whose case it makes due.
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
    /// Stored.
    New,
    /// Stored before: nothing changed.
    Repeat,
    /// Its key was stored before with another body: nothing changed.
    OtherBody,
}

/// The right to work on one case, until the lease ends or another claim is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Grows with every claim of this ticket; each append checks it.
    pub fence: i64,
    /// How often the case was claimed without any append since.
    pub fruitless_claims: u32,
    /// Since when it has been due.
    pub due_since: Timestamp,
}

/// A delivery that the case has not taken in yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingDelivery {
    /// The store's number for it; ascending.
    pub id: i64,
    /// What it asks for.
    pub asks: DeliveryRequest,
    /// When it arrived.
    pub received_at: Timestamp,
}

/// What a delivery asks of its case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryRequest {
    /// To look at the ticket; why, as the trigger or event names it.
    Refresh(String),
    /// What a person of operations ordered.
    Command(Order),
}

impl DeliveryRequest {
    /// The journal's entry for it.
    pub fn entry(&self, delivery: i64) -> Entry {
        match self {
            Self::Refresh(kind) => Entry::Woken { delivery, kind: kind.clone() },
            Self::Command(order) => Entry::Ordered { delivery, order: order.clone() },
        }
    }
}

/// A journal entry with its place and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// 1 for the first.
    pub position: u32,
    /// When it was recorded.
    pub at: Timestamp,
    /// What.
    pub entry: Entry,
}

/// A case as loaded for work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The whole journal, oldest first.
    pub journal: Vec<Recorded>,
    /// Deliveries not yet taken in, oldest first.
    pub deliveries: Vec<PendingDelivery>,
}

/// Where a case stands, for the queue and for lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseState {
    /// Due now or at a time, for the service itself.
    Active,
    /// Waiting for the customer, a colleague or a payment.
    Waiting,
    /// Ended; a new delivery wakes it.
    Ended,
    /// The service gave up; a person must look.
    Stuck,
}

/// What happens to the queue entry together with an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueMove {
    /// The worker keeps the case; the lease is renewed to this time.
    Keep {
        /// New end of the lease.
        lease_until: Timestamp,
    },
    /// The case is given back. Where deliveries arrived that are not taken in, it is due at once whatever is said here.
    Release {
        /// Where it stands.
        state: CaseState,
        /// When it is due next; `None`: only a delivery wakes it.
        due_at: Option<Timestamp>,
    },
}

/// What to append, in one transaction with the queue move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The claim under which it is appended.
    pub claim: Claim,
    /// The entries, in order; the first stands at the journal's next position. May be empty.
    pub entries: Vec<Recorded>,
    /// Deliveries up to and including this number are taken in by these entries.
    pub taken_up_to: Option<i64>,
    /// What becomes of the claim.
    pub queue_move: QueueMove,
    /// What the last of the entries must pass; `None`: it does nothing in the world, or nothing that a person need see before.
    pub guard: Option<Guard>,
    /// What of it the breaker counts.
    pub tally: Tally,
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The claim was taken over: somebody else works on the case. Nothing was appended.
    #[error("the claim on ticket {ticket_id} was lost: another worker has it")]
    FenceLost {
        /// The ticket.
        ticket_id: TicketId,
    },
    /// The movement would exceed this limit. Nothing was appended.
    #[error("a movement would exceed {}", limit.setting())]
    OverLimit {
        /// Which.
        limit: Limit,
    },
    /// An hour has left the usual: nothing goes out without a person. Nothing was appended.
    #[error("the breaker is open: {} in an hour, where {} pass", trip.in_hour, trip.most)]
    BreakerOpen {
        /// Why.
        trip: Trip,
        /// Whether this very append has opened it.
        newly: bool,
    },
    /// A journal entry that this program cannot read.
    #[error("journal entry {position} of ticket {ticket_id} cannot be read: {reason}")]
    Unreadable {
        /// The ticket.
        ticket_id: TicketId,
        /// Which entry.
        position: u32,
        /// Why.
        reason: String,
    },
    /// The database does not understand its own files.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The database did not do it; trying again can help.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
}

/// A line of `misread case list`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseSummary {
    /// The ticket.
    pub ticket_id: TicketId,
    /// Where it stands.
    pub state: CaseState,
    /// When it is due next.
    pub due_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The ledger: deliveries, cases, journal.
#[async_trait]
pub trait Store: Debug + Send + Sync {
    /// Stores a delivery and makes its case due. Returns only when it is on disk.
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError>;

    /// Claims up to `limit` due cases that nobody has under a live lease: those that have been due for longest, and for a
    /// quarter of the places those that became due last, so that neither a backlog nor what comes in starves the other.
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError>;

    /// When the next case is due or a lease ends, if any.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;

    /// The journal and the deliveries that it has not taken in.
    async fn load(&self, ticket_id: TicketId) -> Result<Loaded, StoreError>;

    /// Appends and moves, all or nothing, if the claim still holds. Returns only when it is on disk.
    async fn append(&self, append: Append) -> Result<(), StoreError>;

    /// Cases, the latest changed first; all states when `state` is `None`.
    async fn list(&self, state: Option<CaseState>, limit: usize) -> Result<Vec<CaseSummary>, StoreError>;

    /// Tickets whose policy decision was recorded at `since` or later, by ascending id, those after `after`, at most `limit`.
    async fn decided_since(
        &self,
        since: Timestamp,
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError>;

    /// How the breaker stands: the last entry of its journal; `None`: it never opened.
    async fn breaker(&self) -> Result<Option<Happened>, StoreError>;

    /// How many bytes the ledger's write-ahead log takes, where it has one of its own.
    fn log_bytes(&self) -> Option<u64> {
        None
    }

    /// Whether it can be written to now.
    async fn check(&self) -> Result<(), StoreError>;
}

//! What the service needs from the world: a store, a desk (Zendesk), the parking system, a clock.
//!
//! Outcomes are typed. A write whose answer was lost is neither done nor failed: [`CallError::Unknown`].

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::domain::case::Entry;
use crate::domain::ids::{AccountId, EffectKey, LotId, TicketId, UseId};
pub use crate::domain::parking::UseQuery;
use crate::domain::parking::{Account, ParkingAction, ParkingUse, Receipt};
use crate::domain::ticket::{Ticket, TicketChange, TicketUpdate};

/// Tells the time. Tests and the sandbox own theirs.
pub trait Clock: Debug + Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Why a call brought no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Nothing was done, and trying again later can help.
    #[error("{reason}")]
    Retry {
        /// The other side's `Retry-After`, if it named one.
        after: Option<Duration>,
        /// What happened, without any customer data.
        reason: String,
    },
    /// A write whose answer was lost: it may or may not have been done. Look before repeating.
    #[error("outcome unknown: {reason}")]
    Unknown {
        /// What happened, without any customer data.
        reason: String,
    },
    /// The same call will never work.
    #[error("{reason}")]
    Permanent {
        /// What happened, without any customer data.
        reason: String,
    },
}

/// What a ticket update came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateOutcome {
    /// Done.
    Written {
        /// The audit that holds it.
        audit_id: i64,
        /// The ticket's `updated_at` afterwards.
        updated_at: Timestamp,
    },
    /// 409: the ticket is no longer as it was when read. Nothing was written.
    Conflict,
    /// Never possible as asked.
    Refused {
        /// Whether the ticket itself takes no more updates (closed, deleted, merged away).
        closed: bool,
        /// What Zendesk said, without customer data: error name and field names.
        reason: String,
    },
}

/// The help desk (Zendesk).
#[async_trait]
pub trait Desk: Debug + Send + Sync {
    /// One ticket with its requester; `None` when it does not exist (any more).
    async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, CallError>;

    /// Asks the budgets (account and ticket) for room for one update now; `Err` says how long to wait. Room is kept for a
    /// ticket that was told to wait.
    fn admit(&self, id: TicketId) -> Result<(), Duration>;

    /// Writes to a ticket if it is still as of `read_at` (its `updated_at` when read); the write carries `key` as its marker.
    async fn update(
        &self,
        id: TicketId,
        key: &EffectKey,
        update: &TicketUpdate,
        read_at: Timestamp,
    ) -> Result<UpdateOutcome, CallError>;

    /// All changes of a ticket, oldest first, as its audits tell them.
    async fn changes(&self, id: TicketId, requester_id: i64) -> Result<Vec<TicketChange>, CallError>;
}

/// One page of uses, newest entry first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsesPage {
    /// At most 100.
    pub uses: Vec<ParkingUse>,
    /// Whether there are more than these.
    pub has_more: bool,
}

/// What an action at the parking system came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionOutcome {
    /// Done, now or earlier under the same key.
    Done(Box<Receipt>),
    /// The use is no longer in the state that the action needs; nothing was done.
    Conflict {
        /// The contract's error word, for example `state_conflict`.
        error: String,
        /// The use as it is now.
        parking_use: Box<ParkingUse>,
    },
    /// Never possible as asked; nothing was done.
    Refused {
        /// The contract's error word, for example `lot_closed`.
        error: String,
    },
}

/// An action with its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionRequest {
    /// For whom.
    pub ticket_id: TicketId,
    /// What.
    pub action: ParkingAction,
    /// On which use.
    pub use_id: UseId,
    /// At which lot.
    pub lot_id: LotId,
}

/// The company's internal parking system.
#[async_trait]
pub trait Parking: Debug + Send + Sync {
    /// One account; `None` when there is no such account.
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, CallError>;

    /// Uses, newest entry first, at most 100.
    async fn uses(&self, query: &UseQuery) -> Result<UsesPage, CallError>;

    /// Acts, at most once for a key.
    async fn act(&self, key: &EffectKey, request: &ActionRequest) -> Result<ActionOutcome, CallError>;
}

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
    /// Authentic, but it makes no sense: kept for a person.
    Poison {
        /// What is wrong with it.
        problem: String,
    },
}

/// Whether a delivery was new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// Stored.
    New,
    /// Stored before: nothing changed.
    Repeat,
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
}

/// A delivery that the case has not taken in yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingDelivery {
    /// The store's number for it; ascending.
    pub id: i64,
    /// Why, as the trigger or event names it.
    pub kind: String,
    /// When it arrived.
    pub received_at: Timestamp,
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

    /// Claims up to `limit` due cases that nobody has under a live lease, longest due first.
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

    /// Whether it can be written to now.
    async fn check(&self) -> Result<(), StoreError>;
}

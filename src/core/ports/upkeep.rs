//! The ledger, as whoever keeps it in order sees it: what is overdue or stuck, what may be erased, the figures that stay.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::clocks::LedgerTime;
use super::grants::Grants;
use super::limits::LimitBook;
use super::macros::GoodMacros;
use super::markers::MarkerKeys;
use super::store::{CaseSummary, Recorded, Store, StoreError};
use crate::domain::case::{Ending, Entry, Figures};
use crate::domain::ids::TicketId;

/// Which tickets are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tickets<'a> {
    /// All that have a case.
    All,
    /// Those whose case was changed last before this moment, whatever its state, is in no worker's hands, and holds something that can be
    /// erased.
    RestedBefore(Timestamp),
    /// Those in whose journal this stands as a whole JSON text: an account's id, for example.
    Mentioning(&'a str),
}

/// What is to be erased: a case's whole journal and its deliveries, as they were when the journal was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The position of the journal's last entry. Where more has been written since, nothing is erased.
    pub last: u32,
    /// When it is erased.
    pub at: Timestamp,
    /// How the case ended, or how it is held to have ended.
    pub ending: Ending,
    /// Also a case that has not ended is erased, unless something came for it since this moment. `None`: only one that has ended and
    /// is not due.
    pub untouched_since: Option<Timestamp>,
    /// Who erases it; `None`: the retention time is over.
    pub by: Option<String>,
    /// How often what happened in it; added to the figures that stay.
    pub figures: Figures,
}

impl Erasure {
    /// The one entry that stays in the journal's place.
    pub fn tombstone(&self) -> Recorded {
        let entry = Entry::Erased { entries: self.last, ending: self.ending, by: self.by.clone() };
        Recorded { position: self.last + 1, at: self.at, entry }
    }
}

/// A delivery as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDelivery {
    /// The store's number for it; ascending.
    pub id: i64,
    /// What makes a repeat recognisable: the webhook's invocation id, or what stands for it.
    pub key: String,
    /// The ticket that it names; `None`: it made no sense.
    pub ticket_id: Option<TicketId>,
    /// Why it came, or what was ordered.
    pub kind: Option<String>,
    /// What is wrong with it.
    pub problem: Option<String>,
    /// As it came; empty in lists.
    pub body: String,
    /// When it arrived.
    pub received_at: Timestamp,
}

/// Cases that have something in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// How many.
    pub cases: u64,
    /// The one that has been so for longest, and since when.
    pub oldest: Option<(TicketId, Timestamp)>,
}

/// All cases that have not ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Due, or left behind by a worker whose lease has ended, and not taken up yet.
    pub overdue: Group,
    /// In a worker's hands, or paused until a time.
    pub active: Group,
    /// Waiting for the customer, a colleague or a payment.
    pub waiting: Group,
    /// Given up; a person must look.
    pub stuck: Group,
}

/// What keeping a ledger in order takes beside the work itself.
#[async_trait]
pub trait Upkeep: Debug + Send + Sync {
    /// A page of tickets by ascending id, those after `after`, at most `limit`. Walks the ledger.
    async fn tickets(
        &self,
        which: Tickets<'_>,
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError>;

    /// Erases, each case in a transaction of its own. Returns the tickets for which it was done: those whose case has ended, is in nobody's hands,
    /// and has not grown. A tombstone and the figures stay, and the keys of deliveries do not.
    async fn erase(&self, erasures: &[Erasure]) -> Result<Vec<TicketId>, StoreError>;

    /// Drops deliveries that made no sense and came before this moment; says how many.
    async fn drop_poison(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// Writes the database anew, so that no page of its files holds a rest of what was erased. Nothing else can be written
    /// meanwhile to a SQLite file; with PostgreSQL the work goes on.
    async fn compact(&self) -> Result<(), StoreError>;

    /// Gives back what the ledger's write-ahead log takes, as far as nobody reads; nobody waits for it.
    async fn shrink_log(&self) -> Result<(), StoreError>;

    /// Deliveries that are kept, the latest first, without their bodies; with `poison` only those that made no sense.
    async fn deliveries(&self, poison: bool, limit: usize) -> Result<Vec<StoredDelivery>, StoreError>;

    /// The delivery with this id, or, where none has it, with this number.
    async fn delivery(&self, id: &str) -> Result<Option<StoredDelivery>, StoreError>;

    /// The figures of all that was erased.
    async fn figures(&self) -> Result<Figures, StoreError>;

    /// How those of these tickets stand that have a case.
    async fn cases(&self, ids: &[TicketId]) -> Result<Vec<CaseSummary>, StoreError>;

    /// Whether it is our turn at `chore`, which one of all replicas does: nobody gets it again before `until`.
    async fn take_turn(&self, chore: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError>;

    /// What has not ended, as of `now`.
    async fn backlog(&self, now: Timestamp) -> Result<Backlog, StoreError>;
}

/// A whole ledger.
pub trait Ledger: Store + Upkeep + LimitBook + Grants + GoodMacros + LedgerTime + MarkerKeys {}

impl<T: Store + Upkeep + LimitBook + Grants + GoodMacros + LedgerTime + MarkerKeys> Ledger for T {}

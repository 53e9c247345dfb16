//! The ledger's interface for maintenance: overdue and stuck cases, erasure, and the figures that remain.

use std::collections::BTreeMap;
use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::cases::CaseLists;
use super::clocks::LedgerTime;
use super::console::ConsoleBook;
use super::erasure::Erasure;
use super::grants::Grants;
use super::limits::LimitBook;
use super::macros::GoodMacros;
use super::markers::MarkerKeys;
use super::replicas::Replicas;
use super::store::{CaseSummary, Store, StoreError};
use crate::domain::case::Figures;
use crate::domain::ids::TicketId;

/// A selection of tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tickets<'a> {
    /// All tickets with a case.
    All,
    /// Those whose case last changed before this moment, in any state, is held by no worker, and contains something that
    /// can be erased.
    RestedBefore(Timestamp),
    /// Those whose journal names this account.
    OfAccount(&'a str),
}

/// A delivery as the ledger keeps it, for the people who look for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDelivery {
    /// Its number in the store; ascending.
    pub id: i64,
    /// The key that identifies a repeat: the webhook's invocation id, or its substitute.
    pub key: String,
    /// The ticket it names; `None`: it is meaningless.
    pub ticket_id: Option<TicketId>,
    /// Its kind, or the order.
    pub kind: Option<String>,
    /// Why it is meaningless.
    pub problem: Option<String>,
    /// The original body; empty in lists.
    pub body: String,
    /// When the webhook or the order reached the service.
    pub received_at: Timestamp,
}

/// A group of cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The number of cases.
    pub cases: u64,
    /// The case that has been in the group for longest, and since when.
    pub oldest: Option<(TicketId, Timestamp)>,
}

/// How many of the waiting cases wait for what. A case whose entries are not counted yet may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Awaiting {
    pub answer: u64,
    pub payment: u64,
    /// An agent who does their part and gives the ticket back.
    pub colleague: u64,
    /// An agent who releases what is prepared.
    pub release: u64,
}

/// A case whose entries were not counted when they were appended.
#[derive(Debug)]
pub struct Recounted {
    /// The ticket of the case.
    pub ticket_id: TicketId,
    /// Why its entries cannot be counted; `None`: they are counted now.
    pub unreadable: Option<StoreError>,
}

/// All cases that have not ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Due, or abandoned by a worker whose lease has expired, and not claimed yet.
    pub overdue: Group,
    /// Held by a worker, or paused until a time.
    pub active: Group,
    /// Waiting for the customer, an agent or a payment.
    pub waiting: Group,
    /// The waiting ones divided.
    pub awaiting: Awaiting,
    /// Given up; a person must look.
    pub stuck: Group,
}

/// The maintenance of a ledger.
#[async_trait]
pub trait Upkeep: Debug + Send + Sync {
    /// A page of tickets by ascending id, those after `after`, at most `limit`. Scans the ledger, except for an account.
    async fn tickets(
        &self,
        which: Tickets<'_>,
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError>;

    /// Erases each case in its own transaction. Returns the tickets for which it succeeded: those whose case has ended, is
    /// held by no worker, and has not grown. A tombstone and the figures remain; the keys of deliveries do not.
    async fn erase(&self, erasures: &[Erasure]) -> Result<Vec<TicketId>, StoreError>;

    /// Deletes meaningless deliveries from before this moment; returns how many.
    async fn drop_poison(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// Rewrites the database so that no page of its files holds remains of erased data. A SQLite file accepts no other
    /// write meanwhile; with PostgreSQL the work goes on.
    async fn compact(&self) -> Result<(), StoreError>;

    /// Shrinks the ledger's write-ahead log as far as readers permit; nothing waits for it.
    async fn shrink_log(&self) -> Result<(), StoreError>;

    /// Stored deliveries, the latest first, without their bodies; with `poison` only the meaningless ones.
    async fn deliveries(&self, poison: bool, limit: usize) -> Result<Vec<StoredDelivery>, StoreError>;

    /// The delivery with this id, or, if there is none, with this number.
    async fn delivery(&self, id: &str) -> Result<Option<StoredDelivery>, StoreError>;

    /// The figures of all journals, summed over all days, without those that are not counted yet.
    async fn figure_sums(&self) -> Result<BTreeMap<String, u64>, StoreError>;

    /// The same from one day on, and before another.
    async fn figure_sums_between(&self, from: Date, until: Date)
    -> Result<BTreeMap<String, u64>, StoreError>;

    /// The figures of all journals, also of erased ones, without those that are not counted yet.
    async fn figures(&self) -> Result<Figures, StoreError>;

    /// The same from this day on.
    async fn figures_since(&self, since: Date) -> Result<Figures, StoreError>;

    /// Counts entries that were appended without being counted, by an earlier version of this program: those of at most
    /// `limit` cases by ascending ticket id after `after`, in one transaction. Each append counts its own entries.
    async fn count(&self, after: Option<TicketId>, limit: usize) -> Result<Vec<Recounted>, StoreError>;

    /// Summaries of these tickets' cases, as far as they exist.
    async fn cases(&self, ids: &[TicketId]) -> Result<Vec<CaseSummary>, StoreError>;

    /// Claims the turn for `chore`, which one of all replicas does: no replica gets it again before `until`.
    async fn take_turn(&self, chore: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError>;

    /// All cases that have not ended, as of `now`.
    async fn backlog(&self, now: Timestamp) -> Result<Backlog, StoreError>;
}

/// All that a ledger offers; a process holds one value for it.
pub trait Ledger:
    Store
    + Upkeep
    + LimitBook
    + Grants
    + GoodMacros
    + LedgerTime
    + MarkerKeys
    + Replicas
    + ConsoleBook
    + CaseLists
{
}

impl<T> Ledger for T where
    T: Store
        + Upkeep
        + LimitBook
        + Grants
        + GoodMacros
        + LedgerTime
        + MarkerKeys
        + Replicas
        + ConsoleBook
        + CaseLists
{
}

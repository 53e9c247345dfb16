//! The help desk's interface for the worker.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{CallError, Lease};
use crate::account::sliding_window::Lane;
use crate::domain::ids::{EffectKey, TicketId};
use crate::domain::ticket::{Seen, Ticket, TicketChange, TicketUpdate};

/// How an update is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendMode {
    /// In a request of its own; the response confirms the write.
    Single,
    /// With others in one bulk job, which Zendesk runs asynchronously.
    Bulk,
}

/// An update to be sent.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct TicketWrite<'a> {
    pub ticket_id: TicketId,
    pub key: &'a EffectKey,
    pub update: &'a TicketUpdate,
    /// The ticket's state when last seen: it is only written to if that still holds.
    pub seen: Seen,
    /// The way of sending.
    pub way: SendMode,
    /// Nothing is sent after it has expired.
    pub lease: &'a Lease,
}

/// The outcome of a ticket update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateOutcome {
    /// Zendesk has accepted it.
    Written {
        /// The audit of the write, if the response names it; a job's does not.
        audit_id: Option<i64>,
        /// The ticket's `updated_at` afterwards.
        updated_at: Timestamp,
        /// Whether another change may have been made since the ticket was seen: whether a job checks this is uncertain.
        crossed: bool,
    },
    /// 409: the ticket has changed since it was read. Nothing was written.
    Conflict,
    /// The request can never succeed as it is.
    Refused {
        /// Whether the ticket accepts no updates any more (closed, deleted, merged).
        closed: bool,
        /// Zendesk's reason, without customer data: error name and field names.
        reason: String,
        /// The titles of the ticket fields that must be filled first.
        missing_fields: Vec<String>,
    },
}

/// The help desk (Zendesk).
#[async_trait]
pub trait Helpdesk: Debug + Send + Sync {
    /// One ticket with its requester; `None` if it does not exist (any more). Leaves room in the rate limit for
    /// [`Helpdesk::changes`] and for people.
    async fn ticket(&self, id: TicketId, lane: Lane) -> Result<Option<Ticket>, CallError>;

    /// Requests room in the account's rate limits for one update now, and returns how to send it; `Err`: how long to wait.
    /// A waiting ticket keeps its place.
    async fn admit(&self, id: TicketId, lane: Lane) -> Result<SendMode, Duration>;

    /// Whether so many updates wait that they are sent in bulk: then many cases may wait for theirs at once.
    fn writes_together(&self) -> bool;

    /// Writes to a ticket if it is unchanged since it was read; the write carries its key as its marker.
    async fn update(&self, sending: TicketWrite<'_>) -> Result<UpdateOutcome, CallError>;

    /// How long this process has polled while a running job may contain the update with this key. `None`: no such job
    /// remains, so an update that is not on the ticket now never will be.
    async fn jobs_under_way(&self, key: &EffectKey) -> Result<Option<Duration>, CallError>;

    /// All changes of a ticket from its audits, oldest first.
    async fn changes(&self, id: TicketId, requester_id: i64) -> Result<Vec<TicketChange>, CallError>;
}

//! The help desk, as the worker sees it.

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
    /// In a call of its own, answered when it is done.
    Single,
    /// With others in one job, which Zendesk does when it comes to it.
    Bulk,
}

/// An update about to be sent.
#[derive(Clone, Copy, Debug)]
pub struct TicketWrite<'a> {
    /// To which ticket.
    pub ticket_id: TicketId,
    /// Its marker.
    pub key: &'a EffectKey,
    /// What.
    pub update: &'a TicketUpdate,
    /// How the ticket stood when it was seen last: it is only written if that still holds.
    pub seen: Seen,
    /// How.
    pub way: SendMode,
    /// After its end nothing is sent any more.
    pub lease: &'a Lease,
}

/// What a ticket update came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateOutcome {
    /// Done.
    Written {
        /// The audit that holds it, where the answer names it: that of a job does not.
        audit_id: Option<i64>,
        /// The ticket's `updated_at` afterwards.
        updated_at: Timestamp,
        /// Whether something else may have been written since the ticket was seen: whether a job looks at that is not
        /// certain.
        crossed: bool,
    },
    /// 409: the ticket is no longer as it was when read. Nothing was written.
    Conflict,
    /// Never possible as asked.
    Refused {
        /// Whether the ticket itself takes no more updates (closed, deleted, merged away).
        closed: bool,
        /// What Zendesk said, without customer data: error name and field names.
        reason: String,
        /// The ticket fields, by their titles, that must be filled before that.
        missing_fields: Vec<String>,
    },
}

/// The help desk (Zendesk).
#[async_trait]
pub trait Helpdesk: Debug + Send + Sync {
    /// One ticket with its requester; `None` when it does not exist (any more). Room is left for [`Helpdesk::changes`], and for what
    /// people need.
    async fn ticket(&self, id: TicketId, lane: Lane) -> Result<Option<Ticket>, CallError>;

    /// DeliveryRequest the account's budgets for room for one update now, and says how to send it; `Err` says how long to wait. Room is
    /// kept for a ticket that was told to wait.
    async fn admit(&self, id: TicketId, lane: Lane) -> Result<SendMode, Duration>;

    /// Whether so many updates wait that they are sent together: then many cases may wait for theirs at once.
    fn writes_together(&self) -> bool;

    /// Writes to a ticket if it is still as it was read; the write carries its key as its marker.
    async fn update(&self, sending: TicketWrite<'_>) -> Result<UpdateOutcome, CallError>;

    /// Whether a job that may hold the update with this key can no longer be under way. Ask again until it is so: what is
    /// not on the ticket then will never be.
    async fn is_over(&self, key: &EffectKey) -> Result<bool, CallError>;

    /// All changes of a ticket, oldest first, as its audits tell them.
    async fn changes(&self, id: TicketId, requester_id: i64) -> Result<Vec<TicketChange>, CallError>;
}

//! The help desk, as the worker sees it.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::CallError;
use crate::domain::ids::{EffectKey, TicketId};
use crate::domain::ticket::{Ticket, TicketChange, TicketUpdate};

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

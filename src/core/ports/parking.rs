//! The parking system's interface for the worker.

use std::fmt::Debug;

use async_trait::async_trait;

use super::CallError;
use crate::domain::ids::{AccountId, EffectKey, LotId, TicketId, UseId};
use crate::domain::parking::{Account, ParkingAction, ParkingUse, Receipt, Won};
pub use crate::domain::parking::{UseQuery, UsesOf};

/// One page of uses, newest entry first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsesPage {
    /// At most 100.
    pub uses: Vec<ParkingUse>,
    /// Whether more uses exist.
    pub has_more: bool,
}

/// The outcome of an action at the parking system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionOutcome {
    /// Done, now or earlier under the same key.
    Done(Box<Receipt>),
    /// The use is not in the state that the action needs; nothing was done.
    Conflict {
        /// The contract's error code, for example `state_conflict`.
        error: String,
        /// The current state of the use.
        parking_use: Box<ParkingUse>,
    },
    /// The request can never succeed as it is; nothing was done.
    Refused {
        /// The contract's error code, for example `lot_closed`.
        error: String,
    },
}

/// An action with its target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ActionRequest {
    /// The ticket that it is done for.
    pub ticket_id: TicketId,
    pub action: ParkingAction,
    pub use_id: UseId,
    pub lot_id: LotId,
    /// The amount granted; only for a compensation.
    pub amount: Option<Won>,
}

/// The company's internal parking system.
#[async_trait]
pub trait Parking: Debug + Send + Sync {
    /// One account; `None` if it does not exist.
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, CallError>;

    /// Uses, newest entry first, at most 100.
    async fn uses(&self, query: &UseQuery) -> Result<UsesPage, CallError>;

    /// Performs an action, at most once per key.
    async fn act(&self, key: &EffectKey, request: &ActionRequest) -> Result<ActionOutcome, CallError>;
}

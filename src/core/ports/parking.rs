//! The parking system, as the worker sees it.

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
    /// How much is granted; only a compensation has it.
    pub amount: Option<Won>,
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

//! The mock parking API: implements the contract with state, idempotency and conflicts, and logs every action done.

mod action;
mod control;
mod http;
mod refusal;
mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::SandboxError;
use crate::domain::ids::{AccountId, LotId, UseId};
use crate::domain::parking::{Account, Lot, ParkingUse, UseStatus};
use crate::faults::Faults;
use crate::ports::Clock;
use crate::wire;

pub use action::{ActionKind, DoneAction};
use state::State;

/// The mock parking system. Clones are handles on the same state.
#[derive(Clone, Debug)]
pub struct MockParking {
    clock: Arc<dyn Clock>,
    token: Arc<str>,
    state: Arc<Mutex<State>>,
    faults: Faults,
    /// The header `traceparent` of each request that had one.
    traceparents: Arc<Mutex<Vec<String>>>,
}

impl MockParking {
    /// An empty parking system that accepts the bearer token `token`.
    pub fn new(clock: Arc<dyn Clock>, token: &str) -> Self {
        Self {
            clock,
            token: token.into(),
            state: Arc::default(),
            faults: Faults::default(),
            traceparents: Arc::default(),
        }
    }

    /// The faults of its requests.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The traces that requests named (W3C Trace Context), in order.
    pub fn traceparents(&self) -> Vec<String> {
        self.traceparents.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds an account, or replaces the one with its id.
    pub fn add_account(&self, account: Account) {
        self.lock().accounts.insert(account.id.clone(), account);
    }

    /// Adds a lot, or replaces the one with its id: uses at it reflect the change at once.
    pub fn add_lot(&self, lot: Lot) {
        self.lock().lots.insert(lot.id.clone(), lot);
    }

    /// Adds a use with its lot, or replaces those with their ids.
    pub fn add_use(&self, parking_use: ParkingUse) {
        self.lock().put_use(parking_use);
    }

    /// Changes an account.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn alter_account(
        &self,
        id: &AccountId,
        alter: impl FnOnce(&mut Account),
    ) -> Result<(), SandboxError> {
        let mut state = self.lock();
        alter(state.accounts.get_mut(id).ok_or_else(|| SandboxError::unknown("account", id))?);
        Ok(())
    }

    /// Changes a lot.
    ///
    /// # Errors
    /// When there is no such lot.
    pub fn alter_lot(&self, id: &LotId, alter: impl FnOnce(&mut Lot)) -> Result<(), SandboxError> {
        let mut state = self.lock();
        alter(state.lots.get_mut(id).ok_or_else(|| SandboxError::unknown("lot", id))?);
        Ok(())
    }

    /// Changes a use, its lot included.
    ///
    /// # Errors
    /// When there is no such use.
    pub fn alter_use(&self, id: &UseId, alter: impl FnOnce(&mut ParkingUse)) -> Result<(), SandboxError> {
        let mut state = self.lock();
        let mut parking_use = state.parking_use(id).ok_or_else(|| SandboxError::unknown("use", id))?;
        alter(&mut parking_use);
        state.put_use(parking_use);
        Ok(())
    }

    /// Sets a use's status without the service's knowledge: the car leaves, the customer cancels or pays. A use that no
    /// longer runs and has no exit time gets the current time.
    ///
    /// # Errors
    /// If there is no such use.
    pub fn set_status(&self, id: &UseId, status: UseStatus) -> Result<(), SandboxError> {
        let now = self.clock.now();
        self.alter_use(id, |parking_use| {
            parking_use.status = status;
            if status != UseStatus::InUse {
                parking_use.exited_at.get_or_insert(now);
            }
        })
    }

    /// The customer pays what they owe: an unpaid use is completed.
    ///
    /// # Errors
    /// When there is no such use, or it is not unpaid.
    pub fn pay(&self, id: &UseId) -> Result<(), SandboxError> {
        let mut state = self.lock();
        let mut parking_use = state.parking_use(id).ok_or_else(|| SandboxError::unknown("use", id))?;
        if parking_use.status != UseStatus::Unpaid {
            let reason = "only an unpaid use can be paid".to_owned();
            return Err(SandboxError::Invalid { what: format!("use {id} to completed"), reason });
        }
        parking_use.status = UseStatus::Completed;
        state.put_use(parking_use);
        Ok(())
    }

    /// The current state of an account.
    pub fn account(&self, id: &AccountId) -> Option<Account> {
        self.lock().accounts.get(id).cloned()
    }

    /// The current state of a use.
    pub fn parking_use(&self, id: &UseId) -> Option<ParkingUse> {
        self.lock().parking_use(id)
    }

    /// The current state of every use, ordered by id.
    pub fn uses(&self) -> Vec<ParkingUse> {
        self.lock().uses(|_| true)
    }

    /// All actions done, oldest first, without replays and refusals.
    pub fn actions(&self) -> Vec<DoneAction> {
        self.lock().actions.clone()
    }

    /// Serves the contract under `/v1` and the control routes under `/sandbox` until `shutdown` is cancelled.
    ///
    /// # Errors
    /// If the listener has no address any more.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) -> std::io::Result<()> {
        wire::serve(listener, http::router(self, &shutdown), shutdown).await
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

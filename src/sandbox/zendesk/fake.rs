//! The handle on the fake account.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::Notify;

use super::limits::RateLimits;
use super::moments::whole_seconds;
use super::settings::ZendeskSettings;
use super::state::State;
use super::webhook_client::WebhookClient;
use crate::SandboxError;
use crate::faults::Faults;
use crate::ports::Clock;

/// The fake account. Clones are handles on the same state.
#[derive(Clone, Debug)]
pub struct FakeZendesk {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: Arc<ZendeskSettings>,
    pub(super) courier: WebhookClient,
    state: Arc<Mutex<State>>,
    pub(super) limits: Arc<Mutex<RateLimits>>,
    pub(super) outbox_changed: Arc<Notify>,
    faults: Faults,
}

impl FakeZendesk {
    /// An account with only the service's own user and an admin, and Zendesk's rate limits.
    ///
    /// # Errors
    /// If no HTTP client can be built for the webhook sender.
    pub fn new(clock: Arc<dyn Clock>, settings: ZendeskSettings) -> Result<Self, SandboxError> {
        let state = State::new(&settings);
        Ok(Self {
            clock,
            settings: Arc::new(settings),
            courier: WebhookClient::new()?,
            state: Arc::new(Mutex::new(state)),
            limits: Arc::new(Mutex::new(RateLimits::ZENDESK)),
            outbox_changed: Arc::default(),
            faults: Faults::default(),
        })
    }

    /// The faults of its requests.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The state, after all work of background jobs that was due: every reader sees the current state.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.work_jobs(self.limits(), self.clock.now()) {
            self.outbox_changed.notify_one();
        }
        state
    }

    pub(super) fn limits(&self) -> RateLimits {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state at one moment, and wakes the webhook sender.
    pub(super) fn change<T, E>(
        &self,
        work: impl FnOnce(&mut State, Timestamp) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut state = self.lock();
        // Read under the lock: time must not run backwards between two changes.
        let outcome = work(&mut state, self.clock.now());
        drop(state);
        self.outbox_changed.notify_one();
        outcome
    }

    /// Changes the set-up at one moment, in whole seconds.
    pub(super) fn update_config<T, E>(
        &self,
        work: impl FnOnce(&mut State, Timestamp) -> Result<T, E>,
    ) -> Result<T, E> {
        self.change(|state, now| work(state, whole_seconds(now)))
    }
}

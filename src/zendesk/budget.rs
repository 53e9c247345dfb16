//! What we allow ourselves of Zendesk's update limits (facts §7): per account, per ticket, and nothing while it told us to wait.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::Budgets;
use crate::domain::ids::TicketId;
use crate::domain::window::Window;
use crate::ports::Clock;

const MINUTE: Duration = Duration::from_mins(1);
/// How long a place in the queue outlives its time: a busy worker may be late, a case that ended otherwise never comes.
const GRACE: Duration = MINUTE;
/// Per-ticket windows kept before those that count nothing are dropped.
const WINDOWS: usize = 1024;

/// The budget for ticket updates. One ticket has at most one update under way, so its id is its name in every queue.
#[derive(Debug)]
pub(super) struct UpdateBudget {
    budgets: Budgets,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    account: Window<TicketId>,
    tickets: HashMap<TicketId, Window<TicketId>>,
    tidy_at: usize,
    blocked_until: Timestamp,
}

impl UpdateBudget {
    pub(super) fn new(budgets: Budgets) -> Self {
        let state = State {
            account: Window::new(budgets.updates_per_minute, MINUTE, GRACE),
            tickets: HashMap::new(),
            tidy_at: WINDOWS,
            blocked_until: Timestamp::MIN,
        };
        Self { budgets, state: Mutex::new(state) }
    }

    /// Takes one update out of both budgets, or out of none and says how long to wait.
    ///
    /// The clock is read under the lock: times must not run backwards between two callers.
    pub(super) fn reserve(&self, ticket: TicketId, clock: &dyn Clock) -> Result<(), Duration> {
        let mut state = self.lock();
        let now = clock.now();
        if let Ok(wait) = Duration::try_from(state.blocked_until.duration_since(now))
            && !wait.is_zero()
        {
            return Err(wait);
        }
        state.tidy(now);
        let State { account, tickets, .. } = &mut *state;
        let own = tickets.entry(ticket).or_insert_with(|| {
            Window::new(self.budgets.updates_per_ticket_per_10_minutes, 10 * MINUTE, GRACE)
        });
        own.reserve(ticket, now)?;
        account.reserve(ticket, now).inspect_err(|_| own.give_back())
    }

    /// Zendesk answered 429 and named a time: no update leaves before it.
    pub(super) fn block(&self, wait: Duration, now: Timestamp) {
        let until = now.checked_add(wait).unwrap_or(Timestamp::MAX);
        let mut state = self.lock();
        state.blocked_until = state.blocked_until.max(until);
    }

    /// A panic in another task leaves counts that are at most too high, so they stay in use.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn tidy(&mut self, now: Timestamp) {
        if self.tickets.len() >= self.tidy_at {
            self.tickets.retain(|_, window| !window.is_idle(now));
            self.tidy_at = (2 * self.tickets.len()).max(WINDOWS);
        }
    }
}

//! Our share of Zendesk's rate limits (facts §7): for the account, all replicas together; less if the account reports less;
//! nothing while it asks us to wait; and never the people's share.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Budgets;
use super::rate_limit::{self, RateLimit};
use super::requests::Requests;
use crate::account::bulk_mode::{BulkMode, Change};
use crate::account::sliding_window::{Capacity, Grant, Lane, SlidingWindow};
use crate::domain::ids::TicketId;
use crate::domain::moment::later;
use crate::http::ApiResponse;
use crate::ports::{Grants, Left, RateLimitStatus, SendMode};

pub(super) const MINUTE: Duration = Duration::from_mins(1);
/// How long a place in the queue outlives its time: a busy worker may be late, and a case that ended otherwise never
/// returns.
pub(super) const GRACE: Duration = MINUTE;
/// The wait if the shared record of grants is unavailable.
const PAUSE: Duration = Duration::from_secs(5);
/// The shortest wait returned: the account's reset is in whole seconds.
pub(super) const SHORTEST: Duration = Duration::from_millis(100);

/// The budget for ticket updates and requests. A ticket has at most one update in flight, so its id identifies it in the
/// queue.
#[derive(Debug)]
pub(super) struct Budget {
    budgets: Budgets,
    grants: Arc<dyn Grants>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    window: SlidingWindow<TicketId>,
    bulk_mode: BulkMode,
    requests: Requests,
    /// As last reported by the account.
    updates: Option<RateLimit>,
    jobs: Option<RateLimit>,
    blocked_until: Timestamp,
    /// The number of bulk updates that are not confirmed yet.
    under_way: usize,
}

impl Budget {
    pub(super) fn new(budgets: Budgets, grants: Arc<dyn Grants>) -> Self {
        let state = State {
            window: SlidingWindow::new(MINUTE, GRACE),
            bulk_mode: BulkMode::default(),
            requests: Requests::default(),
            updates: None,
            jobs: None,
            blocked_until: Timestamp::MIN,
            under_way: 0,
        };
        Self { budgets, grants, state: Mutex::new(state) }
    }

    /// Takes one update out of the budget and returns how to send it; otherwise returns how long to wait.
    pub(super) async fn admit(
        &self,
        ticket: TicketId,
        lane: Lane,
        now: Timestamp,
    ) -> Result<SendMode, Duration> {
        let limit = {
            let mut state = self.lock();
            state.is_open(now)?;
            state.requests.may_go_on(self.budgets.percent(), now)?;
            let limit = state.limit(self.budgets);
            if state.bulk_mode.is_bulk() && lane == Lane::Backlog {
                let change = state.admitted(limit, now);
                tell(change);
                return Ok(SendMode::Bulk);
            }
            state.requests.admit(ticket, now);
            limit
        };
        let mut reserved = Err(PAUSE);
        let mut decide = |granted: &[Grant]| {
            let mut state = self.lock();
            let left_to_people = state.updates.and_then(|told| told.wait(self.budgets.percent(), now));
            let opens_at = left_to_people.map_or(now, |wait| later(now, wait.unsigned_abs().max(SHORTEST)));
            reserved = state.window.reserve(Capacity { granted, limit, opens_at, now }, (lane, ticket));
            reserved.ok()
        };
        if let Err(error) = self.grants.grant(rate_limit::UPDATES, self.span(), now, &mut decide).await {
            tracing::warn!(%error, "what other replicas were granted is not known; waiting");
            self.lock().requests.leave(ticket);
            return Err(PAUSE);
        }
        let mut state = self.lock();
        let Err(wait) = reserved else {
            let change = state.admitted(limit, now);
            tell(change);
            return Ok(SendMode::Single);
        };
        state.requests.leave(ticket);
        if self.budgets.together {
            let in_all = state.window.waited(&ticket, now).saturating_add(wait);
            let change = state.bulk_mode.must_wait(in_all, now);
            tell(change);
            if state.bulk_mode.is_bulk() {
                state.window.leave(&ticket);
                let change = state.admitted(limit, now);
                tell(change);
                return Ok(SendMode::Bulk);
            }
        }
        Err(wait)
    }

    /// Takes room for a new read and what follows it, or returns how long to wait; a `ticket` keeps a place in the queue.
    pub(super) fn begin(
        &self,
        ticket: Option<TicketId>,
        lane: Lane,
        now: Timestamp,
    ) -> Result<Taken<'_>, Duration> {
        let mut state = self.lock();
        state.is_open(now)?;
        if self.budgets.together && state.requests.is_half_used(self.budgets.percent(), now) {
            let limit = state.limit(self.budgets);
            tell(state.bulk_mode.requests_run_out(limit, now));
        }
        state.requests.may_begin(ticket, lane, self.budgets.percent(), now)?;
        Ok(Taken::new(self, &mut state, |state| &mut state.requests.to_come))
    }

    /// Takes room for one request that follows a read, or returns how long to wait.
    pub(super) fn go_on(&self, now: Timestamp) -> Result<Taken<'_>, Duration> {
        let mut state = self.lock();
        state.is_open(now)?;
        state.requests.may_go_on(self.budgets.percent(), now)?;
        Ok(Taken::new(self, &mut state, |state| &mut state.requests.sent))
    }

    /// Gives the room of an admitted update to the request that is sent next.
    pub(super) fn redeem(&self, ticket: TicketId) {
        self.lock().requests.leave(ticket);
    }

    /// Takes room for an admitted write, or returns how long the account accepts none at all.
    pub(super) fn write(&self, now: Timestamp) -> Result<Taken<'_>, Duration> {
        let mut state = self.lock();
        state.is_open(now)?;
        state.requests.may_write(now)?;
        Ok(Taken::new(self, &mut state, |state| &mut state.requests.sent))
    }

    /// Whether updates are sent in bulk now.
    pub(super) fn is_bulk(&self) -> bool {
        self.lock().bulk_mode.is_bulk()
    }

    /// Counts an update as in flight in bulk until the result is dropped.
    pub(super) fn under_way(&self) -> UnderWay<'_> {
        self.lock().under_way += 1;
        UnderWay(self)
    }

    /// Whether one more job may begin: most of the account's allowance is left to others.
    pub(super) fn may_begin_job(&self, now: Timestamp) -> Result<(), Duration> {
        let state = self.lock();
        state.is_open(now)?;
        match state.jobs.and_then(|told| told.wait(self.budgets.percent(), now)) {
            // Jobs end at any time, not only at the reset.
            Some(wait) => Err(wait.unsigned_abs().clamp(SHORTEST, PAUSE)),
            None => Ok(()),
        }
    }

    /// Records a response's rate limits, and the time in a 429: no request is sent before it.
    pub(super) fn listen(&self, answer: &ApiResponse, now: Timestamp) {
        let blocked = (answer.status().as_u16() == 429).then(|| answer.retry_after(now)).flatten();
        let mut state = self.lock();
        let mut told = rate_limit::read(answer, state.requests.told, now);
        state.requests.told = told.remove(rate_limit::REQUESTS).or(state.requests.told);
        let updates = told.remove(rate_limit::UPDATES).map(|updates| updates.after(state.updates, now));
        state.updates = updates.or(state.updates);
        state.jobs = told.remove(rate_limit::JOBS).or(state.jobs);
        if let Some(wait) = blocked {
            state.blocked_until = state.blocked_until.max(later(now, wait));
        }
    }

    pub(super) fn standing(&self, now: Timestamp) -> RateLimitStatus {
        let state = self.lock();
        let left = |told: Option<RateLimit>| {
            told.map(|RateLimit { remaining, total, .. }| Left { remaining, total })
        };
        RateLimitStatus {
            updates_a_minute: state.limit(self.budgets),
            waiting: state.window.waiting(),
            together: state.bulk_mode.is_bulk(),
            updates: left(state.updates),
            requests: left(state.requests.told),
            jobs: left(state.jobs),
            blocked_until: Some(state.blocked_until).filter(|until| *until > now),
        }
    }

    fn span(&self) -> SignedDuration {
        self.lock().window.span()
    }

    /// After a panic in another task, counts are at most too high, so they stay in use.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A part of the account's room, held until dropped.
pub(super) struct Taken<'a> {
    budget: &'a Budget,
    count: fn(&mut State) -> &mut u32,
}

impl<'a> Taken<'a> {
    fn new(budget: &'a Budget, state: &mut State, count: fn(&mut State) -> &mut u32) -> Self {
        *count(state) += 1;
        Self { budget, count }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *(self.count)(&mut self.budget.lock()) -= 1;
    }
}

/// One bulk update in flight.
pub(super) struct UnderWay<'a>(&'a Budget);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.lock().under_way -= 1;
    }
}

impl State {
    /// `Err`: how long the account asks us to wait.
    fn is_open(&self, now: Timestamp) -> Result<(), Duration> {
        until(self.blocked_until, now).map_or(Ok(()), Err)
    }

    fn admitted(&mut self, limit: usize, now: Timestamp) -> Option<Change> {
        self.bulk_mode.admitted(limit, self.under_way, now)
    }

    /// Our single updates per minute: the configured number, but at most our share of the account's limit.
    fn limit(&self, budgets: Budgets) -> usize {
        let set = budgets.updates_per_minute.get();
        let limit = self.updates.map_or(set, |told| set.min(told.ours(budgets.percent())));
        usize::try_from(limit).unwrap_or(usize::MAX)
    }
}

impl Budgets {
    fn percent(&self) -> u32 {
        self.share_percent.get().min(100)
    }
}

impl Default for Budgets {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self {
            updates_per_minute: number(80),
            share_percent: number(80),
            together: true,
            jobs_at_once: number(8),
        }
    }
}

/// The time until `end`; `None`: it has passed.
pub(super) fn until(end: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(end.duration_since(now)).ok().filter(|wait| !wait.is_zero())
}

fn tell(change: Option<Change>) {
    match change {
        Some(Change::Bulk) => {
            tracing::info!(
                "more updates come than can be sent one by one: they are sent together from now on"
            );
        }
        Some(Change::Single) => tracing::info!("the crowd is gone: updates are sent one by one again"),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::sliding_window::GrantLog;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + second).unwrap()
    }

    fn ticket(id: i64) -> TicketId {
        TicketId::try_from(id).unwrap()
    }

    /// Of 700 requests a minute, 140 are for others.
    fn budget(remaining: u32) -> Budget {
        let budget = Budget::new(Budgets::default(), Arc::new(Mutex::new(GrantLog::default())));
        budget.lock().requests.told = Some(RateLimit { total: 700, remaining, resets_at: at(30) });
        budget
    }

    #[tokio::test]
    async fn an_admitted_update_keeps_its_room_until_it_is_sent() {
        let budget = budget(141);
        assert_eq!(budget.admit(ticket(1), Lane::Fresh, at(0)).await, Ok(SendMode::Single));
        assert!(budget.admit(ticket(2), Lane::Fresh, at(0)).await.is_err(), "the last room is taken");
        assert!(budget.go_on(at(0)).is_err(), "nor may a read go on");
        budget.redeem(ticket(1));
        let sent = budget.write(at(0)).unwrap();
        assert!(budget.go_on(at(0)).is_err(), "it is under way");
        drop(sent);
        assert!(budget.go_on(at(0)).is_ok(), "and the account did not count it");
    }

    #[tokio::test]
    async fn an_update_that_is_not_sent_after_all_keeps_its_room_for_a_moment() {
        let budget = budget(141);
        assert_eq!(budget.admit(ticket(1), Lane::Fresh, at(0)).await, Ok(SendMode::Single));
        assert!(budget.admit(ticket(2), Lane::Fresh, at(9)).await.is_err());
        assert_eq!(budget.admit(ticket(2), Lane::Fresh, at(10)).await, Ok(SendMode::Single));
    }
}

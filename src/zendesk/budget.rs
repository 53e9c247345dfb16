//! What we allow ourselves of Zendesk's limits (facts §7): for the account, all replicas together; less where the account says
//! so; nothing while it told us to wait; and never what people need.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Budgets;
use super::told::{self, Told};
use crate::domain::ids::TicketId;
use crate::domain::pace::{Change, Pace};
use crate::domain::quota::{Grant, Lane, Quota};
use crate::http::Answer;
use crate::ports::{Grants, Left, Standing, Way};

const MINUTE: Duration = Duration::from_mins(1);
/// How long a place in the queue outlives its time: a busy worker may be late, a case that ended otherwise never comes.
const GRACE: Duration = MINUTE;
/// How long to wait where the shared memory of grants cannot be asked.
const PAUSE: Duration = Duration::from_secs(5);
/// Nobody is told a shorter time: the reset that the account names is in whole seconds.
const SHORTEST: Duration = Duration::from_millis(100);

/// The budget for ticket updates and requests. One ticket has at most one update under way, so its id is its name in the queue.
#[derive(Debug)]
pub(super) struct Budget {
    budgets: Budgets,
    grants: Arc<dyn Grants>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    quota: Quota<TicketId>,
    pace: Pace,
    /// As the account told it last.
    requests: Option<Told>,
    updates: Option<Told>,
    jobs: Option<Told>,
    blocked_until: Timestamp,
    /// How many updates that are sent together are not known to be written yet.
    under_way: usize,
}

impl Budget {
    pub(super) fn new(budgets: Budgets, grants: Arc<dyn Grants>) -> Self {
        let state = State {
            quota: Quota::new(MINUTE, GRACE),
            pace: Pace::default(),
            requests: None,
            updates: None,
            jobs: None,
            blocked_until: Timestamp::MIN,
            under_way: 0,
        };
        Self { budgets, grants, state: Mutex::new(state) }
    }

    /// Takes one update out of the budget and says how to send it, or takes nothing and says how long to wait.
    pub(super) async fn admit(&self, ticket: TicketId, lane: Lane, now: Timestamp) -> Result<Way, Duration> {
        let limit = {
            let mut state = self.lock();
            if let Some(wait) = until(state.blocked_until, now) {
                return Err(wait);
            }
            let limit = state.limit(self.budgets);
            if state.pace.is_together() && lane == Lane::Backlog {
                let change = state.admitted(limit, now);
                tell(change);
                return Ok(Way::Together);
            }
            limit
        };
        let mut reserved = Err(PAUSE);
        let mut decide = |granted: &[Grant]| {
            let mut state = self.lock();
            let left_to_people = state.updates.and_then(|told| told.wait(self.budgets.percent(), now));
            reserved = match left_to_people {
                Some(wait) => Err(wait.unsigned_abs().max(SHORTEST)),
                None => state.quota.reserve(granted, limit, (lane, ticket), now),
            };
            reserved.ok()
        };
        if let Err(error) = self.grants.grant(told::UPDATES, self.span(), now, &mut decide).await {
            tracing::warn!(%error, "what other replicas were granted is not known; waiting");
            return Err(PAUSE);
        }
        let mut state = self.lock();
        let Err(wait) = reserved else {
            let change = state.admitted(limit, now);
            tell(change);
            return Ok(Way::Alone);
        };
        if self.budgets.together {
            let waiting = state.quota.waiting();
            let change = state.pace.must_wait(wait, waiting, limit, now);
            tell(change);
            if state.pace.is_together() {
                let change = state.admitted(limit, now);
                tell(change);
                return Ok(Way::Together);
            }
        }
        Err(wait)
    }

    /// Whether there is room for reading a ticket. The backlog leaves to people what is theirs; who has just written does not
    /// wait for that.
    pub(super) fn may_read(&self, lane: Lane, now: Timestamp) -> Result<(), Duration> {
        let state = self.lock();
        if let Some(wait) = until(state.blocked_until, now) {
            return Err(wait);
        }
        let percent = if lane == Lane::Backlog { self.budgets.percent() } else { 100 };
        match state.requests.and_then(|told| told.wait(percent, now)) {
            Some(wait) => Err(wait.unsigned_abs().max(SHORTEST)),
            None => Ok(()),
        }
    }

    /// Whether updates are sent together now.
    pub(super) fn is_together(&self) -> bool {
        self.lock().pace.is_together()
    }

    /// Counts an update as sent together until the answer is dropped.
    pub(super) fn under_way(&self) -> UnderWay<'_> {
        self.lock().under_way += 1;
        UnderWay(self)
    }

    /// Whether one more job may be begun: most of what the account allows is left to others.
    pub(super) fn may_begin_job(&self, now: Timestamp) -> Result<(), Duration> {
        let state = self.lock();
        if let Some(wait) = until(state.blocked_until, now) {
            return Err(wait);
        }
        match state.jobs.and_then(|told| told.wait(self.budgets.percent(), now)) {
            // Jobs end at any time, not at the reset alone.
            Some(wait) => Err(wait.unsigned_abs().clamp(SHORTEST, PAUSE)),
            None => Ok(()),
        }
    }

    /// Listens to what an answer says of the limits, and to a 429 that names a time: nothing leaves before it.
    pub(super) fn listen(&self, answer: &Answer, now: Timestamp) {
        let mut told = told::read(answer, now);
        let blocked = (answer.status().as_u16() == 429).then(|| answer.retry_after(now)).flatten();
        let mut state = self.lock();
        state.requests = told.remove(told::REQUESTS).or(state.requests);
        state.updates = told.remove(told::UPDATES).or(state.updates);
        state.jobs = told.remove(told::JOBS).or(state.jobs);
        if let Some(wait) = blocked {
            let until = now.checked_add(wait).unwrap_or(Timestamp::MAX);
            state.blocked_until = state.blocked_until.max(until);
        }
    }

    /// How it stands.
    pub(super) fn standing(&self, now: Timestamp) -> Standing {
        let state = self.lock();
        let left = |told: Option<Told>| told.map(|Told { remaining, total, .. }| Left { remaining, total });
        Standing {
            updates_a_minute: state.limit(self.budgets),
            waiting: state.quota.waiting(),
            together: state.pace.is_together(),
            updates: left(state.updates),
            requests: left(state.requests),
            jobs: left(state.jobs),
            blocked_until: Some(state.blocked_until).filter(|until| *until > now),
        }
    }

    fn span(&self) -> SignedDuration {
        self.lock().quota.span()
    }

    /// A panic in another task leaves counts that are at most too high, so they stay in use.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One update that is sent together.
pub(super) struct UnderWay<'a>(&'a Budget);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.lock().under_way -= 1;
    }
}

impl State {
    fn admitted(&mut self, limit: usize, now: Timestamp) -> Option<Change> {
        self.pace.admitted(limit, self.under_way, now)
    }

    /// How many updates a minute we send one by one: what is set, and no more than our share of what the account allows.
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

fn until(end: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(end.duration_since(now)).ok().filter(|wait| !wait.is_zero())
}

fn tell(change: Option<Change>) {
    match change {
        Some(Change::Together) => {
            tracing::info!(
                "more updates wait than can be sent one by one: they are sent together from now on"
            );
        }
        Some(Change::Alone) => tracing::info!("the crowd is gone: updates are sent one by one again"),
        None => {}
    }
}

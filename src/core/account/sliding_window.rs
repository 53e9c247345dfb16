//! A sliding window that counts grants, with queues for callers that find no room in it.
//!
//! At most `limit` grants fall into *any* stretch of `span`. A token bucket (GCRA) of the same size would let twice as many
//! through: a full bucket at once, and a refilled one within the same minute. So the grants themselves are recorded; how
//! replicas share the record is up to the caller.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A caller that has waited for longer belongs to the backlog.
pub const FRESH: SignedDuration = SignedDuration::from_mins(2);

/// The queue length per lane. When it is full, a caller is given a wait but no place.
const MOST_WAITING: usize = 10_000;

/// Two lanes that share a limit without starvation: while both wait, each lane gets at least a quarter of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Work on a message that has just come.
    Fresh,
    /// Work that has waited for a while, or failed before.
    Backlog,
}

impl Lane {
    /// Both lanes.
    pub const ALL: [Self; 2] = [Self::Fresh, Self::Backlog];

    fn other(self) -> Self {
        match self {
            Self::Fresh => Self::Backlog,
            Self::Backlog => Self::Fresh,
        }
    }
}

/// Leave for one update of a ticket, as the replicas record it together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Grant {
    pub lane: Lane,
    pub at: Timestamp,
}

/// Grants requests, and gives waiting callers places in first-come, first-served order.
///
/// Waiting callers get different times, `limit` of them per `span`, so a crowd does not come back all at once. A place is
/// lost when its caller stays away for longer than `grace` after its time. A caller that would wait in the fresh lane for
/// longer than [`FRESH`] gets a place in the backlog at once, so that a crowd does not block later callers. A place keeps
/// its lane, even if its caller changes lanes meanwhile.
#[derive(Debug)]
pub struct SlidingWindow<K> {
    span: SignedDuration,
    grace: SignedDuration,
    latest: Timestamp,
    /// First come, first served.
    fresh: VecDeque<Waiting<K>>,
    backlog: VecDeque<Waiting<K>>,
}

/// The state of the limit.
#[derive(Clone, Copy, Debug)]
pub struct Capacity<'a> {
    /// All grants within the last span, by any process, oldest first.
    pub granted: &'a [Grant],
    /// The number of grants allowed in a span.
    pub limit: usize,
    /// No grant is made before this, whatever the limit.
    pub opens_at: Timestamp,
    /// Grants that are a span older than this do not count.
    pub now: Timestamp,
}

#[derive(Debug)]
struct Waiting<K> {
    key: K,
    since: Timestamp,
    told: Timestamp,
}

impl<K: Eq> SlidingWindow<K> {
    /// Counts the grants of the last `span`, and keeps a place for `grace` beyond its time.
    pub fn new(span: Duration, grace: Duration) -> Self {
        let signed = |duration| SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
        let (fresh, backlog) = (VecDeque::new(), VecDeque::new());
        Self { span: signed(span), grace: signed(grace), latest: Timestamp::MIN, fresh, backlog }
    }

    /// The span over which grants count.
    pub fn span(&self) -> SignedDuration {
        self.span
    }

    /// The number of waiting callers.
    pub fn waiting(&self) -> usize {
        self.fresh.len() + self.backlog.len()
    }

    /// Grants one request to `key`, or returns how long to wait (more than zero) and keeps a place in its lane for it. The
    /// caller records the grant.
    pub fn reserve(&mut self, room: Capacity<'_>, (lane, key): (Lane, K)) -> Result<Grant, Duration> {
        let now = room.now;
        self.forget(now);
        let known = Lane::ALL.into_iter().find_map(|lane| Some((lane, self.position(lane, &key)?)));
        let newcomer = |lane: Lane| (lane, self.lane(lane).len());
        let (lane, position) = known.unwrap_or_else(|| match newcomer(lane) {
            place @ (Lane::Fresh, _) if self.wait(room, place) > FRESH => newcomer(Lane::Backlog),
            place => place,
        });
        let wait = self.wait(room, (lane, position));
        let told = after(now, wait);
        let places = self.lane_mut(lane);
        if wait.is_zero() {
            if known.is_some() {
                places.remove(position);
            }
            return Ok(Grant { lane, at: now });
        }
        match places.get_mut(position) {
            Some(place) => place.told = told,
            None if position < MOST_WAITING => places.push_back(Waiting { key, since: now, told }),
            None => {}
        }
        Err(wait.unsigned_abs())
    }

    /// How long `key` has had its place; zero without one.
    pub fn waited(&self, key: &K, now: Timestamp) -> Duration {
        let place = Lane::ALL.into_iter().find_map(|lane| Some(&self.lane(lane)[self.position(lane, key)?]));
        let waited = place.map(|place| now.duration_since(place.since));
        waited.and_then(|waited| Duration::try_from(waited).ok()).unwrap_or_default()
    }

    /// Gives up the place of `key`, if it has one: it needs no grant any more.
    pub fn leave(&mut self, key: &K) {
        for lane in Lane::ALL {
            self.lane_mut(lane).retain(|place| place.key != *key);
        }
    }

    fn lane(&self, lane: Lane) -> &VecDeque<Waiting<K>> {
        match lane {
            Lane::Fresh => &self.fresh,
            Lane::Backlog => &self.backlog,
        }
    }

    fn lane_mut(&mut self, lane: Lane) -> &mut VecDeque<Waiting<K>> {
        match lane {
            Lane::Fresh => &mut self.fresh,
            Lane::Backlog => &mut self.backlog,
        }
    }

    fn position(&self, lane: Lane, key: &K) -> Option<usize> {
        self.lane(lane).iter().position(|place| place.key == *key)
    }

    /// How long the caller at this position of its lane waits, if all before it come in time; zero: not at all.
    fn wait(&self, room: Capacity<'_>, (lane, position): (Lane, usize)) -> SignedDuration {
        let Capacity { granted, limit, opens_at, now } = room;
        let all: Vec<Timestamp> = granted.iter().map(|grant| grant.at).collect();
        let own: Vec<Timestamp> =
            granted.iter().filter(|grant| grant.lane == lane).map(|grant| grant.at).collect();
        let cap = if self.lane(lane.other()).is_empty() { limit } else { limit - limit / 4 };
        let turns = [self.turn(&all, limit, position, now), self.turn(&own, cap, position, now)];
        turns.into_iter().fold(opens_at.max(now), Timestamp::max).duration_since(now)
    }

    /// The turn of the caller at `position` of its queue, if all before it come in time.
    ///
    /// Each of the `limit` grants frees its room `span` later; the queue takes these rooms in order, round after round.
    fn turn(&self, granted: &[Timestamp], limit: usize, position: usize, now: Timestamp) -> Timestamp {
        // With a limit of zero there is no known turn: come back after a while.
        let Some((round, room)) = position.checked_div(limit).zip(position.checked_rem(limit)) else {
            return after(now, self.span);
        };
        let spare = granted.len().saturating_sub(limit);
        let free = limit.saturating_sub(granted.len());
        let ready = match room.checked_sub(free).and_then(|taken| granted.get(taken + spare)) {
            Some(&granted) => after(granted, self.span),
            None => now,
        };
        after(ready, self.span.saturating_mul(i32::try_from(round).unwrap_or(i32::MAX)))
    }

    /// Drops the places of callers that stayed away. If the clock was set back, their times move with it.
    fn forget(&mut self, now: Timestamp) {
        let back = self.latest.duration_since(now);
        self.latest = now;
        for lane in Lane::ALL {
            let grace = self.grace;
            let places = self.lane_mut(lane);
            if back.is_positive() {
                for place in places.iter_mut() {
                    place.told = after(place.told, -back);
                }
            }
            places.retain(|place| after(place.told, grace) >= now);
        }
    }
}

fn after(at: Timestamp, wait: SignedDuration) -> Timestamp {
    let end = if wait.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    at.checked_add(wait).unwrap_or(end)
}

/// The grants of several limits by name: the record of a single process.
#[derive(Debug, Default)]
pub struct GrantLog(Vec<(String, VecDeque<Grant>)>);

impl GrantLog {
    /// Shows `decide` the grants of `name` that count at `now`, oldest first; it may add one.
    pub fn decide(
        &mut self,
        name: &str,
        span: SignedDuration,
        now: Timestamp,
        decide: &mut dyn FnMut(&[Grant]) -> Option<Grant>,
    ) {
        let at = self.0.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.0.push((name.to_owned(), VecDeque::new()));
            self.0.len() - 1
        });
        let grants = &mut self.0[at].1;
        // If the clock was set back, recorded grants count as made now: this neither opens nor closes the window.
        for grant in grants.iter_mut() {
            grant.at = grant.at.min(now);
        }
        grants.retain(|grant| after(grant.at, span) > now);
        let granted = decide(grants.make_contiguous());
        grants.extend(granted);
    }
}

//! A sliding window that counts what was granted, and queues for those that find no room in it.
//!
//! At most `limit` grants fall into *any* stretch of `span`. A token bucket (GCRA) of the same size would let twice as many
//! through: a full bucket at once, and a refilled one within the same minute. So the grants themselves are remembered; by
//! whom, so that replicas can share them, is somebody else's affair.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Whoever has waited for longer belongs to the backlog.
pub const FRESH: SignedDuration = SignedDuration::from_mins(2);

/// Places kept for callers that wait in a lane. Whoever comes when all are taken is told a time, but keeps no place.
const MOST_WAITING: usize = 10_000;

/// What shares a limit without one starving the other: while both wait, each lane gets at least a quarter of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// What has just come up.
    Fresh,
    /// What has waited for a while, or failed before.
    Backlog,
}

impl Lane {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Fresh, Self::Backlog];

    fn other(self) -> Self {
        match self {
            Self::Fresh => Self::Backlog,
            Self::Backlog => Self::Fresh,
        }
    }
}

/// Something that was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// For whom.
    pub lane: Lane,
    /// When.
    pub at: Timestamp,
}

/// Decides who is let through, and gives first-come, first-served places to callers that must wait.
///
/// Callers that wait are told different times, `limit` of them a `span`, so a crowd does not come back all at once. A place
/// is lost when its caller stays away for longer than `grace` after the time that it was told. Whoever would have to wait among the
/// fresh ones for longer than [`FRESH`] gets a place in the backlog at once, so that a crowd is not in the way of who comes after
/// it. A place is kept in its lane, whatever its caller has become meanwhile.
#[derive(Debug)]
pub struct SlidingWindow<K> {
    span: SignedDuration,
    grace: SignedDuration,
    latest: Timestamp,
    /// First come, first served.
    fresh: VecDeque<Place<K>>,
    backlog: VecDeque<Place<K>>,
}

/// What is known of the limit.
#[derive(Clone, Copy, Debug)]
pub struct Room<'a> {
    /// What was let through within the last span, oldest first, by anybody.
    pub granted: &'a [Grant],
    /// How many may be let through in a span.
    pub limit: usize,
    /// Before this nothing is let through, whatever the limit says.
    pub opens_at: Timestamp,
    /// The time.
    pub now: Timestamp,
}

#[derive(Debug)]
struct Place<K> {
    key: K,
    since: Timestamp,
    told: Timestamp,
}

impl<K: Eq> SlidingWindow<K> {
    /// Looks at the grants of the last `span`, and keeps a place for `grace` beyond the time that was told.
    pub fn new(span: Duration, grace: Duration) -> Self {
        let signed = |duration| SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
        let (fresh, backlog) = (VecDeque::new(), VecDeque::new());
        Self { span: signed(span), grace: signed(grace), latest: Timestamp::MIN, fresh, backlog }
    }

    /// How far back grants count.
    pub fn span(&self) -> SignedDuration {
        self.span
    }

    /// How many wait for room.
    pub fn waiting(&self) -> usize {
        self.fresh.len() + self.backlog.len()
    }

    /// Grants one request to `key`, or says how long to wait (more than zero) and keeps a place in its lane for it. The
    /// caller adds the grant to what was granted.
    pub fn reserve(&mut self, room: Room<'_>, (lane, key): (Lane, K)) -> Result<Grant, Duration> {
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
            None if position < MOST_WAITING => places.push_back(Place { key, since: now, told }),
            None => {}
        }
        Err(wait.unsigned_abs())
    }

    /// How long `key` has had its place; zero where it has none.
    pub fn waited(&self, key: &K, now: Timestamp) -> Duration {
        let place = Lane::ALL.into_iter().find_map(|lane| Some(&self.lane(lane)[self.position(lane, key)?]));
        let waited = place.map(|place| now.duration_since(place.since));
        waited.and_then(|waited| Duration::try_from(waited).ok()).unwrap_or_default()
    }

    /// Gives the place of `key` up, if it has one: it needs no grant any more.
    pub fn leave(&mut self, key: &K) {
        for lane in Lane::ALL {
            self.lane_mut(lane).retain(|place| place.key != *key);
        }
    }

    fn lane(&self, lane: Lane) -> &VecDeque<Place<K>> {
        match lane {
            Lane::Fresh => &self.fresh,
            Lane::Backlog => &self.backlog,
        }
    }

    fn lane_mut(&mut self, lane: Lane) -> &mut VecDeque<Place<K>> {
        match lane {
            Lane::Fresh => &mut self.fresh,
            Lane::Backlog => &mut self.backlog,
        }
    }

    fn position(&self, lane: Lane, key: &K) -> Option<usize> {
        self.lane(lane).iter().position(|place| place.key == *key)
    }

    /// How long the caller at this position of its lane waits, if everybody before it comes in time; zero: not at all.
    fn wait(&self, room: Room<'_>, (lane, position): (Lane, usize)) -> SignedDuration {
        let Room { granted, limit, opens_at, now } = room;
        let all: Vec<Timestamp> = granted.iter().map(|grant| grant.at).collect();
        let own: Vec<Timestamp> =
            granted.iter().filter(|grant| grant.lane == lane).map(|grant| grant.at).collect();
        let cap = if self.lane(lane.other()).is_empty() { limit } else { limit - limit / 4 };
        let turns = [self.turn(&all, limit, position, now), self.turn(&own, cap, position, now)];
        turns.into_iter().fold(opens_at.max(now), Timestamp::max).duration_since(now)
    }

    /// When the caller at `position` of its queue gets its turn, if everybody before it comes in time.
    ///
    /// Each of the `limit` grants frees its room `span` later; the queue takes these rooms in turn, round after round.
    fn turn(&self, granted: &[Timestamp], limit: usize, position: usize, now: Timestamp) -> Timestamp {
        // Where nothing may be let through, nobody can say when that changes: come back after a while.
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

    /// Drops the places of those who stayed away. Where the clock was set back, what was told moves with it.
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

/// What was granted of several limits, each by its name: the memory of a single process.
#[derive(Debug, Default)]
pub struct GrantLog(Vec<(String, VecDeque<Grant>)>);

impl GrantLog {
    /// The grants of `name` that count at `now`, oldest first; `decide` may add one to them.
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
        // Where the clock was set back, what is remembered counts as granted now: it neither opens nor shuts the window.
        for grant in grants.iter_mut() {
            grant.at = grant.at.min(now);
        }
        grants.retain(|grant| after(grant.at, span) > now);
        let granted = decide(grants.make_contiguous());
        grants.extend(granted);
    }
}

#[cfg(test)]
mod tests;

//! A sliding window that counts requests, and a queue for those that find no room in it.
//!
//! At most `limit` grants fall into *any* stretch of `span`. A token bucket (GCRA) of the same size would let twice as many
//! through: a full bucket at once, and a refilled one within the same minute. So the grants themselves are remembered.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Places kept for callers that wait. Whoever comes when all are taken is told a time, but keeps no place.
const MOST_WAITING: usize = 10_000;

/// A log of grants, with first-come, first-served places for callers that were told to wait.
///
/// Callers that wait are told different times, `limit` of them a `span`, so a crowd does not come back all at once. A place
/// is lost when its caller stays away for longer than `grace` after the time that it was told.
#[derive(Debug)]
pub struct Window<K> {
    limit: usize,
    span: SignedDuration,
    grace: SignedDuration,
    latest: SignedDuration,
    /// Grants not older than `span`, oldest first; times since the epoch.
    granted: VecDeque<SignedDuration>,
    /// First come, first served.
    waiting: VecDeque<Place<K>>,
}

#[derive(Debug)]
struct Place<K> {
    key: K,
    told: SignedDuration,
}

impl<K: Eq> Window<K> {
    /// A window that grants `limit` requests in any `span` and keeps a place for `grace` beyond the time that was told.
    pub fn new(limit: NonZeroU32, span: Duration, grace: Duration) -> Self {
        Self {
            limit: usize::try_from(limit.get()).unwrap_or(usize::MAX),
            span: signed(span),
            grace: signed(grace),
            latest: SignedDuration::MIN,
            granted: VecDeque::new(),
            waiting: VecDeque::new(),
        }
    }

    /// Grants one request to `key`, or says how long to wait (more than zero) and keeps a place in the queue for it.
    pub fn reserve(&mut self, key: K, now: Timestamp) -> Result<(), Duration> {
        let now = self.forget(now);
        let known = self.waiting.iter().position(|place| place.key == key);
        let position = known.unwrap_or(self.waiting.len());
        if position < self.limit - self.granted.len() {
            if let Some(known) = known {
                self.waiting.remove(known);
            }
            self.granted.push_back(now);
            return Ok(());
        }
        let told = self.turn(position, now);
        match known.and_then(|known| self.waiting.get_mut(known)) {
            Some(place) => place.told = told,
            None if position < MOST_WAITING => self.waiting.push_back(Place { key, told }),
            None => {}
        }
        Err((told - now).unsigned_abs())
    }

    /// Takes back the latest grant: it was not used.
    pub fn give_back(&mut self) {
        self.granted.pop_back();
    }

    /// Whether nothing is counted and nobody waits, so that forgetting the whole window changes nothing.
    pub fn is_idle(&mut self, now: Timestamp) -> bool {
        self.forget(now);
        self.granted.is_empty() && self.waiting.is_empty()
    }

    /// When the caller at `position` of the queue gets its turn, if everybody before it comes in time.
    ///
    /// Each of the `limit` grants frees its room `span` later; the queue takes these rooms in turn, round after round.
    fn turn(&self, position: usize, now: SignedDuration) -> SignedDuration {
        let free = self.limit - self.granted.len();
        let (round, room) = (position / self.limit, position % self.limit);
        let ready = match room.checked_sub(free).and_then(|taken| self.granted.get(taken)) {
            Some(&granted) => granted.saturating_add(self.span),
            None => now,
        };
        ready.saturating_add(self.span.saturating_mul(i32::try_from(round).unwrap_or(i32::MAX)))
    }

    /// Drops what no longer counts, and returns `now` as the time that all the others are measured in.
    fn forget(&mut self, now: Timestamp) -> SignedDuration {
        let now = now.as_duration();
        if now < self.latest {
            self.move_back(self.latest - now);
        }
        self.latest = now;
        while self.granted.front().is_some_and(|granted| granted.saturating_add(self.span) <= now) {
            self.granted.pop_front();
        }
        let grace = self.grace;
        self.waiting.retain(|place| place.told.saturating_add(grace) >= now);
        now
    }

    /// The clock was set back: what is remembered moves with it, as if no time had passed.
    fn move_back(&mut self, by: SignedDuration) {
        let places = self.waiting.iter_mut().map(|place| &mut place.told);
        for time in self.granted.iter_mut().chain(places) {
            *time = time.saturating_sub(by);
        }
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests;

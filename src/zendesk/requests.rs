//! Room within the account's limit of all requests (facts §7): people and other systems keep their share, and calls that
//! follow a read have priority over new reads.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::budget::{GRACE, MINUTE, SHORTEST, until};
use super::rate_limit::RateLimit;
use crate::account::sliding_window::Lane;
use crate::domain::ids::TicketId;
use crate::domain::moment::later;

/// The changes of a ticket are read after the ticket.
const READS: u32 = 2;
/// The length of a queue. A ticket beyond it is given a wait, but no place.
const MOST_WAITING: usize = 10_000;
/// How long an admitted update keeps its room.
const ADMITTED: SignedDuration = SignedDuration::from_secs(10);

/// The last reported limit, our requests that it may not include yet, and the queues.
#[derive(Debug, Default)]
pub struct Requests {
    pub told: Option<RateLimit>,
    /// Requests without a response yet.
    pub sent: u32,
    /// Requests that will follow the current reads.
    pub to_come: u32,
    /// Tickets whose update was admitted and is not sent yet, with the time of the admission.
    admitted: BTreeMap<TicketId, Timestamp>,
    fresh: Line,
    backlog: Line,
}

impl Requests {
    /// Whether a new read and what follows it may begin; `Err`: how long to wait. A part of our share is reserved for calls
    /// that follow a read, and in the backlog lane a larger one for recent messages. A `ticket` that must wait keeps a
    /// place in the queue.
    pub fn may_begin(
        &mut self,
        ticket: Option<TicketId>,
        lane: Lane,
        percent: u32,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let Some(told) = self.told else { return Ok(()) };
        let taken = self.taken(now).saturating_add(self.to_come);
        let ours = told.ours(percent);
        // A place stays in its queue, even if the ticket's lane changes.
        let (queue, part) = match lane {
            Lane::Fresh if !self.backlog.has(ticket) => (&mut self.fresh, 16),
            Lane::Backlog if self.fresh.has(ticket) => (&mut self.fresh, 16),
            _ => (&mut self.backlog, 8),
        };
        queue.forget(now);
        let before = queue.before(ticket);
        let kept = told.others(percent).saturating_add(ours / part);
        let wanted = READS.saturating_mul(before.saturating_add(1));
        let Err(wait) = room(told, kept, taken, wanted, now) else {
            queue.leave(ticket);
            return Ok(());
        };
        // The tickets before it take their time as well, as far as they are known to find no room either.
        let turn = MINUTE.saturating_mul(before) / ours.max(1);
        let wait = if until(told.resets_at, now).is_some() { wait.max(turn) } else { wait };
        queue.keep(ticket, later(now, wait));
        Err(wait)
    }

    /// Whether one more request that follows a read may be sent; `Err`: how long to wait.
    pub fn may_go_on(&self, percent: u32, now: Timestamp) -> Result<(), Duration> {
        self.told.map_or(Ok(()), |told| room(told, told.others(percent), self.taken(now), 1, now))
    }

    /// Whether half of our share is used before the reset.
    pub(super) fn is_half_used(&self, percent: u32, now: Timestamp) -> bool {
        self.told.is_some_and(|told| {
            let left = told.remaining.saturating_sub(told.others(percent));
            told.resets_at > now && left < told.ours(percent) / 2
        })
    }

    /// Keeps room for a ticket's update until it is sent. An update that its case does not send after all, because a limit or
    /// the breaker forbids it, keeps it for a moment.
    pub(super) fn admit(&mut self, ticket: TicketId, now: Timestamp) {
        self.admitted.retain(|_, at| now.duration_since(*at) < ADMITTED);
        self.admitted.insert(ticket, now);
    }

    /// The ticket's update is being sent, or is not admitted after all.
    pub(super) fn leave(&mut self, ticket: TicketId) {
        self.admitted.remove(&ticket);
    }

    /// The requests that the last response may not include.
    fn taken(&self, now: Timestamp) -> u32 {
        let admitted = self.admitted.values().filter(|at| now.duration_since(**at) < ADMITTED).count();
        self.sent.saturating_add(u32::try_from(admitted).unwrap_or(u32::MAX))
    }

    /// Whether the account would accept one more request, from any share; `Err`: how long to wait.
    pub fn may_write(&self, now: Timestamp) -> Result<(), Duration> {
        let used_up = |told: &RateLimit| told.remaining <= self.sent;
        match self.told.filter(used_up).and_then(|told| until(told.resets_at, now)) {
            Some(wait) => Err(wait.max(SHORTEST)),
            None => Ok(()),
        }
    }
}

/// Whether enough requests are left beyond the reserved and taken ones. After a reset, a single request finds out the new
/// number.
fn room(told: RateLimit, kept: u32, taken: u32, wanted: u32, now: Timestamp) -> Result<(), Duration> {
    if told.remaining >= kept.saturating_add(taken).saturating_add(wanted) {
        return Ok(());
    }
    match until(told.resets_at, now) {
        Some(wait) => Err(wait.max(SHORTEST)),
        None if taken == 0 => Ok(()),
        None => Err(SHORTEST),
    }
}

/// Tickets that wait to be read, in first-come, first-served order, each with its given time.
#[derive(Debug, Default)]
struct Line(VecDeque<(TicketId, Timestamp)>);

impl Line {
    fn position(&self, ticket: Option<TicketId>) -> Option<usize> {
        self.0.iter().position(|(waits, _)| Some(*waits) == ticket)
    }

    fn has(&self, ticket: Option<TicketId>) -> bool {
        self.position(ticket).is_some()
    }

    /// The number of tickets before it.
    fn before(&self, ticket: Option<TicketId>) -> u32 {
        u32::try_from(self.position(ticket).unwrap_or(self.0.len())).unwrap_or(u32::MAX)
    }

    fn keep(&mut self, ticket: Option<TicketId>, told: Timestamp) {
        match (self.position(ticket), ticket) {
            (Some(position), _) => self.0[position].1 = told,
            (None, Some(ticket)) if self.0.len() < MOST_WAITING => self.0.push_back((ticket, told)),
            (None, _) => {}
        }
    }

    fn leave(&mut self, ticket: Option<TicketId>) {
        self.0.retain(|(waits, _)| Some(*waits) != ticket);
    }

    /// Drops tickets that stayed away, and those whose time is off because the clock was set back.
    fn forget(&mut self, now: Timestamp) {
        let kept = SignedDuration::try_from(GRACE).unwrap_or(SignedDuration::MAX);
        let longest = SignedDuration::from_hours(1);
        self.0.retain(|(_, told)| (-kept..longest).contains(&told.duration_since(now)));
    }
}

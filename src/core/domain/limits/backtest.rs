//! Backtests limits: finds the tickets that each limit would have stopped. Changes nothing.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::{ACCOUNT_SPAN, Counted, DAY_SPAN, HOUR, Limit, Limits, Moved, Movement, Sum, Tally, Trip, WEEK};
use crate::domain::case::{Case, Effect, Entry};
use crate::domain::ids::TicketId;
use crate::domain::moment::earlier;

/// The money movements in journals, and what the breaker counts.
#[derive(Clone, Debug, Default)]
pub struct Backtest {
    movements: Vec<(Timestamp, TicketId, Movement)>,
    counts: Vec<(Timestamp, Tally)>,
}

/// A movement that a limit would have stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// The ticket whose case ordered it.
    pub ticket_id: TicketId,
    /// The time of the intention.
    pub at: Timestamp,
    /// KRW.
    pub won: i64,
}

/// The result of a backtest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The number of movements examined.
    pub movements: usize,
    /// Their sum in KRW.
    pub won: i64,
    /// The movements that each limit would have stopped, by the setting's name, oldest first. A stopped movement counts
    /// towards no limit.
    pub stopped: BTreeMap<&'static str, Vec<Stopped>>,
    /// When the breaker would have opened, if it had always been lifted at once.
    pub trips: Vec<(Timestamp, Trip)>,
}

impl Backtest {
    /// Adds what the journal of one case moved and counted.
    pub fn take<'a>(&mut self, id: TicketId, journal: impl IntoIterator<Item = (Timestamp, &'a Entry)>) {
        let mut case = Case::new(id);
        for (at, entry) in journal {
            if let Entry::Intended { effect: Effect::Act(action), .. } = entry {
                self.movements.extend(case.movement(action).map(|movement| (at, id, movement)));
            }
            let tally = case.tally(entry);
            if !tally.is_empty() {
                self.counts.push((at, tally));
            }
            case.apply(at, entry);
        }
    }

    /// What these limits would have stopped since then; `None`: since the beginning.
    pub fn against(mut self, limits: &Limits, since: Option<Timestamp>) -> Report {
        self.movements.sort_by_key(|(at, id, _)| (*at, *id));
        self.counts.sort_by_key(|(at, _)| *at);
        let is_wanted = |at: Timestamp| since.is_none_or(|since| at >= since);
        let mut report = Report { trips: self.trips(limits), ..Report::default() };
        report.trips.retain(|(at, _)| is_wanted(*at));
        let mut accounts = Window::of(ACCOUNT_SPAN);
        let (mut lots, mut days) = (Window::of(DAY_SPAN), Window::of(DAY_SPAN));
        for (at, id, movement) in &self.movements {
            let moved = Moved {
                account: accounts.sum(*at, &movement.account_id),
                lot: lots.sum(*at, &movement.lot_id),
                day: days.sum(*at, &()),
            };
            let stopped = if limits.admit(Some(movement.won)).is_err() {
                Some("limits.per_action")
            } else {
                limits.exceeded(movement, &moved).map(Limit::setting)
            };
            let won = movement.won.0;
            if is_wanted(*at) {
                report.movements += 1;
                report.won = report.won.saturating_add(won);
            }
            match stopped {
                None => {
                    accounts.add(*at, &movement.account_id, won);
                    lots.add(*at, &movement.lot_id, won);
                    days.add(*at, &(), won);
                }
                Some(setting) if is_wanted(*at) => {
                    let stopped = Stopped { ticket_id: *id, at: *at, won };
                    report.stopped.entry(setting).or_default().push(stopped);
                }
                Some(_) => {}
            }
        }
        report
    }

    fn trips(&self, limits: &Limits) -> Vec<(Timestamp, Trip)> {
        let (mut hour, mut week) = (VecDeque::new(), VecDeque::new());
        let (mut counted, mut trips) = (Counted::default(), Vec::new());
        for (at, tally) in &self.counts {
            hour.push_back((*at, *tally));
            counted.hour = counted.hour.plus(*tally);
            let (hour_ago, week_ago) = (earlier(*at, HOUR), earlier(*at, HOUR + WEEK));
            while let Some(old) = hour.pop_front_if(|(then, _)| *then <= hour_ago) {
                counted.hour = counted.hour.minus(old.1);
                counted.before = counted.before.plus(old.1);
                week.push_back(old);
            }
            while let Some((_, old)) = week.pop_front_if(|(then, _)| *then <= week_ago) {
                counted.before = counted.before.minus(old);
            }
            counted.reaches_back = week.front().map(|(then, _)| hour_ago.duration_since(*then));
            if let Some(trip) = limits.breaker.trip(&counted) {
                trips.push((*at, trip));
                // Lifted at once: an hour that a person has reviewed becomes part of the usual rate.
                counted.before = counted.before.plus(counted.hour);
                counted.hour = Tally::default();
                week.append(&mut hour);
            }
        }
        trips
    }
}

/// The money moved within a span, by account or lot.
struct Window<'a, K> {
    span: SignedDuration,
    /// Oldest first.
    moved: VecDeque<(Timestamp, &'a K, i64)>,
    sums: BTreeMap<&'a K, Sum>,
}

impl<'a, K: Ord> Window<'a, K> {
    fn of(span: SignedDuration) -> Self {
        Self { span, moved: VecDeque::new(), sums: BTreeMap::new() }
    }

    /// The sum at this moment, which is not before the previous one.
    fn sum(&mut self, at: Timestamp, key: &'a K) -> Sum {
        let since = earlier(at, self.span);
        while let Some((_, old, won)) = self.moved.pop_front_if(|(then, ..)| *then <= since) {
            if let Some(sum) = self.sums.get_mut(old) {
                *sum = Sum { won: sum.won.saturating_sub(won), times: sum.times.saturating_sub(1) };
            }
        }
        self.sums.get(key).copied().unwrap_or_default()
    }

    fn add(&mut self, at: Timestamp, key: &'a K, won: i64) {
        self.moved.push_back((at, key, won));
        let sum = self.sums.entry(key).or_default();
        *sum = Sum { won: sum.won.saturating_add(won), times: sum.times.saturating_add(1) };
    }
}

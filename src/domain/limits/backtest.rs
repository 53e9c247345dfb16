//! Limits against the past: which tickets each would have stopped. Nothing is changed.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{ACCOUNT_SPAN, Counted, DAY_SPAN, HOUR, Limit, Limits, Moved, Movement, Sum, Tally, Trip, WEEK};
use crate::domain::case::{Case, Effect, Entry, WriteKind};
use crate::domain::ids::TicketId;

/// What journals say of money that was moved, and of what the breaker counts.
#[derive(Clone, Debug, Default)]
pub struct Backtest {
    movements: Vec<(Timestamp, TicketId, Movement)>,
    counts: Vec<(Timestamp, Tally)>,
}

/// A movement that a limit would have stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Whose.
    pub ticket_id: TicketId,
    /// When it was intended.
    pub at: Timestamp,
    /// KRW.
    pub won: i64,
}

/// What a backtest came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many movements were looked at.
    pub movements: usize,
    /// Their sum, KRW.
    pub won: i64,
    /// What each limit would have stopped, by the setting's name, in the order of time. What is stopped counts towards nothing.
    pub stopped: BTreeMap<&'static str, Vec<Stopped>>,
    /// When the breaker would have opened, if it had been lifted at once each time.
    pub trips: Vec<(Timestamp, Trip)>,
}

impl Backtest {
    /// Takes a journal in.
    pub fn take<'a>(&mut self, id: TicketId, journal: impl IntoIterator<Item = (Timestamp, &'a Entry)>) {
        let mut case = Case::new(id);
        for (at, entry) in journal {
            let mut tally = Tally::default();
            match entry {
                Entry::Intended { effect: Effect::Act(action), .. } => {
                    if let Some(movement) = case.movement(action) {
                        tally.won = movement.won.0;
                        self.movements.push((at, id, movement));
                    }
                }
                Entry::Intended { effect: Effect::Write(write), .. } if write.kind == WriteKind::HandOver => {
                    tally.hand_overs = 1;
                }
                Entry::Refused { of, .. } if case.is_action(*of) => tally.refusals = 1,
                _ => {}
            }
            if !tally.is_empty() {
                self.counts.push((at, tally));
            }
            case.apply(at, entry);
        }
    }

    /// What these limits would have stopped since then; `None`: ever.
    pub fn against(mut self, limits: &Limits, since: Option<Timestamp>) -> Report {
        self.movements.sort_by_key(|(at, id, _)| (*at, *id));
        self.counts.sort_by_key(|(at, _)| *at);
        let is_wanted = |at: Timestamp| since.is_none_or(|since| at >= since);
        let mut report = Report { trips: self.trips(limits), ..Report::default() };
        report.trips.retain(|(at, _)| is_wanted(*at));
        let mut passed: Vec<(Timestamp, &Movement)> = Vec::new();
        for (at, id, movement) in &self.movements {
            let stopped = if limits.admit(Some(movement.won)).is_err() {
                Some("limits.per_action")
            } else {
                limits.exceeded(movement, &moved(&passed, *at, movement)).map(Limit::setting)
            };
            let won = movement.won.0;
            if is_wanted(*at) {
                report.movements += 1;
                report.won = report.won.saturating_add(won);
            }
            match stopped {
                None => passed.push((*at, movement)),
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
        let mut trips: Vec<(Timestamp, Trip)> = Vec::new();
        for (place, (at, _)) in self.counts.iter().enumerate() {
            let hour = later(trips.last().map(|(at, _)| *at), before(*at, HOUR));
            let week = before(*at, HOUR + WEEK);
            let mut counted = Counted::default();
            for (then, tally) in self.counts[..=place].iter().rev().take_while(|(then, _)| *then > week) {
                if *then > hour {
                    counted.hour = counted.hour.plus(*tally);
                } else {
                    counted.before = counted.before.plus(*tally);
                    counted.reaches_back = Some(hour.duration_since(*then));
                }
            }
            if let Some(trip) = limits.breaker.trip(&counted) {
                trips.push((*at, trip));
            }
        }
        trips
    }
}

/// What had been moved before, of those that passed.
fn moved(passed: &[(Timestamp, &Movement)], at: Timestamp, movement: &Movement) -> Moved {
    let sum = |span: SignedDuration, counts: &dyn Fn(&Movement) -> bool| {
        let since = before(at, span);
        let counted = passed.iter().rev().take_while(|(then, _)| *then > since);
        counted.filter(|(_, other)| counts(other)).fold(Sum::default(), |sum, (_, other)| Sum {
            won: sum.won.saturating_add(other.won.0),
            times: sum.times.saturating_add(1),
        })
    };
    Moved {
        account: sum(ACCOUNT_SPAN, &|other| other.account_id == movement.account_id),
        lot: sum(DAY_SPAN, &|other| other.lot_id == movement.lot_id),
        day: sum(DAY_SPAN, &|_| true),
    }
}

fn before(at: Timestamp, span: SignedDuration) -> Timestamp {
    at.checked_sub(span).unwrap_or(Timestamp::MIN)
}

fn later(one: Option<Timestamp>, other: Timestamp) -> Timestamp {
    one.map_or(other, |one| one.max(other))
}

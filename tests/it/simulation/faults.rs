//! The faults of a run: lost responses, outages, crashed and frozen workers.

use jiff::{SignedDuration, Timestamp};

use super::rng::Rng;

/// The frequency of each fault, per thousand calls.
#[derive(Clone, Copy, Debug)]
pub(super) struct FaultPlan {
    retry: i64,
    lost: i64,
    crash: i64,
    freeze: i64,
    store: i64,
    /// The period in which the other systems do not respond.
    outage: Option<(Timestamp, Timestamp)>,
    /// The period in which every call of another system crashes the worker.
    curse: Option<(Timestamp, Timestamp)>,
}

/// The number of faults of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Faults {
    pub(super) crashes: usize,
    pub(super) freezes: usize,
    /// Nothing was done, and the response said so.
    pub(super) refused: usize,
    pub(super) lost_undone: usize,
    pub(super) lost_done: usize,
    pub(super) lost_late: usize,
    pub(super) store_failed: usize,
    /// A transaction of the store was committed, and its response was lost.
    pub(super) store_answers_lost: usize,
    /// A webhook was answered with 503, stored or not.
    pub(super) refused_deliveries: usize,
}

/// The fate of the worker's task that makes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    GoOn,
    /// Yields to other tasks first.
    Dawdle,
    Crash,
    /// Stops for longer than its lease, then continues without noticing.
    Freeze,
}

/// The fate of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It was not carried out, and the response says so.
    Retry,
    /// It was not carried out, and the response is lost.
    LostUndone,
    /// It was carried out, and the response is lost.
    LostDone,
    /// The response is lost, and it is carried out a little later.
    LostLate,
}

impl FaultPlan {
    pub(super) fn random(rng: &mut Rng, birth: Timestamp) -> Self {
        let fine = Self { retry: 0, lost: 0, crash: 0, freeze: 0, store: 0, outage: None, curse: None };
        if rng.percent(45) {
            return fine;
        }
        let mut often = |most: i64| if rng.percent(40) { rng.between(0, most) } else { 0 };
        let stormy = Self {
            retry: often(150),
            lost: often(150),
            crash: often(40),
            freeze: often(25),
            store: often(60),
            ..fine
        };
        let mut time = |longest: i64| {
            let begins = birth + SignedDuration::from_mins(rng.between(0, 600));
            (begins, begins + SignedDuration::from_hours(rng.between(1, longest)))
        };
        let (outage, curse) = (time(12), time(200));
        let (has_outage, has_curse) = (rng.percent(4), rng.percent(2));
        Self { outage: has_outage.then_some(outage), curse: has_curse.then_some(curse), ..stormy }
    }

    pub(super) fn fate(&self, rng: &mut Rng) -> Fate {
        match rng.between(0, 999) {
            throw if throw < self.crash => Fate::Crash,
            throw if throw < self.crash + self.freeze => Fate::Freeze,
            800.. => Fate::Dawdle,
            _ => Fate::GoOn,
        }
    }

    /// Whether a call of another system crashes its caller now.
    pub(super) fn kills(&self, now: Timestamp) -> bool {
        self.curse.is_some_and(|(from, until)| (from..until).contains(&now))
    }

    pub(super) fn fault(&self, rng: &mut Rng, now: Timestamp, writes: bool) -> Option<Fault> {
        if self.outage.is_some_and(|(from, until)| (from..until).contains(&now)) || rng.per_mille(self.retry)
        {
            return Some(Fault::Retry);
        }
        if !rng.per_mille(self.lost) {
            return None;
        }
        Some(if writes {
            rng.pick(&[Fault::LostUndone, Fault::LostDone, Fault::LostLate])
        } else {
            Fault::Retry
        })
    }

    /// Whether the database fails.
    pub(super) fn store_fails(&self, rng: &mut Rng) -> bool {
        rng.per_mille(self.store)
    }
}

impl Faults {
    pub(super) fn count(&mut self, fault: Fault) {
        *match fault {
            Fault::Retry => &mut self.refused,
            Fault::LostUndone => &mut self.lost_undone,
            Fault::LostDone => &mut self.lost_done,
            Fault::LostLate => &mut self.lost_late,
        } += 1;
    }
}

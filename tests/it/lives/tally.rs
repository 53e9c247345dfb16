//! What has happened in all lives together: an oracle that sees nothing happen proves nothing.

use std::collections::BTreeMap;

use misread::domain::case::{Entry, Rest};

use super::life::Lived;
use super::weather::Faults;
use super::world::What;

/// What must have happened at least once, or the lives are too tame.
const WANTED: &[&str] = &[
    "act Cancel",
    "act Refund",
    "act WithdrawReceivable",
    "act OperatorMakeGood",
    "act Inspection",
    "act Coupon",
    "act Points",
    "person GaveBack",
    "person Released",
    "ordered Retry",
    "ordered HandOver",
    "person Spoke",
    "person Touched",
    "person Solved",
    "a give-back that counts for nothing",
    "ended Settled",
    "ended Silent",
    "ended Shadowed",
    "ended HandedOver",
    "ended SteppedBack",
    "ended AlreadySolved",
    "waits in the end",
    "stuck",
    "stuck by a call that kills",
    "turn Customer",
    "turn GivenBack",
    "turn Released",
    "turn TimeUp { last: false }",
    "turn TimeUp { last: true }",
    "the use changed before the action",
    "the ticket changed before the write",
    "an answer was lost",
    "a lost write was not there",
    "a lost write was found",
    "a lost action was answered again",
    "escalated",
];

#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) steps: usize,
    counts: BTreeMap<String, usize>,
}

impl Tally {
    pub(super) fn count(&mut self, lived: &Lived) {
        self.steps += lived.steps;
        self.one(format!("{:?}", lived.trust));
        self.one(format!("{} replicas", lived.replicas));
        self.faults(&lived.faults);
        for event in &lived.log {
            match &event.what {
                What::Acted(act) => self.one(format!("act {:?}", act.action)),
                What::Person(did) => self.one(format!("person {did:?}")),
                What::Ordered(what) => self.one(format!("ordered {what:?}")),
                What::FalseGiveBack => self.one("a give-back that counts for nothing"),
                _ => {}
            }
        }
        for recorded in &lived.journal {
            self.entry(&recorded.entry);
        }
        self.one(match &lived.case.rest {
            Some(Rest::Ended(ending)) => format!("ended {ending:?}"),
            Some(Rest::Waiting(_)) => "waits in the end".to_owned(),
            Some(Rest::Stuck(_)) => "stuck".to_owned(),
            None => "under way".to_owned(),
        });
    }

    fn faults(&mut self, faults: &Faults) {
        let Faults { crashes, freezes, refused, lost_undone, lost_done, lost_late, .. } = *faults;
        let Faults { store_failed, store_answers_lost, refused_deliveries, .. } = *faults;
        for (what, times) in [
            ("crashes", crashes),
            ("freezes beyond the lease", freezes),
            ("calls refused", refused),
            ("answers lost, not done", lost_undone),
            ("answers lost, done", lost_done),
            ("answers lost, done late", lost_late),
            ("commits failed", store_failed),
            ("commits done, answers lost", store_answers_lost),
            ("deliveries answered 503", refused_deliveries),
        ] {
            self.many(format!("fault: {what}"), times);
        }
    }

    fn entry(&mut self, entry: &Entry) {
        match entry {
            Entry::TurnBegan { occasion } => self.one(format!("turn {occasion:?}")),
            Entry::Decided { decision } => self.one(format!("row {}", decision.row)),
            Entry::ActionConflict { .. } => self.one("the use changed before the action"),
            Entry::WriteConflict { .. } => self.one("the ticket changed before the write"),
            Entry::OutcomeUnknown { .. } => self.one("an answer was lost"),
            Entry::NotFound { .. } => self.one("a lost write was not there"),
            Entry::Written { found_by_marker: true, .. } => self.one("a lost write was found"),
            Entry::Acted { receipt, .. } if receipt.replayed => self.one("a lost action was answered again"),
            Entry::Escalated { .. } => self.one("escalated"),
            Entry::Stuck { reason } if reason.starts_with("claimed") => {
                self.one("stuck by a call that kills");
            }
            _ => {}
        }
    }

    fn one(&mut self, what: impl Into<String>) {
        self.many(what.into(), 1);
    }

    fn many(&mut self, what: String, times: usize) {
        *self.counts.entry(what).or_default() += times;
    }

    /// How many lives of which kind, and how often each kind of fault happened.
    pub(super) fn told(&self) -> Vec<String> {
        let kinds = ["1 replicas", "2 replicas", "Auto", "Assist", "Shadow"];
        let wanted = |what: &str| what.starts_with("fault: ") || kinds.contains(&what);
        let counts = self.counts.iter().filter(|(what, _)| wanted(what));
        counts.map(|(what, times)| format!("{times:>10} {}", what.trim_start_matches("fault: "))).collect()
    }

    /// What should have happened and never did.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        WANTED.iter().filter(|wanted| !self.counts.contains_key(**wanted)).copied().collect()
    }
}

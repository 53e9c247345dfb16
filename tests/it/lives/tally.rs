//! What has happened in all lives together: an oracle that sees nothing happen proves nothing.

use std::collections::BTreeMap;

use misread::domain::case::{Entry, Rest};

use super::life::Lived;
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
    "person Spoke",
    "person Touched",
    "person Solved",
    "a give-back that counts for nothing",
    "ended Settled",
    "ended Silent",
    "ended HandedOver",
    "ended SteppedBack",
    "ended AlreadySolved",
    "waits in the end",
    "stuck",
    "turn Customer",
    "turn GivenBack",
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
pub(super) struct Tally(BTreeMap<String, usize>);

impl Tally {
    pub(super) fn count(&mut self, lived: &Lived) {
        for event in &lived.log {
            match &event.what {
                What::Acted(act) => self.one(format!("act {:?}", act.action)),
                What::Person(did) => self.one(format!("person {did:?}")),
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
            _ => {}
        }
    }

    fn one(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }

    /// What should have happened and never did.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        WANTED.iter().filter(|wanted| !self.0.contains_key(**wanted)).copied().collect()
    }
}

//! Counts of events in all runs together: an oracle that sees no events proves nothing.

use std::collections::BTreeMap;

use misread::domain::case::{Entry, Reason, Rest, StuckCause};

use super::faults::Faults;
use super::opening::Kind;
use super::run::Finished;
use super::said::{Said, Wrapping};
use super::situation::Situation;
use super::texts::TELLS_OF_TAGS;
use super::utterances::{Beside, Kind as Spoken, Label, Question};
use super::world::What;

/// The events that must have happened at least once; otherwise the runs are too tame.
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
    "a misspelt tag is told",
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
    "row request_contradicted",
    "row request_unread",
    "row restricted",
    "row identity_unknown",
    "row identity_and_vehicle_unknown",
    "row writer_excluded",
    "row use_not_found",
    "row use_contradicted",
    "row vehicle_contradicted",
    "turn CopiedPerson",
    "opening Honest",
    "opening Against(did park)",
    "opening Against(not wanted)",
    "opening Against(for another)",
    "opening Against(car sold)",
    "opening Against(charged twice)",
    "opening Against(amount)",
    "opening Against(solved)",
    "opening Against(threat)",
    "opening Against(minor)",
    "opening SamePlate",
    "opening OtherPlate",
    "opening Blank",
    "opening by Agent",
    "opening by AgentOnBehalf",
    "opening by Program",
    "opening with NotTrusted",
    "opening with NotInConversation",
    "opening with NotSignedIn",
    "requester Staff",
    "requester Suspended",
    "requester Unreachable",
    "requester without an account",
    "requester with another account",
    "requester tied, unverified",
    "requester of unknown role",
    "another requester",
    "said with NotTrusted",
    "said with NotInConversation",
    "said with NotSignedIn",
    "said with Automatic",
    "said with OnBehalf",
    "said in an automatic reply",
    "said with a file",
    "said nothing",
    "said nothing, with a file",
    "said with another's words",
    "said with Unread beside it",
    "said with Against beside it",
    "said by a copied person",
    "act for one who is proven",
    "act on a clear yes, tied",
    "act on own word, released",
    "act after Marked",
    "act after Below",
    "act after Above",
    "act after Original",
    "act after Phone",
    "act after Signature",
    "act after Disclaimer",
];

#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) steps: usize,
    counts: BTreeMap<String, usize>,
}

impl Tally {
    pub(super) fn count(&mut self, finished: &Finished) {
        self.steps += finished.steps;
        self.one(format!("{:?}", finished.trust));
        self.one(format!("{} replicas", finished.replicas));
        self.faults(&finished.faults);
        self.opening(finished);
        self.said(finished);
        for event in &finished.log {
            match &event.what {
                What::Acted(act) => self.one(format!("act {:?}", act.action)),
                What::Person(did) => self.one(format!("person {did:?}")),
                What::Ordered(what) => self.one(format!("ordered {what:?}")),
                What::FalseGiveBack => self.one("a give-back that counts for nothing"),
                What::Wrote(note) if note.body.contains(TELLS_OF_TAGS) => self.one("a misspelt tag is told"),
                _ => {}
            }
        }
        for recorded in &finished.journal {
            self.entry(&recorded.entry);
        }
        self.one(match &finished.case.rest {
            Some(Rest::Ended(ending)) => format!("ended {ending:?}"),
            Some(Rest::Waiting(_)) => "waits in the end".to_owned(),
            Some(Rest::Stuck(_)) => "stuck".to_owned(),
            None => "under way".to_owned(),
        });
    }

    /// The writers and their identity.
    fn opening(&mut self, finished: &Finished) {
        let Situation { opening, requester, account, excluded, .. } = &finished.situation;
        self.one(match opening.kind {
            Kind::Against(how) => format!("opening Against({how})"),
            kind => format!("opening {kind:?}"),
        });
        self.one(format!("opening by {:?}", opening.by));
        if let Some(flag) = opening.flag {
            self.one(format!("opening with {flag:?}"));
        }
        if let Some(excluded) = excluded {
            self.one(format!("requester {excluded:?}"));
        }
        if requester.role.is_none() {
            self.one("requester of unknown role");
        }
        match &requester.external_id {
            None => self.one("requester without an account"),
            Some(id) if *id != account.id => self.one("requester with another account"),
            Some(_) if !requester.verified => self.one("requester tied, unverified"),
            Some(_) => {}
        }
    }

    /// The kinds of messages, and the actions that followed each kind.
    fn said(&mut self, finished: &Finished) {
        let requester = &finished.situation.requester;
        let tied = requester.external_id.as_ref() == Some(&finished.situation.account.id);
        let (mut yes, mut last) = (false, None);
        for event in &finished.log {
            match &event.what {
                What::Said(said) if said.words.is_some() => {
                    yes |= self.message(said);
                    last = Some(said.wrapping).filter(|wrapping| *wrapping != Wrapping::Bare);
                }
                What::CopiedPersonSaid => self.one("said by a copied person"),
                What::RequesterChanged => self.one("another requester"),
                What::Acted(_) => {
                    let on = match (tied, yes) {
                        (false, _) => "act on own word, released",
                        (true, true) if !requester.verified => "act on a clear yes, tied",
                        (true, _) => "act for one who is proven",
                    };
                    self.one(on);
                    if let Some(wrapping) = last {
                        self.one(format!("act after {wrapping:?}"));
                    }
                }
                _ => {}
            }
        }
    }

    /// Counts a message; returns whether it may be a yes to identity.
    fn message(&mut self, said: &Said) -> bool {
        let Some(words) = said.words else { return false };
        if let Some(flag) = said.flag {
            self.one(format!("said with {flag:?}"));
        } else if said.is_a_machines() {
            self.one("said in an automatic reply");
        } else if said.has_no_words() {
            let blank = words.kind == Spoken::Blank;
            self.one(match (blank, said.files) {
                _ if said.wrapping == Wrapping::Foreign => "said with another's words",
                (true, 0) => "said nothing",
                (true, _) => "said nothing, with a file",
                (false, _) => "said with a file",
            });
        } else if words.beside != Beside::Nothing {
            self.one(format!("said with {:?} beside it", words.beside));
        }
        said.flag.is_none() && words.label(Question::Identity, &[Question::Identity]) == Label::Yes
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
            Entry::TurnBegan { occasion, .. } => self.one(format!("turn {occasion:?}")),
            Entry::Decided { decision } => self.one(format!("row {}", decision.row)),
            Entry::ActionConflict { .. } => self.one("the use changed before the action"),
            Entry::WriteConflict { .. } => self.one("the ticket changed before the write"),
            Entry::OutcomeUnknown { .. } => self.one("an answer was lost"),
            Entry::NotFound { .. } => self.one("a lost write was not there"),
            Entry::Written { found_by_marker: true, .. } => self.one("a lost write was found"),
            Entry::Acted { receipt, .. } if receipt.replayed => self.one("a lost action was answered again"),
            Entry::Escalated { .. } => self.one("escalated"),
            Entry::Stuck { reason: Reason::Known(StuckCause::Claims { .. }) } => {
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

    /// The number of runs of each kind, and of faults of each kind.
    pub(super) fn told(&self) -> Vec<String> {
        let kinds = ["1 replicas", "2 replicas", "Auto", "Assist", "Shadow"];
        let wanted = |what: &str| what.starts_with("fault: ") || kinds.contains(&what);
        let counts = self.counts.iter().filter(|(what, _)| wanted(what));
        counts.map(|(what, times)| format!("{times:>10} {}", what.trim_start_matches("fault: "))).collect()
    }

    /// The required events that never happened.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        WANTED.iter().filter(|wanted| !self.counts.contains_key(**wanted)).copied().collect()
    }
}

//! A case whose journal may hold any entries in any order, and then is worked in a world that answers as the bytes say.

mod entries;

use jiff::{SignedDuration, Timestamp};
use misread::domain::case::{Case, Effect, Entry, Rest, Sight, Step, next};
use misread::domain::ids::Position;

use super::input::Input;
use super::samples::{now, playbook, ticket_id};

/// Conclusions in a row, without anything read or done.
const MOST_CONCLUSIONS: usize = 20;
/// A case never needs so many steps in one go: the worker's own limit.
const STEPS_IN_ONE_GO: usize = 100;
/// Longer journals find nothing new.
const MOST_STEPS: usize = 1000;

pub(super) fn case(data: &[u8]) {
    let mut input = Input::new(data);
    let mut replay = Replay { case: Case::new(ticket_id()), now: now(), conclusions: 0 };
    // An honest journal is one that the case itself has written.
    let honest = input.flag();
    if !honest {
        for _ in 0..input.byte() % 32 {
            let entry = entries::any(&mut input, &replay.case);
            replay.record(entry);
        }
    }
    replay.until_idle(&mut input, honest);
}

struct Replay {
    case: Case,
    now: Timestamp,
    conclusions: usize,
}

impl Replay {
    /// Works until nothing more happens and the bytes are at an end.
    fn until_idle(&mut self, input: &mut Input<'_>, honest: bool) {
        let mut in_one_go = 0;
        self.case.resume();
        for _ in 0..MOST_STEPS {
            let step = next(&self.case, playbook());
            assert_eq!(next(&self.case, playbook()), step, "the same journal says two things");
            in_one_go += 1;
            assert!(!honest || !input.is_empty() || in_one_go <= STEPS_IN_ONE_GO, "it turns in circles");
            if !self.take(step, input) {
                continue;
            }
            if input.is_empty() {
                return;
            }
            self.rouse(input);
            in_one_go = 0;
        }
    }

    /// Does a step; whether the case is given back after it.
    fn take(&mut self, step: Step, input: &mut Input<'_>) -> bool {
        self.check(&step);
        self.now = self.now.saturating_add(SignedDuration::from_secs(1)).expect("a second is one");
        if let Step::Record(entry) = step {
            self.conclusions += 1;
            assert!(self.conclusions <= MOST_CONCLUSIONS, "it concludes without end: {entry:?}");
            self.record(entry);
            return false;
        }
        self.conclusions = 0;
        match step {
            Step::Rest | Step::Record(_) => return true,
            Step::BackOff { cause } => {
                self.record(Entry::Deferred { until: self.now, reason: cause.into(), failed: true });
                return true;
            }
            Step::Wait(awaited) => {
                let waiting = playbook().patience.waiting(awaited, &self.case.talk, self.now);
                self.record(Entry::Waiting(waiting));
            }
            // That something has come is what a look tells.
            Step::Confirm => self.record(Entry::Confirmed { audit_id: self.case.read_up_to }),
            Step::Look | Step::LookFor { .. } => {
                for entry in entries::look(input, &self.case) {
                    self.record(entry);
                }
            }
            Step::ReadEarlier(_) => unreachable!("no ticket here follows another"),
            Step::LookUp { account, uses } => {
                if let Some(id) = account {
                    self.record(entries::account(input, id));
                }
                if uses.is_some() {
                    self.record(entries::uses(input));
                }
            }
            Step::Intend(effect) => {
                self.record(Entry::Intended {
                    effect: effect.clone(),
                    together: input.flag(),
                    sealed: true,
                    first_since: None,
                });
                let position = self.case.last;
                self.record(entries::outcome(input, position, &effect));
            }
            Step::Repeat { position, action } => {
                self.record(entries::outcome(input, position, &Effect::Act(action)));
            }
        }
        false
    }

    /// Whatever the journal says, nothing is done a second time.
    fn check(&self, step: &Step) {
        match step {
            Step::Intend(Effect::Act(action)) => {
                let done = self.case.receipts().any(|(done, _)| done == action.action);
                assert!(!done, "{action:?} a second time");
                assert!(self.case.unclear().is_none(), "{action:?} while something is unclear");
                assert!(self.case.sight != Sight::Paused, "{action:?} on what may be old by now");
            }
            Step::Intend(Effect::Write(write)) => {
                assert!(!self.case.has_written(write.kind), "{:?} a second time", write.kind);
                let unclear = self.case.unclear().map(|record| &record.effect);
                assert!(!matches!(unclear, Some(Effect::Write(_))), "{:?} while one is unclear", write.kind);
            }
            Step::Repeat { position, .. } => {
                let unclear = self.case.unclear().map(|record| record.position);
                assert_eq!(unclear, Some(*position), "only what is unclear is repeated");
            }
            _ => {}
        }
    }

    /// What makes a worker take it up again.
    fn rouse(&mut self, input: &mut Input<'_>) {
        self.case.resume();
        let woken = Entry::Woken { delivery: 1, kind: "start".to_owned(), received_at: None };
        let waits = matches!(&self.case.rest, Some(Rest::Waiting(waiting)) if waiting.until.is_some());
        let entry = match input.byte() % 4 {
            1 if waits => Entry::TimeUp,
            2 => entries::order(input),
            _ => woken,
        };
        self.record(entry);
    }

    fn record(&mut self, entry: Entry) {
        let before = self.case.last;
        self.case.apply(self.now, &entry);
        let replaced = if let Entry::Erased { entries, .. } = &entry { *entries } else { before.0 };
        assert_eq!(self.case.last, Position(replaced + 1));
        assert!(!entry.to_string().is_empty());
        let written = serde_json::to_string(&entry).expect("an entry can be written");
        assert_eq!(serde_json::from_str::<Entry>(&written).ok(), Some(entry));
    }
}

//! Invariants after every step, independent of who made it. The first broken sentence ends the run.
//!
//! The oracle judges a finished run by the policy; this checks each call and each append by the promises: nothing
//! lost, nothing twice, on disk before it is tried. It keeps its own records and uses no state of the service.

mod journal;

pub(super) use journal::Came;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;

use jiff::{SignedDuration, Timestamp};
use misread::domain::case::{Effect, Rest, WriteKind};
use misread::domain::ids::EffectKey;
use misread::domain::ticket::TicketUpdate;
use misread::ports::ActionRequest;

use super::world::{State, TaskId};

/// The records of one run.
#[derive(Debug, Default)]
pub(super) struct Watch {
    pub(super) steps: usize,
    /// The first broken sentence.
    pub(super) broken: Option<String>,
    tasks: HashMap<TaskId, WorkerTask>,
    intentions: BTreeMap<u32, Intention>,
    /// The position at which each turn but the first began.
    turns: Vec<u32>,
    /// The deliveries in the journal.
    woken: i64,
    /// The number of wakes since a turn began.
    wakes: u32,
    has_ended: bool,
    is_stuck: bool,
    /// A conflict after which no worker has read the others' changes yet.
    unseen: Option<u32>,
    /// By an order of operations.
    handed_over: bool,
    /// The public texts and notes on the ticket, by turn.
    written: BTreeMap<usize, [usize; 2]>,
}

/// The steps of one worker's task since it claimed the case.
#[derive(Debug, Default)]
struct WorkerTask {
    /// By its own clock.
    loaded_at: Timestamp,
    looked: bool,
    looked_at: Option<Timestamp>,
    admitted: bool,
    /// The last entry of its last append, until it tries an effect.
    kept: Option<u32>,
    /// An append has failed, so that it cannot know whether it still holds the case.
    over: bool,
}

/// An intended effect, and its outcome by the journal.
#[derive(Debug)]
struct Intention {
    effect: Effect,
    /// Whether it was sent in a job: a job that has ended never continues.
    together: bool,
    outcome: Outcome,
    tried: bool,
    /// The time from which its outcome is unknown.
    since: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Unknown,
    Done,
    NotDone,
    Refused,
}

impl State {
    /// Records the sentence as broken unless `holds`; the first one counts.
    pub(super) fn must(&mut self, holds: bool, sentence: &str, how: impl Display) {
        if !holds && self.watch.broken.is_none() {
            let (step, now) = (self.watch.steps, self.now);
            self.watch.broken = Some(format!("“{sentence}”: {how} (step {step}, {now})"));
        }
    }

    /// Runs after every step of any worker.
    pub(super) fn sees_step(&mut self) {
        self.watch.steps += 1;
        let Some(row) = &self.ledger.row else { return };
        let goes_on = row.lease_until.is_some() || row.due_at.is_some();
        let rests = match &row.case.rest {
            Some(Rest::Ended(_) | Rest::Stuck(_)) => true,
            Some(Rest::Waiting(waiting)) => waiting.until.is_none(),
            None => false,
        };
        let unread = self.ledger.pending().next().is_some();
        let how = "nothing will ever take the case up again";
        self.must(goes_on || (rests && !unread), "no wake-up is lost", how);
    }

    fn task(&mut self) -> &mut WorkerTask {
        self.watch.tasks.entry(tokio::task::try_id()).or_default()
    }

    /// Runs when a worker calls a port. It must not, after it learnt that it may have lost the case.
    fn sees_call(&mut self, what: impl Display) {
        let over = self.task().over;
        self.must(!over, "a process that could not write it down does nothing more", what);
    }

    pub(super) fn sees_load(&mut self, skew: SignedDuration) {
        let loaded_at = self.now + skew;
        *self.task() = WorkerTask { loaded_at, ..WorkerTask::default() };
        let Some(row) = &self.ledger.row else { return };
        let journal = row.journal.iter().map(|recorded| (recorded.at, &recorded.entry));
        let anew = misread::domain::case::Case::fold(row.case.ticket_id, journal);
        let same = anew == row.case;
        self.must(same, "the journal folds to the same case, however often", "it does not");
    }

    pub(super) fn sees_look(&mut self) {
        self.sees_call("reads the ticket's history");
        let now = self.now;
        let task = self.task();
        (task.looked, task.looked_at) = (true, Some(now));
    }

    pub(super) fn sees_read(&mut self) {
        self.sees_call("reads");
    }

    pub(super) fn sees_admitted(&mut self) {
        self.task().admitted = true;
    }

    /// Runs before a worker writes to the ticket.
    pub(super) fn sees_update(&mut self, key: &EffectKey, update: &TicketUpdate) {
        self.sees_call(format_args!("writes {key}"));
        let position = position_of(key);
        let task = self.task();
        let (kept, admitted) = (task.kept.take(), std::mem::take(&mut task.admitted));
        let on_disk = "each effect is on disk as intended before it is tried";
        let intention = self.watch.intentions.get_mut(&position);
        let agrees = intention
            .as_ref()
            .is_some_and(|found| matches!(&found.effect, Effect::Write(write) if write.update == *update));
        let again = intention.is_some_and(|found| std::mem::replace(&mut found.tried, true));
        self.must(agrees, on_disk, format_args!("nothing like {key} is"));
        self.must(kept == Some(position), on_disk, format_args!("{key} was not the last thing kept"));
        self.must(!again, "one intention is written once", key);
        self.must(admitted, "no write without room in the budget", key);
    }

    /// Runs before a worker acts at the parking system.
    pub(super) fn sees_act(&mut self, key: &EffectKey, request: &ActionRequest) {
        self.sees_call(format_args!("acts {key}"));
        let position = position_of(key);
        let task = self.task();
        let (kept, looked) = (task.kept.take(), task.looked);
        let on_disk = "each effect is on disk as intended before it is tried";
        let intention = self.watch.intentions.get_mut(&position);
        let agrees = intention.as_ref().is_some_and(|found| {
            let Effect::Act(action) = &found.effect else { return false };
            let (what, on) = (action.action == request.action, action.use_id == request.use_id);
            what && on && action.lot_id == request.lot_id && action.amount == request.amount
        });
        self.must(agrees, on_disk, format_args!("nothing like {key} is"));
        self.must(kept.is_some(), "the case is proven to be ours before each effect", key);
        self.must(looked, "a process that takes a case up looks at the ticket before money moves", key);
    }

    /// Runs when a write has arrived at the ticket.
    pub(super) fn sees_written(&mut self, key: &EffectKey, public: bool) {
        let intention = self.watch.intentions.get(&position_of(key));
        if intention.is_some_and(
            |found| matches!(&found.effect, Effect::Write(write) if matches!(write.kind, WriteKind::StuckNote | WriteKind::TagNote | WriteKind::Resumed)),
        ) {
            // Such a note is about the service or a person's tag, not about the turn, which may continue afterwards.
            return;
        }
        let turn = self.watch.turn_of(position_of(key));
        let [texts, notes] = self.watch.written.entry(turn).or_default();
        *(if public { &mut *texts } else { &mut *notes }) += 1;
        let (texts, notes) = (*texts, *notes);
        let how = format!("turn {turn}: {texts} public texts, {notes} notes");
        self.must(texts <= 1 && notes <= 1, "one public text and one note in a turn", &how);
        self.must(!public || notes == 0, "the note comes after the text that it tells of", &how);
    }

    /// Runs when an action has arrived at the parking system.
    pub(super) fn sees_acted(&mut self, key: &EffectKey) {
        let turn = self.watch.turn_of(position_of(key));
        let told = self.watch.written.get(&turn).is_some_and(|[texts, _]| *texts > 0);
        self.must(!told, "the customer is told what was done, not what will be", key);
    }
}

impl Watch {
    /// The turn of an effect.
    fn turn_of(&self, position: u32) -> usize {
        self.turns.iter().filter(|began| **began <= position).count()
    }
}

fn position_of(key: &EffectKey) -> u32 {
    key.as_str().rsplit('-').next().unwrap().parse().unwrap()
}

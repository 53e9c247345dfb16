//! What must hold after every single step, whoever made it. The first sentence that is broken ends the life.
//!
//! The oracle judges a life by the policy when it is over; this judges each call and each append by the promises: nothing lost,
//! nothing twice, on disk before it is tried. It believes no state of the service's own: it keeps its own books.

mod journal;

pub(super) use journal::Came;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;

use jiff::{SignedDuration, Timestamp};
use misread::domain::case::{Effect, Rest, WriteKind};
use misread::domain::ids::EffectKey;
use misread::domain::ticket::TicketUpdate;
use misread::ports::ActionRequest;

use super::world::{HandId, State};

/// The books of one life.
#[derive(Debug, Default)]
pub(super) struct Watch {
    pub(super) steps: usize,
    /// The first broken sentence.
    pub(super) broken: Option<String>,
    hands: HashMap<HandId, Hand>,
    intentions: BTreeMap<u32, Intention>,
    /// Where each turn but the first began.
    turns: Vec<u32>,
    /// Deliveries that the journal has taken in.
    woken: i64,
    /// How often it was woken since a turn began.
    wakes: u32,
    has_ended: bool,
    is_stuck: bool,
    /// The conflict since which nobody has looked what others have changed.
    unseen: Option<u32>,
    /// By an order of operations.
    handed_over: bool,
    /// By turn: public texts and notes that are on the ticket.
    written: BTreeMap<usize, [usize; 2]>,
}

/// What one hand of a worker has done since it took up the case.
#[derive(Debug, Default)]
struct Hand {
    /// By its own clock.
    loaded_at: Timestamp,
    looked: bool,
    looked_at: Option<Timestamp>,
    admitted: bool,
    /// The last entry of its last append, until it tries an effect.
    kept: Option<u32>,
    /// An append has failed: whether the case is still its own, it cannot know.
    over: bool,
}

/// An effect that the journal intends, and what it says became of it.
#[derive(Debug)]
struct Intention {
    effect: Effect,
    /// Sent in a job: when such a one is over, it is over for ever.
    together: bool,
    outcome: Outcome,
    tried: bool,
    /// Since when nobody knows what became of it.
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
    /// Unless it holds, the sentence is broken; the first one counts.
    pub(super) fn must(&mut self, holds: bool, sentence: &str, how: impl Display) {
        if !holds && self.watch.broken.is_none() {
            let (step, now) = (self.watch.steps, self.now);
            self.watch.broken = Some(format!("“{sentence}”: {how} (step {step}, {now})"));
        }
    }

    /// After every step of any hand.
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

    fn hand(&mut self) -> &mut Hand {
        self.watch.hands.entry(tokio::task::try_id()).or_default()
    }

    /// A hand calls a port: it may, unless it was told that the case may no longer be its own.
    fn sees_call(&mut self, what: impl Display) {
        let over = self.hand().over;
        self.must(!over, "whoever could not write it down does nothing more", what);
    }

    pub(super) fn sees_load(&mut self, skew: SignedDuration) {
        let loaded_at = self.now + skew;
        *self.hand() = Hand { loaded_at, ..Hand::default() };
        let Some(row) = &self.ledger.row else { return };
        let journal = row.journal.iter().map(|recorded| (recorded.at, &recorded.entry));
        let anew = misread::domain::case::Case::fold(row.case.ticket_id, journal);
        let same = anew == row.case;
        self.must(same, "the journal folds to the same case, however often", "it does not");
    }

    pub(super) fn sees_look(&mut self) {
        self.sees_call("reads the ticket's history");
        let now = self.now;
        let hand = self.hand();
        (hand.looked, hand.looked_at) = (true, Some(now));
    }

    pub(super) fn sees_read(&mut self) {
        self.sees_call("reads");
    }

    pub(super) fn sees_admitted(&mut self) {
        self.hand().admitted = true;
    }

    /// A hand is about to write to the ticket.
    pub(super) fn sees_update(&mut self, key: &EffectKey, update: &TicketUpdate) {
        self.sees_call(format_args!("writes {key}"));
        let position = position_of(key);
        let hand = self.hand();
        let (kept, admitted) = (hand.kept.take(), std::mem::take(&mut hand.admitted));
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

    /// A hand is about to act at the parking system.
    pub(super) fn sees_act(&mut self, key: &EffectKey, request: &ActionRequest) {
        self.sees_call(format_args!("acts {key}"));
        let position = position_of(key);
        let hand = self.hand();
        let (kept, looked) = (hand.kept.take(), hand.looked);
        let on_disk = "each effect is on disk as intended before it is tried";
        let intention = self.watch.intentions.get_mut(&position);
        let agrees = intention.as_ref().is_some_and(|found| {
            let Effect::Act(action) = &found.effect else { return false };
            let (what, on) = (action.action == request.action, action.use_id == request.use_id);
            what && on && action.lot_id == request.lot_id && action.amount == request.amount
        });
        self.must(agrees, on_disk, format_args!("nothing like {key} is"));
        self.must(kept.is_some(), "the case is proven to be ours before each effect", key);
        self.must(looked, "whoever takes a case up looks at the ticket before money moves", key);
    }

    /// A write has reached the ticket.
    pub(super) fn sees_written(&mut self, key: &EffectKey, public: bool) {
        let intention = self.watch.intentions.get(&position_of(key));
        if intention.is_some_and(
            |found| matches!(&found.effect, Effect::Write(write) if write.kind == WriteKind::StuckNote),
        ) {
            // It tells of the service, not of the turn, which may go on afterwards.
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

    /// An action has reached the parking system.
    pub(super) fn sees_acted(&mut self, key: &EffectKey) {
        let turn = self.watch.turn_of(position_of(key));
        let told = self.watch.written.get(&turn).is_some_and(|[texts, _]| *texts > 0);
        self.must(!told, "the customer is told what was done, not what will be", key);
    }
}

impl Watch {
    /// Which turn an effect belongs to.
    fn turn_of(&self, position: u32) -> usize {
        self.turns.iter().filter(|began| **began <= position).count()
    }
}

fn position_of(key: &EffectKey) -> u32 {
    key.as_str().rsplit('-').next().unwrap().parse().unwrap()
}

//! The rules for a journal's entries, and for the case's place in the queue after an append.

use jiff::{SignedDuration, Timestamp};
use misread::domain::case::{Effect, Entry, Order, OrderKind, Rest};
use misread::domain::ids::{EffectKey, Position};
use misread::ports::{Append, CaseState, QueueMove, Recorded};

use super::{Intention, Outcome};
use crate::simulation::run::{LEASE, MOST_SKEW, SETTLE};
use crate::simulation::world::{State, What};

/// The result of an append.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulation) struct Came {
    /// Whether the claim was valid when it arrived.
    pub(in crate::simulation) held: bool,
    /// Whether it was stored.
    pub(in crate::simulation) stored: bool,
    /// Whether the worker got the response.
    pub(in crate::simulation) told: bool,
    /// The error of the worker's clock.
    pub(in crate::simulation) skew: SignedDuration,
}

/// The longest back-off is half an hour, unless the other system asks for more.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(31);
/// The number of wakes without a turn that is still usual.
const USUAL_WAKES: u32 = 10;

impl State {
    pub(in crate::simulation) fn sees_append(&mut self, append: &Append, came: Came) {
        self.sees_call("writes into its journal");
        let last = append.entries.last().map(|recorded| recorded.position);
        let task = self.task();
        task.over = !came.told;
        task.kept = last.or(task.kept).or(Some(0)).filter(|_| came.told);
        if !came.held {
            return self.must(!came.stored, "nothing is written after the fence was lost", "it was");
        }
        if !came.stored {
            return;
        }
        let mut woken = 0;
        for recorded in &append.entries {
            self.entry(recorded, recorded.at - came.skew);
            if let Entry::Woken { delivery, .. } | Entry::Ordered { delivery, .. } = recorded.entry {
                woken = delivery;
            }
        }
        let (taken, all) = (append.taken_up_to.unwrap_or(0), self.ledger.deliveries.len());
        let known = usize::try_from(taken).is_ok_and(|taken| taken <= all);
        let how = format!("woken by {woken}, taken up to {taken} of {all}");
        // After ten wakes without effect, further ones may be deferred, and the pending ones count as taken in.
        let put_off = woken < taken && self.watch.wakes >= USUAL_WAKES;
        let all_taken = taken == woken || put_off;
        self.must(all_taken && known, "each delivery is taken in once, and none is forgotten", how);
        if put_off {
            self.watch.woken = taken;
        }
        match append.queue_move {
            QueueMove::Keep { lease_until } => {
                let latest = self.now + came.skew + LEASE;
                self.must(lease_until <= latest, "a lease is short", lease_until);
            }
            QueueMove::Release { state, due_at } => self.released(append, state, due_at, came.skew),
        }
    }

    /// A released case has a due time, or rests.
    fn released(
        &mut self,
        append: &Append,
        state: CaseState,
        due_at: Option<Timestamp>,
        skew: SignedDuration,
    ) {
        let sentence = "a case that is given back says when it goes on";
        let rest = self.ledger.row.as_ref().unwrap().case.rest.clone();
        let paused = match append.entries.last().map(|last| &last.entry) {
            Some(Entry::Deferred { until, .. }) => Some(*until),
            _ => None,
        };
        let untold = self.ledger.row.as_ref().unwrap().case.is_untold();
        let (wanted, due) = match (&rest, paused) {
            (Some(Rest::Stuck(_)), None) if untold => (CaseState::Stuck, due_at),
            (Some(Rest::Stuck(_)), until) => (CaseState::Stuck, until),
            (_, Some(until)) => (CaseState::Active, Some(until)),
            (Some(Rest::Waiting(waiting)), None) => (CaseState::Waiting, waiting.until),
            (Some(Rest::Ended(_)), None) => (CaseState::Ended, None),
            (None, None) => return self.must(false, sentence, "given back in the middle of its work"),
        };
        let how = format!("{state:?} until {due_at:?} with {rest:?}, paused until {paused:?}");
        let soon = self.now + skew + LONGEST_PAUSE;
        // After ten wakes without effect the next one waits for its look, and no entry says so.
        let rests = paused.is_none() && matches!(rest, Some(Rest::Waiting(_) | Rest::Ended(_)));
        let put_off = rests && state == CaseState::Active && self.watch.wakes >= USUAL_WAKES;
        let right =
            (state, due_at) == (wanted, due) || (put_off && due_at.is_some_and(|until| until <= soon));
        self.must(right, sentence, &how);
        self.must(paused.is_none_or(|until| until <= soon), "no pause is longer than half an hour", &how);
        let loaded_at = self.task().loaded_at;
        let ahead = due_at.is_none_or(|due| due > loaded_at) || !append.entries.is_empty();
        self.must(ahead, "time that is up is not given back as it was", &how);
    }

    fn entry(&mut self, recorded: &Recorded, at: Timestamp) {
        let position = recorded.position;
        match &recorded.entry {
            Entry::Woken { delivery, .. } | Entry::Ordered { delivery, .. } => {
                let before = std::mem::replace(&mut self.watch.woken, *delivery);
                let next = *delivery == before + 1;
                let how = format!("{delivery} after {before}");
                self.must(next, "each delivery is taken in once, and none is forgotten", how);
                self.watch.wakes += 1;
                if let Entry::Ordered { order: Order { what: OrderKind::HandOver, .. }, .. } = &recorded.entry
                    && (!self.watch.has_ended || self.watch.is_stuck)
                {
                    self.watch.turns.push(position);
                    self.watch.handed_over = true;
                }
                self.watch.is_stuck = false;
            }
            Entry::TurnBegan { .. } => {
                self.watch.turns.push(position);
                self.watch.wakes = 0;
                self.watch.has_ended = false;
            }
            Entry::Ended { .. } => self.watch.has_ended = true,
            Entry::Stuck { .. } => self.watch.is_stuck = true,
            Entry::ChangesRead { .. } => self.watch.unseen = None,
            Entry::Intended { effect, together, .. } => self.intended(position, effect, *together, at),
            Entry::Acted { of, .. } | Entry::Written { of, .. } => self.became(of.0, Outcome::Done),
            Entry::ActionConflict { of, .. } => self.became(of.0, Outcome::NotDone),
            Entry::WriteConflict { of } => {
                self.watch.unseen = Some(position);
                self.became(of.0, Outcome::NotDone);
            }
            Entry::Refused { of, .. } => self.became(of.0, Outcome::Refused),
            Entry::NotFound { of } => self.not_found(of.0),
            Entry::OutcomeUnknown { of, .. } => {
                if let Some(intention) = self.watch.intentions.get_mut(&of.0) {
                    intention.since = at;
                }
            }
            _ => {}
        }
    }

    /// No effect is intended while the same one may be done already, or while the outcome of a write must first be
    /// looked up.
    fn intended(&mut self, position: u32, effect: &Effect, together: bool, since: Timestamp) {
        let for_people = matches!(effect, Effect::Write(write) if !write.kind.is_public());
        let sentence = "what operations hand over is the agents' business";
        self.must(for_people || !self.watch.handed_over, sentence, format_args!("{effect:?} at {position}"));
        let blind = self.watch.unseen.filter(|_| matches!(effect, Effect::Write(_)));
        let how = format!("{position} after the conflict at {blind:?}");
        self.must(blind.is_none(), "after a conflict somebody looks before writing again", how);
        let turn = self.watch.turn_of(position);
        let (mut twice, mut unclear) = (None, None);
        for (earlier, intention) in &self.watch.intentions {
            let open = intention.outcome == Outcome::Unknown;
            let blind = match (&intention.effect, effect) {
                (Effect::Write(_), _) | (Effect::Act(_), Effect::Act(_)) => open,
                (Effect::Act(_), Effect::Write(write)) => open && write.kind.is_public(),
            };
            let same = match (&intention.effect, effect) {
                (Effect::Act(one), Effect::Act(other)) => {
                    (one.action, &one.use_id) == (other.action, &other.use_id)
                }
                (Effect::Write(one), Effect::Write(other)) => {
                    one.kind == other.kind && self.watch.turn_of(*earlier) == turn
                }
                _ => false,
            };
            if blind {
                unclear = Some(*earlier);
            }
            if same && intention.outcome == Outcome::Done {
                twice = Some(*earlier);
            }
        }
        let how = format!("{effect:?} at {position}, though of {unclear:?} nobody knows");
        self.must(unclear.is_none(), "an unknown outcome is cleared up first", how);
        let how = format!("{effect:?} at {position} is done since {twice:?}");
        self.must(twice.is_none(), "never does a thing twice", how);
        let effect = effect.clone();
        let intention = Intention { effect, together, outcome: Outcome::Unknown, tried: false, since };
        self.watch.intentions.insert(position, intention);
    }

    /// The outcome that the journal records for an intention must be true.
    fn became(&mut self, position: u32, outcome: Outcome) {
        let Some(intention) = self.watch.intentions.get_mut(&position) else {
            return self.must(
                false,
                "the journal tells what is true",
                format!("{position} was never intended"),
            );
        };
        let before = std::mem::replace(&mut intention.outcome, outcome);
        // A write that was believed lost may still arrive.
        let late = matches!(intention.effect, Effect::Write(_))
            && (before, outcome) == (Outcome::NotDone, Outcome::Done);
        let really = self.is_done(position);
        let how = format!("{position} is {outcome:?} after {before:?}; done: {really}");
        self.must(before == Outcome::Unknown || late, "an outcome is written down once", &how);
        self.must(really == (outcome == Outcome::Done), "the journal tells what is true", &how);
    }

    /// A write may be recorded as missing only after a look-up that was late enough.
    fn not_found(&mut self, position: u32) {
        let since = self.watch.intentions.get(&position).map(|intention| intention.since);
        let looked_at = self.task().looked_at;
        let late_enough = looked_at
            .zip(since)
            .is_some_and(|(looked, since)| looked >= since + SETTLE - MOST_SKEW - MOST_SKEW);
        let how = format!("{position}: looked at {looked_at:?}, open since {since:?}");
        self.must(late_enough, "what may still be under way is not given up", how);
        let key = self.key(position);
        let arrived = self.log.iter().rev().find_map(|event| match &event.what {
            What::Wrote(written) if written.key == key => Some(event.at),
            _ => None,
        });
        let together = self.watch.intentions.get(&position).is_some_and(|intention| intention.together);
        if arrived.is_some_and(|arrived| looked_at.is_some_and(|looked| arrived > looked)) && !together {
            // It arrived after the look-up: the next write meets a conflict.
            if let Some(intention) = self.watch.intentions.get_mut(&position) {
                intention.outcome = Outcome::NotDone;
            }
            return;
        }
        self.became(position, Outcome::NotDone);
    }

    /// Whether the effect of an intention is in the world.
    fn is_done(&self, position: u32) -> bool {
        let key = self.key(position);
        self.desk.keys.contains(key.as_str()) || self.parking.answers.contains_key(key.as_str())
    }

    fn key(&self, position: u32) -> EffectKey {
        EffectKey::new(self.desk.ticket.id, Position(position))
    }
}

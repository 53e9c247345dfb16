//! The fold of effects and their outcomes.

use jiff::Timestamp;

use super::effect::{Effect, Write};
use super::fold::{Case, Sight, WakeReason};
use super::record::{EffectRecord, EffectState};
use crate::domain::ids::Position;
use crate::domain::parking::{ParkingUse, Receipt};

impl Case {
    pub(super) fn intended(&mut self, at: Timestamp, effect: &Effect, together: bool, sealed: bool) {
        self.changes = None;
        self.a_moment_passes();
        self.effects.push(EffectRecord {
            position: self.last,
            after: self.read_up_to,
            effect: effect.clone(),
            together,
            sealed,
            audit_id: None,
            since: at,
            state: EffectState::Unknown,
        });
    }

    pub(super) fn acted(&mut self, of: Position, at: Timestamp, receipt: &Receipt) {
        self.progress();
        let done = self.effects.iter().find(|record| record.position == of);
        match (&receipt.parking_use, done.map(|record| record.effect.clone())) {
            (Some(now), _) => self.facts.use_is_now(now),
            (None, Some(Effect::Act(action))) => self.facts.use_was_changed(&action),
            (None, _) => {}
        }
        self.set(of, at, EffectState::Acted(Box::new(receipt.clone())));
    }

    pub(super) fn action_conflict(&mut self, of: Position, at: Timestamp, now: &ParkingUse) {
        self.conflicts += 1;
        self.set(of, at, EffectState::NotDone);
        self.facts.use_is_now(now);
        if self.receipts_of_turn().next().is_none() {
            self.decision = None;
        }
    }

    pub(super) fn written(
        &mut self,
        of: Position,
        at: Timestamp,
        audit_id: Option<i64>,
        updated_at: Timestamp,
    ) {
        self.progress();
        self.seen = self.seen.map(|seen| seen.after_comment(updated_at));
        self.set(of, at, EffectState::Written);
        let written = self.effects.iter_mut().find(|record| record.position == of);
        if let Some(record) = written {
            record.audit_id = audit_id;
            if let Effect::Write(write) = &record.effect {
                self.talk.written(write, of, at);
            }
        }
    }

    /// A write recovered from the ticket counts as if this journal had intended and written it.
    pub(super) fn recalled(&mut self, at: Timestamp, write: &Write, audit_id: i64, written_at: Timestamp) {
        self.progress();
        self.effects.push(EffectRecord {
            position: self.last,
            after: self.read_up_to,
            effect: Effect::Write(write.clone()),
            together: false,
            sealed: true,
            audit_id: Some(audit_id),
            since: at,
            state: EffectState::Written,
        });
        self.talk.written(write, self.last, written_at);
        // This journal has not looked at the changes after it, nor at the answers to it.
        self.seen_up_to = self.seen_up_to.map(|seen| seen.min(audit_id));
        self.roused = self.roused.max(Some(WakeReason::Woken));
    }

    /// A request is made or an effect performed.
    pub(super) fn a_moment_passes(&mut self) {
        if self.sight == Sight::Fresh {
            self.sight = Sight::AMoment;
        }
    }

    pub(super) fn set(&mut self, of: Position, at: Timestamp, state: EffectState) {
        if let Some(record) = self.effects.iter_mut().find(|record| record.position == of) {
            record.state = state;
            record.since = at;
        }
    }
}

//! What a folded case can be asked.

use jiff::{SignedDuration, Timestamp};

use super::effect::{Action, Effect, Write, WriteKind};
use super::fold::Case;
use super::record::{EffectRecord, EffectState};
use crate::domain::ids::{EffectKey, Position};
use crate::domain::parking::{ParkingAction, ParkingUse, Receipt};
use crate::domain::ticket::{ChangeAuthor, TicketChange};
use crate::domain::words::{Answer, Question};

impl Case {
    /// The key of the effect intended at `position`.
    pub fn key(&self, position: Position) -> EffectKey {
        EffectKey::new(self.ticket_id, position)
    }

    /// The receipts of everything that was done at the parking system, in order.
    pub fn receipts(&self) -> impl Iterator<Item = (ParkingAction, &Receipt)> {
        self.effects.iter().filter_map(receipt)
    }

    /// The receipts of this turn.
    pub fn receipts_of_turn(&self) -> impl Iterator<Item = (ParkingAction, &Receipt)> {
        let from = self.turn.from;
        self.effects.iter().filter(move |record| record.position > from).filter_map(receipt)
    }

    /// An action: the one that was done, in whichever turn, or else its latest intention in this turn.
    pub fn action(&self, action: ParkingAction) -> Option<(&Action, &EffectRecord)> {
        let of_kind =
            |record: &&EffectRecord| matches!(&record.effect, Effect::Act(act) if act.action == action);
        let done = |record: &&EffectRecord| matches!(record.state, EffectState::Acted(_));
        let mut all = self.effects.iter().filter(of_kind);
        let record =
            all.clone().find(done).or_else(|| all.rfind(|record| record.position > self.turn.from))?;
        match &record.effect {
            Effect::Act(act) => Some((act, record)),
            Effect::Write(_) => None,
        }
    }

    /// A kind of write of this turn: the one that was written, or else its latest intention.
    pub fn write(&self, kind: WriteKind) -> Option<(&Write, &EffectRecord)> {
        let mut of_kind =
            self.writes().filter(|(write, record)| record.position > self.turn.from && write.kind == kind);
        let written = of_kind.clone().find(|(_, record)| record.state == EffectState::Written);
        written.or_else(|| of_kind.next_back())
    }

    /// Every write of every turn, oldest first.
    pub fn writes(&self) -> impl DoubleEndedIterator<Item = (&Write, &EffectRecord)> + Clone {
        self.effects.iter().filter_map(|record| match &record.effect {
            Effect::Write(write) => Some((write, record)),
            Effect::Act(_) => None,
        })
    }

    /// Whether a write of this kind of this turn is on the ticket.
    pub fn has_written(&self, kind: WriteKind) -> bool {
        self.write(kind).is_some_and(|(_, record)| record.state == EffectState::Written)
    }

    /// Whether this turn has said what it had to say: what arrives later belongs to the next.
    pub fn has_spoken(&self) -> bool {
        self.writes().any(|(write, record)| {
            record.position > self.turn.from && write.kind.speaks() && record.state == EffectState::Written
        })
    }

    /// The customer's clear answer to a question, the latest first.
    pub fn answer(&self, question: Question) -> Option<Answer> {
        let now = self.turn.heard.as_ref().and_then(|heard| heard.reading.answers.get(&question));
        let now = now.filter(|answer| **answer != Answer::Unclear);
        now.or_else(|| self.talk.answers.get(&question)).copied()
    }

    /// The use that the case is about, as far as it is known: found in this turn, or decided on before.
    pub fn parking_use(&self) -> Option<&ParkingUse> {
        self.facts.the_use().or(self.talk.parking_use.as_ref())
    }

    /// What the requester has said that was not read yet, oldest first.
    pub fn unheard(&self) -> impl Iterator<Item = &TicketChange> {
        self.changes.iter().flatten().filter(|change| change.said.is_some() && self.is_new(change))
    }

    /// Whether a change was not heard yet, as far as is known: what is older than an erasure counts as heard.
    pub(super) fn is_new(&self, change: &TicketChange) -> bool {
        !self.talk.heard.contains(&self.heard_as(change))
            && self.erased.is_none_or(|erased| change.at > erased)
    }

    /// The audit by which a message is known to have been heard: a ticket's opening may have been heard before its audit was
    /// read.
    pub(super) fn heard_as(&self, change: &TicketChange) -> i64 {
        let first = self.changes.iter().flatten().next();
        let is_opening = first.is_some_and(|first| first.audit_id == change.audit_id);
        if is_opening && self.talk.heard.contains(&TicketChange::OPENING) {
            return TicketChange::OPENING;
        }
        change.audit_id
    }

    /// When the ticket may be written to again, if it may be written to `limit` times in `span` (Zendesk facts §7); `None`:
    /// now.
    pub fn next_write(&self, limit: usize, span: SignedDuration, now: Timestamp) -> Option<Timestamp> {
        let times: Vec<Timestamp> = self.writes().map(|(_, record)| record.since).collect();
        let oldest = times.len().checked_sub(limit).and_then(|over| times.get(over))?;
        oldest.checked_add(span).ok().filter(|free| *free > now)
    }

    /// The effect whose outcome is not known, if any: a write first, since the ticket tells what became of it.
    pub fn unclear(&self) -> Option<&EffectRecord> {
        let mut unclear = self.effects.iter().filter(|record| record.state == EffectState::Unknown);
        let write = unclear.clone().find(|record| matches!(record.effect, Effect::Write(_)));
        write.or_else(|| unclear.next())
    }

    /// What somebody other than the service, Zendesk's rules and the requester changed since the ticket was first read, or
    /// since a colleague gave it back.
    pub fn foreign_changes(&self) -> impl Iterator<Item = &TicketChange> {
        let since = self.first_read;
        self.changes.iter().flatten().filter(move |change| {
            let foreign = matches!(change.author, ChangeAuthor::Other { .. });
            foreign && since.is_some_and(|since| change.at > since)
        })
    }
}

fn receipt(record: &EffectRecord) -> Option<(ParkingAction, &Receipt)> {
    match (&record.effect, &record.state) {
        (Effect::Act(action), EffectState::Acted(receipt)) => Some((action.action, receipt)),
        _ => None,
    }
}

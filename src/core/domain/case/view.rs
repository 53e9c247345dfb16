//! Queries on a folded case.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::effect::{Action, Effect, Occasion, Write, WriteKind};
use super::entry::Entry;
use super::fold::Case;
use super::playbook::Playbook;
use super::record::{EffectRecord, EffectState};
use crate::domain::ids::{EffectKey, Position};
use crate::domain::limits::{Movement, Tally};
use crate::domain::parking::{ParkingAction, ParkingUse, Receipt};
use crate::domain::ticket::{ChangeAuthor, Person, Ticket, TicketChange, TicketStatus, Warning, newest_held};
use crate::domain::words::{Answer, Question};

impl Case {
    /// The key of the effect intended at `position`.
    pub fn key(&self, position: Position) -> EffectKey {
        EffectKey::new(self.ticket_id, position)
    }

    /// The change of a write of ours, among those read.
    pub fn change_of(&self, record: &EffectRecord) -> Option<&TicketChange> {
        let key = self.key(record.position);
        self.changes.iter().flatten().find(|change| record.is(change, &key))
    }

    /// The audit of a write of ours: the one that Zendesk returned, or the one with its marker. If both are lost, the first
    /// audit of the service's own user after those read at the time of its intention.
    pub fn audit_of(&self, record: &EffectRecord) -> Option<i64> {
        let own =
            |change: &&TicketChange| change.author == ChangeAuthor::Service && change.audit_id > record.after;
        let found = || self.change_of(record).or_else(|| self.changes.iter().flatten().find(own));
        record.audit_id.or_else(|| found().map(|change| change.audit_id))
    }

    /// The audit after which an agent's tag counts: the write that asked for it, or the last one that was taken up.
    pub(super) fn awaits_since(&self) -> Option<i64> {
        let written = |(write, record): &(&Write, &EffectRecord)| {
            write.awaits.is_some() && record.state == EffectState::Written
        };
        let (_, asked) = self.writes().rfind(written)?;
        Some(self.audit_of(asked)?.max(self.given_back))
    }

    /// Whether another author made a change that this ticket, which was read before its changes, may or may not include.
    pub fn is_in_doubt(&self, ticket: &Ticket, changes: &[TicketChange]) -> bool {
        let surely = newest_held(ticket.updated_at, changes).max(self.read_up_to);
        let by_another = |change: &TicketChange| matches!(change.author, ChangeAuthor::Other { .. });
        changes.iter().any(|change| change.audit_id > surely && by_another(change))
    }

    /// Whether only the service itself has changed the ticket since its changes were last read.
    pub fn is_as_read(&self, changes: &[TicketChange]) -> bool {
        let later = |change: &&TicketChange| change.audit_id > self.read_up_to;
        changes.iter().filter(later).all(|change| change.author == ChangeAuthor::Service)
    }

    /// The receipts of all actions at the parking system, in order.
    pub fn receipts(&self) -> impl Iterator<Item = (ParkingAction, &Receipt)> {
        self.effects.iter().filter_map(receipt)
    }

    /// The receipts of this turn.
    pub fn receipts_of_turn(&self) -> impl Iterator<Item = (ParkingAction, &Receipt)> {
        let from = self.turn.from;
        self.effects.iter().filter(move |record| record.position > from).filter_map(receipt)
    }

    /// What the breaker counts of the journal's next entry.
    pub fn tally(&self, next: &Entry) -> Tally {
        let none = Tally::default();
        match next {
            Entry::Intended { effect: Effect::Act(action), .. } => {
                self.movement(action).map_or(none, |movement| Tally { won: movement.won.0, ..none })
            }
            Entry::Intended { effect: Effect::Write(write), .. } if write.kind == WriteKind::HandOver => {
                Tally { hand_overs: 1, ..none }
            }
            Entry::Refused { of, .. } if self.is_action(*of) => Tally { refusals: 1, ..none },
            _ => none,
        }
    }

    /// Whether the intention at this position is an action of the parking system.
    fn is_action(&self, position: Position) -> bool {
        self.effects
            .iter()
            .any(|record| record.position == position && matches!(record.effect, Effect::Act(_)))
    }

    /// The money that an action is about to move; `None`: none.
    pub fn movement(&self, action: &Action) -> Option<Movement> {
        let parking_use = self.facts.the_use().filter(|_| action.action.moves_amount())?;
        let (account_id, lot_id) = (parking_use.account_id.clone(), action.lot_id.clone());
        Some(Movement { account_id, lot_id, won: parking_use.amount? })
    }

    /// An action: the one that was done, in any turn, otherwise its latest intention in this turn.
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

    /// A write of this turn by its kind: the one on the ticket, otherwise its latest intention.
    pub fn write(&self, kind: WriteKind) -> Option<(&Write, &EffectRecord)> {
        let mut of_kind =
            self.writes().filter(|(write, record)| record.position > self.turn.from && write.kind == kind);
        let written = of_kind.clone().find(|(_, record)| record.state == EffectState::Written);
        written.or_else(|| of_kind.next_back())
    }

    /// All writes of all turns, oldest first.
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

    /// Whether the service has written to the customer on this ticket.
    pub(super) fn has_written_to_customer(&self) -> bool {
        self.writes().any(|(write, record)| write.kind.is_public() && record.state == EffectState::Written)
    }

    /// For the first public text to the ticket: when the ticket's first event was received. `None` for any other effect, and
    /// after an erasure.
    pub fn first_since(&self, effect: &Effect) -> Option<Timestamp> {
        let is_text = matches!(effect, Effect::Write(write) if write.kind.is_public());
        self.first_event.filter(|_| is_text && !self.has_written_to_customer())
    }

    /// Whether this turn has said what it had to say: messages that arrive later belong to the next turn.
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

    /// Whether the latest message that was to answer this question left it open with words that were not understood: nothing
    /// that it names answers the question then.
    pub fn is_left_open(&self, question: Question) -> bool {
        let heard = self.turn.heard.as_ref().filter(|heard| heard.reading.answers.contains_key(&question));
        heard.map_or_else(|| self.talk.unread.contains(&question), |heard| heard.leaves_open(question))
    }

    /// The use that the case is about, as far as known: found in this turn, or decided on before.
    pub fn parking_use(&self) -> Option<&ParkingUse> {
        let decided_on = || self.facts.known_use(self.talk.use_id.as_ref()?);
        self.facts.the_use().or_else(decided_on)
    }

    /// The parts of this turn's messages that were not understood, quoted for the note.
    pub fn not_understood(&self) -> Vec<String> {
        // An opening need not be understood completely: customers describe what happened at length.
        let heard = self.turn.heard.as_ref().filter(|_| self.turn.occasion != Occasion::Start);
        let Some(heard) = heard else { return Vec::new() };
        let quoted = heard.reading.not_understood.iter().map(|words| format!("“{words}”"));
        let files = (heard.unreadable > 0).then(|| {
            format!("첨부 파일, 내용 없는 글, 누구의 말인지 알 수 없는 인용 {}건", heard.unreadable)
        });
        quoted.chain(files).collect()
    }

    /// The requester's messages that were not read yet, oldest first.
    pub fn unheard(&self) -> impl Iterator<Item = Message<'_>> {
        self.messages().filter(|message| self.is_new(message.change))
    }

    /// All messages of the requester, oldest first. The first message counts even if another author typed it: an agent or
    /// another system may have opened the ticket for the customer.
    pub(super) fn messages(&self) -> impl Iterator<Item = Message<'_>> {
        let opens = self.turn.from == Position(0) && self.effects.is_empty();
        let ticket = self.facts.ticket.as_ref().filter(|_| opens);
        self.changes.iter().flatten().enumerate().filter_map(move |(place, change)| {
            let by_another = || ticket.filter(|_| place == 0).map(|ticket| ticket.description.as_str());
            match &change.said {
                Some(said) => Some(Message { change, text: said, typed_by_another: false }),
                None => Some(Message { change, text: by_another()?, typed_by_another: true }),
            }
        })
    }

    /// A CC of the conversation who wrote to it since the ticket was first read.
    pub(super) fn copied_person(&self) -> Option<&Person> {
        let copied = &self.facts.ticket.as_ref()?.audience.copied;
        self.since_a_colleague().find_map(|change| spoken_by(change, copied))
    }

    /// Whether a person outside the conversation, as Zendesk knows it, wrote since the ticket was first read. Only agents
    /// see that text.
    pub(super) fn outsider_wrote(&self) -> bool {
        self.since_a_colleague().any(|change| change.outsider.is_some())
    }

    /// The changes since an agent gave the ticket back, or since it was first read.
    fn since_a_colleague(&self) -> impl Iterator<Item = &TicketChange> {
        let since = self.turn.seen_by_colleague.or(self.seen_up_to);
        self.changes.iter().flatten().filter(move |change| since.is_some_and(|since| change.audit_id > since))
    }

    /// Whether the service has done more than watch: it acted, or wrote anything other than a shadow note.
    pub(super) fn has_begun(&self) -> bool {
        let mut written = self.writes().filter(|(write, record)| {
            !matches!(write.kind, WriteKind::ShadowNote | WriteKind::StuckNote | WriteKind::Resumed)
                && record.state == EffectState::Written
        });
        written.next().is_some() || self.receipts().next().is_some()
    }

    /// The status that the service set last.
    pub(super) fn status_set(&self) -> Option<TicketStatus> {
        let mut written = self.writes().rev().filter(|(_, record)| record.state == EffectState::Written);
        written.find_map(|(write, _)| write.update.status)
    }

    /// Whether a change was not heard yet, as far as known: changes from before an erasure count as heard.
    pub(super) fn is_new(&self, change: &TicketChange) -> bool {
        // By time: an erasure leaves no audit ids.
        !self.talk.heard.contains(&self.heard_as(change))
            && self.erased.is_none_or(|erased| change.at > erased)
    }

    /// The audit id under which a message is recorded as heard: an opening may have been heard before its audit was read.
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

    /// The effect with an unknown outcome, if any: a write first, since the ticket shows its outcome.
    pub fn unclear(&self) -> Option<&EffectRecord> {
        let mut unclear = self.effects.iter().filter(|record| record.state == EffectState::Unknown);
        let write = unclear.clone().find(|record| matches!(record.effect, Effect::Write(_)));
        write.or_else(|| unclear.next())
    }

    /// Changes by authors other than the service, Zendesk's rules and the requester since the ticket was first read, or
    /// since an agent gave it back. After such a change, what other people say to the customer counts whenever it was read.
    pub fn foreign_changes<'a>(&'a self, playbook: &'a Playbook) -> impl Iterator<Item = &'a TicketChange> {
        let (since, given_back) = (self.seen_up_to, self.turn.seen_by_colleague);
        let copied = self.facts.ticket.iter().flat_map(|ticket| &ticket.audience.copied).collect::<Vec<_>>();
        self.changes.iter().flatten().filter(move |change| {
            let foreign = matches!(change.author, ChangeAuthor::Other { .. })
                && change.outsider.is_none()
                && !copied.iter().any(|person| change.said_by_other == Some(person.id));
            let since = if change.spoke_publicly { given_back.or(since) } else { since };
            foreign && since.is_some_and(|since| change.audit_id > since) && !playbook.is_harmless(change)
        })
    }
}

/// A message of the requester.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The change that contains it.
    pub change: &'a TicketChange,
    /// Its full text, including what a mail program added.
    pub text: &'a str,
    /// Whether it is an opening that another author typed in.
    pub(super) typed_by_another: bool,
}

impl Message<'_> {
    /// What speaks against treating it as the requester's own words. A missing file says nothing about the author.
    pub(super) fn doubts(&self) -> BTreeSet<Warning> {
        let by_another = self.typed_by_another.then_some(Warning::OnBehalf);
        let of_author = |warning: &Warning| *warning != Warning::AttachmentRejected;
        self.change.warnings.iter().copied().filter(of_author).chain(by_another).collect()
    }
}

fn spoken_by<'a>(change: &TicketChange, people: &'a [Person]) -> Option<&'a Person> {
    people.iter().find(|person| change.said_by_other == Some(person.id))
}

fn receipt(record: &EffectRecord) -> Option<(ParkingAction, &Receipt)> {
    match (&record.effect, &record.state) {
        (Effect::Act(action), EffectState::Acted(receipt)) => Some((action.action, receipt)),
        _ => None,
    }
}

//! The fold: a journal's entries, one after the other, become the case's state. The journal is the only truth.

use jiff::Timestamp;

use super::entry::{Action, Effect, Ending, Entry, Write, WriteKind};
use super::facts::{Facts, UsesFound};
use crate::domain::ids::{EffectKey, Position, TicketId};
use crate::domain::parking::{ParkingAction, ParkingUse, Receipt};
use crate::domain::policy::Decision;
use crate::domain::ticket::{ChangeAuthor, Ticket, TicketChange};

/// A case as its journal tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The last entry's position; 0 for an empty journal.
    pub last: Position,
    /// What was read.
    pub facts: Facts,
    /// What the policy decided.
    pub decision: Option<Decision>,
    /// What was intended, oldest first.
    pub effects: Vec<EffectRecord>,
    /// Why the decision cannot be carried out (reason, what agents have to do).
    pub escalated: Option<(String, String)>,
    /// Why the service steps back.
    pub stepped_back: Option<String>,
    /// Where the case rests, if it does.
    pub rest: Option<Rest>,
    /// Failures since the last success.
    pub failures: u32,
    /// Conflicts since the last success or pause.
    pub conflicts: u32,
    /// The ticket's `updated_at` when first read: what others changed since counts.
    pub first_read: Option<Timestamp>,
    /// The ticket's `updated_at` as last seen: the next write's stamp.
    pub stamp: Option<Timestamp>,
    /// The ticket's changes, if read since the case was taken up and since the last intention, conflict or lost answer.
    pub changes: Option<Vec<TicketChange>>,
    /// Whether time has passed since the ticket was read, so that it must be looked at again before money moves.
    pub paused: bool,
    /// Whether the ticket is gone.
    pub gone: bool,
}

/// Where a case rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// It ended.
    Ended(Ending),
    /// The service gave up.
    Stuck(String),
}

/// An effect with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectRecord {
    /// Where it was intended; makes its key.
    pub position: Position,
    /// What.
    pub effect: Effect,
    /// When its outcome became unclear: when it was intended, or when its answer was lost.
    pub since: Timestamp,
    /// What became of it.
    pub state: EffectState,
}

/// What became of an effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EffectState {
    /// Intended; whether it was done is not known (yet).
    Unknown,
    /// It was not done: refused because the world had changed, or looked up and not there.
    NotDone,
    /// Done at the parking system.
    Acted(Box<Receipt>),
    /// Done at Zendesk.
    Written,
    /// Never possible as asked.
    Refused {
        /// What the other side said.
        reason: String,
        /// Whether the ticket takes no more updates at all.
        ticket_closed: bool,
    },
}

impl Case {
    /// A case without a journal.
    pub fn new(ticket_id: TicketId) -> Self {
        Self {
            ticket_id,
            last: Position(0),
            facts: Facts::default(),
            decision: None,
            effects: Vec::new(),
            escalated: None,
            stepped_back: None,
            rest: None,
            failures: 0,
            conflicts: 0,
            first_read: None,
            stamp: None,
            changes: None,
            paused: false,
            gone: false,
        }
    }

    /// Folds a whole journal.
    pub fn fold<'a>(ticket_id: TicketId, journal: impl IntoIterator<Item = (Timestamp, &'a Entry)>) -> Self {
        let mut case = Self::new(ticket_id);
        for (at, entry) in journal {
            case.apply(at, entry);
        }
        case
    }

    /// Takes in the journal's next entry.
    pub fn apply(&mut self, at: Timestamp, entry: &Entry) {
        self.last = Position(self.last.0 + 1);
        match entry {
            Entry::Woken { .. } => self.wake(),
            Entry::TicketRead { ticket } => self.ticket_read(ticket),
            Entry::TicketGone => self.gone = true,
            Entry::ChangesRead { changes } => self.take_in_changes(changes),
            Entry::AccountRead { account, .. } => self.facts.account = Some(account.clone()),
            Entry::UsesRead { uses, has_more } => {
                self.facts.uses = Some(UsesFound { uses: uses.clone(), has_more: *has_more });
            }
            Entry::Decided { decision } => self.decision = Some((**decision).clone()),
            Entry::Intended { effect } => self.intended(at, effect),
            Entry::Acted { of, receipt } => self.acted(*of, at, receipt),
            Entry::ActionConflict { of, parking_use, .. } => self.action_conflict(*of, at, parking_use),
            Entry::Written { of, updated_at, .. } => self.written(*of, at, *updated_at),
            Entry::WriteConflict { of } => {
                self.conflicts += 1;
                self.changes = None;
                self.set(*of, at, EffectState::NotDone);
            }
            Entry::Refused { of, reason, ticket_closed } => {
                let state = EffectState::Refused { reason: reason.clone(), ticket_closed: *ticket_closed };
                self.set(*of, at, state);
            }
            Entry::OutcomeUnknown { of, .. } => {
                self.changes = None;
                self.set(*of, at, EffectState::Unknown);
            }
            Entry::NotFound { of } => self.set(*of, at, EffectState::NotDone),
            Entry::Escalated { reason, todo } => self.escalated = Some((reason.clone(), todo.clone())),
            Entry::SteppedBack { reason } => self.stepped_back = Some(reason.clone()),
            Entry::Deferred { failed, .. } => {
                self.conflicts = 0;
                self.failures += u32::from(*failed);
            }
            Entry::Ended { ending } => self.rest = Some(Rest::Ended(*ending)),
            Entry::Stuck { reason } => self.rest = Some(Rest::Stuck(reason.clone())),
        }
    }

    /// A worker takes the case up: what was read before may be old by now.
    pub fn resume(&mut self) {
        self.paused = true;
        self.changes = None;
    }

    /// The key of the effect intended at `position`.
    pub fn key(&self, position: Position) -> EffectKey {
        EffectKey::new(self.ticket_id, position)
    }

    /// The receipts of everything that was done at the parking system, in order.
    pub fn receipts(&self) -> impl Iterator<Item = (ParkingAction, &Receipt)> {
        self.effects.iter().filter_map(|record| match (&record.effect, &record.state) {
            (Effect::Act(action), EffectState::Acted(receipt)) => Some((action.action, &**receipt)),
            _ => None,
        })
    }

    /// The latest intention of an action.
    pub fn action(&self, action: ParkingAction) -> Option<(&Action, &EffectRecord)> {
        self.effects.iter().rev().find_map(|record| match &record.effect {
            Effect::Act(intended) if intended.action == action => Some((intended, record)),
            _ => None,
        })
    }

    /// A kind of write: the one that was written, or else its latest intention.
    pub fn write(&self, kind: WriteKind) -> Option<(&Write, &EffectRecord)> {
        let of_kind =
            |record: &'_ EffectRecord| matches!(&record.effect, Effect::Write(write) if write.kind == kind);
        let written =
            self.effects.iter().find(|record| of_kind(record) && record.state == EffectState::Written);
        let record = written.or_else(|| self.effects.iter().rev().find(|record| of_kind(record)))?;
        match &record.effect {
            Effect::Write(write) => Some((write, record)),
            Effect::Act(_) => None,
        }
    }

    /// Whether a write of this kind is on the ticket.
    pub fn has_written(&self, kind: WriteKind) -> bool {
        self.write(kind).is_some_and(|(_, record)| record.state == EffectState::Written)
    }

    /// The effect whose outcome is not known, if any.
    pub fn unclear(&self) -> Option<&EffectRecord> {
        self.effects.iter().find(|record| record.state == EffectState::Unknown)
    }

    /// What somebody other than the service and Zendesk's rules changed since the ticket was first read.
    pub fn foreign_changes(&self) -> impl Iterator<Item = &TicketChange> {
        let since = self.first_read;
        self.changes.iter().flatten().filter(move |change| {
            let foreign = matches!(change.author, ChangeAuthor::Requester | ChangeAuthor::Other { .. });
            foreign && since.is_some_and(|since| change.at > since)
        })
    }

    /// A new look is worth while only where the service has not handed the ticket to people.
    fn wake(&mut self) {
        match self.rest {
            Some(Rest::Ended(Ending::Settled | Ending::HandedOver | Ending::SteppedBack)) | None => {}
            Some(Rest::Ended(_)) => {
                let last = self.last;
                *self = Self { last, ..Self::new(self.ticket_id) };
            }
            Some(Rest::Stuck(_)) => {
                self.rest = None;
                self.progress();
            }
        }
    }

    fn ticket_read(&mut self, ticket: &Ticket) {
        self.first_read.get_or_insert(ticket.updated_at);
        self.stamp = Some(ticket.updated_at);
        self.facts.ticket = Some(ticket.clone());
    }

    fn intended(&mut self, at: Timestamp, effect: &Effect) {
        self.changes = None;
        let (position, state) = (self.last, EffectState::Unknown);
        self.effects.push(EffectRecord { position, effect: effect.clone(), since: at, state });
    }

    fn take_in_changes(&mut self, changes: &[TicketChange]) {
        self.changes = Some(changes.to_vec());
        self.paused = false;
        if self.receipts().next().is_none() && self.unclear().is_none() {
            self.decide_again();
        }
    }

    fn decide_again(&mut self) {
        self.facts.account = None;
        self.facts.uses = None;
        self.decision = None;
    }

    fn acted(&mut self, of: Position, at: Timestamp, receipt: &Receipt) {
        self.progress();
        if let Some(now) = &receipt.parking_use {
            self.replace_use(now);
        }
        self.set(of, at, EffectState::Acted(Box::new(receipt.clone())));
    }

    fn action_conflict(&mut self, of: Position, at: Timestamp, now: &ParkingUse) {
        self.conflicts += 1;
        self.set(of, at, EffectState::NotDone);
        self.replace_use(now);
        if self.receipts().next().is_none() {
            self.decision = None;
        }
    }

    fn written(&mut self, of: Position, at: Timestamp, updated_at: Timestamp) {
        self.progress();
        self.stamp = self.stamp.max(Some(updated_at));
        self.set(of, at, EffectState::Written);
    }

    fn progress(&mut self) {
        self.failures = 0;
        self.conflicts = 0;
    }

    fn set(&mut self, of: Position, at: Timestamp, state: EffectState) {
        if let Some(record) = self.effects.iter_mut().find(|record| record.position == of) {
            record.state = state;
            record.since = at;
        }
    }

    fn replace_use(&mut self, now: &ParkingUse) {
        let uses = self.facts.uses.iter_mut().flat_map(|found| &mut found.uses);
        for parking_use in uses.filter(|parking_use| parking_use.id == now.id) {
            *parking_use = now.clone();
        }
    }
}

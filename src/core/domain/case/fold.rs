//! The fold: applies a journal's entries in order to a case's state. The journal is the only source of truth.

use jiff::Timestamp;

use super::cause::{Escalation, StepBackCause};
use super::conversation::{Conversation, Heard, Turn, Writer};
use super::effect::{Ending, Occasion, Rest};
use super::entry::Entry;
use super::facts::{Facts, UsesFound};
use super::outline::Marks;
use super::reason::Reason;
use super::record::{EffectRecord, EffectState};
use crate::domain::ids::{Position, TicketId};
use crate::domain::policy::Decision;
use crate::domain::ticket::{Seen, Ticket, TicketChange, newest, newest_held};

/// The state of a case, folded from its journal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Case {
    pub ticket_id: TicketId,
    /// The last entry's position; 0 for an empty journal.
    pub last: Position,
    pub facts: Facts,
    /// The conversation so far.
    pub talk: Conversation,
    /// The current turn, or the last one.
    pub turn: Turn,
    /// What the policy decided in this turn.
    pub decision: Option<Decision>,
    /// All effects intended, oldest first.
    pub effects: Vec<EffectRecord>,
    /// Why the decision cannot be carried out, and what agents have to do.
    pub escalated: Option<Escalation>,
    /// Why the service steps back.
    pub stepped_back: Option<Reason<StepBackCause>>,
    /// Where the case rests; `None` while it is working.
    pub rest: Option<Rest>,
    /// The rest that the case was in when the service gave up on it.
    pub interrupted: Option<Rest>,
    /// Whether the service gave up and the note that says so is neither written nor abandoned.
    pub(super) untold: bool,
    /// Why the resting case must be looked at; `None`: no reason.
    pub roused: Option<WakeReason>,
    /// How often it was woken for nothing since the last progress, and when last.
    pub(super) vain: Option<(u32, Timestamp)>,
    /// Failures since the last success.
    pub failures: u32,
    /// Conflicts since the last success or pause.
    pub conflicts: u32,
    /// Changes by others count after this audit: the newest one at the first read, or at the time an agent gave the ticket
    /// back.
    pub seen_up_to: Option<i64>,
    /// The newest audit that was read.
    pub read_up_to: i64,
    /// The newest audit that the ticket, as last read, certainly includes.
    pub(super) held: i64,
    /// The audit by which an agent last gave the ticket back or released it: each counts once.
    pub(super) given_back: i64,
    /// The position of the last retry that operators ordered.
    pub(super) retried: Position,
    /// The ticket's state when last seen: the baseline for the next write.
    pub seen: Option<Seen>,
    /// The ticket's changes, if read since the case was picked up and since the last intention, conflict or lost response.
    pub changes: Option<Vec<TicketChange>>,
    /// How certain it is that the ticket is unchanged since it was read.
    pub sight: Sight,
    /// Since when work is pending: how long a person has waited for the service.
    pub pending_since: Option<Timestamp>,
    /// When the ticket's first event was received; `None` before one, and for ever after an erasure.
    pub(super) first_event: Option<Timestamp>,
    /// Whether the ticket was deleted.
    pub gone: bool,
    /// When the case was erased, if it was: the ticket's changes before that are not news.
    pub erased: Option<Timestamp>,
    /// What its outline needs of all turns.
    pub(super) marks: Marks,
}

/// How certain it is that the ticket is unchanged since it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Its changes were just read.
    Fresh,
    /// Since then a request was made or an effect performed: another person may have acted in that moment.
    AMoment,
    /// Time has passed: the ticket must be read again before money moves.
    Paused,
}

/// Why a resting case must be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WakeReason {
    /// A delivery or an order has come.
    Woken,
    /// The deadline of its wait passed.
    TimeUp,
}

impl Case {
    /// A case with an empty journal.
    pub fn new(ticket_id: TicketId) -> Self {
        Self {
            ticket_id,
            last: Position(0),
            facts: Facts::default(),
            talk: Conversation::default(),
            turn: Turn::default(),
            decision: None,
            effects: Vec::new(),
            escalated: None,
            stepped_back: None,
            rest: None,
            interrupted: None,
            untold: false,
            roused: None,
            vain: None,
            failures: 0,
            conflicts: 0,
            seen_up_to: None,
            read_up_to: TicketChange::OPENING,
            held: TicketChange::OPENING,
            given_back: TicketChange::OPENING,
            retried: Position::default(),
            seen: None,
            changes: None,
            sight: Sight::AMoment,
            pending_since: None,
            first_event: None,
            gone: false,
            erased: None,
            marks: Marks::default(),
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

    /// Applies the journal's next entry.
    pub fn apply(&mut self, at: Timestamp, entry: &Entry) {
        self.last = Position(self.last.0.saturating_add(1));
        self.marks.apply(at, entry);
        match entry {
            Entry::Woken { received_at, .. } => self.woken(at, received_at.unwrap_or(at)),
            Entry::Ordered { order, .. } => {
                self.ordered(order);
                self.pending_since.get_or_insert(at);
            }
            Entry::Erased { entries, ending, .. } => self.erased(at, *entries, *ending),
            Entry::TicketRead { ticket } => self.ticket_read(ticket),
            Entry::TicketGone => self.gone = true,
            Entry::ChangesRead { changes, held } => self.take_in_changes(changes, *held),
            Entry::Confirmed { .. } => self.sight = Sight::Fresh,
            Entry::EarlierRead { earlier } => self.facts.earlier = Some(earlier.as_ref().clone()),
            Entry::AccountRead { account, .. } => {
                self.a_moment_passes();
                self.facts.account_read(account.clone());
            }
            Entry::UsesRead { uses, has_more } => {
                self.a_moment_passes();
                self.facts.uses_read(UsesFound { uses: uses.clone(), has_more: *has_more });
            }
            Entry::Decided { decision } => self.decided(decision),
            Entry::Heard(heard) => {
                self.talk.add_message(heard, self.turn.occasion);
                self.facts.named.extend(&heard.named);
                self.heard(heard.clone());
            }
            Entry::TurnBegan { occasion, audit_id } => self.begin_turn(*occasion, *audit_id),
            Entry::Waiting(waiting) => self.settle_down(Rest::Waiting(waiting.clone())),
            Entry::TimeUp => {
                self.roused = Some(WakeReason::TimeUp);
                self.pending_since.get_or_insert(at);
            }
            Entry::NothingNew => self.nothing_new(at),
            Entry::Intended { effect, together, sealed, .. } => self.intended(at, effect, *together, *sealed),
            Entry::Acted { of, receipt } => self.acted(*of, at, receipt),
            Entry::ActionConflict { of, parking_use, .. } => self.action_conflict(*of, at, parking_use),
            Entry::Written { of, audit_id, updated_at, found_by_marker, crossed } => {
                self.written(*of, at, *audit_id, *updated_at);
                if *found_by_marker || *crossed {
                    // An answer to it may have arrived at the same time and is not read yet.
                    self.roused = self.roused.max(Some(WakeReason::Woken));
                }
            }
            Entry::Recalled { write, audit_id, written_at } => {
                self.recalled(at, write, *audit_id, *written_at);
            }
            Entry::WriteConflict { of } => {
                self.conflicts += 1;
                self.changes = None;
                self.set(*of, at, EffectState::NotDone);
            }
            Entry::Refused { of, reason, ticket_closed, missing_fields } => {
                let (reason, missing_fields) = (reason.clone(), missing_fields.clone());
                self.set(
                    *of,
                    at,
                    EffectState::Refused { reason, ticket_closed: *ticket_closed, missing_fields },
                );
            }
            Entry::OutcomeUnknown { of, .. } => {
                self.changes = None;
                self.set(*of, at, EffectState::Unknown);
            }
            Entry::NotFound { of } => self.set(*of, at, EffectState::NotDone),
            Entry::Escalated(escalation) => self.escalated = Some(escalation.clone()),
            Entry::Restrained { reason } => self.turn.restrained = Some(reason.clone()),
            Entry::SteppedBack { reason } => self.stepped_back = Some(reason.clone()),
            Entry::Deferred { failed, .. } => {
                self.conflicts = 0;
                self.failures += u32::from(*failed);
            }
            Entry::Ended { ending } => self.settle_down(Rest::Ended(*ending)),
            Entry::Stuck { reason } => self.gave_up(reason),
        }
    }

    /// A worker picks the case up: what was read before may be stale.
    pub fn resume(&mut self) {
        self.sight = Sight::Paused;
        self.changes = None;
    }

    /// A case without any effect starts anew, a stuck one goes on where it stopped, and any other is looked at.
    pub(super) fn wake(&mut self) {
        match &self.rest {
            Some(Rest::Ended(
                Ending::TicketClosed | Ending::TicketGone | Ending::AlreadySolved | Ending::NotOurs,
            )) if self.effects.is_empty() && self.erased.is_none() => {
                let (last, marks) = (self.last, std::mem::take(&mut self.marks));
                *self = Self { last, marks, ..Self::new(self.ticket_id) };
            }
            Some(Rest::Stuck(_)) => {
                self.rest = self.interrupted.take();
                self.roused = Some(WakeReason::Woken);
                self.progress();
            }
            // Within a turn too: the delivery may be about something that the turn no longer reads.
            Some(Rest::Ended(_) | Rest::Waiting(_)) | None => {
                self.roused = self.roused.max(Some(WakeReason::Woken));
            }
        }
    }

    /// `given_back`: the audit by which an agent started the turn; journals of earlier versions do not name it.
    pub(super) fn begin_turn(&mut self, occasion: Occasion, given_back: Option<i64>) {
        let released = self.decision.take().filter(|_| occasion == Occasion::Released);
        self.talk.keep_answers(&self.turn);
        let by_colleague = matches!(occasion, Occasion::GivenBack | Occasion::Released | Occasion::Ordered);
        self.talk.airport_called |= occasion == Occasion::GivenBack;
        let by_their_tag = || {
            let mut changes = self.changes.iter().flatten();
            let tagged = changes.rfind(|change| change.is_by_a_person() && !change.added_tags.is_empty())?;
            Some(tagged.audit_id)
        };
        let seen_by_colleague = given_back.or_else(by_their_tag).filter(|_| by_colleague);
        if by_colleague {
            self.given_back = self.given_back.max(seen_by_colleague.unwrap_or_default());
            // The agent made their changes up to here before they gave the ticket back.
            self.seen_up_to = self.seen.map(|_| self.held.max(self.given_back));
        }
        self.turn = Turn {
            from: self.last,
            occasion,
            before: self.rest.take(),
            heard: None,
            restrained: None,
            released,
            seen_by_colleague,
        };
        (self.roused, self.vain) = (None, None);
        (self.escalated, self.stepped_back) = (None, None);
        self.progress();
        self.decide_again();
        self.facts.meant.clone_from(&self.talk.use_id);
    }

    fn heard(&mut self, heard: Heard) {
        if let Occasion::TimeUp { .. } = self.turn.occasion {
            // The customer answered before the reminder was sent.
            self.turn.occasion = Occasion::Customer;
        }
        self.turn.heard = Some(heard);
        if self.receipts_of_turn().next().is_none() {
            self.decision = None;
        }
    }

    fn decided(&mut self, decision: &Decision) {
        self.talk.use_id = self.facts.the_use().map(|parking_use| parking_use.id.clone());
        self.talk.writer = Writer::of(decision);
        self.decision = Some(decision.clone());
    }

    fn ticket_read(&mut self, ticket: &Ticket) {
        // Includes all changes read before this read of the ticket.
        self.held = self.read_up_to;
        self.seen = Some(Seen { updated_at: ticket.updated_at, comments: ticket.comments });
        self.facts.ticket = Some(ticket.clone());
    }

    fn settle_down(&mut self, rest: Rest) {
        // The change by which the ticket was solved was just read and is no reason to look again.
        self.roused = self.roused.filter(|_| rest != Rest::Ended(Ending::AlreadySolved));
        self.rest = Some(rest);
        self.pending_since = None;
    }

    fn take_in_changes(&mut self, changes: &[TicketChange], held: Option<i64>) {
        let by_time = self.seen.map(|seen| newest_held(seen.updated_at, changes));
        self.held = self.held.max(held.or(by_time).unwrap_or_default());
        self.seen_up_to.get_or_insert(self.held);
        self.read_up_to = self.read_up_to.max(newest(changes));
        self.changes = Some(changes.to_vec());
        self.facts.requester_changed |= changes.iter().any(|change| change.requester_changed);
        self.sight = Sight::Fresh;
        if self.rest.is_some() || self.has_spoken() {
            return;
        }
        // The turn takes in everything up to here.
        self.roused = None;
        if self.receipts_of_turn().next().is_none() && self.unclear().is_none() {
            self.decide_again();
        }
    }

    pub(super) fn decide_again(&mut self) {
        self.facts.mark_stale();
        self.decision = None;
    }

    pub(super) fn progress(&mut self) {
        self.failures = 0;
        self.conflicts = 0;
    }
}

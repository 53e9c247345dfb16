//! The identity of the writer, and the weight of their messages (policy, "Who writes, and what may be told and done").

use misread::domain::case::{Entry, Order, OrderKind};
use misread::domain::ids::EffectKey;
use misread::domain::parking::ParkingUse;
use misread::domain::ticket::UserRole;

use super::{View, trust};
use crate::simulation::said::Said;
use crate::simulation::texts::{self, questions_in};
use crate::simulation::utterances::{Label, Question};
use crate::simulation::world::{Call, PersonDid, What, Written};

/// The state of the service at a call: the place up to which it had read, and the first place of its turn's messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub(super) read: usize,
    /// Events from here on were not known when the turn before wrote its text.
    pub(super) since: usize,
}

impl<'a> View<'a> {
    /// The turn of a call, by its key.
    pub(super) fn turn(&self, key: &EffectKey, call: Call) -> Turn {
        let read = self.basis(call, |what| matches!(what, What::ReadHistory));
        let number = self.number_of_turn(key.as_str());
        let numbered = |written: &Written| self.number_of_turn(written.key.as_str());
        let before =
            self.writes().map(|(_, written)| numbered(written)).filter(|other| *other < number).max();
        let spoke = self.writes().find(|(_, written)| Some(numbered(written)) == before);
        let since = spoke
            .map_or(0, |(_, written)| self.basis(written.call, |what| matches!(what, What::ReadHistory)));
        Turn { read, since }
    }

    /// The number of turns in the journal that had begun when the effect of this key was intended.
    pub(super) fn number_of_turn(&self, key: &str) -> usize {
        self.turns_up_to(key.rsplit('-').next().unwrap().parse().unwrap())
    }

    pub(super) fn turns_up_to(&self, position: u32) -> usize {
        let entries = self.finished.journal.iter().filter(|recorded| recorded.position <= position);
        entries.filter(|recorded| begins_a_turn(&recorded.entry)).count()
    }

    /// The messages that a turn rests on.
    pub(super) fn messages_of(&self, turn: Turn) -> impl Iterator<Item = (usize, &'a Said)> + use<'a> {
        self.messages().filter(move |(at, _)| (turn.since..turn.read).contains(at))
    }

    /// Whether the requester must not be asked, by what could be read.
    pub(super) fn is_excluded(&self, read: usize) -> bool {
        let changed =
            self.events().any(|(at, event)| at < read && matches!(event.what, What::RequesterChanged));
        changed || self.finished.situation.excluded.is_some()
    }

    /// Whether the requester's account is the one that has the uses of these runs.
    pub(super) fn is_tied(&self) -> bool {
        let situation = &self.finished.situation;
        situation.requester.external_id.as_ref() == Some(&situation.account.id)
    }

    /// Whether the customer is proven, apart from the turn's messages.
    pub(super) fn may_be_proven(&self) -> bool {
        let situation = &self.finished.situation;
        let requester = &situation.requester;
        let is_customer = requester.role == Some(UserRole::EndUser) && situation.excluded.is_none();
        is_customer && requester.verified && self.is_tied() && !situation.opening.is_doubted()
    }

    /// Whether the customer is established: proven, or tied with a clear own word. An own word alone requires a
    /// person's release.
    ///
    /// `released`: the disclosure or action is in the note that a person has released.
    pub(super) fn is_holder(&self, parking_use: &ParkingUse, turn: Turn, released: bool) -> bool {
        let doubted = self.messages_of(turn).any(|(_, said)| said.is_doubted());
        if doubted || self.is_excluded(turn.read) {
            return false;
        }
        let tied = self.finished.situation.requester.external_id.as_ref() == Some(&parking_use.account_id);
        // All messages before the service's first reading belong to the opening.
        let proven = self.may_be_proven() && !self.was_doubted_at_first(turn.read);
        let word = matches!(self.word(Question::Identity, turn.read), Label::Yes | Label::Either);
        (tied && proven) || (word && !self.was_denied(turn.read) && (tied || released))
    }

    /// Whether a message before the service's first reading bears a warning.
    fn was_doubted_at_first(&self, read: usize) -> bool {
        let first = self.writes().next().map_or(read, |(_, first)| self.turn(&first.key, first.call).read);
        self.messages().any(|(at, said)| at < first.min(read) && said.is_doubted())
    }

    /// Whether the customer ever denied to be the holder, and no person has read this and let the service continue.
    fn was_denied(&self, read: usize) -> bool {
        let returned = self.returns(read).pop().unwrap_or(0);
        self.said().any(|(at, said)| {
            let denies = said.label(Question::Identity, &self.asked(at)) == Label::No;
            denies && (returned..read).contains(&at)
        })
    }

    /// The last release by an agent before this place, with the note that the agent had read.
    pub(super) fn released(&self, place: usize) -> Option<(usize, &'a Written)> {
        let at = self.releases(place).pop()?;
        let (_, note) = self.writes().rfind(|(written, _)| *written < at)?;
        Some((at, note))
    }

    /// Whether an agent has released this text, word for word.
    pub(super) fn is_released(&self, text: &Written, read: usize) -> bool {
        self.released(read).is_some_and(|(_, note)| note.body.contains(&text.body))
    }

    /// Whether a person has read the messages up to here and let the service continue; the person's last tag counts.
    pub(super) fn is_seen_by_colleague(&self, place: usize, read: usize) -> bool {
        let tags = [PersonDid::GaveBack, PersonDid::Released];
        let tagged = self.persons().filter(|(at, did, _)| *at < read && tags.contains(did));
        !self.returns(read).is_empty() && tagged.last().is_some_and(|(at, ..)| at > place)
    }

    /// Whether the service waits at this place for a person of the centre, who reads the ticket.
    pub(super) fn is_with_people(&self, place: usize) -> bool {
        self.is_prepared(place) || self.is_asked_to_call(place)
    }

    /// The places at which a copied person answered.
    pub(super) fn copied(&self) -> impl Iterator<Item = usize> + use<'a> {
        let copied = self.events().filter(|(_, event)| matches!(event.what, What::CopiedPersonSaid));
        copied.map(|(at, _)| at)
    }

    /// Whether a person of the centre did anything between these places.
    pub(super) fn has_person(&self, from: usize, to: usize) -> bool {
        let person = |did: PersonDid| did != PersonDid::Released && did != PersonDid::GaveBack;
        self.persons().any(|(at, did, _)| (from..to).contains(&at) && person(did))
    }
}

pub(super) fn begins_a_turn(entry: &Entry) -> bool {
    let hand_over = |order: &Order| order.what == OrderKind::HandOver;
    matches!(entry, Entry::TurnBegan { .. })
        || matches!(entry, Entry::Ordered { order, .. } if hand_over(order))
}

/// Whether a text discloses nothing of any use: a question on identity, a reminder, a closing text, the restricted
/// consultation.
pub(super) fn tells_nothing(text: &Written) -> bool {
    !trust::is_of_a_row(text) && !texts::only_answers(&text.body)
        || [texts::RESTRICTS, texts::ASKS_AGAIN].iter().any(|words| text.body.contains(words))
        || questions_in(&text.body).contains(&Question::Identity)
}

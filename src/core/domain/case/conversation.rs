//! What a case remembers of the conversation: messages heard, questions, answers, wishes and promises.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::effect::{Awaited, Occasion, Rest, Write, WriteKind};
use super::reason::Reason;
use crate::domain::ids::{Position, UseId};
use crate::domain::limits::Trip;
use crate::domain::policy::{Decision, Identity, Input};
use crate::domain::reply::names;
use crate::domain::ticket::Warning;
use crate::domain::used_at::UsedAt;
use crate::domain::words::{Against, Answer, Question, Reading, Wish};

/// The conversation so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversation {
    /// The audits of all messages read.
    pub heard: BTreeSet<i64>,
    /// Clear answers of earlier turns; the latest answer to a question counts.
    pub answers: BTreeMap<Question, Answer>,
    /// The questions that the latest answer of earlier turns left open, with words that were not understood.
    pub unread: BTreeSet<Question>,
    /// What speaks against the request in the customer's own words, in any message.
    pub against: BTreeSet<Against>,
    /// What speaks against treating the opening as the requester's own words.
    pub opening_warnings: BTreeSet<Warning>,
    /// The last questions that have not led to a reply yet.
    pub asked: Vec<Question>,
    /// The position at which the question was intended. Only what is said after it can answer it.
    pub asked_at: Option<Position>,
    /// How often each question was asked.
    pub times_asked: BTreeMap<Question, u32>,
    /// What the customer also asked and was not answered yet.
    pub wishes: BTreeSet<Wish>,
    /// When the current wait began.
    pub waiting_since: Option<Timestamp>,
    /// When the customer was reminded of the last questions.
    pub reminded_at: Option<Timestamp>,
    /// Whether the customer was asked to pay.
    pub payment_requested: bool,
    /// Whether an agent has called the airport and given the ticket back.
    pub airport_called: bool,
    /// The use of the last decision; its current state is in the facts.
    pub use_id: Option<UseId>,
    /// The level at which the writer was identified in that decision.
    pub writer: Writer,
}

/// The level at which the writer was identified in the last decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writer {
    /// Not established as the holder: no fact of the use is disclosed to them.
    #[default]
    Stranger,
    /// Identified as the holder by their own word alone. An agent releases each reply, where the policy wants that.
    OwnWord,
    /// The established holder.
    Holder,
}

impl Writer {
    /// From a decision's input. Journals of version 0.1 have `holder` instead.
    pub(super) fn of(decision: &Decision) -> Self {
        let is = |identity: Identity| decision.input(Identity::NAME) == Some(identity.code());
        if is(Identity::Proven)
            || is(Identity::AccountTied)
            || decision.input(Identity::NAME) == Some("holder")
        {
            Self::Holder
        } else if is(Identity::OwnWord) {
            Self::OwnWord
        } else {
            Self::Stranger
        }
    }
}

/// The cars, times and places that a text names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    /// Every plate, normalised.
    pub plates: BTreeSet<String>,
    /// The last four digits of plates that are named only by these.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub last_digits: BTreeSet<String>,
    /// The named days and times of day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<UsedAt>,
    /// The places where the writer says they or their car were, without spaces.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub places: BTreeSet<String>,
}

impl Named {
    pub(super) fn extend(&mut self, further: &Self) {
        self.plates.extend(further.plates.iter().cloned());
        self.last_digits.extend(further.last_digits.iter().cloned());
        self.places.extend(further.places.iter().cloned());
        self.times.extend(
            further.times.iter().filter(|time| !self.times.contains(time)).copied().collect::<Vec<_>>(),
        );
    }
}

/// One turn: from the event that resumed the case to its next rest. It writes at most one public text and one note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// The journal position at which it began; 0 for the first turn.
    pub from: Position,
    /// Its kind of event; the note says it.
    pub occasion: Occasion,
    /// Where the case rested before.
    pub before: Option<Rest>,
    /// What the customer said in it.
    pub heard: Option<Heard>,
    /// Why an agent must release everything in this turn, even if the row has more trust: the breaker is open.
    pub restrained: Option<Reason<Trip>>,
    /// The decision that an agent released.
    pub released: Option<Decision>,
    /// The audit by which an agent gave the ticket back or released it. That agent has read what others wrote before it.
    pub seen_by_colleague: Option<i64>,
}

/// What the customer said in a turn. Part of the journal: its serialised form must stay readable for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The audits of the messages.
    pub audits: Vec<i64>,
    /// What the requester's own words mean. Words with a warning answer no question.
    pub reading: Reading,
    /// Whether the work may go on without a person reading the messages.
    pub understood: bool,
    /// The cars, times and places they name.
    #[serde(flatten)]
    pub named: Named,
    /// What speaks against treating them as the requester's own words.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub warnings: BTreeSet<Warning>,
    /// The number of files and messages without text: they may carry content that the service cannot read.
    #[serde(default, skip_serializing_if = "crate::domain::ticket::is_zero")]
    pub unreadable: usize,
    /// Whether the opening resembles those that a person must see, although nothing in it speaks against the request.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubtful: bool,
    /// Whether all of them are automatic messages.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
}

impl Heard {
    /// Whether it was to answer this question, does not do so clearly, and says more than was understood.
    pub fn leaves_open(&self, question: Question) -> bool {
        let is_unclear = self.reading.answers.get(&question) == Some(&Answer::Unclear);
        let is_understood =
            self.reading.nothing_else && self.reading.against.is_empty() && self.unreadable == 0;
        is_unclear && !is_understood
    }
}

impl Conversation {
    /// Takes in a message; its answers count once the turn is over.
    pub(super) fn add_message(&mut self, heard: &Heard, occasion: Occasion) {
        self.heard.extend(&heard.audits);
        self.wishes.extend(&heard.reading.wishes);
        self.against.extend(&heard.reading.against);
        if occasion == Occasion::Start {
            self.opening_warnings.extend(&heard.warnings);
        }
    }

    /// Keeps the answers of a finished turn.
    pub(super) fn keep_answers(&mut self, turn: &Turn) {
        let Some(heard) = &turn.heard else { return };
        for (question, answer) in &heard.reading.answers {
            if *answer != Answer::Unclear {
                self.answers.insert(*question, *answer);
            }
            if heard.leaves_open(*question) {
                self.unread.insert(*question);
            } else {
                self.unread.remove(question);
            }
        }
    }

    /// Takes in a text that was written to the ticket.
    pub(super) fn written(&mut self, write: &Write, position: Position, at: Timestamp) {
        for wish in &write.answers {
            self.wishes.remove(wish);
        }
        match write.kind {
            WriteKind::Reply => self.replied(write.awaits.as_ref(), position, at),
            WriteKind::Reminder => self.reminded_at = Some(at),
            _ => {}
        }
    }

    /// The macro that asks. A question that was just asked and not clearly answered is asked again in other words.
    pub(super) fn asking<'a>(&self, questions: &[Question], reply: &'a str) -> &'a str {
        let asked_before = questions.iter().any(|question| self.times_asked.contains_key(question));
        if asked_before && questions == self.asked { names::ASK_AGAIN } else { reply }
    }

    fn replied(&mut self, awaits: Option<&Awaited>, position: Position, at: Timestamp) {
        let goes_on = self.payment_requested && awaits == Some(&Awaited::Payment);
        self.asked.clear();
        self.reminded_at = None;
        if !goes_on {
            self.waiting_since = awaits.map(|_| at);
        }
        match awaits {
            Some(Awaited::Answer { questions }) => {
                self.asked.clone_from(questions);
                self.asked_at = Some(position);
                for question in questions {
                    *self.times_asked.entry(*question).or_default() += 1;
                }
            }
            Some(Awaited::Payment) => self.payment_requested = true,
            Some(Awaited::GiveBack | Awaited::Release) | None => {}
        }
    }
}

//! What a case remembers of the conversation: what was heard, asked, answered, wished and promised.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::effect::{Awaited, Occasion, Write, WriteKind};
use super::fold::Rest;
use crate::domain::ids::{Position, UseId};
use crate::domain::policy::{Decision, Identity, Input};
use crate::domain::ticket::Warning;
use crate::domain::used_at::UsedAt;
use crate::domain::words::{Against, Answer, Question, Reading, Wish};

/// The conversation so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversation {
    /// The audits of every message that was read.
    pub heard: BTreeSet<i64>,
    /// Clear answers of earlier turns; the latest counts.
    pub answers: BTreeMap<Question, Answer>,
    /// What in the customer's own words speaks against the request, in whichever message.
    pub against: BTreeSet<Against>,
    /// What speaks against taking the opening for the requester's own word.
    pub opening_warnings: BTreeSet<Warning>,
    /// What was asked last and has not led to a reply yet.
    pub asked: Vec<Question>,
    /// Where the question was intended: only what is said after it can be an answer.
    pub asked_at: Option<Position>,
    /// How often each question was asked.
    pub times_asked: BTreeMap<Question, u32>,
    /// What the customer also asked and has not been told yet.
    pub wishes: BTreeSet<Wish>,
    /// Since when something is awaited.
    pub waiting_since: Option<Timestamp>,
    /// When the customer was reminded of what was asked last.
    pub reminded_at: Option<Timestamp>,
    /// Whether the customer was asked to pay.
    pub payment_requested: bool,
    /// Whether an agent has called the airport and given the ticket back.
    pub airport_called: bool,
    /// The use that was decided on last; how it is now stands in the facts.
    pub use_id: Option<UseId>,
    /// Who the writer was taken for then.
    pub writer: Writer,
}

/// Who the writer was taken for when it was decided last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writer {
    /// Not established as the holder: no fact of the use exists for them.
    #[default]
    Stranger,
    /// Held to be the holder by their own word alone: a person releases what they are told, where the policy wants that.
    OwnWord,
    /// The established holder.
    Holder,
}

impl Writer {
    /// By a decision's input; `holder` is what journals of version 0.1 say.
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

/// What words name of cars and times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    /// Every plate, normalised.
    pub plates: BTreeSet<String>,
    /// The last four digits of plates, where only they are named.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub last_digits: BTreeSet<String>,
    /// Days, and times of day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<UsedAt>,
    /// Where the writer says that they or their car were, without blanks.
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

/// One turn: from what made the case go on to where it rests again. At most one public text and one note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// The journal's position at which it began; 0 for the first.
    pub from: Position,
    /// Why it began.
    pub occasion: Occasion,
    /// Where the case rested before.
    pub before: Option<Rest>,
    /// What the customer said in it.
    pub heard: Option<Heard>,
    /// Why nothing of it goes out before an agent releases it, though its row is trusted more: the breaker is open.
    pub restrained: Option<String>,
    /// What an agent has released.
    pub released: Option<Decision>,
    /// The audit by which a colleague gave the ticket back or released it: what others wrote before, they have read.
    pub seen_by_colleague: Option<i64>,
}

/// What the customer said in a turn. Part of the journal: must stay readable for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The audits of the messages.
    pub audits: Vec<i64>,
    /// What the requester's own words say. Words that bear a warning answer nothing.
    pub reading: Reading,
    /// Whether a person need not read them before the work goes on.
    pub understood: bool,
    /// What they name.
    #[serde(flatten)]
    pub named: Named,
    /// What speaks against taking them for the requester's own.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub warnings: BTreeSet<Warning>,
    /// How many files and messages without any text are among them: they say something that cannot be read.
    #[serde(default, skip_serializing_if = "crate::domain::ticket::is_zero")]
    pub unreadable: usize,
    /// Whether the opening reads like those that a person must see, though nothing in it was found to speak against the request.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubtful: bool,
    /// Whether machines wrote all of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
}

impl Conversation {
    /// Takes in what a message says; its answers count when the turn is over.
    pub(super) fn hear(&mut self, heard: &Heard, occasion: Occasion) {
        self.heard.extend(&heard.audits);
        self.wishes.extend(&heard.reading.wishes);
        self.against.extend(&heard.reading.against);
        if occasion == Occasion::Start {
            self.opening_warnings.extend(&heard.warnings);
        }
    }

    /// Keeps the answers of a turn that is over.
    pub(super) fn keep_answers(&mut self, turn: &Turn) {
        let answers = turn.heard.iter().flat_map(|heard| &heard.reading.answers);
        self.answers.extend(answers.filter(|(_, answer)| **answer != Answer::Unclear));
    }

    /// Takes in what the ticket now says.
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

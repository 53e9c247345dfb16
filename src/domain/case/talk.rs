//! What a case remembers of the conversation: what was heard, asked, answered, wished and promised.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::effect::{Awaited, Occasion, Write, WriteKind};
use super::fold::Rest;
use crate::domain::ids::Position;
use crate::domain::parking::ParkingUse;
use crate::domain::policy::Decision;
use crate::domain::words::{Answer, Question, Reading, Wish};

/// The conversation so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    /// The audits of every message that was read.
    pub heard: BTreeSet<i64>,
    /// Clear answers of earlier turns; the latest counts.
    pub answers: BTreeMap<Question, Answer>,
    /// Every plate that the customer named in answers, normalised.
    pub plates: BTreeSet<String>,
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
    /// The use that was decided on last.
    pub parking_use: Option<ParkingUse>,
    /// Whether the writer was its established holder then.
    pub established: bool,
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
    /// What an agent has released.
    pub released: Option<Decision>,
}

/// What the customer said in a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The audits of the messages.
    pub audits: Vec<i64>,
    /// What they say.
    pub reading: Reading,
    /// Whether a person need not read them before the work goes on.
    pub understood: bool,
}

impl Talk {
    /// Takes in what a message says; its answers count when the turn is over.
    pub(super) fn hear(&mut self, audits: &[i64], reading: &Reading, plates: &[String]) {
        self.heard.extend(audits);
        self.wishes.extend(&reading.wishes);
        if !reading.answers.is_empty() {
            self.plates.extend(plates.iter().cloned());
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

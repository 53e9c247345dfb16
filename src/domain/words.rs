//! What the customer's words mean: yes, no, and the four follow-up wishes (guide: order of a consultation 1 and 3, follow-ups).
//!
//! The words are data (`config/words.toml`). What is not understood as a whole is unclear: a wrong yes moves money.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::plate::Plate;
use super::problem::Problem;

mod answer;
mod beside;
mod build;
mod file;
mod history;
mod lexicon;
mod noun;
mod remark;
mod segment;
mod text;
mod wish;

use answer::Limits;
use beside::{Beside, ReadSentence};
use history::History;
use lexicon::Lexicon;
use remark::{Remark, Unsure};
use text::Normaliser;
use wish::WishPhrases;

/// What the customer was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Are you the account's holder? (guide: order of a consultation 1)
    Identity,
    /// Is this vehicle yours? (guide: order of a consultation 3)
    Vehicle,
    /// May we compensate with a coupon? (guide: decision table 5)
    Coupon,
}

impl Question {
    /// The centre's word for what is asked.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Identity => "본인 확인",
            Self::Vehicle => "차량 확인",
            Self::Coupon => "쿠폰 수락 여부",
        }
    }
}

/// What the customer answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes, beyond doubt.
    Yes,
    /// No, beyond doubt.
    No,
    /// Anything else, also silence on this question.
    Unclear,
}

/// What customers also say (guide: follow-ups).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// "Must I ask every time? It will happen again."
    SelfCancel,
    /// "Cancel my parking pass."
    CancelPass,
    /// "Is my car stolen, a cloned plate? Which car went in?"
    WhoWasIt,
    /// "Why is the lot's name hidden?"
    WhyHidden,
}

impl Wish {
    /// The centre's word for what is wished.
    pub fn korean(self) -> &'static str {
        match self {
            Self::SelfCancel => "재발 방지·앱에서 직접 취소하는 방법",
            Self::CancelPass => "주차패스 해지",
            Self::WhoWasIt => "어떤 차량이었는지·도난 걱정",
            Self::WhyHidden => "주차장 이름을 가리는 까닭",
        }
    }
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// One answer for each question that was asked.
    pub answers: BTreeMap<Question, Answer>,
    /// Every wish in it.
    pub wishes: BTreeSet<Wish>,
    /// Whether it says thanks, or okay, and nothing else.
    pub only_thanks: bool,
    /// Whether it says nothing beside its wishes, clear answers, thanks and politeness: nothing that a person must read.
    /// `false` wherever a word is not understood, and for a message that says nothing at all.
    pub nothing_else: bool,
}

/// The words that operations own, ready to read with.
#[derive(Clone, Debug)]
pub struct Words {
    normaliser: Normaliser,
    history: History,
    lexicon: Lexicon,
    unsure: Unsure,
    limits: BTreeMap<Question, Limits>,
    wishes: Vec<WishPhrases>,
    beside: Beside,
}

impl Words {
    /// Reads a words file. Every mistake is told, with its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        build::read(text)
    }

    /// Reads a customer's message as an answer to what was asked, in this order. Quoted mail below it does not count.
    ///
    /// A plate in the message only names a vehicle: whether it is the one that was asked about is for the caller to compare
    /// ([`Plate::mentioned`]). Several plates leave the vehicle unclear.
    pub fn read(&self, asked: &[Question], text: &str) -> Reading {
        let own = self.history.remove(text);
        let sentences = self.normaliser.sentences(&own);
        let squeezed: Vec<String> = sentences.iter().map(text::Sentence::squeezed).collect();
        let mut parsed: Vec<_> = sentences.iter().map(|sentence| self.lexicon.pieces(sentence)).collect();
        let numbered = lexicon::resolve_ordinals(&mut parsed, asked);
        let remarks: Vec<Vec<Remark>> = sentences
            .iter()
            .zip(&parsed)
            .map(|(sentence, pieces)| remark::remarks(&self.unsure, pieces, sentence.asks))
            .collect();
        let mut answers = self.answers(asked, &remarks.concat(), &squeezed.concat());
        answer::drop_doubtful(&mut answers, numbered, Plate::mentioned(&own).len());
        let read: Vec<ReadSentence> = sentences
            .iter()
            .zip(&remarks)
            .zip(&squeezed)
            .map(|((sentence, remarks), squeezed)| ReadSentence {
                sentence,
                remarks,
                wishes: self.wishes(squeezed),
            })
            .collect();
        let wishes: BTreeSet<Wish> = read.iter().flat_map(|read| read.wishes.iter().copied()).collect();
        let only_thanks = wishes.is_empty()
            && !sentences.iter().any(|sentence| sentence.asks)
            && lexicon::only_thanks(&parsed);
        let nothing_else = only_thanks || self.beside.nothing(&self.lexicon, &answers, &read);
        Reading { answers, wishes, only_thanks, nothing_else }
    }

    fn answers(&self, asked: &[Question], remarks: &[Remark], message: &str) -> BTreeMap<Question, Answer> {
        let unsure = self.unsure.anywhere.iter().any(|part| message.contains(part));
        let answer = |question: &Question| {
            let answer =
                if unsure { Answer::Unclear } else { answer::answer(*question, asked.len(), remarks) };
            (*question, self.limits[question].apply(answer, message))
        };
        asked.iter().map(answer).collect()
    }

    /// The wishes in a sentence without blanks.
    fn wishes(&self, sentence: &str) -> BTreeSet<Wish> {
        let said = self.wishes.iter().filter(|phrases| phrases.stand_in(sentence));
        said.map(|phrases| phrases.wish).collect()
    }
}

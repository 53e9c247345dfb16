//! Reads customers' answers (yes, no) and the four follow-up wishes (guide: order of a consultation 1 and 3,
//! follow-ups).
//!
//! The phrases are data (`config/words.toml`). A message that is not understood as a whole is unclear: a wrong yes
//! moves money.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::plate::Plate;
use super::problem::Problem;

mod against;
mod answer;
mod asked;
mod beside;
mod build;
mod clause;
pub mod conjugation;
pub mod dictionary;
mod file;
pub mod lexicon;
mod name;
pub mod neutral;
pub mod noun;
pub mod pattern;
mod remark;
mod segment;
pub mod spelling;
pub mod text;
mod unsure;
mod wish;

pub use against::Against;
use against::AgainstSearch;
use answer::Limits;
pub use asked::Asked;
use beside::{Beside, ReadSentence};
use lexicon::{Lexicon, Piece};
use name::Names;
use remark::Remark;
use spelling::Spelling;
use text::Normaliser;
use unsure::Unsure;
use wish::WishPhrases;

/// The most characters of a message that is read; a longer message goes to a person.
const LONGEST_MESSAGE: usize = 4_000;

/// The most characters of a message that is read again in standard spelling. Answers are short; a longer text is rarely
/// one.
const LONGEST_RESPELT: usize = 400;

/// A question to the customer.
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
    /// The customer centre's term for the question, for notes.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Identity => "본인 확인",
            Self::Vehicle => "차량 확인",
            Self::Coupon => "쿠폰 수락 여부",
        }
    }
}

/// The customer's answer to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes, beyond doubt.
    Yes,
    /// No, beyond doubt.
    No,
    /// Anything else, including no answer to this question.
    Unclear,
}

/// A further request in a message (guide: follow-ups).
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
    /// The customer centre's term for the wish, for notes.
    pub fn korean(self) -> &'static str {
        match self {
            Self::SelfCancel => "재발 방지·앱에서 직접 취소하는 방법",
            Self::CancelPass => "주차패스 해지",
            Self::WhoWasIt => "어떤 차량이었는지·도난 걱정",
            Self::WhyHidden => "주차장 이름을 가리는 까닭",
        }
    }
}

/// What was read of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// One answer to each question that was asked.
    pub answers: BTreeMap<Question, Answer>,
    /// Every wish in the message.
    pub wishes: BTreeSet<Wish>,
    /// Whether the message says only thanks or okay.
    pub only_thanks: bool,
    /// Whether the message consists only of wishes, clear answers, thanks and politeness, so that no person must read
    /// it. `false` if any word is not understood, and for a message without an answer, a wish or thanks.
    pub nothing_else: bool,
    /// The objections to the request that the message contains.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub against: BTreeSet<Against>,
    /// Every sentence that was not understood as a whole, in folded spelling.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_understood: Vec<String>,
}

impl Reading {
    /// The reading of a message that is not read: every answer is unclear.
    fn unread(asked: &Asked) -> Self {
        Self {
            answers: asked.questions().iter().map(|question| (*question, Answer::Unclear)).collect(),
            wishes: BTreeSet::new(),
            only_thanks: false,
            nothing_else: false,
            against: BTreeSet::new(),
            not_understood: Vec::new(),
        }
    }

    /// Whether every question is answered.
    fn is_clear(&self) -> bool {
        self.answers.values().all(|answer| *answer != Answer::Unclear)
    }

    /// The answer to this question if it may be acted on: it is clear, the whole message is understood, and the message
    /// contains no objection.
    pub fn settles(&self, question: Question) -> Option<Answer> {
        let clear = self.answers.get(&question).copied().filter(|answer| *answer != Answer::Unclear);
        clear.filter(|_| self.nothing_else && self.against.is_empty())
    }

    /// The reading of a message with a sign that may reverse it, or with an unfinished end: a person must read all
    /// sentences.
    fn doubted(self, sentences: &[text::Sentence]) -> Self {
        Self {
            only_thanks: false,
            nothing_else: false,
            not_understood: sentences.iter().map(text::Sentence::spoken).collect(),
            ..self.without_answers()
        }
    }

    /// The same reading with every answer unclear, for a writer whose answers do not count.
    #[must_use]
    pub fn without_answers(mut self) -> Self {
        self.answers.values_mut().for_each(|answer| *answer = Answer::Unclear);
        self
    }
}

/// The content of the words file, which operations maintain, prepared for reading messages. A clone shares the lists.
#[derive(Clone)]
pub struct Words {
    normaliser: Normaliser,
    lexicon: Arc<Lexicon>,
    unsure: Unsure,
    limits: BTreeMap<Question, Limits>,
    wishes: Vec<WishPhrases>,
    against: Arc<AgainstSearch>,
    beside: Arc<Beside>,
    names: Names,
    spelling: Arc<Spelling>,
    /// Names of places, without blanks.
    places: Arc<BTreeSet<String>>,
}

/// The lists are a megabyte, which no log is to hold.
impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").finish_non_exhaustive()
    }
}

impl Words {
    /// Parses a words file. An error lists every mistake with its place.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        build::read(text)
    }

    /// Reads a message as an answer to the questions in `asked`. `text` holds only the customer's own words: the caller
    /// has removed quotations and signatures of mail programs ([`own_words`](super::mail::own_words)).
    ///
    /// A plate in the message only names a vehicle; the caller compares it with the vehicle of the use
    /// ([`Plate::mentioned`]). With several plates the answer on the vehicle is unclear.
    pub fn read(&self, asked: &Asked, text: &str) -> Reading {
        // A text that is clear as written is not corrected: a correction could damage it.
        let written = self.read_as_written(asked, text);
        if (written.nothing_else && written.is_clear()) || text.chars().nth(LONGEST_RESPELT).is_some() {
            return written;
        }
        let meant =
            self.spelling.standard(text).and_then(|standard| self.meant(asked, text, &written, &standard));
        meant.unwrap_or(written)
    }

    fn read_as_written(&self, asked: &Asked, text: &str) -> Reading {
        if text.chars().nth(LONGEST_MESSAGE).is_some() {
            return Reading::unread(asked);
        }
        let mut sentences = self.normaliser.sentences(&neutral::without_numbers(text));
        let are_several = self.names.are_several(&sentences);
        self.names.take_signatures(&mut sentences);
        let squeezed: Vec<String> = sentences.iter().map(text::Sentence::squeezed).collect();
        let mut parsed: Vec<_> = sentences.iter().map(|sentence| self.lexicon.pieces(sentence)).collect();
        let numbered = lexicon::resolve_ordinals(&mut parsed, asked);
        let remarks: Vec<Vec<Remark>> = sentences
            .iter()
            .zip(&parsed)
            .map(|(sentence, pieces)| remark::remarks(&self.unsure, asked, pieces, sentence.asks))
            .collect();
        let mut answers = self.answers(asked, &remarks.concat(), &squeezed.concat());
        answer::drop_doubtful(&mut answers, numbered, Plate::mentioned(text).len());
        if are_several {
            answers.entry(Question::Identity).and_modify(|answer| *answer = Answer::Unclear);
        }
        let read: Vec<ReadSentence> = sentences
            .iter()
            .zip(&remarks)
            .zip(squeezed.iter().zip(&parsed))
            .map(|((sentence, remarks), (squeezed, pieces))| ReadSentence {
                sentence,
                remarks,
                wishes: self.wishes(squeezed, pieces),
            })
            .collect();
        let wishes: BTreeSet<Wish> = read.iter().flat_map(|read| read.wishes.iter().copied()).collect();
        let only_thanks = wishes.is_empty()
            && !sentences.iter().any(|sentence| sentence.asks)
            && lexicon::only_thanks(&parsed);
        let mut understood = if only_thanks {
            vec![true; sentences.len()]
        } else {
            self.beside.understood(&self.lexicon, &answers, &read)
        };
        for (understood, sentence) in understood.iter_mut().zip(&squeezed) {
            *understood &= !unsure::contains_any(sentence, &self.unsure.for_a_person);
        }
        let says_something = only_thanks || beside::says_something(&answers, &read);
        let nothing_else = says_something && understood.iter().all(|understood| *understood);
        let unread = || sentences.iter().zip(&understood).filter(|(_, understood)| !**understood);
        let not_understood = unread().map(|(sentence, _)| sentence.spoken()).collect();
        // A sentence that is understood as an answer is no objection: "제 계정 아니에요" is a no.
        let against = squeezed
            .iter()
            .zip(&understood)
            .filter(|(_, understood)| asked.questions().is_empty() || !**understood)
            .flat_map(|(sentence, _)| self.against.kinds_in(sentence))
            .collect();
        let reading = Reading { answers, wishes, only_thanks, nothing_else, against, not_understood };
        if unsure::is_reversed(text) || self.unsure.trails_off(&squeezed) {
            reading.doubted(&sentences)
        } else {
            reading
        }
    }

    /// The places at which the writer says that they or their car were, without blanks. The caller compares them with
    /// the lot.
    pub fn places(&self, text: &str) -> BTreeSet<String> {
        let mut places = self.places_as_written(text);
        if text.chars().nth(LONGEST_RESPELT).is_some() {
            return places;
        }
        places.extend(
            self.spelling.standard(text).iter().flat_map(|standard| self.places_as_written(standard)),
        );
        places
    }

    fn places_as_written(&self, text: &str) -> BTreeSet<String> {
        let sentences = self.normaliser.sentences(&neutral::without_numbers(text));
        let pieces = sentences.iter().flat_map(|sentence| self.lexicon.pieces(sentence));
        let said = pieces.filter_map(|piece| if let Piece::Matter(text) = piece { Some(text) } else { None });
        let places =
            |text: String| self.places.iter().filter(move |place| text.contains(place.as_str())).cloned();
        said.flat_map(places).collect()
    }

    /// Whether a ticket's opening consists only of known phrases that state the usual request.
    pub fn is_plain(&self, text: &str) -> bool {
        text.chars().nth(LONGEST_MESSAGE).is_none()
            && !unsure::is_reversed(text)
            && self
                .beside
                .is_plain(&self.lexicon, &self.normaliser.sentences(&neutral::without_numbers(text)))
    }

    fn answers(&self, asked: &Asked, remarks: &[Remark], message: &str) -> BTreeMap<Question, Answer> {
        // A concession ("제 차이긴 한데") leaves something unsaid, unless the message goes on to say it.
        let says_more = remarks.iter().any(|remark| matches!(remark, Remark::Denies | Remark::Other));
        let unsure = unsure::contains_any(message, &self.unsure.anywhere)
            || (!says_more && unsure::contains_any(message, &self.unsure.conceding));
        let in_order = answer::in_order(asked, remarks);
        let answer = |question: &Question| {
            let ordered = in_order.as_ref().and_then(|answers| answers.get(question)).copied();
            let answer = match ordered {
                _ if unsure => Answer::Unclear,
                Some(answer) => answer,
                None => answer::answer(*question, asked, remarks),
            };
            (*question, self.limits[question].apply(answer, message))
        };
        asked.questions().iter().map(answer).collect()
    }

    /// The wishes in a sentence without blanks, cut into these pieces.
    fn wishes(&self, sentence: &str, pieces: &[Piece]) -> BTreeSet<Wish> {
        let asked = pieces.iter().filter_map(Piece::asks);
        let said =
            self.wishes.iter().filter(|phrases| phrases.stand_in(sentence)).map(|phrases| phrases.wish);
        let wishes: BTreeSet<Wish> = asked.chain(said).collect();
        let is_taken_back = |wish: &Wish| {
            self.wishes.iter().any(|phrases| phrases.wish == *wish && phrases.are_taken_back_in(sentence))
        };
        wishes.into_iter().filter(|wish| !is_taken_back(wish)).collect()
    }
}

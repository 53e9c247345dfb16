//! What each phrase means, and which meanings a sentence is made of.

use std::collections::BTreeMap;

use super::Question;
use super::noun::Nouns;
use super::segment;
use super::text::Sentence;

/// What a phrase means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// 네, 아니요: an answer by itself.
    Word(Polarity),
    /// 아니: "no" when it stands alone, otherwise an empty word.
    Weak,
    /// 맞아요, 아니에요: says yes or no to what stands before it.
    Predicate(Polarity, Firmness),
    /// 제 차, 본인은: what a predicate is about.
    Noun(Noun),
    /// 본인입니다, 남편 거예요: noun and predicate in one.
    Claim(Noun, Polarity, Firmness),
    /// 쿠폰 필요 없어요: says yes or no to one question, whatever stands before it.
    Statement(Question, Polarity),
    /// 받을게요: the same, but only when the thing itself is named before it.
    Wants(Question, Polarity),
    /// 둘 다
    Both,
    /// 1번: the question that was asked first, second …
    Ordinal(u8),
    /// Means nothing.
    Filler,
    /// 안녕하세요
    Greeting,
    /// 네 차: "yes, the car" or "your car".
    Ambiguous,
    /// 감사합니다
    Thanks,
    /// 알겠습니다: says that it was read.
    Acknowledges,
    /// 해결됐어요: thanks where nothing was asked; otherwise it speaks against the request.
    Solved,
    /// 수고하세요: ends a message.
    Closing,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Polarity {
    Yes,
    No,
}

/// Whether it still says so with a question mark: "맞는데요?" does, "맞아요?" does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Firmness {
    Firm,
    Plain,
}

/// What a predicate is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Noun {
    /// `None`: 제 거, 남편, or the writer.
    pub(super) about: Option<Question>,
    /// Whose it is said to be.
    pub(super) owner: Owner,
}

/// Whose a thing is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// 차, 계정: not said.
    Unsaid,
    /// 제 차, 제 거, 본인
    Mine,
    /// 남편 차, 남편
    Others,
    /// 저, 제가: the writer.
    Writer,
    /// 12가3456: not said, and perhaps another than was asked about.
    Plate,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A phrase of the lists.
    Known(Meaning),
    /// A word that is not in the lists.
    Unknown(String),
    /// A comma.
    Break,
}

impl Piece {
    fn meaning_mut(&mut self) -> Option<&mut Meaning> {
        match self {
            Self::Known(meaning) => Some(meaning),
            Self::Unknown(_) | Self::Break => None,
        }
    }
}

/// Every phrase without blanks, with its meaning.
#[derive(Clone, Debug)]
pub(super) struct Lexicon {
    /// What means something as it is written; stands above what nouns make.
    phrases: BTreeMap<String, Meaning>,
    nouns: Nouns,
    longest: usize,
}

impl Lexicon {
    /// From written phrases and from nouns.
    pub(super) fn new(phrases: BTreeMap<String, Meaning>, nouns: Nouns) -> Self {
        let longest = phrases.keys().map(String::len).max().unwrap_or(0).max(nouns.longest());
        Self { phrases, nouns, longest }
    }

    /// The meaning of a phrase without blanks.
    pub(super) fn meaning(&self, phrase: &str) -> Option<Meaning> {
        self.phrases.get(phrase).copied().or_else(|| self.nouns.meaning(phrase))
    }

    /// The longest phrase. Bytes.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// What a sentence is made of.
    pub(super) fn pieces(&self, sentence: &Sentence) -> Vec<Piece> {
        let parts = sentence.parts.iter().map(|part| segment::pieces(self, part));
        parts.collect::<Vec<_>>().join(&Piece::Break)
    }
}

/// Puts the questions that were asked in the place of their numbers. Whether there was any number.
pub(super) fn resolve_ordinals(sentences: &mut [Vec<Piece>], asked: &[Question]) -> bool {
    let mut numbered = false;
    for meaning in sentences.iter_mut().flatten().filter_map(Piece::meaning_mut) {
        if let Meaning::Ordinal(place) = *meaning {
            numbered = true;
            let question = asked.get(usize::from(place)).copied();
            *meaning = question.map_or(Meaning::Ambiguous, |question| {
                Meaning::Noun(Noun { about: Some(question), owner: Owner::Unsaid })
            });
        }
    }
    numbered
}

/// Whether a message says thanks or okay, and nothing else.
pub(super) fn only_thanks(sentences: &[Vec<Piece>]) -> bool {
    let is_thanks = |piece: &Piece| {
        matches!(
            piece,
            Piece::Known(
                Meaning::Thanks
                    | Meaning::Acknowledges
                    | Meaning::Solved
                    | Meaning::Closing
                    | Meaning::Word(Polarity::Yes)
            )
        )
    };
    sentences.iter().flatten().any(is_thanks)
        && sentences.iter().all(|pieces| {
            let all = pieces.iter().all(|piece| {
                is_thanks(piece)
                    || matches!(piece, Piece::Known(Meaning::Filler | Meaning::Greeting) | Piece::Break)
            });
            // "감사합니다 근데 …" leaves something unsaid.
            all && pieces.last() != Some(&Piece::Known(Meaning::Filler))
        })
}

//! What each phrase means, and which meanings a sentence is made of.

use std::collections::BTreeMap;

use super::asked::{Asked, Numbers};
use super::noun::Nouns;
use super::pattern::{Memo, Patterns};
use super::segment;
use super::text::Sentence;
use super::{Question, Wish};

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
    /// 1번: the first of what was asked, or of the answers to choose from.
    Ordinal(u8),
    /// 1번, which stands for this one of the answers to choose from.
    Option(u8),
    /// Means nothing.
    Filler,
    /// 근데
    Contrast,
    /// 안녕하세요
    Greeting,
    /// 집에 있었어요: says nothing new of what the ticket is about.
    Matter,
    /// 번호판이 복제된 건 아닌가요: asks one of the follow-up questions.
    Asks(Wish),
    /// 주차한 적 없어요: denies what the ticket is about.
    Denial,
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
    /// And sets something against it: "맞는데 안 갔어요".
    Conceding,
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
    /// Says nothing new of what the ticket is about; with its text, which may name a place.
    Matter(String),
    /// A word that is not in the lists.
    Unknown(String),
    /// A comma.
    Break,
}

impl Piece {
    /// The follow-up question that it asks.
    pub(super) fn asks(&self) -> Option<Wish> {
        match self {
            Self::Known(Meaning::Asks(wish)) => Some(*wish),
            Self::Known(_) | Self::Matter(_) | Self::Unknown(_) | Self::Break => None,
        }
    }

    fn ordinal(&self) -> Option<u8> {
        match self {
            Self::Known(Meaning::Ordinal(place)) => Some(*place),
            Self::Known(_) | Self::Matter(_) | Self::Unknown(_) | Self::Break => None,
        }
    }
}

/// Every phrase without blanks, with its meaning.
#[derive(Clone, Debug)]
pub(super) struct Lexicon {
    /// What means something as it is written; stands above what nouns make.
    phrases: BTreeMap<String, Meaning>,
    /// What can be said in many ways.
    patterns: Patterns<Meaning>,
    nouns: Nouns,
    /// Single syllables that people join to the next word: "네제차입니다".
    joined: Vec<String>,
    /// Bytes.
    longest: usize,
}

impl Lexicon {
    /// From written phrases, from patterns and from nouns.
    pub(super) fn new(
        phrases: BTreeMap<String, Meaning>,
        patterns: Patterns<Meaning>,
        nouns: Nouns,
        joined: Vec<String>,
    ) -> Self {
        let longest = phrases.keys().map(String::len).max().unwrap_or(0).max(nouns.longest());
        Self { phrases, patterns, nouns, joined, longest }
    }

    /// Whether a phrase begins by setting itself against what was said before: "근데 안 갔어요".
    pub(super) fn sets_against(&self, phrase: &str) -> bool {
        let ends = phrase.char_indices().map(|(at, _)| at);
        ends.skip(1).any(|end| self.phrases.get(&phrase[..end]) == Some(&Meaning::Contrast))
    }

    /// Whether a single syllable at the beginning of a word may be a word of its own.
    pub(super) fn may_be_joined(&self, syllable: &str) -> bool {
        self.joined.iter().any(|joined| joined == syllable)
    }

    /// What may begin at `from`: where it ends, at `reach` at most, and what it means. No phrase means two things; where two
    /// patterns of different meanings meet, it is ambiguous.
    pub(super) fn meanings(
        &self,
        text: &str,
        from: usize,
        reach: usize,
        memo: &mut Memo,
    ) -> BTreeMap<usize, Meaning> {
        let mut found = BTreeMap::new();
        let patterns = self.patterns.at(text, from, memo).into_iter().filter(|(to, _)| *to <= reach);
        for (to, meaning) in patterns {
            let known = *found.entry(to).or_insert(meaning);
            // What denies is matter, too.
            let both = match (known, meaning) {
                (Meaning::Matter, Meaning::Denial) | (Meaning::Denial, Meaning::Matter) => Meaning::Denial,
                _ if known == meaning => meaning,
                _ => Meaning::Ambiguous,
            };
            found.insert(to, both);
        }
        // No phrase is longer, so that a word of a whole message takes no longer than many short ones.
        for to in from + 1..=reach.min(from + self.longest) {
            let Some(phrase) = text.get(from..to) else { continue };
            if let Some(meaning) = self.phrases.get(phrase) {
                found.insert(to, *meaning);
            } else if let Some(meaning) = self.nouns.meaning(phrase) {
                found.entry(to).or_insert(meaning);
            }
        }
        found
    }

    /// What a sentence is made of.
    pub(super) fn pieces(&self, sentence: &Sentence) -> Vec<Piece> {
        let parts = sentence.parts.iter().map(|part| segment::pieces(self, part));
        parts.collect::<Vec<_>>().join(&Piece::Break)
    }
}

/// Puts what the numbers stand for in their place. Whether there was one whose meaning had to be guessed from the order of the
/// questions.
pub(super) fn resolve_ordinals(sentences: &mut [Vec<Piece>], asked: &Asked) -> bool {
    for pieces in sentences.iter_mut() {
        forget_counts(pieces);
    }
    let mut places: Vec<u8> = sentences.iter().flatten().filter_map(Piece::ordinal).collect();
    places.sort_unstable();
    places.dedup();
    let by_question = |place: u8| {
        let question = asked.questions().get(usize::from(place)).copied();
        question.map_or(Meaning::Ambiguous, |question| {
            Meaning::Noun(Noun { about: Some(question), owner: Owner::Unsaid })
        })
    };
    let meaning = |place: u8| match &asked.numbers {
        Numbers::Options(options) if places.len() == 1 && usize::from(place) < options.len() => {
            Meaning::Option(place)
        }
        Numbers::Questions => by_question(place),
        Numbers::Unknown if asked.questions().len() > 1 => by_question(place),
        Numbers::Unknown | Numbers::Options(_) => Meaning::Ambiguous,
    };
    for piece in sentences.iter_mut().flatten() {
        if let Some(place) = piece.ordinal() {
            *piece = Piece::Known(meaning(place));
        }
    }
    !places.is_empty() && asked.numbers == Numbers::Unknown
}

/// "벌써 두 번째 오인식인데" counts, and answers nothing.
fn forget_counts(pieces: &mut [Piece]) {
    for place in 1..pieces.len() {
        if let [Piece::Unknown(_), ordinal] = &mut pieces[place - 1..=place]
            && ordinal.ordinal().is_some()
        {
            *ordinal = Piece::Unknown(String::new());
        }
    }
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
                    || matches!(
                        piece,
                        Piece::Known(Meaning::Filler | Meaning::Contrast | Meaning::Greeting) | Piece::Break
                    )
            });
            // "감사합니다 근데 …" leaves something unsaid.
            all && !matches!(pieces.last(), Some(Piece::Known(Meaning::Filler | Meaning::Contrast)))
        })
}

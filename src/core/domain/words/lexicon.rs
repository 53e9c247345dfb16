//! The meanings of phrases, and of the pieces of a sentence.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::asked::{Asked, Numbers};
use super::dictionary::Dictionary;
use super::noun::Nouns;
use super::pattern::{Memo, Patterns};
use super::segment;
use super::text::{Part, Sentence};
use super::{Question, Wish};

/// The meaning of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// 네, 아니요: an answer by itself.
    Word(Polarity),
    /// 아니: a no if nothing else in the message answers, otherwise a filler or a doubt.
    Weak,
    /// 맞아요, 아니에요: says yes or no to the nouns before it.
    Predicate(Polarity, Firmness),
    /// 제 차, 본인은: the noun that a predicate is about.
    Noun(Noun),
    /// 본인입니다, 남편 거예요: noun and predicate in one.
    Claim(Noun, Polarity, Firmness),
    /// 쿠폰 필요 없어요: says yes or no to one question by itself.
    Statement(Question, Polarity),
    /// 받을게요: the same, but only after the noun, or as the answer to that question alone.
    Wants(Question, Polarity),
    /// 둘 다
    Both,
    /// 1번: the question or the offered answer with this index.
    Ordinal(u8),
    /// 1번, resolved to the offered answer with this index.
    Option(u8),
    /// 저기요, 그러면: has no meaning.
    Filler,
    /// 근데
    Contrast,
    /// 안녕하세요
    Greeting,
    /// 집에 있었어요: repeats or explains the ticket's matter.
    Matter,
    /// 번호판이 복제된 건 아닌가요: asks one of the follow-up questions.
    FollowUp(Wish),
    /// 주차한 적 없어요: denies the parking use.
    Denial,
    /// 네 차: "yes, the car" or "your car".
    Ambiguous,
    /// 감사합니다
    Thanks,
    /// 알겠습니다: confirms receipt.
    Acknowledges,
    /// 해결됐어요: thanks if nothing was asked; otherwise an objection to the request.
    Solved,
    /// 수고하세요: ends a message.
    Closing,
}

/// Which answer is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polarity {
    /// 네
    Yes,
    /// 아니요
    No,
}

/// Whether a predicate is still an answer with a question mark: "맞는데요?" is, "맞아요?" is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firmness {
    /// Firm, and followed by a contrast: "맞는데 안 갔어요".
    Conceding,
    /// 맞는데요: an answer, also with a question mark.
    Firm,
    /// 맞아요: an answer only without a question mark.
    Plain,
}

/// The noun that a predicate is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noun {
    /// The question that the noun belongs to; `None` for 제 거, 남편 and the writer.
    pub about: Option<Question>,
    /// The owner of the thing.
    pub owner: Owner,
}

/// The owner of a thing, by the writer's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// 차, 계정: no owner is named.
    Unsaid,
    /// 제 차, 제 거, 본인
    Mine,
    /// 남편 차, 남편
    Others,
    /// 저, 제가: the writer.
    Writer,
    /// 12가3456: no owner is named, and the vehicle may be another than the question's.
    Plate,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A phrase of the lists.
    Known(Meaning),
    /// A phrase with [`Meaning::Matter`], with its text, which may name a place.
    Matter(String),
    /// A word that is not in the lists.
    Unknown(String),
    /// A comma.
    Break,
}

impl Piece {
    /// The wish that the piece expresses by itself.
    pub(super) fn asks(&self) -> Option<Wish> {
        match self {
            Self::Known(Meaning::FollowUp(wish)) => Some(*wish),
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

/// What was looked up in a part of a message.
#[derive(Debug, Default)]
pub(super) struct Cache {
    pub(super) memo: Memo,
    /// The meanings of the phrases by their start.
    meanings: BTreeMap<usize, Meanings>,
}

/// Ends and meanings of phrases with the same start, by their end.
type Meanings = Rc<[(usize, Meaning)]>;

/// The phrases, patterns and nouns of the words file with their meanings, all without blanks.
#[derive(Clone, Debug)]
pub(super) struct Lexicon {
    /// Phrases as they are written; they have precedence over patterns and nouns of the same text.
    phrases: Dictionary<Meaning>,
    /// Phrases with optional parts and sets.
    patterns: Patterns<Meaning>,
    nouns: Nouns,
    /// Single syllables that people join to the next word: "네제차입니다".
    joined: Vec<String>,
}

impl Lexicon {
    pub(super) fn new(
        phrases: Dictionary<Meaning>,
        patterns: Patterns<Meaning>,
        nouns: Nouns,
        joined: Vec<String>,
    ) -> Self {
        Self { phrases, patterns, nouns, joined }
    }

    /// Whether a phrase begins with a contrast: "근데 안 갔어요".
    pub(super) fn sets_against(&self, phrase: &str) -> bool {
        let ends = phrase.char_indices().map(|(at, _)| at);
        ends.skip(1).any(|end| self.phrases.get(&phrase[..end]) == Some(&Meaning::Contrast))
    }

    /// Whether a single syllable at the beginning of a word may be a word by itself.
    pub(super) fn may_be_joined(&self, syllable: &str) -> bool {
        self.joined.iter().any(|joined| joined == syllable)
    }

    /// The phrases of a part that begin at `from`.
    pub(super) fn meanings(&self, part: &Part, from: usize) -> Meanings {
        let cache = &mut *part.cache.borrow_mut();
        let known = cache.meanings.entry(from);
        Rc::clone(known.or_insert_with(|| {
            self.phrases_at(&part.text, from, part.reach(from), &mut cache.memo).into_iter().collect()
        }))
    }

    /// The phrases that begin at `from` and end at `reach` at most: end and meaning. A text that matches patterns of
    /// different meanings is ambiguous.
    fn phrases_at(&self, text: &str, from: usize, reach: usize, memo: &mut Memo) -> BTreeMap<usize, Meaning> {
        let mut found = BTreeMap::new();
        let patterns = self.patterns.at(text, from, memo).into_iter().filter(|(to, _)| *to <= reach);
        for (to, meaning) in patterns {
            let known = *found.entry(to).or_insert(meaning);
            // A denial is also a statement of the ticket's matter.
            let both = match (known, meaning) {
                (Meaning::Matter, Meaning::Denial) | (Meaning::Denial, Meaning::Matter) => Meaning::Denial,
                _ if known == meaning => meaning,
                _ => Meaning::Ambiguous,
            };
            found.insert(to, both);
        }
        let rest = text.get(from..reach).unwrap_or_default();
        for (length, meaning) in self.nouns.beginnings(rest) {
            found.entry(from + length).or_insert(meaning);
        }
        for (length, meaning) in self.phrases.beginnings(rest) {
            found.insert(from + length, *meaning);
        }
        found
    }

    /// A sentence cut into pieces, with a [`Piece::Break`] for each comma.
    pub(super) fn pieces(&self, sentence: &Sentence) -> Vec<Piece> {
        let parts = sentence.parts.iter().map(|part| segment::pieces(self, part));
        parts.collect::<Vec<_>>().join(&Piece::Break)
    }
}

/// Replaces numbers by their meanings. Returns whether the meaning of a number was guessed from the order of the
/// questions, since the text that asked had no list.
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

/// Makes an ordinal after an unknown word unknown: "벌써 두 번째 오인식인데" counts occasions and answers nothing.
fn forget_counts(pieces: &mut [Piece]) {
    for place in 1..pieces.len() {
        if let [Piece::Unknown(_), ordinal] = &mut pieces[place - 1..=place]
            && ordinal.ordinal().is_some()
        {
            *ordinal = Piece::Unknown(String::new());
        }
    }
}

/// Whether a message says only thanks or okay.
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
            // "감사합니다 근데 …" is unfinished.
            all && !matches!(pieces.last(), Some(Piece::Known(Meaning::Filler | Meaning::Contrast)))
        })
}

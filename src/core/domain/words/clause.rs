//! What a sentence has said before its next predicate.

use std::collections::BTreeSet;

use super::Question;
use super::lexicon::{Noun, Owner, Polarity};

/// What stands before the next predicate.
#[derive(Default)]
pub(super) struct Clause {
    pub(super) nouns: Vec<Noun>,
    /// Unknown words, without blanks.
    pub(super) unknown: String,
    /// 둘 다
    pub(super) both: bool,
    /// Known words that do not go together.
    pub(super) tangled: bool,
}

impl Clause {
    pub(super) fn topics(&self) -> BTreeSet<Question> {
        self.nouns.iter().filter_map(|noun| noun.about).collect()
    }

    pub(super) fn has(&self, owner: Owner) -> bool {
        self.nouns.iter().any(|noun| noun.owner == owner)
    }

    /// What a predicate after these nouns is about: none when it is about what was asked, `None` when that cannot be told.
    pub(super) fn understood(&self, polarity: Polarity) -> Option<BTreeSet<Question>> {
        let mut topics = self.topics();
        let only_the_writer =
            !self.nouns.is_empty() && self.nouns.iter().all(|noun| noun.owner == Owner::Writer);
        let both =
            self.both || self.nouns.iter().any(|noun| noun.about.is_none() && noun.owner == Owner::Mine);
        let murky = self.tangled
            || !self.unknown.is_empty()
            // "저 아니에요": not the holder, or not the one who parked?
            || (only_the_writer && polarity == Polarity::No)
            // "12가3456 아니에요": not theirs, or not the number?
            || (polarity == Polarity::No && self.has(Owner::Plate) && !self.has(Owner::Mine))
            // "차 명의가 저 아니에요": which of the two?
            || (topics.len() > 1 && (polarity == Polarity::No || !both));
        if only_the_writer {
            topics.insert(Question::Identity);
        }
        (!murky).then_some(topics)
    }
}

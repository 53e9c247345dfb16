//! The words of a sentence since its last predicate, which the next predicate is about.

use std::collections::BTreeSet;

use super::Question;
use super::lexicon::{Noun, Owner, Polarity};

/// The words since the last predicate.
#[derive(Default)]
pub(super) struct Clause {
    pub(super) nouns: Vec<Noun>,
    /// Unknown words, without blanks.
    pub(super) unknown: String,
    /// 둘 다
    pub(super) both: bool,
    /// Whether known words contradict each other.
    pub(super) tangled: bool,
}

impl Clause {
    pub(super) fn topics(&self) -> BTreeSet<Question> {
        self.nouns.iter().filter_map(|noun| noun.about).collect()
    }

    pub(super) fn has(&self, owner: Owner) -> bool {
        self.nouns.iter().any(|noun| noun.owner == owner)
    }

    /// The questions that a predicate after these nouns answers; empty: the questions that were asked. `None` if that
    /// is unclear.
    pub(super) fn understood(&self, polarity: Polarity) -> Option<BTreeSet<Question>> {
        let mut topics = self.topics();
        let only_the_writer =
            !self.nouns.is_empty() && self.nouns.iter().all(|noun| noun.owner == Owner::Writer);
        let both =
            self.both || self.nouns.iter().any(|noun| noun.about.is_none() && noun.owner == Owner::Mine);
        let murky = self.tangled
            || !self.unknown.is_empty()
            // "저 아니에요": the writer may not be the holder, or not be the one who parked.
            || (only_the_writer && polarity == Polarity::No)
            // "12가3456 아니에요": the car may not be theirs, or have another number.
            || (polarity == Polarity::No && self.has(Owner::Plate) && !self.has(Owner::Mine))
            // "차 명의가 저 아니에요": it is unclear which of two topics the predicate is about.
            || (topics.len() > 1 && (polarity == Polarity::No || !both));
        if only_the_writer {
            topics.insert(Question::Identity);
        }
        (!murky).then_some(topics)
    }
}

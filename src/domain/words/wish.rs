//! Finds the follow-up wishes (guide: follow-ups): phrases whose parts stand in one sentence, in order.

use std::collections::BTreeSet;

use super::Wish;

/// Separates the parts of a phrase.
pub(super) const GAP: char = '…';

/// The phrases of every wish.
#[derive(Clone, Debug)]
pub(super) struct WishPhrases(pub(super) Vec<(Wish, Vec<Vec<String>>, Vec<Vec<String>>)>);

impl WishPhrases {
    /// The wishes of a message, given its sentences without blanks.
    pub(super) fn in_sentences(&self, sentences: &[String]) -> BTreeSet<Wish> {
        let says =
            |sentence: &str, phrases: &[Vec<String>]| phrases.iter().any(|parts| stands_in(sentence, parts));
        self.0
            .iter()
            .filter(|(_, phrases, exceptions)| {
                sentences.iter().any(|sentence| says(sentence, phrases) && !says(sentence, exceptions))
            })
            .map(|(wish, _, _)| *wish)
            .collect()
    }
}

fn stands_in(sentence: &str, parts: &[String]) -> bool {
    let rest =
        parts.iter().try_fold(sentence, |rest, part| rest.split_once(part.as_str()).map(|(_, after)| after));
    rest.is_some()
}

//! Finds the follow-up wishes (guide: follow-ups) by phrases whose parts occur in one sentence, in order.

use super::Wish;

/// The separator between the parts of a phrase in the words file.
pub(super) const GAP: char = '…';

/// The phrases of a wish. Each phrase is a list of parts without blanks.
#[derive(Clone, Debug)]
pub(super) struct WishPhrases {
    pub(super) wish: Wish,
    pub(super) says: Vec<Vec<String>>,
    /// Phrases that cancel the wish in the same sentence: "패스 해지했는데도 …".
    pub(super) unless: Vec<Vec<String>>,
}

impl WishPhrases {
    /// Whether a sentence without blanks contains a phrase of this wish.
    pub(super) fn stand_in(&self, sentence: &str) -> bool {
        self.says.iter().any(|parts| has_in_order(sentence, parts))
    }

    /// Whether a sentence without blanks contains a phrase that cancels this wish.
    pub(super) fn are_taken_back_in(&self, sentence: &str) -> bool {
        self.unless.iter().any(|parts| has_in_order(sentence, parts))
    }
}

fn has_in_order(sentence: &str, parts: &[String]) -> bool {
    let end = |rest: &str, part: &String| rest.find(part.as_str()).map(|at| at + part.len());
    parts.iter().try_fold(sentence, |rest, part| Some(&rest[end(rest, part)?..])).is_some()
}

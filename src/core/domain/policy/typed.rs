//! A situation as a person types it: names and values in English or in the centre's own words.

use unicode_normalization::UnicodeNormalization as _;

use super::table::{Word, listed};
use super::{Combination, Grant, Input as _, InputValue, Policy, Progress, Then, Unanswered};

/// What counts where a person does not say: a case at its beginning, worth no more than the cap.
const UNLESS_GIVEN: &[(&str, &str, &str)] = &[
    (Progress::NAME, "none", "입력하지 않아 처음인 것으로 봄"),
    (Grant::NAME, "within_cap", "입력하지 않아 한도 이내인 것으로 봄"),
];
/// A single syllable is no word.
const FEWEST_SIGNS: usize = 2;

impl Policy {
    /// Completes a situation that a person gave as names and values, in any order: what is left out of the consultation counts as
    /// established, the case as at its beginning and its compensation as within the cap; what else is left out of the
    /// decision table is told when the policy is asked about it.
    pub fn complete(&self, given: &[(String, String)]) -> Result<Vec<InputValue>, Unanswered> {
        let mut inputs: Vec<InputValue> = Vec::new();
        for (name, value) in given {
            let input = self.typed(name, value)?;
            if inputs.iter().any(|earlier| earlier.name == input.name) {
                return Err(Unanswered::GivenTwice(input.name));
            }
            inputs.push(input);
        }
        for (name, value, source) in UNLESS_GIVEN {
            if !inputs.iter().any(|given| given.name == *name) {
                inputs.push(InputValue::of(name, value, source));
            }
        }
        let combinations = self.consultation.combinations();
        let passes = |combination: &&Combination| self.consultation.row_for(combination).then == Then::Decide;
        for (name, value) in combinations.iter().find(passes).map_or(&[][..], Combination::pairs) {
            if !inputs.iter().any(|given| given.name == name.code) {
                inputs.push(InputValue::of(name.code, value.code, "입력하지 않아 확인된 것으로 봄"));
            }
        }
        Ok(inputs)
    }

    fn typed(&self, name: &str, value: &str) -> Result<InputValue, Unanswered> {
        let declared = || self.consultation.inputs.iter().chain(&self.decision.inputs);
        let names: Vec<Word> = declared().map(|declared| declared.input).collect();
        let input = match meant(&names, name)[..] {
            [input] => input,
            [] => {
                return Err(Unanswered::UnknownInput { input: name.to_owned(), allowed: listed(&names) });
            }
            ref several => {
                return Err(Unanswered::Ambiguous { typed: name.to_owned(), fitting: listed(several) });
            }
        };
        let values = declared().find(|declared| declared.input == input).map(|declared| &declared.values);
        let values = values.map_or(&[][..], Vec::as_slice);
        match meant(values, value)[..] {
            [value] => Ok(InputValue::of(input.code, value.code, "직접 입력")),
            [] => Err(Unanswered::UnknownValue {
                input: input.code,
                value: value.to_owned(),
                allowed: listed(values),
            }),
            ref several => Err(Unanswered::Ambiguous { typed: value.to_owned(), fitting: listed(several) }),
        }
    }
}

/// The words that are meant: the one whose name it is, or else all whose Korean name has it as a part.
fn meant(words: &[Word], typed: &str) -> Vec<Word> {
    let typed = folded(typed);
    let is_it = |word: &&Word| folded(word.code) == typed || folded(word.korean) == typed;
    if let Some(word) = words.iter().find(is_it) {
        return vec![*word];
    }
    if typed.chars().count() < FEWEST_SIGNS {
        return Vec::new();
    }
    words.iter().filter(|word| folded(word.korean).contains(&typed)).copied().collect()
}

/// However it is spaced, and however a keyboard has composed its syllables.
fn folded(text: &str) -> String {
    text.nfc().filter(|sign| !sign.is_whitespace()).flat_map(char::to_lowercase).collect()
}

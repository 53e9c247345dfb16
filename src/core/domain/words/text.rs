//! Normalises text (NFD, full width, laughter, stretched syllables, signs), then splits it into sentences and parts.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::iter;

use unicode_normalization::UnicodeNormalization;

use super::lexicon::Cache;

/// The most repetitions of a syllable or sign that are kept: "네네네네" becomes "네네".
const LONGEST_RUN: usize = 2;

/// A sentence of a message.
#[derive(Debug, Default)]
pub struct Sentence {
    /// The stretches between commas.
    pub(super) parts: Vec<Part>,
    /// Whether it ends with a question mark.
    pub asks: bool,
}

/// Words without a comma between them, joined without blanks.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// The words without blanks.
    pub(super) text: String,
    /// The bytes of `text` at which a word begins.
    pub(super) word_starts: BTreeSet<usize>,
    /// What was looked up in it: several steps of the reading need the same.
    pub(super) cache: RefCell<Cache>,
}

impl Part {
    /// The end of the longest phrase that may begin at `from`: inside a word, the word's.
    pub(super) fn reach(&self, from: usize) -> usize {
        if self.word_starts.contains(&from) { self.text.len() } else { self.word_end(from) }
    }

    /// The end of the word that contains the byte `at`.
    pub(super) fn word_end(&self, at: usize) -> usize {
        self.word_starts.range(at + 1..).next().copied().unwrap_or(self.text.len())
    }
}

impl Part {
    /// Whether a digit of the same word directly precedes or follows this range.
    pub(super) fn is_in_a_number(&self, from: usize, to: usize) -> bool {
        let is_digit = |at: usize| self.text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let before = from > 0 && !self.word_starts.contains(&from) && is_digit(from - 1);
        before || (!self.word_starts.contains(&to) && is_digit(to))
    }

    /// Whether this range is one word repeated: "네 네".
    pub(super) fn is_said_twice(&self, from: usize, to: usize) -> bool {
        let middle = from + (to - from) / 2;
        self.word_starts.contains(&middle)
            && middle > from
            && self.text.get(from..middle) == self.text.get(middle..to)
    }

    /// Whether this range has a blank between two digits.
    pub(super) fn splits_a_number(&self, from: usize, to: usize) -> bool {
        let is_digit = |at: usize| self.text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        self.word_starts.range(from + 1..to).any(|start| is_digit(start - 1) && is_digit(*start))
    }
}

impl Sentence {
    /// The sentence with blanks and commas, in folded spelling, for people.
    pub(super) fn spoken(&self) -> String {
        let words = |part: &Part| -> String {
            let starts =
                part.word_starts.iter().filter_map(|start| part.text.get(*start..part.word_end(*start)));
            starts.collect::<Vec<_>>().join(" ")
        };
        let text = self.parts.iter().map(words).collect::<Vec<_>>().join(", ");
        if self.asks { format!("{text}?") } else { text }
    }

    /// The whole sentence without blanks and commas.
    pub fn squeezed(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }
}

/// Splits text into sentences. The signs in `signs` (such as a thumb) are words; all others separate words.
#[derive(Clone, Debug, Default)]
pub struct Normaliser {
    signs: BTreeSet<char>,
}

impl Normaliser {
    /// Signs are words if any of these phrases contains them.
    pub(super) fn new<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Self {
        // Nearly all phrases are spared the folding.
        let is_common = |sign: char| sign.is_ascii() || ('가'..='힣').contains(&sign);
        let phrases = phrases.into_iter().filter(|phrase| !phrase.chars().all(is_common));
        let is_own_word =
            |sign: &char| !sign.is_ascii() && matches!(kind(*sign), Kind::Blank) && !sign.is_whitespace();
        Self { signs: phrases.flat_map(fold).filter(is_own_word).collect() }
    }

    /// The sentences of a text, without empty ones.
    pub fn sentences(&self, text: &str) -> Vec<Sentence> {
        let mut sentences: Vec<Sentence> = Vec::new();
        let mut words = WordCollector::default();
        for sign in shortened(&joined(&fold(text).collect::<Vec<_>>())) {
            match kind(sign) {
                Kind::Word => words.push(sign),
                Kind::Blank if self.signs.contains(&sign) => {
                    words.end_word();
                    words.push(sign);
                    words.end_word();
                }
                Kind::Blank => words.end_word(),
                Kind::Comma => words.end_part(),
                Kind::End { asks: false } if sign == '.' && words.is_at_ordinal() => words.end_word(),
                Kind::End { asks } => {
                    sentences.extend(words.end_sentence());
                    // A question mark after the end still belongs to the sentence: "네..?".
                    if let Some(last) = sentences.last_mut() {
                        last.asks |= asks;
                    }
                }
            }
        }
        sentences.extend(words.end_sentence());
        sentences
    }

    /// A phrase in normalised spelling without blanks; `None` if normalising changes it otherwise, so that no message
    /// can contain it.
    pub(super) fn phrase(&self, phrase: &str) -> Option<String> {
        if is_plain(phrase) && phrase.contains(|sign: char| sign != ' ') {
            return Some(phrase.replace(' ', ""));
        }
        let typed: String = fold(phrase).filter(|sign| !sign.is_whitespace()).collect();
        match self.sentences(phrase).as_slice() {
            [sentence] if !sentence.asks && sentence.squeezed() == typed => Some(typed),
            _ => None,
        }
    }
}

/// Whether normalising a phrase only drops its blanks. Nearly all of the thousands of phrases are such, and skip the
/// full normalising.
fn is_plain(phrase: &str) -> bool {
    let is_plain = |sign: char| matches!(sign, '가'..='힣' | 'a'..='z' | '0'..='9' | ' ');
    let (mut before, mut run) = (' ', 0);
    phrase.chars().all(|sign| {
        run = if sign == before { run + 1 } else { 1 };
        before = sign;
        is_plain(sign) && (run <= LONGEST_RUN || sign == ' ')
    })
}

#[derive(Default)]
struct WordCollector {
    sentence: Sentence,
    part: Part,
    in_word: bool,
}

impl WordCollector {
    fn push(&mut self, sign: char) {
        if !self.in_word {
            self.part.word_starts.insert(self.part.text.len());
            self.in_word = true;
        }
        self.part.text.push(sign);
    }

    /// Whether the current word is a digit, whose full stop does not end the sentence: "1. 네".
    fn is_at_ordinal(&self) -> bool {
        let word = self.part.word_starts.last().map(|start| &self.part.text.as_bytes()[*start..]);
        self.in_word && matches!(word, Some([b'1'..=b'9']))
    }

    fn end_word(&mut self) {
        self.in_word = false;
    }

    fn end_part(&mut self) {
        self.end_word();
        let part = std::mem::take(&mut self.part);
        if !part.text.is_empty() {
            self.sentence.parts.push(part);
        }
    }

    fn end_sentence(&mut self) -> Option<Sentence> {
        self.end_part();
        let sentence = std::mem::take(&mut self.sentence);
        (!sentence.parts.is_empty()).then_some(sentence)
    }
}

enum Kind {
    Word,
    Blank,
    Comma,
    End { asks: bool },
}

fn kind(sign: char) -> Kind {
    match sign {
        '?' | '❓' | '❔' | '‽' => Kind::End { asks: true },
        '.' | '!' | '\n' | '\r' | '。' | '\u{2028}' | '\u{2029}' => Kind::End { asks: false },
        ',' | '、' => Kind::Comma,
        _ if sign.is_alphanumeric() => Kind::Word,
        _ => Kind::Blank,
    }
}

/// Composes Hangul, narrows full width, lowers case and drops invisible signs. Single jamo stay: "ㅇㅇ" is a word, and
/// NFKC would turn them into parts of syllables.
pub(super) fn fold(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfc()
        .flat_map(|sign| {
            let as_typed = is_jamo(sign).then_some(sign);
            let narrowed = (!is_jamo(sign)).then(|| iter::once(sign).nfkc()).into_iter().flatten();
            as_typed.into_iter().chain(narrowed)
        })
        .flat_map(char::to_lowercase)
        .filter(|sign| !is_invisible(*sign))
}

/// Joins a consonant and a vowel typed as single jamo to a syllable: "ㄴㅔ" becomes "네". Laughter and tears stay.
fn joined(signs: &[char]) -> Vec<char> {
    let mut kept: Vec<char> = Vec::with_capacity(signs.len());
    for (place, sign) in signs.iter().enumerate() {
        let is_doubled = place.checked_sub(2).is_some_and(|before| kept.last() == signs.get(before));
        let first = kept.last().filter(|_| !is_doubled).and_then(|last| leading(*last));
        match first {
            Some(first) if is_vowel(*sign) && !is_tears(*sign) => {
                kept.pop();
                let vowel = u32::from(*sign) - u32::from('ㅏ');
                kept.extend(char::from_u32(u32::from('가') + (first * 21 + vowel) * 28));
            }
            _ => kept.push(*sign),
        }
    }
    kept
}

/// The index of a consonant among those that begin a syllable; `None` for laughter.
fn leading(sign: char) -> Option<u32> {
    const LEADING: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
    let place = LEADING.chars().position(|consonant| consonant == sign && !is_laughter(sign));
    place.and_then(|place| u32::try_from(place).ok())
}

/// Removes laughter and tears, and shortens repetitions.
fn shortened(signs: &[char]) -> Vec<char> {
    let mut kept: Vec<char> = Vec::with_capacity(signs.len());
    for run in signs.chunk_by(|left, right| left == right || (is_laughter(*left) && is_laughter(*right))) {
        let follows_consonant = kept.last().is_some_and(|sign| is_jamo(*sign));
        let is_decoration = match run {
            [single] => is_vowel(*single) || (is_laughter(*single) && !follows_consonant),
            [first, ..] => is_vowel(*first) || is_laughter(*first),
            [] => true,
        };
        if is_laughter(run[0])
            && let Some(last) = kept.last_mut()
        {
            *last = without_laughing_final(*last, run[0]);
        }
        if !is_decoration {
            // Digits stay: "12가1111" is a plate.
            let longest = if run[0].is_ascii_digit() { run.len() } else { LONGEST_RUN };
            kept.extend(run.iter().take(longest));
        }
    }
    kept
}

/// Removes a final consonant that belongs to the laughter after it: "맞아욬ㅋㅋ" is "맞아요".
fn without_laughing_final(syllable: char, laughter: char) -> char {
    const FIRST: u32 = 0xac00;
    let final_of_laughter = if laughter == 'ㅋ' { 24 } else { 27 };
    match u32::from(syllable).checked_sub(FIRST) {
        Some(index) if ('가'..='힣').contains(&syllable) && index % 28 == final_of_laughter => {
            char::from_u32(FIRST + index - final_of_laughter).unwrap_or(syllable)
        }
        _ => syllable,
    }
}

fn is_jamo(sign: char) -> bool {
    ('\u{3131}'..='\u{318e}').contains(&sign)
}

fn is_vowel(sign: char) -> bool {
    ('ㅏ'..='ㅣ').contains(&sign)
}

fn is_tears(sign: char) -> bool {
    matches!(sign, 'ㅠ' | 'ㅜ' | 'ㅡ')
}

fn is_laughter(sign: char) -> bool {
    matches!(sign, 'ㅋ' | 'ㅎ')
}

fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{ad}' | '\u{202a}'..='\u{202e}' | '\u{1f3fb}'..='\u{1f3ff}')
}

//! Finds the service's own texts in replies, marked as quotes or not, and wrapped at any width. It compares them
//! sentence by sentence.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::page::{Page, Sign, fold, is_line_end};

/// The fewest characters of a sentence that is certainly copied from us; "감사합니다" may be the customer's.
const FEWEST_SIGNS: usize = 12;

/// The most characters of a sentence that is searched for, which bounds the time of the comparison.
const MOST_SIGNS: usize = 300;

/// The number of leading characters by which a sentence is indexed.
const KEY_SIGNS: usize = 4;

/// Characters that belong to the sentence before them.
const CLOSING: &str = ".?!。…？！\"'”’)]}」』*_`";

/// Characters that belong to the sentence after them.
const OPENING: &str = "\"'“‘([{「『*_`-•·○●▪◦";

/// A sentence of ours: only its letters and digits, since punctuation changes in transit.
#[derive(Debug, Default)]
struct Sentence {
    signs: Vec<char>,
    /// Whether more words may follow it on the same line: it is a question, or a line that ends without punctuation.
    is_open: bool,
    /// The sentences directly before it in any of our texts.
    before: BTreeSet<usize>,
    /// The sentences directly after it in any of our texts.
    behind: BTreeSet<usize>,
}

/// The sentences of the texts that the service has sent on a ticket.
#[derive(Debug, Default)]
pub(super) struct OurSentences {
    sentences: Vec<Sentence>,
    /// The long sentences by their beginning, longest first.
    long: HashMap<Vec<char>, Vec<usize>>,
}

impl OurSentences {
    pub(super) fn new(texts: &[&str]) -> Self {
        let mut ours = Self::default();
        let mut known = BTreeMap::new();
        for text in texts {
            let mut last: Vec<usize> = Vec::new();
            for (spellings, is_open) in split(text) {
                let mut these = Vec::new();
                for signs in spellings {
                    let index = *known.entry(signs.clone()).or_insert_with(|| {
                        ours.sentences.push(Sentence { signs, is_open: false, ..Sentence::default() });
                        ours.sentences.len() - 1
                    });
                    ours.sentences[index].is_open |= is_open;
                    these.push(index);
                }
                for before in &last {
                    ours.sentences[*before].behind.extend(&these);
                }
                for behind in &these {
                    ours.sentences[*behind].before.extend(&last);
                }
                last = these;
            }
        }
        for (index, sentence) in ours.sentences.iter().enumerate() {
            if (FEWEST_SIGNS..=MOST_SIGNS).contains(&sentence.signs.len()) {
                ours.long.entry(sentence.signs[..KEY_SIGNS].to_vec()).or_default().push(index);
            }
        }
        for long in ours.long.values_mut() {
            long.sort_by_key(|index| std::cmp::Reverse(ours.sentences[*index].signs.len()));
        }
        ours
    }

    /// Cuts our long sentences, and our short ones next to them.
    pub(super) fn cut(&self, page: &mut Page<'_>) {
        if self.long.is_empty() {
            return;
        }
        let signs: Vec<Sign> = page.signs().filter(|sign| sign.letter.is_alphanumeric()).copied().collect();
        let flow = Flow {
            message: page.message(),
            letters: signs.iter().map(|sign| sign.letter).collect(),
            signs,
            ours: self,
        };
        let mut free = 0;
        let mut at = 0;
        while at < flow.letters.len() {
            let Some(found) = flow.long_at(at) else {
                at += 1;
                continue;
            };
            let start = flow.first_of_run(found, at, free);
            let end = flow.end_of_run(found, at + self.sentences[found].signs.len());
            page.cut(flow.bytes(start, end));
            (at, free) = (end, end);
        }
    }
}

/// The letters and digits of a message, in order.
struct Flow<'a> {
    message: &'a str,
    letters: Vec<char>,
    signs: Vec<Sign>,
    ours: &'a OurSentences,
}

impl Flow<'_> {
    fn long_at(&self, at: usize) -> Option<usize> {
        let key = self.letters.get(at..at + KEY_SIGNS)?;
        let long = self.ours.long.get(key)?;
        long.iter().copied().find(|index| self.is_whole(*index, at) && self.stands_at(*index, at))
    }

    fn stands_at(&self, index: usize, at: usize) -> bool {
        self.letters.get(at..).is_some_and(|rest| rest.starts_with(&self.ours.sentences[index].signs))
    }

    /// Whether the match begins with a word and ends like our sentence; "… 본인이신가요라고" continues it.
    fn is_whole(&self, index: usize, at: usize) -> bool {
        let sentence = &self.ours.sentences[index];
        let begins = !self.letters[at].is_ascii_alphanumeric()
            || at == 0
            || !self.letters[at - 1].is_ascii_alphanumeric()
            || self.signs[at - 1].end < self.signs[at].start;
        let end = at + sentence.signs.len();
        let (Some(last), Some(next)) = (self.signs.get(end - 1), self.signs.get(end)) else {
            return begins;
        };
        let between = self.message.get(last.end..next.start).unwrap_or_default();
        let ends = between.contains(|sign| is_line_end(sign) || CLOSING.contains(sign))
            || (sentence.is_open && !between.is_empty())
            || sentence.behind.iter().any(|behind| self.stands_at(*behind, end));
        begins && ends
    }

    fn first_of_run(&self, found: usize, at: usize, free: usize) -> usize {
        let (mut first, mut start) = (found, at);
        let before = |first: usize, start: usize| {
            let fitting = self.ours.sentences[first].before.iter().copied().filter_map(|index| {
                let at =
                    start.checked_sub(self.ours.sentences[index].signs.len()).filter(|at| *at >= free)?;
                (self.stands_at(index, at) && self.is_whole(index, at)).then_some((index, at))
            });
            fitting.min_by_key(|(_, at)| *at)
        };
        while let Some(earlier) = before(first, start) {
            (first, start) = earlier;
        }
        start
    }

    fn end_of_run(&self, found: usize, end: usize) -> usize {
        let (mut last, mut end) = (found, end);
        let behind = |last: usize, end: usize| {
            let fitting = self.ours.sentences[last].behind.iter().copied();
            let fitting = fitting.filter(|index| self.stands_at(*index, end) && self.is_whole(*index, end));
            fitting.map(|index| (end + self.ours.sentences[index].signs.len(), index)).max()
        };
        while let Some((later, index)) = behind(last, end) {
            (last, end) = (index, later);
        }
        end
    }

    /// The bytes including the punctuation that belongs to the sentences.
    fn bytes(&self, start: usize, end: usize) -> std::ops::Range<usize> {
        let (start, end) = (self.signs[start].start, self.signs[end - 1].end);
        let before = self.message.get(..start).unwrap_or_default();
        let behind = self.message.get(end..).unwrap_or_default();
        let opening = before.len() - before.trim_end_matches(|sign| OPENING.contains(sign)).len();
        let closing = behind.len() - behind.trim_start_matches(|sign| CLOSING.contains(sign)).len();
        // A punctuation mark of the sentence may be wrapped onto the next line.
        let wrapped = behind.trim_start();
        let lone = wrapped.trim_start_matches(|sign| CLOSING.contains(sign));
        let closing =
            if closing == 0 && lone.len() < wrapped.len() { behind.len() - lone.len() } else { closing };
        start - opening..end + closing
    }
}

/// The sentences of one of our texts, each with and without its list number. All offered answers together are one
/// sentence: a customer who copies one of them has chosen it.
fn split(text: &str) -> Vec<(Vec<Vec<char>>, bool)> {
    let mut sentences = Vec::new();
    let mut choices: [Vec<char>; 2] = Default::default();
    for line in text.split(is_line_end) {
        let folded: Vec<char> = fold(line).collect();
        let ordinal = folded.iter().take_while(|sign| sign.is_ascii_digit()).count();
        let is_listed = ordinal > 0 && matches!(folded.get(ordinal), Some('.' | ')'));
        if is_listed && !folded.contains(&'?') {
            let signs: Vec<char> = folded.into_iter().filter(|sign| sign.is_alphanumeric()).collect();
            choices[1].extend(&signs[ordinal..]);
            choices[0].extend(signs);
            continue;
        }
        end_choices(&mut choices, &mut sentences);
        split_line(&folded, if is_listed { ordinal } else { 0 }, &mut sentences);
    }
    end_choices(&mut choices, &mut sentences);
    sentences
}

fn end_choices(choices: &mut [Vec<char>; 2], sentences: &mut Vec<(Vec<Vec<char>>, bool)>) {
    let choices = std::mem::take(choices);
    if !choices[0].is_empty() {
        sentences.push((choices.into(), true));
    }
}

/// The sentences of one line, which begins with a number of `number` digits.
fn split_line(line: &[char], mut number: usize, sentences: &mut Vec<(Vec<Vec<char>>, bool)>) {
    let mut signs: Vec<char> = Vec::new();
    let mut end_sentence = |signs: &mut Vec<char>, is_open: bool| {
        if !signs.is_empty() {
            let whole = std::mem::take(signs);
            let without = (number > 0 && number < whole.len()).then(|| whole[number..].to_vec());
            sentences.push((std::iter::once(whole).chain(without).collect(), is_open));
            number = 0;
        }
    };
    for sign in line {
        match sign {
            '?' => end_sentence(&mut signs, true),
            '!' | '。' => end_sentence(&mut signs, false),
            // "2026. 11. 29." and "1." do not end a sentence.
            '.' if !signs.last().is_some_and(char::is_ascii_digit) => end_sentence(&mut signs, false),
            _ if sign.is_alphanumeric() => signs.push(*sign),
            _ => {}
        }
    }
    end_sentence(&mut signs, true);
}

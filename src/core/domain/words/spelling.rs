//! Corrects mistypings and dialect. A message that is not understood as written is read again in standard spelling, so
//! that the lists need only standard forms: "타고 댕기는 차 맞심더", "본인 마ㅈ습니다".

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use super::text::Sentence;
use super::{Against, Answer, Asked, Question, Reading, Words, neutral, unsure};

const FIRST_SYLLABLE: u32 = 0xac00;
const FINALS_OF_A_SYLLABLE: u32 = 28;
/// The consonants that may begin a syllable, and those that may end one, in the order of Unicode's syllables.
const INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const FINALS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

/// The corrections in the order of the words file. Each is applied to the result of those before it.
#[derive(Clone, Debug, Default)]
pub struct Spelling(Vec<Correction>);

#[derive(Clone, Debug)]
struct Correction {
    typed: String,
    standard: String,
    /// Whether it applies only at the beginning of a word.
    begins: bool,
    /// Whether it applies only at the end of a word.
    ends: bool,
}

impl Spelling {
    /// Adds a correction in the notation of the words file: `^지가 본인 = 제가 본인`, `심더$ = 습니다`. Returns whether it is valid.
    pub fn add(&mut self, written: &str) -> bool {
        let Some((typed, standard)) = written.split_once('=') else { return false };
        let (typed, standard) = (typed.trim(), standard.trim());
        let (begins, typed) = typed.strip_prefix('^').map_or((false, typed), |rest| (true, rest));
        let (ends, typed) = typed.strip_suffix('$').map_or((false, typed), |rest| (true, rest));
        let is_read = !typed.is_empty() && !standard.is_empty() && typed != standard;
        if is_read {
            let (typed, standard) = (typed.to_owned(), standard.to_owned());
            self.0.push(Correction { typed, standard, begins, ends });
        }
        is_read
    }

    /// The text in standard spelling; `None` if it is in standard spelling already.
    pub fn standard(&self, text: &str) -> Option<String> {
        let text: String = text.nfc().collect();
        let mut standard = without_stray_consonants(&text);
        for correction in &self.0 {
            if let Some(better) = correction.apply(&standard) {
                standard = better;
            }
        }
        (standard != text).then_some(standard)
    }
}

impl Words {
    /// The reading of the `standard` spelling of `text`, if it may replace the reading as `written`. It may if the
    /// whole text is understood, no clear answer changes, and the correction has removed no word that forbids an answer
    /// or objects to the request.
    pub(super) fn meant(
        &self,
        asked: &Asked,
        text: &str,
        written: &Reading,
        standard: &str,
    ) -> Option<Reading> {
        let squeezed = |text: &str| -> Vec<String> {
            let sentences = self.normaliser.sentences(&neutral::without_numbers(text));
            sentences.iter().map(Sentence::squeezed).collect()
        };
        let before = squeezed(text).concat();
        // Objections are compared over the whole text, also in sentences that are now understood: a correction must not
        // remove one.
        let kept: BTreeSet<Against> =
            squeezed(standard).iter().flat_map(|sentence| self.against.kinds_in(sentence)).collect();
        let meant = self.read_as_written(asked, standard);
        let stands = |(question, answer): (&Question, &Answer)| {
            let earlier = written.answers[question];
            (earlier == Answer::Unclear || earlier == *answer)
                && self.limits[question].apply(*answer, &before) == *answer
        };
        let may_be_meant = meant.nothing_else
            && meant.is_clear()
            && meant.against.is_empty()
            && written.against.is_subset(&kept)
            && meant.answers.iter().all(stands)
            && !unsure::contains_any(&before, &self.unsure.anywhere);
        may_be_meant.then_some(meant)
    }
}

impl Correction {
    fn apply(&self, text: &str) -> Option<String> {
        let mut better = String::new();
        let mut kept = 0;
        for (at, typed) in text.match_indices(&self.typed) {
            let end = at + typed.len();
            let joins = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
            let is_inside = (self.begins && joins(text[..at].chars().next_back()))
                || (self.ends && joins(text[end..].chars().next()));
            if !is_inside {
                better.push_str(&text[kept..at]);
                better.push_str(&self.standard);
                kept = end;
            }
        }
        better.push_str(&text[kept..]);
        (kept > 0).then_some(better)
    }
}

/// Puts a single consonant back into the syllable before it ("마ㅈ습니다" is "맞습니다"), and drops one that the next syllable
/// repeats ("ㅂ본인" is "본인").
fn without_stray_consonants(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let mut kept = String::with_capacity(text.len());
    for (place, sign) in signs.iter().enumerate() {
        let next = signs.get(place + 1).copied();
        let begins_next = || INITIALS.contains(*sign) && next.and_then(initial) == Some(*sign);
        let is_alone = !kept.chars().next_back().is_some_and(char::is_alphanumeric);
        let closed = kept
            .chars()
            .next_back()
            .filter(|_| next.is_some_and(is_syllable))
            .and_then(|last| with_final(last, *sign));
        if is_alone && begins_next() {
            continue;
        }
        if let Some(closed) = closed {
            kept.pop();
            kept.push(closed);
        } else {
            kept.push(*sign);
        }
    }
    kept
}

fn is_syllable(sign: char) -> bool {
    ('가'..='힣').contains(&sign)
}

/// The consonant that a syllable begins with.
fn initial(syllable: char) -> Option<char> {
    let index = u32::from(syllable).checked_sub(FIRST_SYLLABLE).filter(|_| is_syllable(syllable))?;
    INITIALS.chars().nth(usize::try_from(index / (21 * FINALS_OF_A_SYLLABLE)).ok()?)
}

/// An open syllable closed with this consonant; `None` if it is closed already.
fn with_final(syllable: char, consonant: char) -> Option<char> {
    let index = u32::from(syllable).checked_sub(FIRST_SYLLABLE).filter(|_| is_syllable(syllable))?;
    let place = FINALS.chars().position(|known| known == consonant)?;
    let is_open = index % FINALS_OF_A_SYLLABLE == 0;
    is_open.then(|| char::from_u32(u32::from(syllable) + u32::try_from(place + 1).ok()?)).flatten()
}

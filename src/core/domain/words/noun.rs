//! Recognises nouns with a particle ("제 차는"), or with a copula, which makes a sentence of them ("제 찬데요").

use std::collections::{BTreeMap, BTreeSet};

use super::dictionary::Dictionary;
use super::lexicon::{Firmness, Meaning, Noun, Owner, Polarity};
use crate::domain::plate;
use crate::domain::words::Question;

/// The final consonants that particles and copulas may begin with, each with its index among the finals of a syllable.
const FINALS: [(char, u32); 3] = [('ㄴ', 4), ('ㄹ', 8), ('ㅂ', 17)];
/// A copula that begins with one of these follows any syllable; another follows only a syllable without a final
/// consonant: "차고", but "본인이고".
const AFTER_ANY: [char; 4] = ['이', '입', '임', '인'];
/// Any plate names a vehicle; the caller compares it with the question's.
const PLATE: NounEntry = NounEntry { noun: PLATE_NOUN, claim: Some((PLATE_NOUN, Polarity::Yes)) };
const PLATE_NOUN: Noun = Noun { about: Some(Question::Vehicle), owner: Owner::Plate };
const FIRST_SYLLABLE: u32 = 0xac00;
const FINALS_OF_A_SYLLABLE: u32 = 28;

/// The noun itself, and its claim with a copula: "남편" names no thing, but "남편입니다" denies that the writer is the holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NounEntry {
    /// What it names without a copula.
    pub noun: Noun,
    /// What it says with a copula; `None`: it takes none.
    pub claim: Option<(Noun, Polarity)>,
}

/// All nouns with the suffixes that may follow them, without blanks.
#[derive(Clone, Debug)]
pub struct Nouns {
    entries: Dictionary<NounEntry>,
    particles: BTreeSet<String>,
    copulas: BTreeMap<String, Firmness>,
    /// The bytes of the longest noun with the longest suffix.
    longest: usize,
}

impl Nouns {
    /// Nouns; what may follow one without making a sentence of it: 은, 는; and what makes a sentence of it, with how
    /// firm that is: 입니다, 인데요.
    pub fn new(
        entries: Dictionary<NounEntry>,
        particles: BTreeSet<String>,
        copulas: BTreeMap<String, Firmness>,
    ) -> Self {
        let suffix = particles.iter().chain(copulas.keys()).map(String::len).max().unwrap_or(0);
        let longest = entries.longest().max(plate::LONGEST) + suffix;
        Self { entries, particles, copulas, longest }
    }

    /// The meaning of a noun with or without a suffix. If several cuts are possible, the longest noun counts.
    pub fn meaning(&self, phrase: &str) -> Option<Meaning> {
        if let Some(entry) = self.entry(phrase) {
            return Some(Meaning::Noun(entry.noun));
        }
        phrase.char_indices().rev().find_map(|(at, last)| {
            let (noun, suffix) = phrase.split_at(at);
            let joined = self.suffix(suffix).and_then(|meaning| self.joined(noun, suffix, meaning));
            joined.or_else(|| {
                // 전데요 is 저 + ㄴ데요: the suffix begins inside the syllable.
                let (open, consonant) = without_final(last)?;
                let suffix = format!("{consonant}{}", &suffix[last.len_utf8()..]);
                let meaning = self.suffix(&suffix)?;
                self.joined(&format!("{noun}{open}"), &suffix, meaning)
            })
        })
    }

    /// Every noun with or without a suffix that a text begins with: its bytes and its meaning.
    pub fn beginnings<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, Meaning)> {
        // The limit by the longest noun and suffix keeps the time linear if a message has no blanks.
        let longest = if self.begin(text) { text.len().min(self.longest) } else { 0 };
        (1..=longest).filter_map(|to| Some((to, self.meaning(text.get(..to)?)?)))
    }

    /// Whether a text begins with a noun, or may begin with a plate.
    fn begin(&self, text: &str) -> bool {
        if text.starts_with(|sign| plate::FIRST_SIGNS.contains(sign)) {
            return true;
        }
        let mut search = self.entries.search();
        for sign in text.chars() {
            // As in `meaning`: "전데요" begins with 저.
            let opened = without_final(sign).and_then(|(open, _)| search.then(open));
            let whole = search.then(sign);
            if [opened, whole].into_iter().flatten().any(|noun| noun.value().is_some()) {
                return true;
            }
            let Some(next) = whole else { return false };
            search = next;
        }
        false
    }

    fn entry(&self, noun: &str) -> Option<NounEntry> {
        self.entries.get(noun).copied().or_else(|| plate::is_written(noun).then_some(PLATE))
    }

    fn suffix(&self, suffix: &str) -> Option<Suffix> {
        let copula = || self.copulas.get(suffix).copied().map(Suffix::Copula);
        if self.particles.contains(suffix) { Some(Suffix::Particle) } else { copula() }
    }

    fn joined(&self, noun: &str, suffix: &str, meaning: Suffix) -> Option<Meaning> {
        let entry = self.entry(noun)?;
        let Suffix::Copula(firmness) = meaning else { return Some(Meaning::Noun(entry.noun)) };
        let (claimed, polarity) = entry.claim?;
        follows(noun, suffix).then_some(Meaning::Claim(claimed, polarity, firmness))
    }
}

#[derive(Clone, Copy)]
enum Suffix {
    Particle,
    Copula(Firmness),
}

fn follows(noun: &str, copula: &str) -> bool {
    copula.starts_with(AFTER_ANY)
        || copula == "요"
        || noun.chars().last().is_some_and(|last| final_of(last) == Some(0))
}

/// Splits a syllable into the open syllable and its final consonant: 전 is 저 and ㄴ.
fn without_final(syllable: char) -> Option<(char, char)> {
    let place = final_of(syllable)?;
    let (consonant, _) = FINALS.iter().find(|(_, known)| *known == place)?;
    Some((char::from_u32(u32::from(syllable) - place)?, *consonant))
}

/// The index of a Hangul syllable's final consonant; 0 if it has none.
fn final_of(syllable: char) -> Option<u32> {
    ('가'..='힣').contains(&syllable).then(|| (u32::from(syllable) - FIRST_SYLLABLE) % FINALS_OF_A_SYLLABLE)
}

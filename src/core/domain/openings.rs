//! Classifies a ticket's opening as one that a person must see, learnt from labelled examples (`config/openings.tsv`).
//!
//! It can only forbid. Explicit objections to the request are found by [`Words`](super::words::Words); this classifier
//! catches openings that express the same in words not listed yet. It is a naive Bayes classifier over runs of two and
//! three syllables.

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::problem::Problem;
use super::words::Against;

/// Openings with a higher weight go to a person. Chosen on tables separate from the examples: a lower value finds more
/// objections and hands more honest customers to a person.
const DOUBT: f64 = -1.3;
/// A piece in fewer examples is ignored.
const FEWEST: u32 = 2;
/// Longer openings are read up to here. Characters.
const LONGEST: usize = 4_000;
/// A file with fewer examples of either kind is too small to learn from.
const FEWEST_EXAMPLES: u32 = 20;

/// How often each piece of text stands in examples that a person must see, and in the others.
#[derive(Clone)]
pub struct Openings {
    pieces: Arc<HashMap<u64, Count>>,
    examples: Count,
}

/// The pieces are tens of thousands, which no log is to hold.
impl fmt::Debug for Openings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Openings").field("examples", &self.examples).finish_non_exhaustive()
    }
}

/// The number of examples.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    against: u32,
    honest: u32,
}

impl Count {
    fn add(&mut self, is_against: bool) {
        if is_against {
            self.against += 1;
        } else {
            self.honest += 1;
        }
    }
}

impl Openings {
    /// Learns from a file: one example per line, its label, a tab, its text with `\n` for a line break; `#` begins a
    /// comment. The labels are `honest` and the kinds of [`Against`], as the journal names them.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let (mut pieces, mut examples) = (HashMap::<u64, Count>::new(), Count::default());
        let mut problems = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let span = at..at + line.trim_end().len();
            at += line.len();
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            match example(line.trim_end()) {
                Some((is_against, text)) => {
                    examples.add(is_against);
                    for piece in pieces_of(&text.replace("\\n", "\n")) {
                        pieces.entry(piece).or_default().add(is_against);
                    }
                }
                None => problems.push(
                    Problem::at(span, "이 줄은 예문이 아닙니다")
                        .help("종류(`honest`, `did_park`, `solved` …), 탭, 첫 글의 순서로 쓰세요"),
                ),
            }
        }
        if examples.against < FEWEST_EXAMPLES || examples.honest < FEWEST_EXAMPLES {
            let what = format!("종류마다 예문이 {FEWEST_EXAMPLES}개보다 적으면 배울 수 없습니다");
            problems.push(Problem::new(what).help("함께 제공되는 config/openings.tsv에 줄을 더하세요"));
        }
        if problems.is_empty() { Ok(Self { pieces: Arc::new(pieces), examples }) } else { Err(problems) }
    }

    /// Whether a person must see this opening.
    pub fn is_doubtful(&self, text: &str) -> bool {
        let pieces = pieces_of(text);
        if pieces.is_empty() {
            return false;
        }
        let weight: f64 = pieces.iter().map(|piece| self.weight(*piece)).sum();
        let length = f64::from(u32::try_from(pieces.len()).unwrap_or(u32::MAX));
        weight / length.sqrt() > DOUBT
    }

    /// The log-odds that a piece comes from an objection.
    fn weight(&self, piece: u64) -> f64 {
        let Some(count) = self.pieces.get(&piece).filter(|count| count.against + count.honest >= FEWEST)
        else {
            return 0.0;
        };
        let share = |count: u32, of: u32| ((f64::from(count) + 0.5) / f64::from(of + 1)).ln();
        share(count.against, self.examples.against) - share(count.honest, self.examples.honest)
    }
}

fn example(line: &str) -> Option<(bool, &str)> {
    let (label, text) = line.split_once('\t')?;
    let is_kind = || Against::ALL.iter().any(|kind| kind.code() == label);
    match label {
        _ if text.trim().is_empty() => None,
        "honest" => Some((false, text)),
        _ => is_kind().then_some((true, text)),
    }
}

/// Runs of two and three characters of every word including its ends, and the beginnings of neighbouring words, each once.
/// All digits count alike.
fn pieces_of(text: &str) -> Vec<u64> {
    let folded = text.nfkc().flat_map(char::to_lowercase).take(LONGEST);
    let signs: Vec<char> = folded.map(|sign| if sign.is_numeric() { '0' } else { sign }).collect();
    let words: Vec<&[char]> =
        signs.split(|sign| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut pieces = Vec::new();
    for word in &words {
        let ends = ['_'];
        let bounded = [&ends[..], word, &ends[..]].concat();
        for length in [2, 3] {
            pieces.extend(bounded.windows(length).map(hashed));
        }
    }
    let begins = |word: &[char]| word.iter().take(2).copied().collect::<Vec<char>>();
    pieces.extend(words.windows(2).map(|pair| hashed(&(begins(pair[0]), '~', begins(pair[1])))));
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

/// The same on every machine and in every version: the hasher has fixed keys.
fn hashed<T: Hash + ?Sized>(piece: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    piece.hash(&mut hasher);
    hasher.finish()
}

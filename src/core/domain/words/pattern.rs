//! Patterns for many phrasings: `제가 [매일] <타고> 다닙니다` consists of text, an optional part and a set of words.
//!
//! A pattern describes the combinations of phrases once, as in a grammar. Blanks are ignored.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use crate::domain::plate;

/// Caches for one text the ends of set members by start and set: many patterns use the same sets at the same place.
#[derive(Debug, Default)]
pub struct Memo(Vec<Vec<Option<Ends>>>);

/// Byte offsets without duplicates.
type Ends = Rc<[usize]>;

impl Memo {
    /// The cached ends for a set and a start, grown on demand.
    fn known(&mut self, from: usize, set: usize) -> &mut Option<Ends> {
        if self.0.len() <= from {
            self.0.resize_with(from + 1, Vec::new);
        }
        let sets = &mut self.0[from];
        if sets.len() <= set {
            sets.resize(set + 1, None);
        }
        &mut sets[set]
    }
}

/// A set of words and patterns, which phrases use as `<name>`.
#[derive(Debug, Default)]
pub struct Set {
    /// Unique among the sets of a file: the key in [`Memo`].
    id: usize,
    words: HashSet<String>,
    /// The different lengths of its words in bytes, sorted.
    lengths: Vec<usize>,
    /// The different first signs of its words, sorted for the binary search.
    first_signs: Vec<char>,
    patterns: Patterns<()>,
}

impl Set {
    /// A set of `words` and `patterns`, all without blanks. No other set of the same file has this `id`.
    pub fn new(id: usize, words: HashSet<String>, patterns: Vec<Pattern>) -> Self {
        let lengths: BTreeSet<usize> = words.iter().map(String::len).collect();
        let first_signs: BTreeSet<char> = words.iter().filter_map(|word| word.chars().next()).collect();
        let mut by_first_sign = Patterns::default();
        for pattern in patterns {
            by_first_sign.add(pattern, ());
        }
        let (lengths, first_signs) = (lengths.into_iter().collect(), first_signs.into_iter().collect());
        Self { id, words, lengths, first_signs, patterns: by_first_sign }
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// The ends of all members that begin at `from`.
    fn ends(&self, text: &str, from: usize, memo: &mut Memo) -> Ends {
        if let Some(known) = memo.known(from, self.id) {
            return Rc::clone(known);
        }
        let rest = text.get(from..).unwrap_or_default();
        let first = rest.chars().next();
        let mut ends = Vec::new();
        if first.is_some_and(|sign| self.first_signs.binary_search(&sign).is_ok()) {
            let words = self.lengths.iter().filter_map(|length| rest.get(..*length));
            ends.extend(words.filter(|word| self.words.contains(*word)).map(|word| from + word.len()));
        }
        if first.is_some_and(|sign| self.patterns.may_begin_with(sign)) {
            for (to, ()) in self.patterns.at(text, from, memo) {
                push_new(&mut ends, to);
            }
        }
        let ends = Ends::from(ends);
        *memo.known(from, self.id) = Some(Rc::clone(&ends));
        ends
    }

    fn first_signs(&self, signs: &mut BTreeSet<char>) {
        signs.extend(&self.first_signs);
        signs.extend(self.patterns.by_first_sign.keys());
    }
}

fn push_new(ends: &mut Vec<usize>, to: usize) {
    if !ends.contains(&to) {
        ends.push(to);
    }
}

/// A part of a pattern.
#[derive(Clone, Debug)]
pub enum Node {
    /// Text without blanks.
    Text(String),
    /// One of the members of a set.
    Set(Arc<Set>),
    /// A part that may be missing.
    Optional(Pattern),
    /// Any two Hangul syllables, such as a given name.
    TwoSyllables,
    /// Any licence plate.
    Plate,
}

impl Node {
    /// Adds to `ends` every end of the node if it begins at `at`.
    fn ends(&self, text: &str, at: usize, memo: &mut Memo, ends: &mut Vec<usize>) {
        match self {
            Self::Text(literal) => {
                if text.as_bytes()[at..].starts_with(literal.as_bytes()) {
                    push_new(ends, at + literal.len());
                }
            }
            Self::Set(set) => {
                for to in set.ends(text, at, memo).iter() {
                    push_new(ends, *to);
                }
            }
            Self::TwoSyllables => {
                if let Some(to) = two_syllables(text, at) {
                    push_new(ends, to);
                }
            }
            Self::Plate => {
                let longest = text.len().min(at + plate::LONGEST);
                let is_plate = |to: &usize| text.get(at..*to).is_some_and(plate::is_written);
                for to in (at + 1..=longest).filter(is_plate) {
                    push_new(ends, to);
                }
            }
            Self::Optional(inner) => {
                push_new(ends, at);
                for to in inner.ends(text, at, memo) {
                    push_new(ends, to);
                }
            }
        }
    }
}

/// Nodes in sequence.
#[derive(Clone, Debug, Default)]
pub struct Pattern(pub Vec<Node>);

impl Pattern {
    /// Every end of the pattern if it begins at `from`, without duplicates, as byte offsets of a text without blanks.
    pub fn ends(&self, text: &str, from: usize, memo: &mut Memo) -> Vec<usize> {
        let mut ends = vec![from];
        for node in &self.0 {
            let mut next = Vec::new();
            for at in ends {
                node.ends(text, at, memo, &mut next);
            }
            if next.is_empty() {
                return next;
            }
            ends = next;
        }
        ends
    }

    /// Whether all its nodes are optional: such a pattern would match everywhere.
    pub(super) fn may_be_empty(&self) -> bool {
        self.0.iter().all(|node| matches!(node, Node::Optional(_)))
    }

    fn first_signs(&self, signs: &mut BTreeSet<char>) {
        for node in &self.0 {
            match node {
                Node::Text(literal) => signs.extend(literal.chars().next()),
                Node::Set(set) => set.first_signs(signs),
                Node::TwoSyllables => {}
                Node::Plate => signs.extend(plate::FIRST_SIGNS.chars()),
                Node::Optional(inner) => {
                    inner.first_signs(signs);
                    continue;
                }
            }
            return;
        }
    }
}

fn two_syllables(text: &str, at: usize) -> Option<usize> {
    let mut signs = text.get(at..)?.chars();
    let two = [signs.next()?, signs.next()?];
    two.iter()
        .all(|sign| ('가'..='힣').contains(sign))
        .then(|| at + two.iter().map(|sign| sign.len_utf8()).sum::<usize>())
}

/// Patterns with their meanings, indexed by their possible first signs.
#[derive(Clone, Debug)]
pub struct Patterns<T> {
    all: Vec<(Pattern, T)>,
    by_first_sign: BTreeMap<char, Vec<usize>>,
}

impl<T> Default for Patterns<T> {
    fn default() -> Self {
        Self { all: Vec::new(), by_first_sign: BTreeMap::new() }
    }
}

impl<T: Copy> Patterns<T> {
    /// Adds a pattern, which must not match an empty text: it is found by its first sign.
    pub fn add(&mut self, pattern: Pattern, means: T) {
        let mut signs = BTreeSet::new();
        pattern.first_signs(&mut signs);
        for sign in signs {
            self.by_first_sign.entry(sign).or_default().push(self.all.len());
        }
        self.all.push((pattern, means));
    }

    /// Whether any pattern may begin with this sign.
    fn may_begin_with(&self, sign: char) -> bool {
        self.by_first_sign.contains_key(&sign)
    }

    /// The end and the meaning of every match that begins at `from`.
    pub fn at(&self, text: &str, from: usize, memo: &mut Memo) -> Vec<(usize, T)> {
        let first = text.get(from..).and_then(|rest| rest.chars().next());
        let candidates = first.and_then(|first| self.by_first_sign.get(&first)).into_iter().flatten();
        let mut found = Vec::new();
        for index in candidates {
            let (pattern, means) = &self.all[*index];
            let ends = pattern.ends(text, from, memo).into_iter();
            found.extend(ends.filter(|to| *to > from).map(|to| (to, *means)));
        }
        found
    }
}

//! Patterns for many phrasings: `제가 [매일] <타고> 다닙니다` consists of text, an optional part and a set of words.
//!
//! A pattern describes the combinations of phrases once, as in a grammar. Blanks are ignored.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::dictionary::Dictionary;
use crate::domain::plate;

/// Caches for one text the ends of set members by start and set: many patterns use the same sets at the same place.
#[derive(Debug, Default)]
pub struct Memo(Vec<Vec<(usize, Ends)>>);

/// Byte offsets without duplicates.
type Ends = Rc<[usize]>;

impl Memo {
    fn get(&self, from: usize, set: usize) -> Option<Ends> {
        // Few of the sets have a member that may begin at the same place.
        let (_, ends) = self.0.get(from)?.iter().find(|(known, _)| *known == set)?;
        Some(Rc::clone(ends))
    }

    fn insert(&mut self, from: usize, set: usize, ends: Ends) {
        if self.0.len() <= from {
            self.0.resize_with(from + 1, Vec::new);
        }
        self.0[from].push((set, ends));
    }
}

/// A set of words and patterns, which phrases use as `<name>`. Sets are compared by their id.
#[derive(Debug, Default)]
pub struct Set {
    /// Unique among the sets of a file: the key in [`Memo`].
    id: usize,
    words: Dictionary<()>,
    patterns: Patterns<()>,
    /// The different first signs of its members, sorted for the binary search.
    first_signs: Vec<char>,
}

impl Set {
    /// A set of `words` and `patterns`, all without blanks. No other set of the same file has this `id`.
    pub fn new(id: usize, words: Vec<String>, patterns: Vec<Pattern>) -> Self {
        let words: Dictionary<()> = words.into_iter().collect();
        let patterns = Patterns::new(patterns.into_iter().map(|pattern| (pattern, ())).collect());
        let mut first_signs: Vec<char> = words.words().filter_map(|word| word.chars().next()).collect();
        first_signs.extend(patterns.first_signs());
        first_signs.sort_unstable();
        first_signs.dedup();
        Self { id, words, patterns, first_signs }
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.words()
    }

    /// Adds to `ends` the end of every member that begins at `from`.
    fn ends(&self, text: &str, from: usize, memo: &mut Memo, ends: &mut Vec<usize>) {
        let Some(rest) = text.get(from..) else { return };
        let may_begin = |sign| self.first_signs.binary_search(&sign).is_ok();
        if !rest.chars().next().is_some_and(may_begin) {
            return;
        }
        let known = memo.get(from, self.id).unwrap_or_else(|| {
            let mut found: Vec<usize> =
                self.words.beginnings(rest).map(|(length, ())| from + length).collect();
            for (to, ()) in self.patterns.at(text, from, memo) {
                push_new(&mut found, to);
            }
            let found = Ends::from(found);
            memo.insert(from, self.id, Rc::clone(&found));
            found
        });
        for to in known.iter() {
            push_new(ends, *to);
        }
    }
}

impl PartialEq for Set {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Set {}

impl PartialOrd for Set {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Set {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

fn push_new(ends: &mut Vec<usize>, to: usize) {
    if !ends.contains(&to) {
        ends.push(to);
    }
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
            Self::Set(set) => set.ends(text, at, memo, ends),
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

    pub(super) fn may_be_missing(&self) -> bool {
        matches!(self, Self::Optional(_))
    }

    /// The ends of the node from each of `starts`, without duplicates.
    fn ends_of_all(&self, text: &str, starts: &[usize], memo: &mut Memo) -> Vec<usize> {
        let mut ends = Vec::new();
        for at in starts {
            self.ends(text, *at, memo, &mut ends);
        }
        ends
    }
}

/// A phrase of the word file: its nodes follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern(pub Vec<Node>);

impl Pattern {
    /// Every end of the pattern if it begins at `from`, without duplicates, as byte offsets of a text without blanks.
    pub fn ends(&self, text: &str, from: usize, memo: &mut Memo) -> Vec<usize> {
        let mut ends = vec![from];
        for node in &self.0 {
            ends = node.ends_of_all(text, &ends, memo);
            if ends.is_empty() {
                break;
            }
        }
        ends
    }

    /// Whether all its nodes are optional: such a pattern would match everywhere.
    pub(super) fn may_be_empty(&self) -> bool {
        self.0.iter().all(Node::may_be_missing)
    }

    fn first_signs(&self, signs: &mut BTreeSet<char>) {
        for node in &self.0 {
            match node {
                Node::Text(literal) => signs.extend(literal.chars().next()),
                Node::Set(set) => signs.extend(&set.first_signs),
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

/// Patterns with their meanings, as a tree: what several patterns begin with is compared once.
#[derive(Clone, Debug)]
pub struct Patterns<T> {
    root: Branch<T>,
    /// The places in `root.others` of the nodes that a pattern with this first sign may begin with.
    by_first_sign: BTreeMap<char, Vec<usize>>,
}

/// The patterns that begin with the same nodes.
#[derive(Clone, Debug)]
struct Branch<T> {
    /// The meanings of the patterns that end here.
    means: Vec<T>,
    /// The texts that the others continue with, each with its place in `after_texts`.
    texts: Dictionary<usize>,
    after_texts: Vec<Branch<T>>,
    /// The other nodes that they continue with.
    others: Vec<(Node, Branch<T>)>,
}

impl<T: Copy> Default for Patterns<T> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl<T: Copy> Patterns<T> {
    /// A pattern that may match an empty text is not found there: patterns are found by their first signs.
    pub fn new(mut patterns: Vec<(Pattern, T)>) -> Self {
        patterns.sort_by(|(left, _), (right, _)| left.cmp(right));
        let others = by_node(&patterns, 0).filter(|(node, _)| !matches!(node, Node::Text(_)));
        let mut by_first_sign: BTreeMap<char, Vec<usize>> = BTreeMap::new();
        for (place, (_, alike)) in others.enumerate() {
            let mut signs = BTreeSet::new();
            for (pattern, _) in alike {
                pattern.first_signs(&mut signs);
            }
            for sign in signs {
                by_first_sign.entry(sign).or_default().push(place);
            }
        }
        Self { root: Branch::new(&patterns, 0), by_first_sign }
    }

    /// The first signs of all patterns, some of them several times.
    fn first_signs(&self) -> impl Iterator<Item = char> {
        let texts = self.root.texts.words().filter_map(|text| text.chars().next());
        texts.chain(self.by_first_sign.keys().copied())
    }

    /// The end and the meaning of every match that begins at `from`.
    pub fn at(&self, text: &str, from: usize, memo: &mut Memo) -> Vec<(usize, T)> {
        let mut found = Vec::new();
        self.root.follow_texts(text, &[from], memo, &mut found);
        let first = text.get(from..).and_then(|rest| rest.chars().next());
        for place in first.and_then(|first| self.by_first_sign.get(&first)).into_iter().flatten() {
            let (node, after) = &self.root.others[*place];
            after.follow(text, &node.ends_of_all(text, &[from], memo), memo, &mut found);
        }
        found
    }
}

impl<T: Copy> Branch<T> {
    /// The branch of sorted patterns whose first `depth` nodes are the same.
    fn new(patterns: &[(Pattern, T)], depth: usize) -> Self {
        let ending = patterns.iter().filter(|(pattern, _)| pattern.0.len() == depth);
        let means = ending.map(|(_, means)| *means).collect();
        let (mut texts, mut after_texts, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for (node, alike) in by_node(patterns, depth) {
            let after = Self::new(alike, depth + 1);
            if let Node::Text(text) = node {
                texts.push((text.clone(), after_texts.len()));
                after_texts.push(after);
            } else {
                others.push((node.clone(), after));
            }
        }
        Self { means, texts: texts.into_iter().collect(), after_texts, others }
    }

    /// Adds to `found` every match that continues here from one of `starts`.
    fn follow(&self, text: &str, starts: &[usize], memo: &mut Memo, found: &mut Vec<(usize, T)>) {
        if starts.is_empty() {
            return;
        }
        for means in &self.means {
            found.extend(starts.iter().map(|to| (*to, *means)));
        }
        self.follow_texts(text, starts, memo, found);
        for (node, after) in &self.others {
            after.follow(text, &node.ends_of_all(text, starts, memo), memo, found);
        }
    }

    fn follow_texts(&self, text: &str, starts: &[usize], memo: &mut Memo, found: &mut Vec<(usize, T)>) {
        let ends_at = |at: usize| {
            let texts = self.texts.beginnings(text.get(at..).unwrap_or_default());
            texts.map(move |(length, place)| (*place, at + length))
        };
        let mut ends: Vec<(usize, usize)> = starts.iter().flat_map(|at| ends_at(*at)).collect();
        ends.sort_unstable();
        for alike in ends.chunk_by(|(left, _), (right, _)| left == right) {
            let ends: Vec<usize> = alike.iter().map(|(_, end)| *end).collect();
            self.after_texts[alike[0].0].follow(text, &ends, memo, found);
        }
    }
}

/// Groups sorted patterns by their node at `depth`, without those that have none.
fn by_node<T>(patterns: &[(Pattern, T)], depth: usize) -> impl Iterator<Item = (&Node, &[(Pattern, T)])> {
    let alike = patterns.chunk_by(move |left, right| left.0.0.get(depth) == right.0.0.get(depth));
    alike.filter_map(move |alike| Some((alike.first()?.0.0.get(depth)?, alike)))
}

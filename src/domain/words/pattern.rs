//! Phrases that can be said in many ways: `제가 [매일] <타고> 다닙니다` is made of text, an optional part, and a set of words.
//!
//! What may follow what is written down once, as in a grammar, instead of phrase by phrase. Blanks do not count.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// Where the members of sets end that begin at a place of one text. Many patterns name the same sets at the same places.
#[derive(Debug, Default)]
pub(super) struct Memo(HashMap<(usize, usize), Rc<BTreeSet<usize>>>);

/// Words and patterns that phrases name together: `<name>`.
#[derive(Debug, Default)]
pub(super) struct Set {
    /// No other set of the file has it.
    id: usize,
    words: HashSet<String>,
    /// Bytes of the longest word.
    longest: usize,
    /// The first signs of its words.
    first_signs: HashSet<char>,
    patterns: Patterns<()>,
}

impl Set {
    /// From words and patterns, all without blanks.
    pub(super) fn new(id: usize, words: HashSet<String>, patterns: Vec<Pattern>) -> Self {
        let longest = words.iter().map(String::len).max().unwrap_or(0);
        let first_signs = words.iter().filter_map(|word| word.chars().next()).collect();
        let mut by_first_sign = Patterns::default();
        for pattern in patterns {
            by_first_sign.add(pattern, ());
        }
        Self { id, words, longest, first_signs, patterns: by_first_sign }
    }

    /// Its words.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// Everywhere that a member which begins at `from` ends.
    fn ends(&self, text: &str, from: usize, memo: &mut Memo) -> Rc<BTreeSet<usize>> {
        let key = (self.id, from);
        if let Some(known) = memo.0.get(&key) {
            return Rc::clone(known);
        }
        let rest = text.get(from..).unwrap_or_default();
        let mut ends = BTreeSet::new();
        if rest.chars().next().is_some_and(|sign| self.first_signs.contains(&sign)) {
            let lengths = rest.char_indices().map(|(at, sign)| at + sign.len_utf8());
            let words = lengths.take_while(|length| *length <= self.longest);
            ends.extend(
                words.filter(|length| self.words.contains(&rest[..*length])).map(|length| from + length),
            );
        }
        ends.extend(self.patterns.at(text, from, memo).into_iter().map(|(to, ())| to));
        let ends = Rc::new(ends);
        memo.0.insert(key, Rc::clone(&ends));
        ends
    }

    fn first_signs(&self, signs: &mut BTreeSet<char>) {
        signs.extend(&self.first_signs);
        signs.extend(self.patterns.by_first_sign.keys());
    }
}

/// A part of a pattern.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// Text without blanks.
    Text(String),
    /// One of the members of a set.
    Set(Arc<Set>),
    /// What may be left out.
    Optional(Pattern),
    /// Any two Hangul syllables, as of a given name.
    TwoSyllables,
}

/// Parts that follow each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Pattern(pub(super) Vec<Node>);

impl Pattern {
    /// Every place at which it can end when it begins at `from`. Bytes of a text without blanks.
    pub(super) fn ends(&self, text: &str, from: usize, memo: &mut Memo) -> BTreeSet<usize> {
        let mut ends = BTreeSet::from([from]);
        for node in &self.0 {
            let mut next = BTreeSet::new();
            for at in ends {
                match node {
                    Node::Text(literal) => {
                        let stands = text.get(at..).is_some_and(|rest| rest.starts_with(literal.as_str()));
                        next.extend(stands.then(|| at + literal.len()));
                    }
                    Node::Set(set) => next.extend(set.ends(text, at, memo).iter()),
                    Node::TwoSyllables => next.extend(two_syllables(text, at)),
                    Node::Optional(inner) => {
                        next.insert(at);
                        next.extend(inner.ends(text, at, memo));
                    }
                }
            }
            if next.is_empty() {
                return next;
            }
            ends = next;
        }
        ends
    }

    /// Whether it may be left out altogether, so that it says nothing.
    pub(super) fn may_be_empty(&self) -> bool {
        self.0.iter().all(|node| matches!(node, Node::Optional(_)))
    }

    fn first_signs(&self, signs: &mut BTreeSet<char>) {
        for node in &self.0 {
            match node {
                Node::Text(literal) => signs.extend(literal.chars().next()),
                Node::Set(set) => set.first_signs(signs),
                Node::TwoSyllables => {}
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

/// Many patterns, each with what it stands for, found by their first sign.
#[derive(Clone, Debug)]
pub(super) struct Patterns<T> {
    all: Vec<(Pattern, T)>,
    by_first_sign: BTreeMap<char, Vec<usize>>,
}

impl<T> Default for Patterns<T> {
    fn default() -> Self {
        Self { all: Vec::new(), by_first_sign: BTreeMap::new() }
    }
}

impl<T: Copy> Patterns<T> {
    /// One more, which must not be empty.
    pub(super) fn add(&mut self, pattern: Pattern, means: T) {
        let mut signs = BTreeSet::new();
        pattern.first_signs(&mut signs);
        for sign in signs {
            self.by_first_sign.entry(sign).or_default().push(self.all.len());
        }
        self.all.push((pattern, means));
    }

    /// Every stretch that begins at `from` and is one of them: where it ends and what it stands for.
    pub(super) fn at(&self, text: &str, from: usize, memo: &mut Memo) -> Vec<(usize, T)> {
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use super::{Memo, Node, Pattern, Patterns, Set};

    /// `제가[매일]<타고|몰고>다닙니다`
    fn pattern() -> Pattern {
        let text = |text: &str| Node::Text(text.to_owned());
        let drive = Set::new(1, HashSet::from(["타고".to_owned(), "몰고".to_owned()]), Vec::new());
        let optional = Node::Optional(Pattern(vec![text("매일")]));
        Pattern(vec![text("제가"), optional, Node::Set(Arc::new(drive)), text("다닙니다")])
    }

    #[test]
    fn a_pattern_is_what_its_parts_make() {
        let is = |text: &str| pattern().ends(text, 0, &mut Memo::default()).contains(&text.len());
        for said in ["제가타고다닙니다", "제가매일몰고다닙니다"] {
            assert!(is(said), "{said}");
        }
        for other in ["제가다닙니다", "매일타고다닙니다", "제가매일매일타고다닙니다", "제가타고다닙니다만"]
        {
            assert!(!is(other), "{other}");
        }
    }

    #[test]
    fn patterns_are_found_where_they_begin() {
        let mut patterns = Patterns::default();
        patterns.add(pattern(), 'a');
        patterns.add(
            Pattern(vec![Node::Optional(Pattern(vec![Node::Text("네".into())])), Node::Text("제가".into())]),
            'b',
        );
        let text = "네제가타고다닙니다";
        assert_eq!(patterns.at(text, 0, &mut Memo::default()), [("네제가".len(), 'b')]);
        assert_eq!(
            patterns.at(text, "네".len(), &mut Memo::default()),
            [(text.len(), 'a'), ("네제가".len(), 'b')]
        );
        assert_eq!(patterns.at(text, text.len(), &mut Memo::default()), []);
    }
}

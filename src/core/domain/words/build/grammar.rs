//! Parses patterns and sets of the words file: `제가 [매일] <타고> 다닙니다`.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;

use super::Builder;
use crate::domain::problem::Problem;
use crate::domain::words::conjugation;
use crate::domain::words::file::Phrases;
use crate::domain::words::pattern::{Node, Pattern, Patterns, Set};

/// `<두 글자>`: any two Hangul syllables. It cannot begin a pattern, nor follow only optional parts, since patterns are
/// found by their first sign.
const TWO_SYLLABLES: &str = "두 글자";
/// `<차 번호>`: any licence plate.
const PLATE: &str = "차 번호";

/// The sets of endings that a verb such as `{자다}` is joined with: 자고, 자니까, 자서, 잤어요.
const PLAIN_ENDINGS: &str = "고";
const OPEN_ENDINGS: &str = "니까";
const INFINITIVE_ENDINGS: &str = "서";
const PAST_ENDINGS: &str = "었다";

/// The sets of the file. Each is built when it is first used, since sets may use each other in any order.
#[derive(Default)]
pub(super) struct Grammar {
    sets: BTreeMap<String, Phrases>,
    built: BTreeMap<String, Arc<Set>>,
    /// The names of the sets being built, to refuse a set that contains itself.
    open: Vec<String>,
}

impl Grammar {
    pub(super) fn new(sets: &BTreeMap<String, Phrases>) -> Self {
        Self { sets: sets.clone(), ..Self::default() }
    }
}

pub(super) fn is_pattern(phrase: &str) -> bool {
    phrase.contains(['<', '['])
}

impl Builder {
    /// Builds every set, so that mistakes in unused sets are reported too.
    pub(super) fn check_sets(&mut self) {
        let names: Vec<String> = self.grammar.sets.keys().cloned().collect();
        for name in names {
            self.set(&name);
        }
    }

    /// The words of these sets; a set that the file does not have is skipped.
    pub(super) fn members(&self, sets: &[&str]) -> impl Iterator<Item = String> {
        let built = sets.iter().filter_map(|name| self.grammar.built.get(*name));
        built.flat_map(|set| set.words()).map(str::to_owned).collect::<Vec<_>>().into_iter()
    }

    /// Patterns that match any member of a set; empty if the file has no such set.
    pub(super) fn set_alone(&self, name: &str) -> Patterns<()> {
        let set = self.grammar.built.get(name);
        let pattern = |set: &Arc<Set>| (Pattern(vec![Node::Set(Arc::clone(set))]), ());
        Patterns::new(set.map(pattern).into_iter().collect())
    }

    /// Parses a pattern; a pattern that may match nothing is refused.
    pub(super) fn pattern(&mut self, phrase: &Spanned<String>) -> Option<Pattern> {
        let (pattern, rest) = self.parts(phrase, phrase.get_ref(), false)?;
        if !rest.is_empty() {
            return self.refuse(phrase, "`[` 없이 `]`가 있습니다", "빼도 되는 부분 앞에 `[`를 쓰세요");
        }
        if pattern.may_be_empty() {
            return self.refuse(phrase, "말 전체가 빼도 되는 부분입니다", "`[`와 `]` 밖에 일부를 남기세요");
        }
        Some(pattern)
    }

    fn refuse<T>(&mut self, at: &Spanned<String>, what: &str, help: &str) -> Option<T> {
        self.problems.push(Problem::at(at.span(), format!("{what}: `{}`", at.get_ref())).help(help));
        None
    }

    /// Parses up to the end, or up to the closing `]` if `in_brackets`. Returns the pattern and the rest of the text.
    fn parts<'a>(
        &mut self,
        phrase: &Spanned<String>,
        text: &'a str,
        in_brackets: bool,
    ) -> Option<(Pattern, &'a str)> {
        let (mut nodes, mut rest) = (Vec::new(), text);
        while let Some(at) = rest.find(['<', '[', ']']) {
            let (literal, special) = rest.split_at(at);
            self.literal(phrase, literal, &mut nodes)?;
            rest = &special[1..];
            match &special[..1] {
                "<" => {
                    let Some((name, behind)) = rest.split_once('>') else {
                        return self.refuse(phrase, "`>` 없이 `<`가 있습니다", "`<묶음 이름>`처럼 쓰세요");
                    };
                    nodes.push(if name == TWO_SYLLABLES && nodes.iter().any(|node| !node.may_be_missing()) {
                        Node::TwoSyllables
                    } else if name == PLATE {
                        Node::Plate
                    } else {
                        Node::Set(self.named(phrase, name)?)
                    });
                    rest = behind;
                }
                "[" => {
                    let (inner, behind) = self.parts(phrase, rest, true)?;
                    nodes.push(Node::Optional(inner));
                    rest = behind;
                }
                _ if in_brackets => return Some((Pattern(nodes), rest)),
                _ => return Some((Pattern(nodes), special)),
            }
        }
        if in_brackets {
            return self.refuse(phrase, "`]` 없이 `[`가 있습니다", "빼도 되는 부분 뒤에 `]`를 쓰세요");
        }
        self.literal(phrase, rest, &mut nodes)?;
        Some((Pattern(nodes), ""))
    }

    /// Adds the text between special signs, unless it is blank.
    fn literal(&mut self, phrase: &Spanned<String>, text: &str, nodes: &mut Vec<Node>) -> Option<()> {
        if !text.trim().is_empty() {
            nodes.push(Node::Text(self.normalised(phrase, text)?));
        }
        Some(())
    }

    fn named(&mut self, phrase: &Spanned<String>, name: &str) -> Option<Arc<Set>> {
        if self.grammar.open.iter().any(|open| open == name) {
            return self.refuse(phrase, "자기 자신을 쓰는 묶음입니다", "다른 묶음만 쓰세요");
        }
        if !self.grammar.sets.contains_key(name) {
            let names =
                self.grammar.sets.keys().map(|name| format!("<{name}>")).collect::<Vec<_>>().join(", ");
            let help = format!("[sets]의 묶음: {names}");
            return self.refuse(phrase, &format!("묶음 <{name}>이(가) 없습니다"), &help);
        }
        Some(self.set(name))
    }

    fn set(&mut self, name: &str) -> Arc<Set> {
        if let Some(built) = self.grammar.built.get(name) {
            return Arc::clone(built);
        }
        let members = self.grammar.sets.get(name).cloned().unwrap_or_default();
        self.grammar.open.push(name.to_owned());
        let (mut words, mut patterns) = (Vec::new(), Vec::new());
        for member in &members {
            if let Some(verb) = member.get_ref().strip_prefix('{') {
                words.extend(self.forms_of_a_verb(member, verb));
            } else if is_pattern(member.get_ref()) {
                patterns.extend(self.pattern(member));
            } else {
                words.extend(self.phrase(member));
            }
        }
        self.grammar.open.pop();
        let set = Arc::new(Set::new(self.grammar.built.len(), words, patterns));
        self.grammar.built.insert(name.to_owned(), Arc::clone(&set));
        set
    }

    /// Every form of a verb such as `{자다}`, with the endings of the four sets above.
    fn forms_of_a_verb(&mut self, phrase: &Spanned<String>, verb: &str) -> Vec<String> {
        let stems = verb.strip_suffix('}').and_then(conjugation::stems);
        let Some(stems) = stems else {
            return self.refuse(phrase, "기본형 동사가 아닙니다", "`{자다}`처럼 쓰세요").unwrap_or_default();
        };
        let by_stem = [
            (PLAIN_ENDINGS, &stems.plain),
            (OPEN_ENDINGS, &stems.open),
            (INFINITIVE_ENDINGS, &stems.infinitive),
            (PAST_ENDINGS, &stems.past),
        ];
        let mut forms = Vec::new();
        for (endings, stem) in by_stem {
            let Some(endings) = self.named(phrase, endings) else { continue };
            forms.extend(endings.words().map(|ending| conjugation::joined(stem, ending)));
        }
        forms
    }
}

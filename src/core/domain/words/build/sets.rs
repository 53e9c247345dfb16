//! Expands phrases with sets of words: `<family> 계정` is one phrase for each word of the set.

use std::collections::BTreeMap;

use toml::Spanned;

use super::Builder;
use crate::domain::problem::Problem;
use crate::domain::words::file::Phrases;
use crate::domain::words::wish::GAP;

/// Words by the name of their set.
pub(super) type Sets = BTreeMap<String, Vec<String>>;

impl Builder {
    /// Expands phrases, which may have gaps and one set each, to lists of parts.
    pub(super) fn with_sets(&mut self, phrases: &Phrases, sets: &Sets) -> Vec<Vec<String>> {
        let mut all = Vec::new();
        for phrase in phrases {
            if phrase.get_ref().matches('<').count() > 1 {
                let problem = Problem::at(phrase.span(), "한 말에는 묶음을 하나만 쓸 수 있습니다");
                self.problems.push(problem.help("다른 묶음은 낱말마다 말을 따로 쓰세요"));
                continue;
            }
            let parts: Option<Vec<Vec<String>>> =
                phrase.get_ref().split(GAP).map(|part| self.part_with_sets(phrase, part, sets)).collect();
            all.extend(parts.into_iter().flat_map(|parts| combinations(&parts)));
        }
        all
    }

    /// The expansions of one part of a phrase.
    fn part_with_sets(&mut self, at: &Spanned<String>, part: &str, sets: &Sets) -> Option<Vec<String>> {
        let Some((before, name, after)) = set_in(part) else {
            return Some(vec![self.normalised(at, part)?]);
        };
        let Some(set) = sets.get(name) else {
            let names = sets.keys().map(|name| format!("<{name}>")).collect::<Vec<_>>().join(", ");
            let problem = Problem::at(at.span(), format!("묶음 <{name}>이(가) 없습니다"));
            self.problems.push(problem.help(format!("[against.sets]의 묶음: {names}")));
            return None;
        };
        let mut literal = |text: &str| {
            if text.trim().is_empty() { Some(String::new()) } else { self.normalised(at, text) }
        };
        let (before, after) = (literal(before)?, literal(after)?);
        Some(set.iter().map(|word| format!("{before}{word}{after}")).collect())
    }
}

/// All combinations with one alternative for each part.
fn combinations(parts: &[Vec<String>]) -> Vec<Vec<String>> {
    parts.iter().fold(vec![Vec::new()], |shorter, part| {
        let longer = |start: &Vec<String>| {
            part.iter().map(|one| [&start[..], std::slice::from_ref(one)].concat()).collect::<Vec<_>>()
        };
        shorter.iter().flat_map(longer).collect()
    })
}

/// The text before a set, the set's name, and the text after it.
fn set_in(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('<')?;
    let (name, after) = rest.split_once('>')?;
    Some((before, name, after))
}

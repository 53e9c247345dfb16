//! Reads TOML files written by people and reports every mistake in them, not only the first.

pub mod plain;

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, ValueDeserializer};

use super::problem::Problem;

/// The most mistakes reported: more are of no use to a reader, and each costs a separate pass.
const MOST_PROBLEMS: usize = 100;

/// Well-formed TOML whose values keep their spans.
#[derive(Debug)]
pub struct TomlFile<'text>(Spanned<DeValue<'text>>);

impl<'text> TomlFile<'text> {
    /// Parses the syntax. Reports every syntax error, up to a hundred.
    pub fn parse(text: &'text str) -> Result<Self, Vec<Problem>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            let span = table.span();
            Ok(Self(Spanned::new(span, DeValue::Table(table.into_inner()))))
        } else {
            Err(errors.iter().take(MOST_PROBLEMS).map(syntax).collect())
        }
    }

    /// Reads the whole file into `T`, in which every key must be optional (`serde(default)`): each value is then checked by
    /// itself, and every wrong one is reported, up to a hundred.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Vec<Problem>> {
        match self.read_what_can_be() {
            (Some(value), problems) if problems.is_empty() => Ok(value),
            (_, problems) => Err(problems),
        }
    }

    /// Like [`Self::read`], but also returns what the valid values contain, so that they can be checked further.
    pub fn read_what_can_be<T: DeserializeOwned>(&self) -> (Option<T>, Vec<Problem>) {
        let first = match T::deserialize(ValueDeserializer::from(self.0.clone())) {
            Ok(value) => return (Some(value), Vec::new()),
            Err(first) => first,
        };
        let (mut problems, mut wrong) = (Vec::new(), Vec::new());
        for (at, tree) in single_values(&self.0) {
            if problems.len() == MOST_PROBLEMS {
                break;
            }
            if let Err(error) = T::deserialize(ValueDeserializer::from(tree)) {
                wrong.push(at);
                let problem = problem(&error);
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
        }
        if problems.is_empty() {
            return (None, vec![problem(&first)]);
        }
        let rest = without(&self.0, &wrong);
        (rest.and_then(|rest| T::deserialize(ValueDeserializer::from(rest)).ok()), problems)
    }

    /// The span of a key's value, if the file has it.
    pub fn span(&self, path: &[&str]) -> Option<Range<usize>> {
        let mut value = &self.0;
        for key in path {
            value = value.get_ref().get(*key)?;
        }
        Some(value.span())
    }
}

fn problem(error: &toml::de::Error) -> Problem {
    Problem { what: plain::value(error.message()), at: error.span(), help: None }
}

fn syntax(error: &toml::de::Error) -> Problem {
    Problem { what: plain::syntax(error.message()), at: error.span(), help: None }
}

/// One copy of the tree for every value in it, with only that value, and the value's span.
fn single_values<'text>(value: &Spanned<DeValue<'text>>) -> Vec<(Range<usize>, Spanned<DeValue<'text>>)> {
    let span = value.span();
    match value.get_ref() {
        DeValue::Table(table) if !table.is_empty() => table
            .iter()
            .flat_map(|(key, inner)| single_values(inner).into_iter().map(|leaf| (key.clone(), leaf)))
            .map(|(key, (at, leaf))| {
                let only = DeTable::from_iter([(key, leaf)]);
                (at, Spanned::new(span.clone(), DeValue::Table(only)))
            })
            .collect(),
        DeValue::Array(array) if array.iter().any(|element| element.get_ref().is_table()) => array
            .iter()
            .flat_map(single_values)
            .map(|(at, leaf)| {
                let mut only = DeArray::new();
                only.push(leaf);
                (at, Spanned::new(span.clone(), DeValue::Array(only)))
            })
            .collect(),
        _ => vec![(span, value.clone())],
    }
}

/// The tree without the values at these spans. A list keeps all its elements: without some it would mean something else. A section in a
/// list loses only its wrong values.
fn without<'text>(
    value: &Spanned<DeValue<'text>>,
    places: &[Range<usize>],
) -> Option<Spanned<DeValue<'text>>> {
    let span = value.span();
    if places.contains(&span) {
        return None;
    }
    let kept = match value.get_ref() {
        DeValue::Table(table) => {
            let kept = table.iter().filter_map(|(key, inner)| Some((key.clone(), without(inner, places)?)));
            DeValue::Table(kept.collect())
        }
        DeValue::Array(array) if array.iter().all(|element| element.get_ref().is_table()) => {
            let mut kept = DeArray::new();
            for element in array {
                kept.push(without(element, places).unwrap_or_else(|| element.clone()));
            }
            DeValue::Array(kept)
        }
        _ => return Some(value.clone()),
    };
    Some(Spanned::new(span, kept))
}

//! Everything that is wrong with files and environment, each underlined where it stands.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::domain::problem::Problem;

/// Shown in full; each is found in its file's text anew, and nobody reads more.
const MOST_SHOWN: usize = 100;
const ENVIRONMENT: &str = "environment";

/// Everything that was found wrong. `Display` shows it, the first hundred in full, as plain text without colour.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Report {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    /// The file, or that it is the environment.
    origin: String,
    /// The file's text; none for the environment or a file that cannot be read.
    text: Option<String>,
    problem: Problem,
}

impl Report {
    /// How many problems there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every problem with the place where it stands, for logs.
    pub fn problems(&self) -> impl Iterator<Item = (String, &Problem)> {
        self.entries.iter().map(|entry| (entry.place(), &entry.problem))
    }

    /// Adds what is wrong with the file of this name; `text` is `None` where it cannot be read.
    pub fn extend_file(
        &mut self,
        name: &str,
        text: Option<&str>,
        problems: impl IntoIterator<Item = Problem>,
    ) {
        self.entries.extend(problems.into_iter().map(|problem| Entry {
            origin: name.to_owned(),
            text: text.map(str::to_owned),
            problem,
        }));
    }

    pub(super) fn environment(&mut self, problem: Problem) {
        self.entries.push(Entry { origin: ENVIRONMENT.to_owned(), text: None, problem });
    }

    /// The value if nothing is wrong.
    pub(super) fn or<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.is_empty() => Ok(value),
            _ => Err(self),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let renderer = Renderer::plain();
        for entry in self.entries.iter().take(MOST_SHOWN) {
            writeln!(formatter, "{}\n", renderer.render(&[entry.group()]))?;
        }
        match (self.len(), self.entries.iter().any(Entry::is_of_a_file)) {
            (count, true) if count > MOST_SHOWN => {
                write!(formatter, "잘못된 곳 {count}개, 그 가운데 앞의 {MOST_SHOWN}개만 보임")
            }
            (count, true) => write!(formatter, "잘못된 곳 {count}개"),
            (1, false) => write!(formatter, "1 problem"),
            (count, false) => write!(formatter, "{count} problems"),
        }
    }
}

impl Entry {
    /// Operations write files and read Korean; the environment is deployment's.
    fn is_of_a_file(&self) -> bool {
        self.origin != ENVIRONMENT
    }

    /// File, line and column as editors understand them, both from 1; what has no place in a text is named alone.
    fn place(&self) -> String {
        let before =
            self.text.as_ref().zip(self.problem.at.as_ref()).and_then(|(text, at)| text.get(..at.start));
        let Some(before) = before else { return self.origin.clone() };
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}", self.origin)
    }

    fn group(&self) -> Group<'_> {
        let (error, hint) = if self.is_of_a_file() { ("오류", "도움말") } else { ("error", "help") };
        let title = Level::ERROR.with_name(error).primary_title(self.problem.what.as_str());
        let group = match (&self.text, &self.problem.at) {
            (Some(text), Some(at)) => title.element(
                Snippet::source(text.as_str())
                    .path(self.origin.as_str())
                    .annotation(AnnotationKind::Primary.span(first_line(text, at))),
            ),
            _ => title.element(Origin::path(self.origin.as_str())),
        };
        match &self.problem.help {
            Some(help) => group.element(Level::HELP.with_name(hint).message(help.as_str())),
            None => group,
        }
    }
}

/// The part of a place that stands in its first line: a whole text or table underlined would hide where to look.
fn first_line(text: &str, at: &Range<usize>) -> Range<usize> {
    let end =
        text.get(at.clone()).and_then(|place| place.find('\n')).map_or(at.end, |length| at.start + length);
    at.start.min(text.len())..end.min(text.len())
}

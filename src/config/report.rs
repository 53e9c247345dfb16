//! Collects the problems of files and environment, and shows each with its line underlined.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::domain::problem::Problem;

/// The most problems shown in full. Each one searches its file's text again, so that thousands would take long.
const MOST_SHOWN: usize = 100;
const ENVIRONMENT: &str = "environment";

/// The problems of one run. `Display` shows the first hundred in full and the number of all, as plain text without
/// colour.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Report {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    /// The file's name, or [`ENVIRONMENT`].
    origin: String,
    /// The file's text, one for all its problems; `None` for the environment, or if the file cannot be read.
    text: Option<Arc<str>>,
    problem: Problem,
}

impl Report {
    /// The number of problems.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no problems.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every problem with its place (`file:line:column`, or the file's name alone), for logs.
    pub fn problems(&self) -> impl Iterator<Item = (String, &Problem)> {
        self.entries.iter().map(|entry| (entry.place(), &entry.problem))
    }

    /// Adds problems of the file `name`; `text` is `None` if the file cannot be read.
    pub fn extend_file(
        &mut self,
        name: &str,
        text: Option<&str>,
        problems: impl IntoIterator<Item = Problem>,
    ) {
        let text: Option<Arc<str>> = text.map(Arc::from);
        self.entries.extend(problems.into_iter().map(|problem| Entry {
            origin: name.to_owned(),
            text: text.clone(),
            problem,
        }));
    }

    pub(super) fn environment(&mut self, problem: Problem) {
        self.entries.push(Entry { origin: ENVIRONMENT.to_owned(), text: None, problem });
    }

    /// The value if there are no problems.
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
    /// Files are written by operations, who read Korean; the environment is set by engineers, who read English.
    fn is_of_a_file(&self) -> bool {
        self.origin != ENVIRONMENT
    }

    /// File, line and column, both counted from 1 as editors do; a problem without a place has the file's name alone.
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
                Snippet::source(text.as_ref())
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

/// The part of a range in its first line: underlining a text or table of many lines would hide where it begins.
fn first_line(text: &str, at: &Range<usize>) -> Range<usize> {
    let end =
        text.get(at.clone()).and_then(|place| place.find('\n')).map_or(at.end, |length| at.start + length);
    at.start.min(text.len())..end.min(text.len())
}

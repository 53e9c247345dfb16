//! A mistake in a file written by people: settings, policy, macros.

use std::ops::Range;

/// One mistake: what is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, as one sentence without a full stop.
    pub what: String,
    /// The byte range of the mistake; `None` if something is missing altogether.
    pub at: Option<Range<usize>>,
    /// How to fix it, if that is not obvious.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at a place in the file.
    pub fn at(at: Range<usize>, what: impl Into<String>) -> Self {
        Self { what: what.into(), at: Some(at), help: None }
    }

    /// A problem of the file as a whole.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), at: None, help: None }
    }

    /// Adds how to fix it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

//! A reason in the journal: data, or the prose of earlier versions.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A cause, or the words for it in journals of earlier versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Reason<C> {
    Known(C),
    Prose(String),
}

impl<C> From<C> for Reason<C> {
    fn from(cause: C) -> Self {
        Self::Known(cause)
    }
}

/// In Korean, for notes.
impl<C: fmt::Display> fmt::Display for Reason<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(cause) => cause.fmt(formatter),
            Self::Prose(prose) => formatter.write_str(prose),
        }
    }
}

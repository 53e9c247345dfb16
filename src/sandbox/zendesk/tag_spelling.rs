//! The stored spelling of tags (facts §6): lower case, Hangul unchanged. What happens to spaces is unknown outside Zendesk,
//! so each possibility exists.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// How a tag with a space is stored, if the API or an agent sets it. Rules and forms always treat spaces as separators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagSpelling {
    /// Spaces separate tags: `본인 미사용` becomes `본인` and `미사용`. The likeliest.
    #[default]
    Split,
    /// Spaces become underscores: `본인_미사용`.
    Underscore,
    /// The tag is stored with its space.
    Keep,
    /// The update is rejected.
    Reject,
}

/// A tag contains a space, and the account does not accept any.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} has a blank in it")]
pub(super) struct BlankInTag(String);

impl TagSpelling {
    /// The stored form of these tags.
    pub(super) fn store<C: FromIterator<String>>(
        self,
        tags: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<C, BlankInTag> {
        let mut stored = BTreeSet::new();
        for tag in tags {
            let words: Vec<String> = tag.as_ref().split_whitespace().map(str::to_lowercase).collect();
            match self {
                Self::Reject if words.len() > 1 => return Err(BlankInTag(tag.as_ref().to_owned())),
                Self::Split | Self::Reject => stored.extend(words),
                Self::Underscore => stored.extend(joined(&words, "_")),
                Self::Keep => stored.extend(joined(&words, " ")),
            }
        }
        Ok(stored.into_iter().collect())
    }
}

/// An empty text is no tag.
fn joined(words: &[String], by: &str) -> Option<String> {
    (!words.is_empty()).then(|| words.join(by))
}

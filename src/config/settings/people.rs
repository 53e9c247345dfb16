//! `[people]`: who else works on the tickets.

use serde::Deserialize;

/// `[people]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PeopleSettings {
    /// Whose harmless changes do not count as a person's.
    pub harmless_from: HarmlessFrom,
}

/// Whose harmless changes do not count as a person's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "\"none\", \"all-integrations\", 또는 Zendesk 사용자 번호의 목록")]
pub enum HarmlessFrom {
    /// By a word.
    Kind(Integrations),
    /// Those of programs that are signed in as one of these Zendesk users, by their numbers; none of them below 1.
    Users(Vec<i64>),
}

/// Of which programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Integrations {
    /// Of none.
    None,
    /// Of every one.
    #[serde(rename = "all-integrations")]
    All,
}

impl Default for HarmlessFrom {
    fn default() -> Self {
        Self::Kind(Integrations::None)
    }
}

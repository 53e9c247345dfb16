//! The section `[people]`: whose changes to a ticket stop a case.

use serde::Deserialize;

/// `[people]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PeopleSettings {
    /// The programs whose harmless changes do not count as a person's. Any other change makes the service step back.
    pub harmless_from: HarmlessFrom,
}

/// The programs whose harmless changes do not count as a person's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "\"none\", \"all-integrations\", 또는 Zendesk 사용자 번호의 목록")]
pub enum HarmlessFrom {
    /// None or all.
    Kind(Integrations),
    /// Programs that are signed in as one of these Zendesk users; the ids are 1 or more.
    Users(Vec<i64>),
}

/// A keyword in the place of user ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Integrations {
    None,
    /// Every program that uses the API.
    #[serde(rename = "all-integrations")]
    All,
}

impl Default for HarmlessFrom {
    fn default() -> Self {
        Self::Kind(Integrations::None)
    }
}

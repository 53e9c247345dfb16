//! `[macros]`: whose texts customers read.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `[macros]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MacroSettings {
    /// Whose texts are sent.
    pub source: MacroSource,
    /// What stands before a file's name in the title of the account's macro for it; not empty.
    pub title_prefix: String,
    /// How often the account's macros are read again. 1 to 1440.
    pub refresh_minutes: u32,
    /// Macros that are found by their numbers, by the names of their files.
    pub ids: BTreeMap<String, i64>,
}

/// Whose texts are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacroSource {
    /// Those of `macros/*.toml`.
    Files,
    /// Those of the account's macros.
    Zendesk,
}

impl Default for MacroSettings {
    fn default() -> Self {
        Self {
            source: MacroSource::Files,
            title_prefix: "misread::".to_owned(),
            refresh_minutes: 10,
            ids: BTreeMap::new(),
        }
    }
}

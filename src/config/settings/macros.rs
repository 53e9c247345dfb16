//! The section `[macros]`: the source of the texts that customers read.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `[macros]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MacroSettings {
    /// The source of the replies' texts.
    pub source: MacroSource,
    /// The prefix of a macro's title in the account, before the name of its file; not empty.
    pub title_prefix: String,
    /// The interval at which the account's macros are read again. 1 to 1440.
    pub refresh_minutes: u32,
    /// Macro ids by file name, for macros that are found by id instead of title.
    pub ids: BTreeMap<String, i64>,
}

/// The source of the replies' texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacroSource {
    /// `macros/*.toml`.
    Files,
    /// The macros of the Zendesk account.
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

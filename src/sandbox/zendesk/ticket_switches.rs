//! Switches for ticket behaviour that differs between accounts or is uncertain outside Zendesk.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::milliseconds;
use super::tag_spelling::TagSpelling;

/// Ticket behaviour that differs between accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TicketSwitches {
    /// The handling of a tag with a space (facts §6).
    pub tag_spelling: TagSpelling,
    /// The language of titles and dates.
    pub language: Language,
    /// The lag of the search index after a change. Results are returned in their current state.
    #[serde(rename = "search_lag_milliseconds", with = "milliseconds")]
    pub search_lag: Duration,
}

/// The language of the titles of statuses, priorities and types, and of dates in placeholders (facts §2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// `Open`
    #[default]
    English,
    /// `열림`
    Korean,
}

//! Switches for ticket behaviour that differs between accounts or is uncertain outside Zendesk.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::FakeZendesk;
use super::limits::HeaderSpelling;
use super::tag_spelling::TagSpelling;

/// Ticket behaviour that differs between accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TicketSwitches {
    /// The handling of a tag with a space (facts §6).
    pub tag_spelling: TagSpelling,
    /// The language of titles and dates.
    pub language: Language,
    /// The spelling of the rate limit headers (facts §7).
    pub header_spelling: HeaderSpelling,
    /// The lag of the search index after a change. Results are returned in their current state.
    #[serde(rename = "search_lag_milliseconds", with = "milliseconds")]
    pub search_lag: Duration,
    /// Whether an export accepts `type:ticket` in the query. Zendesk's description calls that an error; a recording shows
    /// that it works.
    pub export_takes_type: bool,
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

impl FakeZendesk {
    /// The account's ticket behaviour.
    pub fn ticket_switches(&self) -> TicketSwitches {
        self.lock().ticket_switches
    }

    /// Sets the account's ticket behaviour from now on. Stored data stays as it is.
    pub fn set_ticket_switches(&self, switches: TicketSwitches) {
        self.lock().ticket_switches = switches;
    }
}

/// Durations as whole milliseconds.
pub(super) mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in crate::zendesk) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).serialize(serializer)
    }

    pub(in crate::zendesk) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}

//! How one Zendesk account differs from another, and what nobody outside Zendesk knows for certain.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::FakeZendesk;
use super::limits::HeaderSpelling;
use super::tag_spelling::TagSpelling;

/// How the fake account differs from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TicketSwitches {
    /// What becomes of a tag with a blank in it (facts §6).
    pub tag_spelling: TagSpelling,
    /// In which language titles and dates are shown.
    pub language: Language,
    /// How the headers about rate limits are spelt (facts §7).
    pub header_spelling: HeaderSpelling,
    /// How long after a change the search finds it. What it finds is shown as it is by then.
    #[serde(rename = "search_lag_milliseconds", with = "milliseconds")]
    pub search_lag: Duration,
    /// An export takes `type:ticket` in the query, too. Zendesk's description calls that an error; a recording shows that it works.
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
    /// How the account differs from others.
    pub fn ticket_switches(&self) -> TicketSwitches {
        self.lock().ticket_switches
    }

    /// Makes the account differ from now on. What was stored stays as it is.
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

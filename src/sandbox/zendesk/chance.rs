//! Reproducible chance: the same seed gives the same decisions, whatever else happens in between.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Random faults of webhooks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chances {
    /// The seed: the same one drops, duplicates, delays and shuffles the same notifications again.
    pub seed: u64,
    /// The percentage of invocations that are never sent.
    pub drop_percent: u8,
    /// The percentage of deliveries that are sent twice.
    pub duplicate_percent: u8,
    /// The longest random delay of an invocation in seconds, in addition to the common delay.
    pub delay_up_to_seconds: u32,
    /// Whether waiting invocations are sent in random order.
    pub shuffle: bool,
}

/// The random decisions for one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chance(String);

impl Chance {
    /// For the object with this name.
    pub(super) fn of(seed: u64, thing: &str) -> Self {
        Self(format!("{seed} {thing}"))
    }

    /// Whether the event happens to it, with this percentage.
    pub(super) fn percent(&self, event: &str, percent: u8) -> bool {
        self.number(event) % 100 < percent.into()
    }

    /// A number from 0 to `most`.
    pub(super) fn up_to(&self, event: &str, most: u32) -> u64 {
        self.number(event) % (u64::from(most) + 1)
    }

    /// Any `u64`: the same for the same seed, object and event.
    pub(super) fn number(&self, event: &str) -> u64 {
        let digest = Sha256::digest(format!("{} {event}", self.0));
        digest.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }
}

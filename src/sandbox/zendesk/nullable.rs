//! Reading keys where null is not the same as absence.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "said")]`: the outer option is absent with the key, the inner one is null.
pub(super) fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

//! Request keys for which null differs from absence.

use serde::{Deserialize, Deserializer};

/// An update of an optional field.
#[derive(Clone, Debug, Default)]
pub(super) enum Setting<T> {
    #[default]
    Keep,
    Clear,
    To(T),
}

impl<T: Clone> Setting<T> {
    /// The new value of the field.
    pub(super) fn applied(&self, now: Option<T>) -> Option<T> {
        match self {
            Self::Keep => now,
            Self::Clear => None,
            Self::To(value) => Some(value.clone()),
        }
    }
}

impl<T> From<Option<T>> for Setting<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::To)
    }
}

/// For keys with a default: an absent key keeps the value, null clears it.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Setting<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

/// Text that may be null, read as empty.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

//! Identifiers as types of their own, so that a lot's is never passed for a use's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A Zendesk ticket id: a positive 64-bit integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct TicketId(i64);

/// The error for an invalid ticket id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a ticket id is a whole number from 1 up, not `{0}`")]
pub struct InvalidTicketId(String);

impl TicketId {
    /// The id as a number, as Zendesk uses it.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for TicketId {
    type Error = InvalidTicketId;

    fn try_from(id: i64) -> Result<Self, Self::Error> {
        if id > 0 { Ok(Self(id)) } else { Err(InvalidTicketId(id.to_string())) }
    }
}

impl FromStr for TicketId {
    type Err = InvalidTicketId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let id = if digits { text.parse::<i64>().ok() } else { None };
        id.and_then(|id| Self::try_from(id).ok())
            .ok_or_else(|| InvalidTicketId(text.chars().take(40).collect()))
    }
}

impl From<TicketId> for i64 {
    fn from(id: TicketId) -> Self {
        id.0
    }
}

impl fmt::Display for TicketId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text unchanged; only the issuing system knows what is valid.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

text_id! {
    /// An app account's id in the parking system; Zendesk stores it as the requester's external id.
    AccountId
}
text_id! {
    /// One parking use (이용 건).
    UseId
}
text_id! {
    /// The parking system's id of a parking lot.
    LotId
}

/// The position of an entry in its ticket's journal; the first is 1.
#[derive(Default, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u32);

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The permanent name of one effect: the ticket and the journal position of its intention.
///
/// It serves as the parking system's `Idempotency-Key` and as the marker in a Zendesk update's metadata.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EffectKey(String);

impl EffectKey {
    /// The key of the effect that `ticket`'s journal intends at `position`.
    pub fn new(ticket: TicketId, position: Position) -> Self {
        Self(format!("misread-{ticket}-{position}"))
    }

    /// The key as text: ASCII, under 40 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EffectKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

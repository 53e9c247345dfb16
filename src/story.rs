//! A case in the customer centre's words: its summary and its story, for `misread case` and for the console.

pub(crate) mod figures;
pub(crate) mod look;
pub(crate) mod progress;
pub(crate) mod telling;
pub(crate) mod told;
pub(crate) mod words;

use jiff::Timestamp;

use crate::domain::seoul::seoul;

/// A time in Seoul, to the minute, for operations.
pub(crate) fn minute(at: Timestamp) -> String {
    seoul(at).strftime("%Y-%m-%d %H:%M").to_string()
}

//! Moments as Zendesk stores them.

use jiff::Timestamp;

/// When the account was opened, and its default objects were created. 2023-09-09T23:52:02Z.
pub(super) const ACCOUNT_OPENED: Timestamp = Timestamp::constant(1_694_303_522, 0);

/// Zendesk stores whole seconds.
pub(super) fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

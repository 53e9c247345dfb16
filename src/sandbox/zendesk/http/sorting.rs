//! Sort keys for lists of the account's objects.

/// Alphabetical, ignoring case, then by id.
pub(super) fn by_text(text: &str, id: i64) -> (String, i64) {
    (text.to_lowercase(), id)
}

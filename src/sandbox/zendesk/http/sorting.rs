//! Sort keys for lists of the account's objects.

use super::paging::{Order, Parameters};

/// A text, then the id.
pub(super) type Key = (String, i64);

/// Alphabetical, ignoring case.
pub(super) fn by_text(text: &str, id: i64) -> Key {
    (text.to_lowercase(), id)
}

/// By a non-negative number, for example a time.
pub(super) fn by_number(number: i64, id: i64) -> Key {
    (format!("{number:020}"), id)
}

/// The field in `sort_by` of offset pages or `sort` of cursor pages, without its sign; empty if absent.
pub(super) fn named(query: &Parameters) -> &str {
    query.get("sort").or_else(|| query.get("sort_by")).map_or("", |sort| sort.trim_start_matches('-'))
}

/// The direction for `sort_by` without `sort_order`: names and positions ascending, all else descending (according to the
/// description of the API).
pub(super) fn natural_order(query: &Parameters) -> Order {
    match query.get("sort_by").map(String::as_str) {
        None | Some("alphabetical" | "position") => Order::Ascending,
        Some(_) => Order::Descending,
    }
}

//! What lists of the account's things are ordered by.

use super::paging::{Order, Parameters};

/// A text, then the id.
pub(super) type Key = (String, i64);

/// By the alphabet, whatever the case.
pub(super) fn by_text(text: &str, id: i64) -> Key {
    (text.to_lowercase(), id)
}

/// By a number that is not negative, a time for example.
pub(super) fn by_number(number: i64, id: i64) -> Key {
    (format!("{number:020}"), id)
}

/// What `sort_by` of offset pages or `sort` of cursor pages names, without its sign; empty if nothing.
pub(super) fn named(query: &Parameters) -> &str {
    query.get("sort").or_else(|| query.get("sort_by")).map_or("", |sort| sort.trim_start_matches('-'))
}

/// Which way a list runs that `sort_by` orders when `sort_order` does not say: names and positions from the first, all else from the
/// last (the description of the API has it so).
pub(super) fn natural_order(query: &Parameters) -> Order {
    match query.get("sort_by").map(String::as_str) {
        None | Some("alphabetical" | "position") => Order::Ascending,
        Some(_) => Order::Descending,
    }
}

//! Searches tickets by simple terms of Zendesk's query language. All terms, separated by spaces, must match:
//!
//! | term | found are tickets |
//! |---|---|
//! | `type:ticket` | all (only tickets are searched) |
//! | `status:open`, `status<solved` (also `<=`, `>`, `>=`) | by status, in the order new, open, pending, hold, solved, closed |
//! | `tags:x`, `-tags:x` | with the tag; without it |
//! | `updated>2026-03-02T01:00:00Z` (also `<`, `<=`, `>=`; `created`, `updated_at`, `created_at`) | by time |
//! | `custom_field_123:value` | whose field has this value |
//!
//! A repeated key with `:` means any of the values. A value with spaces needs double quotes. `order_by:` and `sort:` are
//! ignored. Any other term is rejected by name, so that no caller relies on what is not modelled.

mod find;
mod index;
mod query;

pub(super) use index::SearchIndex;
pub(super) use query::{Query, Unsupported};

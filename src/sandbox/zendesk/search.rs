//! Searching tickets by the plain terms of Zendesk's query language. The terms, parted by blanks, all hold of what is found:
//!
//! | term | found are tickets |
//! |---|---|
//! | `type:ticket` | that is all there is |
//! | `status:open`, `status<solved` (also `<=`, `>`, `>=`) | by status, in the order new, open, pending, hold, solved, closed |
//! | `tags:x`, `-tags:x` | with the tag; without it |
//! | `updated>2026-03-02T01:00:00Z` (also `<`, `<=`, `>=`; `created`, `updated_at`, `created_at`) | by time |
//! | `custom_field_123:value` | whose field has this value |
//!
//! The same key with `:` several times means any of them. A value with blanks stands in double quotes. `order_by:` and `sort:` are
//! passed over. Anything else is refused by name, so that nobody relies on what is not modelled.

mod index;
mod query;

use jiff::Timestamp;

use super::records::FakeTicket;
use super::state::State;
pub(super) use index::SearchIndex;
pub(super) use query::{Query, Unsupported};

impl State {
    /// The tickets that a query finds, by what the index knows of them by now. They are shown as they are.
    pub(super) fn search(&mut self, query: &Query, now: Timestamp) -> Vec<&FakeTicket> {
        self.index.settle(now);
        let Self { tickets, index, .. } = self;
        let found =
            |ticket: &&FakeTicket| index.known(&ticket.fields, now).is_some_and(|known| query.matches(known));
        tickets.values().filter(found).collect()
    }
}

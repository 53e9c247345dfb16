//! Finds tickets by the search index, which lags behind their changes.

use jiff::Timestamp;

use super::query::Query;
use crate::zendesk::records::FakeTicket;
use crate::zendesk::state::State;

impl State {
    /// The tickets that match in the search index. They are returned in their current state.
    pub(in crate::zendesk) fn search(&mut self, query: &Query, now: Timestamp) -> Vec<&FakeTicket> {
        self.index.settle(now);
        let Self { tickets, index, .. } = self;
        let found =
            |ticket: &&FakeTicket| index.known(&ticket.fields, now).is_some_and(|known| query.matches(known));
        tickets.values().filter(found).collect()
    }
}

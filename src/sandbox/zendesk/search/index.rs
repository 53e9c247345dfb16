//! What the search knows: the index lags behind the tickets, by as much as [`TicketSwitches::search_lag`] says.
//!
//! [`TicketSwitches::search_lag`]: crate::zendesk::TicketSwitches::search_lag

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;

use crate::zendesk::records::TicketFields;

/// Tickets of which the search does not know the latest yet. What is not here it knows as it is.
#[derive(Debug, Default)]
pub(in crate::zendesk) struct SearchIndex(BTreeMap<i64, VecDeque<Version>>);

/// A ticket as the search knows it from some moment on; `None`: not at all.
#[derive(Debug)]
struct Version {
    from: Timestamp,
    fields: Option<TicketFields>,
}

impl SearchIndex {
    /// A ticket changed, or came into being when there is no `before`.
    pub(in crate::zendesk) fn changed(
        &mut self,
        before: Option<TicketFields>,
        after: &TicketFields,
        lag: Duration,
        now: Timestamp,
    ) {
        if lag.is_zero() {
            self.0.remove(&after.id);
            return;
        }
        let versions = self
            .0
            .entry(after.id)
            .or_insert_with(|| VecDeque::from([Version { from: Timestamp::MIN, fields: before }]));
        versions.push_back(Version { from: now + lag, fields: Some(after.clone()) });
    }

    /// What the search knows of a ticket by now; `None` when it has not heard of it.
    pub(super) fn known<'a>(&'a self, ticket: &'a TicketFields, now: Timestamp) -> Option<&'a TicketFields> {
        let Some(versions) = self.0.get(&ticket.id) else { return Some(ticket) };
        versions.iter().rev().find(|version| version.from <= now)?.fields.as_ref()
    }

    /// Forgets the tickets of which the latest is known by now.
    pub(super) fn settle(&mut self, now: Timestamp) {
        self.0.retain(|_, versions| versions.back().is_some_and(|latest| latest.from > now));
    }
}

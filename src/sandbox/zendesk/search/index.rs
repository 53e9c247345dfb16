//! The search index: it lags behind the tickets by [`TicketSwitches::search_lag`].
//!
//! [`TicketSwitches::search_lag`]: crate::zendesk::TicketSwitches::search_lag

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;

use crate::zendesk::records::TicketFields;

/// The tickets whose latest version is not indexed yet. All others are indexed in their current state.
#[derive(Debug, Default)]
pub(in crate::zendesk) struct SearchIndex(BTreeMap<i64, VecDeque<Version>>);

/// The indexed version of a ticket from some time on; `None`: not indexed.
#[derive(Debug)]
struct Version {
    from: Timestamp,
    fields: Option<TicketFields>,
}

impl SearchIndex {
    /// Records a change of a ticket, or its creation if `before` is absent.
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

    /// The version of a ticket indexed by now; `None` if it is not indexed yet.
    pub(super) fn known<'a>(&'a self, ticket: &'a TicketFields, now: Timestamp) -> Option<&'a TicketFields> {
        let Some(versions) = self.0.get(&ticket.id) else { return Some(ticket) };
        versions.iter().rev().find(|version| version.from <= now)?.fields.as_ref()
    }

    /// Drops the tickets whose latest version is indexed by now.
    pub(super) fn settle(&mut self, now: Timestamp) {
        self.0.retain(|_, versions| versions.back().is_some_and(|latest| latest.from > now));
    }
}

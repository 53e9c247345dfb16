//! The usage counts of macros, as in Zendesk's reports.

use jiff::{SignedDuration, Timestamp};

use crate::zendesk::state::State;

const A_DAY: SignedDuration = SignedDuration::from_hours(24);

impl State {
    /// The number of updates within the last day that named a macro.
    pub(in crate::zendesk) fn macro_usage(&self, id: i64, now: Timestamp) -> usize {
        let id = id.to_string();
        let audits = self.tickets.values().flat_map(|ticket| &ticket.audits);
        let recent = audits.filter(|audit| now.duration_since(audit.created_at) <= A_DAY);
        let events = recent.flat_map(|audit| &audit.events);
        events.filter(|event| event["type"] == "AgentMacroReference" && event["macro_id"] == id).count()
    }
}

//! The usage counts of macros, as in Zendesk's reports.

use jiff::{SignedDuration, Timestamp};

use crate::zendesk::state::State;

/// The spans for which a list of macros can return usage counts, by the name of the side-load.
pub(in crate::zendesk) const SPANS: [(&str, SignedDuration); 4] = [
    ("usage_1h", SignedDuration::from_hours(1)),
    ("usage_24h", SignedDuration::from_hours(24)),
    ("usage_7d", SignedDuration::from_hours(7 * 24)),
    ("usage_30d", SignedDuration::from_hours(30 * 24)),
];

impl State {
    /// The number of updates that named a macro within a span before now.
    pub(in crate::zendesk) fn macro_usage(&self, id: i64, span: SignedDuration, now: Timestamp) -> i64 {
        let id = id.to_string();
        let audits = self.tickets.values().flat_map(|ticket| &ticket.audits);
        let recent = audits.filter(|audit| now.duration_since(audit.created_at) <= span);
        let events = recent.flat_map(|audit| &audit.events);
        let uses = events.filter(|event| event["type"] == "AgentMacroReference" && event["macro_id"] == id);
        uses.map(|_| 1).sum()
    }
}

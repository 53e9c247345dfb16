//! Follow-ups: Zendesk creates a new ticket from an answer to a closed one, with its tags and fields (facts §3.7, §14).

use jiff::Timestamp;

use super::records::{FakeTicket, TicketFields, Via};
use super::state::State;
use crate::domain::ticket::TicketStatus;

impl State {
    /// A new follow-up of this ticket, if it is closed: other tickets have no follow-ups.
    pub(super) fn follow_up_of(&self, id: i64, via: Via, now: Timestamp) -> Option<TicketFields> {
        let closed = |ticket: &&FakeTicket| ticket.fields.status == TicketStatus::Closed;
        let parent = &self.tickets.get(&id).filter(closed)?.fields;
        let mut ticket = Self::blank_ticket(parent.requester_id, via, now);
        ticket.subject.clone_from(&parent.subject);
        ticket.tags.clone_from(&parent.tags);
        ticket.custom_fields.clone_from(&parent.custom_fields);
        ticket.placement.brand_id = parent.placement.brand_id;
        ticket.placement.ticket_form_id = parent.placement.ticket_form_id;
        ticket.placement.followup_source_id = Some(id);
        Some(ticket)
    }

    /// The tickets that follow this one.
    pub(super) fn follow_ups_of(&self, id: i64) -> Vec<i64> {
        let follows = |ticket: &&FakeTicket| ticket.fields.placement.followup_source_id == Some(id);
        self.tickets.values().filter(follows).map(|ticket| ticket.fields.id).collect()
    }
}

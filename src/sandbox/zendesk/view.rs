//! Reads the fake account's tickets, for tests and for the demo.

use super::fake::FakeZendesk;
use super::records::{Audit, Comment, FakeTicket, User};
use crate::domain::ids::TicketId;

impl FakeZendesk {
    /// A ticket with its history, deleted or not.
    pub fn ticket(&self, id: TicketId) -> Option<FakeTicket> {
        let state = self.lock();
        let deleted = || state.deleted.get(&id.get());
        state.tickets.get(&id.get()).or_else(deleted).cloned()
    }

    /// Every ticket that is not deleted, ordered by id.
    pub fn tickets(&self) -> Vec<FakeTicket> {
        self.lock().tickets.values().cloned().collect()
    }

    pub fn user(&self, id: i64) -> Option<User> {
        self.lock().user(id).ok().cloned()
    }

    /// The public comments of a ticket after the customer's first message, oldest first. Empty for an unknown ticket.
    pub fn public_comments(&self, id: TicketId) -> Vec<Comment> {
        let comments = self.ticket(id).map(|ticket| ticket.comments).unwrap_or_default();
        comments.into_iter().skip(1).filter(|comment| comment.public).collect()
    }

    /// The internal notes of a ticket, oldest first. Empty for an unknown ticket.
    pub fn internal_notes(&self, id: TicketId) -> Vec<Comment> {
        let comments = self.ticket(id).map(|ticket| ticket.comments).unwrap_or_default();
        comments.into_iter().filter(|comment| !comment.public).collect()
    }

    /// All updates of a ticket, oldest first. Empty for an unknown ticket.
    pub fn audits(&self, id: TicketId) -> Vec<Audit> {
        self.ticket(id).map(|ticket| ticket.audits).unwrap_or_default()
    }
}

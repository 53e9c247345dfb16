//! The practice room: a person plays customers and colleagues against the sandbox, beside the console. A service that works
//! for real customers has none.

use std::fmt::Debug;

use crate::domain::ids::TicketId;
use crate::domain::ticket::TicketStatus;

/// What a person may do in the practice room.
pub trait PracticeRoom: Debug + Send + Sync {
    /// The customers who may write, in a fixed order.
    fn customers(&self) -> Vec<PracticeCustomer>;

    /// A customer opens a ticket with these words, or with those of their story; returns its number.
    ///
    /// # Errors
    /// If there is no such customer, or the fake refuses the ticket.
    fn open(&self, customer: usize, words: Option<&str>) -> Result<TicketId, PracticeRefusal>;

    /// The tickets, the latest first.
    fn tickets(&self, most: usize) -> Vec<PracticeTicket>;

    /// A ticket with its conversation.
    fn ticket(&self, id: TicketId) -> Option<PracticeTicket>;

    /// A person acts on a ticket.
    ///
    /// # Errors
    /// If the fake refuses it: the ticket is closed, or nothing is owed.
    fn act(&self, id: TicketId, act: PracticeAct) -> Result<(), PracticeRefusal>;
}

/// A customer who may write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeCustomer {
    /// Their story's subject, in Korean.
    pub title: &'static str,
    /// As their tickets show it.
    pub name: String,
}

/// What a person does on a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PracticeAct {
    /// The customer writes again.
    CustomerSays(String),
    /// The customer pays all that they owe.
    CustomerPays,
    /// An agent replies to the customer.
    AgentReplies(String),
    /// An agent leaves a note with a tag of the service.
    AgentNotes(String, PracticeTag),
}

/// What an agent tells the service by a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PracticeTag {
    /// The note is for colleagues alone.
    None,
    /// The airport was called, and the service goes on.
    GivenBack,
    /// What is prepared may be done.
    Released,
}

/// A ticket of the fake Zendesk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PracticeTicket {
    pub id: TicketId,
    pub customer: String,
    pub subject: String,
    pub status: TicketStatus,
    /// The name of its group.
    pub group: Option<&'static str>,
    pub tags: Vec<String>,
    /// What was written, the earliest first.
    pub said: Vec<PracticeComment>,
    /// Whether the requester owes something.
    pub owes: bool,
}

/// What a person or the service wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PracticeComment {
    pub by: PracticeWriter,
    /// Whether the customer sees it.
    pub public: bool,
    pub text: String,
}

/// Who wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum PracticeWriter {
    Customer,
    Agent,
    Service,
}

/// The fake refuses it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sandbox refuses it: {0}")]
pub struct PracticeRefusal(pub String);

//! The practice room: a person plays customers and colleagues against the sandbox, beside the console. A service that works
//! for real customers has none.

use std::fmt::Debug;

use crate::domain::ids::TicketId;
use crate::domain::ticket::TicketStatus;

/// The sandbox's people.
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
    /// Their name.
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
    /// Nothing.
    None,
    /// The airport was called, and the service goes on.
    GivenBack,
    /// What is prepared may be done.
    Released,
}

/// A ticket of the fake Zendesk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeTicket {
    /// Its number.
    pub id: TicketId,
    /// Its requester's name.
    pub customer: String,
    /// Its subject.
    pub subject: String,
    /// Its status.
    pub status: TicketStatus,
    /// The name of its group.
    pub group: Option<&'static str>,
    /// Its tags.
    pub tags: Vec<String>,
    /// What was written, the earliest first.
    pub said: Vec<PracticeComment>,
    /// Whether the requester owes something.
    pub owes: bool,
}

/// What a person or the service wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeComment {
    /// By whom.
    pub by: PracticeWriter,
    /// Whether the customer sees it.
    pub public: bool,
    /// The text.
    pub text: String,
}

/// Who wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PracticeWriter {
    /// The customer.
    Customer,
    /// An agent.
    Agent,
    /// The service.
    Service,
}

/// The fake refuses it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sandbox refuses it: {0}")]
pub struct PracticeRefusal(pub String);

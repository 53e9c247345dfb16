//! Looking for tickets.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::CallError;
use crate::account::missed::MissedQuery;
use crate::domain::ids::TicketId;

/// A ticket that was found: a hint, as the search knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub ticket_id: TicketId,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPage {
    /// In no particular order.
    pub tickets: Vec<Found>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<String>,
}

/// The help desk's search. It lags behind by minutes, and leaves to people what is theirs of the account's requests.
#[async_trait]
pub trait Search: Debug + Send + Sync {
    /// A page of the tickets that triggers should have told of, from `from` on.
    async fn find(&self, told: &MissedQuery, from: Option<&str>) -> Result<FoundPage, CallError>;
}

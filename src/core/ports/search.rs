//! The search for tickets.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::CallError;
use crate::account::missed::MissedQuery;
use crate::domain::ids::TicketId;

/// A search result: a hint, since the index lags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Read the ticket before acting on it.
    pub ticket_id: TicketId,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of search results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPage {
    /// In no particular order.
    pub tickets: Vec<Found>,
    /// The cursor of the next page; `None`: this is the last.
    pub next: Option<String>,
}

/// The help desk's search. It lags by minutes, and leaves the people's share of the account's requests untouched.
#[async_trait]
pub trait Search: Debug + Send + Sync {
    /// A page of the tickets that triggers should have reported, from `from` on.
    async fn find(&self, told: &MissedQuery, from: Option<&str>) -> Result<FoundPage, CallError>;
}

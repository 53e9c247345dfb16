//! Lists of cases as the ledger's outlines tell them: without a look into a journal.

use std::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;

use super::store::{CaseState, CaseSummary, StoreError};
use super::upkeep::Recounted;
use crate::domain::case::{Ending, Lane, Outline, Reason, StuckCause};
use crate::domain::ids::TicketId;

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseLine {
    /// Its place in the queue.
    pub summary: CaseSummary,
    /// Its outline, without the plate; `None`: it is not folded yet.
    pub outline: Option<Outline>,
}

/// Which cases; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Those in this state.
    pub state: Option<CaseState>,
    /// The waiting ones that wait for this.
    pub awaits: Option<Lane>,
    /// Those that ended so.
    pub ending: Option<Ending>,
    /// Those that this row decided last.
    pub row: Option<String>,
    /// Those of this lot.
    pub lot: Option<String>,
    /// Those of this plate, as kept for searches.
    pub plate: Option<String>,
    /// The least won.
    pub won_from: Option<i64>,
    /// The most won.
    pub won_to: Option<i64>,
    /// Those in their state since this moment or later.
    pub since: Option<Timestamp>,
    /// Those in their state since before this moment.
    pub before: Option<Timestamp>,
    /// The stuck ones with this reason, as the ledger keeps it.
    pub stuck: Option<String>,
}

/// The place of a case in a list: its time there, and its ticket.
pub type Place = (Timestamp, TicketId);

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePage {
    /// In the list's order.
    pub lines: Vec<CaseLine>,
    /// The place that the next page follows; `None`: there is none.
    pub next: Option<Place>,
    /// Whether the page ends where so many cases were looked at that the rest is left to the next page.
    pub is_cut: bool,
}

/// What a filter finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseSum {
    /// The number of cases.
    pub cases: u64,
    /// The sum of their charges in KRW, as far as known.
    pub won: i64,
}

/// The stuck cases with one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StuckGroup {
    /// The reason as the ledger keeps it; `None`: it is not folded yet.
    pub text: Option<String>,
    /// The reason; `None`: it cannot be read.
    pub reason: Option<Reason<StuckCause>>,
    /// Their number and won.
    pub found: CaseSum,
    /// Since when the first of them is stuck.
    pub oldest: Timestamp,
}

/// The lists of a ledger.
#[async_trait]
pub trait CaseLists: Debug + Send + Sync {
    /// A page of the cases that fit, the latest first: those after `after`.
    async fn case_page(
        &self,
        filter: &CaseFilter,
        after: Option<Place>,
        limit: usize,
    ) -> Result<CasePage, StoreError>;

    /// How many cases fit, and their won, of the first `limit` that fit.
    async fn case_sum(&self, filter: &CaseFilter, limit: usize) -> Result<CaseSum, StoreError>;

    /// The waiting cases of a lane, those that have waited for longest first.
    async fn waiting_in(&self, lane: Lane, limit: usize) -> Result<Vec<CaseLine>, StoreError>;

    /// The stuck cases by their reasons, the most frequent first.
    async fn stuck_groups(&self, limit: usize) -> Result<Vec<StuckGroup>, StoreError>;

    /// The lines of these tickets' cases, as far as they exist.
    async fn case_lines(&self, ids: &[TicketId]) -> Result<Vec<CaseLine>, StoreError>;

    /// Folds outlines that were not kept with their entries: those of at most `limit` cases by ascending ticket id after `after`, in
    /// one transaction.
    async fn outline(&self, after: Option<TicketId>, limit: usize) -> Result<Vec<Recounted>, StoreError>;
}

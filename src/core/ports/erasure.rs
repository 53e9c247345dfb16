//! The erasure of a case's record: what it replaces, and which case may be erased on order.

use jiff::{SignedDuration, Timestamp};

use super::store::{Loaded, Recorded, StoreError};
use super::upkeep::Ledger;
use crate::domain::case::{Case, Ending, Entry, Rest};
use crate::domain::ids::TicketId;

/// The interval at which what is older than the retention time is erased.
pub const PURGE_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// An erasure: a case's whole journal and its deliveries, as of the time the journal was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The ticket of the case; Zendesk keeps the ticket itself.
    pub ticket_id: TicketId,
    /// The position of the journal's last entry. If more has been appended since, nothing is erased.
    pub last: u32,
    /// When it is erased.
    pub at: Timestamp,
    /// How the case ended, or is deemed to have ended.
    pub ending: Ending,
    /// Also erases a case that has not ended, unless a delivery arrived for it since this moment. `None`: only one that has
    /// ended and is not due.
    pub untouched_since: Option<Timestamp>,
    /// The operator who erases it; `None`: the retention time is over.
    pub by: Option<String>,
}

impl Erasure {
    /// The erasure of a journal as read, for no operator, and only if the case has ended and is not due.
    pub fn of(ticket_id: TicketId, loaded: &Loaded, now: Timestamp, ending: Ending) -> Self {
        let last = loaded.journal.last().map_or(0, |last| last.position);
        Self { ticket_id, last, at: now, ending, untouched_since: None, by: None }
    }

    /// The one entry that replaces the journal.
    pub fn tombstone(&self) -> Recorded {
        let entry = Entry::Erased { entries: self.last, ending: self.ending, by: self.by.clone() };
        Recorded { position: self.last + 1, at: self.at, entry }
    }
}

/// The result of an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erased {
    /// Erased: this many journal entries, with the deliveries.
    Entries(usize),
    /// There was nothing, or nothing left.
    Nothing,
}

/// Why a case was not erased.
#[derive(Debug, thiserror::Error)]
pub enum NotErased {
    /// Work in progress would be forgotten, and possibly done again.
    #[error("the case of ticket {0} has not ended: hand it over first (`misread case hand-over {0}`)")]
    NotEnded(TicketId),
    /// The case changed at the same moment.
    #[error("the case of ticket {0} is being worked on: try again")]
    Changed(TicketId),
    /// The ledger failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Erases one ended case, on behalf of `by`.
///
/// # Errors
/// If the case has not ended or changes meanwhile, or the ledger fails.
pub async fn erase(
    ledger: &dyn Ledger,
    ticket_id: TicketId,
    now: Timestamp,
    by: &str,
) -> Result<Erased, NotErased> {
    let Some((erasure, entries)) = of_ended(ledger, ticket_id, now, by).await? else {
        let loaded = ledger.load(ticket_id).await?;
        let empty = loaded.deliveries.is_empty() && loaded.journal.len() <= 1;
        return if empty { Ok(Erased::Nothing) } else { Err(NotErased::NotEnded(ticket_id)) };
    };
    match ledger.erase(&[erasure]).await?.as_slice() {
        [] => Err(NotErased::Changed(ticket_id)),
        _ => Ok(Erased::Entries(entries)),
    }
}

/// The erasure for a case that has ended, with its number of entries; `None`: nothing to erase, or it has not ended.
async fn of_ended(
    ledger: &dyn Ledger,
    ticket_id: TicketId,
    now: Timestamp,
    by: &str,
) -> Result<Option<(Erasure, usize)>, StoreError> {
    let loaded = ledger.load(ticket_id).await?;
    let case = Case::fold(ticket_id, loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry)));
    let (Some(Rest::Ended(ending)), true) = (&case.rest, loaded.deliveries.is_empty()) else {
        return Ok(None);
    };
    if is_erased(&loaded) {
        return Ok(None);
    }
    let by = Some(by.to_owned());
    let erasure = Erasure { by, ..Erasure::of(ticket_id, &loaded, now, *ending) };
    Ok(Some((erasure, loaded.journal.len())))
}

/// Whether only the tombstone is left.
pub fn is_erased(loaded: &Loaded) -> bool {
    matches!(loaded.journal.as_slice(), [Recorded { entry: Entry::Erased { .. }, .. }])
        || (loaded.journal.is_empty() && loaded.deliveries.is_empty())
}

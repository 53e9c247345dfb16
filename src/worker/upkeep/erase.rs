//! Erasing what is known of a customer: when the retention time is over, or when somebody asks for it.

use jiff::{SignedDuration, Timestamp};

use crate::domain::case::{Case, Ending, Rest, figures};
use crate::domain::ids::TicketId;
use crate::ports::{Erasure, Ledger, StoreError, Tickets};

/// So many cases are read and erased at a time.
const PAGE: usize = 100;

/// What an erasure came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erased {
    /// It is gone: so many journal entries, with the deliveries.
    Entries(usize),
    /// There was nothing, or nothing any more.
    Nothing,
}

/// Why a case was not erased.
#[derive(Debug, thiserror::Error)]
pub enum NotErased {
    /// What is under way would be forgotten, and perhaps done again.
    #[error("the case of ticket {0} has not ended: hand it over first (`misread case hand-over {0}`)")]
    NotEnded(TicketId),
    /// Something happened to it at this moment.
    #[error("the case of ticket {0} is being worked on: try again")]
    Changed(TicketId),
    /// The ledger did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Erases one ended case, for `by`.
pub async fn erase(
    ledger: &dyn Ledger,
    ticket_id: TicketId,
    now: Timestamp,
    by: &str,
) -> Result<Erased, NotErased> {
    let Some((erasure, entries)) = erasure(ledger, ticket_id, now, Some(by)).await? else {
        let loaded = ledger.load(ticket_id).await?;
        let empty = loaded.deliveries.is_empty() && loaded.journal.len() <= 1;
        return if empty { Ok(Erased::Nothing) } else { Err(NotErased::NotEnded(ticket_id)) };
    };
    match ledger.erase(&[erasure]).await?.as_slice() {
        [] => Err(NotErased::Changed(ticket_id)),
        _ => Ok(Erased::Entries(entries)),
    }
}

/// Erases every case that ended and has not changed for longer than `retention`, and what made no sense and is as old. Says how
/// many cases.
pub async fn purge(
    ledger: &dyn Ledger,
    now: Timestamp,
    retention: SignedDuration,
) -> Result<usize, StoreError> {
    let Ok(before) = now.checked_sub(retention) else { return Ok(0) };
    ledger.drop_poison(before).await?;
    let (mut after, mut erased) = (None, 0);
    loop {
        let page = ledger.tickets(Tickets::RestedBefore(before), after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(erased) };
        after = Some(*last);
        let mut erasures = Vec::with_capacity(page.len());
        for ticket_id in page {
            match erasure(ledger, ticket_id, now, None).await {
                Ok(found) => erasures.extend(found.map(|(erasure, _)| erasure)),
                Err(error @ StoreError::Unreadable { .. }) => {
                    tracing::error!(ticket.id = ticket_id.get(), %error, "the case is too old and is not erased");
                }
                Err(error) => return Err(error),
            }
        }
        erased += ledger.erase(&erasures).await?.len();
    }
}

/// What is to be erased of a case that has ended, with the number of its entries; `None`: nothing, or it has not ended.
async fn erasure(
    ledger: &dyn Ledger,
    ticket_id: TicketId,
    now: Timestamp,
    by: Option<&str>,
) -> Result<Option<(Erasure, usize)>, StoreError> {
    let loaded = ledger.load(ticket_id).await?;
    let entries = || loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry));
    let (Some(ending), true) = (ended(&Case::fold(ticket_id, entries())), loaded.deliveries.is_empty())
    else {
        return Ok(None);
    };
    let Some(last) = loaded.journal.last() else { return Ok(None) };
    if loaded.journal.len() == 1 && matches!(last.entry, crate::domain::case::Entry::Erased { .. }) {
        return Ok(None);
    }
    let by = by.map(str::to_owned);
    let erasure =
        Erasure { ticket_id, last: last.position, at: now, ending, by, figures: figures(entries()) };
    Ok(Some((erasure, loaded.journal.len())))
}

fn ended(case: &Case) -> Option<Ending> {
    match case.rest {
        Some(Rest::Ended(ending)) => Some(ending),
        _ => None,
    }
}

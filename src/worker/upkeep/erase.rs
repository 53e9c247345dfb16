//! Erases customer data: after the retention time, or on request.

use jiff::{SignedDuration, Timestamp};

use crate::domain::case::{Case, Ending, Entry, Rest};
use crate::domain::ids::TicketId;
use crate::ports::{Erasure, Ledger, Loaded, Recorded, StoreError, Tickets};

/// The number of cases read and erased at a time.
const PAGE: usize = 100;

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

/// Erases every case that has not changed for longer than `retention`, whatever it waits for, and meaningless deliveries of
/// that age, and what the console keeps. Returns the number of cases. A case that never ended is reported, since its work stops here.
pub async fn purge(
    ledger: &dyn Ledger,
    now: Timestamp,
    retention: SignedDuration,
) -> Result<usize, StoreError> {
    let Ok(before) = now.checked_sub(retention) else { return Ok(0) };
    ledger.drop_poison(before).await?;
    ledger.forget_console(now, before).await?;
    let (mut after, mut erased) = (None, 0);
    loop {
        let page = ledger.tickets(Tickets::RestedBefore(before), after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(erased) };
        after = Some(*last);
        let mut erasures = Vec::with_capacity(page.len());
        for ticket_id in page {
            match of_old(ledger, ticket_id, now, before).await {
                Ok(found) => erasures.extend(found),
                Err(error @ StoreError::Unreadable { .. }) => {
                    tracing::error!(ticket.id = ticket_id.get(), %error, "the case is too old and is not erased");
                }
                Err(error) => return Err(error),
            }
        }
        erased += ledger.erase(&erasures).await?.len();
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
    let case = folded(ticket_id, &loaded);
    let (Some(Rest::Ended(ending)), true) = (&case.rest, loaded.deliveries.is_empty()) else {
        return Ok(None);
    };
    if is_erased(&loaded) {
        return Ok(None);
    }
    let by = Some(by.to_owned());
    let erasure = Erasure { by, ..erasure(ticket_id, &loaded, now, *ending) };
    Ok(Some((erasure, loaded.journal.len())))
}

/// The erasure for a case without a change since `before`; `None`: nothing to erase.
async fn of_old(
    ledger: &dyn Ledger,
    ticket_id: TicketId,
    now: Timestamp,
    before: Timestamp,
) -> Result<Option<Erasure>, StoreError> {
    let loaded = ledger.load(ticket_id).await?;
    let came = loaded.deliveries.iter().any(|delivery| delivery.received_at >= before);
    if came || (is_erased(&loaded) && loaded.deliveries.is_empty()) {
        return Ok(None);
    }
    let ending = match folded(ticket_id, &loaded).rest {
        Some(Rest::Ended(ending)) => ending,
        rest => {
            let state = match rest {
                Some(Rest::Waiting(waiting)) => waiting.to_string(),
                Some(Rest::Stuck(_)) => "is stuck".to_owned(),
                _ => "was never finished".to_owned(),
            };
            tracing::warn!(
                ticket.id = ticket_id.get(),
                state,
                "nothing has happened to this case for the retention time: it ends here, is left to people, and is erased"
            );
            Ending::HandedOver
        }
    };
    let erasure = erasure(ticket_id, &loaded, now, ending);
    Ok(Some(Erasure { untouched_since: Some(before), ..erasure }))
}

fn erasure(ticket_id: TicketId, loaded: &Loaded, now: Timestamp, ending: Ending) -> Erasure {
    let last = loaded.journal.last().map_or(0, |last| last.position);
    Erasure { ticket_id, last, at: now, ending, untouched_since: None, by: None }
}

fn folded(ticket_id: TicketId, loaded: &Loaded) -> Case {
    Case::fold(ticket_id, entries(loaded))
}

fn entries(loaded: &Loaded) -> impl Iterator<Item = (Timestamp, &Entry)> {
    loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry))
}

/// Whether only the tombstone is left.
fn is_erased(loaded: &Loaded) -> bool {
    matches!(loaded.journal.as_slice(), [Recorded { entry: Entry::Erased { .. }, .. }])
        || (loaded.journal.is_empty() && loaded.deliveries.is_empty())
}

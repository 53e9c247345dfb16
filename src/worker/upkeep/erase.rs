//! Erases customer data after the retention time.

use jiff::{SignedDuration, Timestamp};

use crate::domain::case::{Case, Ending, Rest};
use crate::domain::ids::TicketId;
use crate::ports::{Erasure, Ledger, StoreError, Tickets, is_erased};

/// The number of cases read and erased at a time.
const PAGE: usize = 100;

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
    let entries = loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry));
    let ending = match Case::fold(ticket_id, entries).rest {
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
    let erasure = Erasure::of(ticket_id, &loaded, now, ending);
    Ok(Some(Erasure { untouched_since: Some(before), ..erasure }))
}

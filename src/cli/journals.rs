//! Reads every journal of the ledger, page by page.

use std::io::{self, Write as _};

use super::wrong::of_ledger;
use crate::domain::ids::TicketId;
use crate::ports::{Ledger, Loaded, StoreError, Tickets};

/// The tickets of one page.
const PAGE: usize = 200;

/// Calls `look` with each journal. An unreadable journal is reported on standard error and skipped, so that it does not
/// hide the others.
///
/// # Errors
/// The ledger is unavailable, or standard error cannot be written.
pub(super) async fn each(ledger: &dyn Ledger, mut look: impl FnMut(TicketId, &Loaded)) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = ledger.tickets(Tickets::All, after, PAGE).await?;
        for id in &page {
            match ledger.load(*id).await {
                Ok(loaded) => look(*id, &loaded),
                Err(error @ StoreError::Unreadable { .. }) => {
                    writeln!(io::stderr(), "세지 않았습니다. {}", of_ledger(&error))?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        match page.last() {
            Some(last) => after = Some(*last),
            None => return Ok(()),
        }
    }
}

//! Every journal of the ledger, one after the other.

use std::io::{self, Write as _};

use super::wrong::korean;
use crate::domain::ids::TicketId;
use crate::ports::{Ledger, Loaded, StoreError, Tickets};

/// Tickets that are read at a time.
const PAGE: usize = 200;

/// Shows `look` each journal. One that cannot be read is told on the error stream and left out.
///
/// # Errors
/// When the ledger does not answer.
pub(super) async fn each(ledger: &dyn Ledger, mut look: impl FnMut(TicketId, &Loaded)) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = ledger.tickets(Tickets::All, after, PAGE).await?;
        for id in &page {
            match ledger.load(*id).await {
                Ok(loaded) => look(*id, &loaded),
                Err(error @ StoreError::Unreadable { .. }) => {
                    writeln!(io::stderr(), "세지 않았습니다. {}", korean(&error))?;
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

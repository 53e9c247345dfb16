//! Repeats the recorded decisions of tickets under another policy, for `misread policy backtest` and for the console.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::backtest::{Difference, Tally};
use crate::domain::ids::TicketId;
use crate::domain::parking::Won;
use crate::domain::policy::{Policy, differences};
use crate::ports::{Store, StoreError};

/// A decision that differs under the new policy.
#[derive(Serialize)]
pub(crate) struct Differing {
    pub(crate) ticket_id: TicketId,
    /// When it was decided.
    pub(crate) at: Timestamp,
    /// The row that decided.
    pub(crate) before: String,
    /// The row that would decide; `None`: the decision cannot be repeated.
    pub(crate) after: Option<String>,
    /// The amount of the use at that time.
    pub(crate) won: Option<Won>,
    /// The differences in Korean; if the decision cannot be repeated, the reason.
    pub(crate) differences: Vec<String>,
}

/// Repeats the decisions of one ticket since a moment, and counts them.
///
/// # Errors
/// If the ledger is unavailable, or the journal is unreadable: such a ticket is not counted.
pub(crate) async fn replay(
    store: &dyn Store,
    policy: &Policy,
    id: TicketId,
    since: Option<Timestamp>,
    tally: &mut Tally,
) -> Result<Vec<Differing>, StoreError> {
    let journal = store.load(id).await?.journal;
    let entries = journal.iter().map(|recorded| (recorded.at, &recorded.entry));
    Ok(tally.replay(policy, id, entries, since).iter().map(|difference| told(id, difference)).collect())
}

fn told(ticket_id: TicketId, difference: &Difference) -> Differing {
    let Difference { at, before, after, amount, .. } = difference;
    let (row, differences) = match after {
        Ok(after) => {
            let sides = ((&before.outcome, before.trust), (&after.outcome, after.trust));
            (Some(after.row.clone()), differences(sides.0, sides.1))
        }
        Err(unanswered) => (None, vec![unanswered.to_string()]),
    };
    Differing { ticket_id, at: *at, before: before.row.clone(), after: row, won: *amount, differences }
}

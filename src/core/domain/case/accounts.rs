//! The accounts that a journal names: by them a customer's data is found when it must be erased.

use super::entry::Entry;
use crate::domain::ids::AccountId;

/// The accounts that an entry names, possibly more than once. An entry of a new kind must be sorted here by what it holds.
pub fn accounts(entry: &Entry) -> Vec<&AccountId> {
    match entry {
        Entry::TicketRead { ticket } => ticket.requester.external_id.iter().collect(),
        Entry::AccountRead { id, account } => {
            [id].into_iter().chain(account.as_ref().map(|read| &read.id)).collect()
        }
        Entry::UsesRead { uses, .. } => uses.iter().map(|parking_use| &parking_use.account_id).collect(),
        Entry::Acted { receipt, .. } => receipt.parking_use.iter().map(|shown| &shown.account_id).collect(),
        Entry::ActionConflict { parking_use, .. } => vec![&parking_use.account_id],
        Entry::Woken { .. }
        | Entry::Ordered { .. }
        | Entry::Erased { .. }
        | Entry::TicketGone
        | Entry::ChangesRead { .. }
        | Entry::Confirmed { .. }
        | Entry::EarlierRead { .. }
        | Entry::Decided { .. }
        | Entry::Heard(_)
        | Entry::TurnBegan { .. }
        | Entry::Waiting(_)
        | Entry::TimeUp
        | Entry::NothingNew
        | Entry::Intended { .. }
        | Entry::Written { .. }
        | Entry::Recalled { .. }
        | Entry::WriteConflict { .. }
        | Entry::Refused { .. }
        | Entry::OutcomeUnknown { .. }
        | Entry::NotFound { .. }
        | Entry::Escalated(_)
        | Entry::Restrained { .. }
        | Entry::SteppedBack { .. }
        | Entry::Deferred { .. }
        | Entry::Ended { .. }
        | Entry::Stuck { .. } => Vec::new(),
    }
}

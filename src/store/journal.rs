//! Decides which appends may be written: the same rules in every database, from data read within the transaction.

use std::collections::{HashMap, HashSet};

use super::rows::json;
use crate::ports::{Append, StoreError};

/// For a valid claim: its index in the batch, and the last position of its journal (0 for an empty one).
pub(super) type JournalEnd = (i64, i64);

/// The claims to check, each a ticket and its fence.
pub(super) fn claims(appends: &[&Append]) -> Result<String, sqlx::Error> {
    let claims = appends.iter().map(|append| (append.claim.ticket_id, append.claim.fence));
    json(&claims.collect::<Vec<_>>())
}

/// Splits appends into those to write and the responses to all of them.
///
/// A position that is not the journal's next one is a lost claim as well: the caller's view of the journal is out of date
/// (an earlier append was committed although its response was lost), so the case must be claimed and loaded anew. The same
/// applies to a second append to one case: the first is not on disk yet.
pub(super) fn judge<'a>(
    appends: &[&'a Append],
    ends: Vec<JournalEnd>,
) -> (Vec<&'a Append>, Vec<Result<(), StoreError>>) {
    let ends: HashMap<i64, i64> = ends.into_iter().collect();
    let mut under_way = HashSet::new();
    let mut holding = Vec::with_capacity(appends.len());
    let mut outcomes = Vec::with_capacity(appends.len());
    for (append, place) in appends.iter().zip(0_i64..) {
        let ticket_id = append.claim.ticket_id;
        let holds =
            ends.get(&place).is_some_and(|end| continues(append, *end)) && under_way.insert(ticket_id);
        if holds {
            holding.push(*append);
        }
        outcomes.push(if holds { Ok(()) } else { Err(StoreError::FenceLost { ticket_id }) });
    }
    (holding, outcomes)
}

fn continues(append: &Append, journal_end: i64) -> bool {
    let positions = append.entries.iter().map(|entry| i64::from(entry.position));
    positions.eq((journal_end + 1..).take(append.entries.len()))
}

//! Decides which appends may be written: the same rules in every database, from data read within the transaction.

use std::collections::{HashMap, HashSet};

use super::count;
use super::rows::json;
use crate::domain::case::Figures;
use crate::ports::{Append, StoreError};

/// For a valid claim: its index in the batch, the last position of its journal (0 for an empty one), whether entries of it
/// are not counted yet, and the intentions that its new entries name, by position.
pub(super) type JournalEnd = (i64, i64, bool, String);

/// An append to be written.
#[derive(Debug)]
pub(super) struct Holding<'a> {
    pub(super) append: &'a Append,
    /// The figures of its entries; `None`: they are counted later, with others of this journal.
    pub(super) figures: Option<Figures>,
}

/// The claims to check, each a ticket, its fence, and the positions of intentions without which its entries cannot be
/// counted.
pub(super) fn claims(appends: &[&Append]) -> Result<String, sqlx::Error> {
    let claims = appends
        .iter()
        .map(|append| (append.claim.ticket_id, append.claim.fence, count::intentions_before(append)));
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
) -> (Vec<Holding<'a>>, Vec<Result<(), StoreError>>) {
    let ends: HashMap<i64, JournalEnd> = ends.into_iter().map(|end| (end.0, end)).collect();
    let mut under_way = HashSet::new();
    let mut holding = Vec::with_capacity(appends.len());
    let mut outcomes = Vec::with_capacity(appends.len());
    for (append, place) in appends.iter().zip(0_i64..) {
        let ticket_id = append.claim.ticket_id;
        let end = ends.get(&place).filter(|(_, end, ..)| continues(append, *end));
        match end.filter(|_| under_way.insert(ticket_id)) {
            Some((_, _, uncounted, intentions)) => {
                let figures = if *uncounted { None } else { count::of_append(append, intentions) };
                holding.push(Holding { append, figures });
                outcomes.push(Ok(()));
            }
            None => outcomes.push(Err(StoreError::FenceLost { ticket_id })),
        }
    }
    (holding, outcomes)
}

fn continues(append: &Append, journal_end: i64) -> bool {
    let positions = append.entries.iter().map(|entry| i64::from(entry.position));
    positions.eq((journal_end + 1..).take(append.entries.len()))
}

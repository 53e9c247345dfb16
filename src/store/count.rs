//! Figures of what is appended. They are computed here, so that no caller can forget them, and written in the append's
//! transaction.
//!
//! Entries that were appended without being counted are those of a ledger that an earlier version filled, and those of a replica
//! of an earlier version that still works on it. A trigger of the journal notes their cases in `uncounted`. While a case is noted
//! there, appends to it are not counted either: all its entries above the noted position are counted together, in the
//! transaction that removes the note, under the case's lock. So an entry is counted once, whatever is killed, and however many
//! replicas count.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::column::{self, read_position, read_ticket_id, read_time};
use super::rows::{json, read_entry};
use crate::domain::case::{Awaited, Counting, Entry, Figures, accounts, counted_by};
use crate::domain::ids::{Position, TicketId};
use crate::ports::{Append, StoreError};

/// The positions of intentions that an append's entries name, and that it does not contain.
pub(super) fn intentions_before(append: &Append) -> Vec<Position> {
    let Some(first) = append.entries.first() else { return Vec::new() };
    let named = append.entries.iter().filter_map(|recorded| counted_by(&recorded.entry));
    named.filter(|of| of.0 < first.position).collect()
}

/// The figures of an append's entries, by the intentions that are in the journal already; `None`: one cannot be read.
pub(super) fn of_append(append: &Append, intentions: &str) -> Option<Figures> {
    let bodies: HashMap<u32, String> = serde_json::from_str(intentions).ok()?;
    let intended =
        bodies.into_iter().map(|(position, body)| Some((position, serde_json::from_str(&body).ok()?)));
    let intended: Vec<(u32, Entry)> = intended.collect::<Option<_>>()?;
    let mut counting = Counting::default();
    for (position, entry) in &intended {
        counting.know(Position(*position), entry);
    }
    for recorded in &append.entries {
        counting.count(Position(recorded.position), recorded.at, &recorded.entry);
    }
    Some(counting.figures())
}

/// The accounts that entries name: ticket, account; each once.
pub(super) fn mentions<'a>(
    entries: impl Iterator<Item = (TicketId, &'a Entry)>,
) -> BTreeSet<(TicketId, String)> {
    let named = |(id, entry): (TicketId, &'a Entry)| {
        accounts(entry).into_iter().map(move |account| (id, column::text(account.as_str()).into_owned()))
    };
    entries.flat_map(named).collect()
}

/// What a case waits for after the last of these entries that says so.
pub(super) fn awaits<'a>(entries: impl DoubleEndedIterator<Item = &'a Entry>) -> Option<&'static str> {
    entries.rev().find_map(|entry| match entry {
        Entry::Waiting(waiting) => Some(match waiting.awaited {
            Awaited::Answer { .. } => "answer",
            Awaited::Payment => "payment",
            Awaited::GiveBack => "colleague",
            Awaited::Release => "release",
        }),
        _ => None,
    })
}

/// What to add to the figures: day, name, count, shard; each day and name once, in the order in which every replica writes them.
pub(super) fn rows<'a>(all: impl Iterator<Item = &'a Figures>, shard: i64) -> Result<String, sqlx::Error> {
    let mut sums: BTreeMap<(Date, &str), u64> = BTreeMap::new();
    for ((day, name), count) in all.flatten() {
        *sums.entry((*day, name)).or_default() += count;
    }
    let rows = sums.into_iter().map(|((day, name), count)| (day.to_string(), name, count, shard));
    json(&rows.collect::<Vec<_>>())
}

/// Ticket, and the position above which its entries are not counted.
pub(super) type UncountedRow = (i64, i64);
/// Ticket, position, time, body; in the order of the positions.
pub(super) type EntryRow = (i64, i64, i64, String);

/// A case whose entries are counted afterwards.
#[derive(Debug)]
pub(super) struct Afterwards {
    pub(super) ticket_id: TicketId,
    pub(super) counted: Result<Counted, StoreError>,
}

/// What is kept beside its journal.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) figures: Figures,
    pub(super) awaits: Option<&'static str>,
    pub(super) mentions: BTreeSet<(TicketId, String)>,
}

/// Counts the journals of these cases, each above its position.
pub(super) fn afterwards(
    uncounted: Vec<UncountedRow>,
    entries: Vec<EntryRow>,
) -> Result<Vec<Afterwards>, StoreError> {
    let mut journals: HashMap<i64, Vec<EntryRow>> = HashMap::new();
    for row in entries {
        journals.entry(row.0).or_default().push(row);
    }
    let one = |(id, above): UncountedRow| {
        let ticket_id = read_ticket_id(id)?;
        let counted = of_journal(ticket_id, above, journals.remove(&id).unwrap_or_default());
        Ok(Afterwards { ticket_id, counted })
    };
    uncounted.into_iter().map(one).collect()
}

fn of_journal(ticket_id: TicketId, above: i64, rows: Vec<EntryRow>) -> Result<Counted, StoreError> {
    let mut journal = Vec::with_capacity(rows.len());
    for (_, position, at, body) in rows {
        let position = read_position(position)?;
        journal.push((position, read_time(at)?, read_entry(ticket_id, position, &body)?));
    }
    let mut counting = Counting::default();
    for (position, at, entry) in &journal {
        if i64::from(*position) > above {
            counting.count(Position(*position), *at, entry);
        } else {
            counting.know(Position(*position), entry);
        }
    }
    Ok(Counted {
        figures: counting.figures(),
        awaits: awaits(journal.iter().map(|(.., entry)| entry)),
        mentions: mentions(journal.iter().map(|(.., entry)| (ticket_id, entry))),
    })
}

/// Defines `these` on connections of this type, from the statements in scope.
macro_rules! on {
    ($connection:ty) => {
        use crate::ports::{Recounted, StoreError};
        use crate::store::count::{self, EntryRow, UncountedRow};
        use crate::store::rows::json;

        /// Counts what is not counted of these cases, whose locks the transaction holds.
        pub(super) async fn these(
            connection: &mut $connection,
            ids: &[i64],
            shard: i64,
        ) -> Result<Result<Vec<Recounted>, StoreError>, sqlx::Error> {
            let ids = json(&ids)?;
            let uncounted: Vec<UncountedRow> =
                sqlx::query_as(UNCOUNTED).bind(&ids).fetch_all(&mut *connection).await?;
            if uncounted.is_empty() {
                return Ok(Ok(Vec::new()));
            }
            let entries: Vec<EntryRow> =
                sqlx::query_as(ENTRIES).bind(&ids).fetch_all(&mut *connection).await?;
            let all = match count::afterwards(uncounted, entries) {
                Ok(all) => all,
                Err(error) => return Ok(Err(error)),
            };
            let counted = || all.iter().filter_map(|one| Some((one.ticket_id, one.counted.as_ref().ok()?)));
            let counts = count::rows(counted().map(|(_, counted)| &counted.figures), shard)?;
            let mentions: Vec<_> = counted().flat_map(|(_, counted)| &counted.mentions).collect();
            let cases: Vec<_> = counted().map(|(id, counted)| (id, counted.awaits)).collect();
            let (cases, mentions) = (json(&cases)?, json(&mentions)?);
            sqlx::query(MENTION).bind(mentions).execute(&mut *connection).await?;
            sqlx::query(ADD).bind(counts).execute(&mut *connection).await?;
            for statement in [AWAIT, COUNTED] {
                sqlx::query(statement).bind(&cases).execute(&mut *connection).await?;
            }
            let recounted = |one: count::Afterwards| Recounted {
                ticket_id: one.ticket_id,
                unreadable: one.counted.err(),
            };
            Ok(Ok(all.into_iter().map(recounted).collect()))
        }
    };
}

pub(super) use on;

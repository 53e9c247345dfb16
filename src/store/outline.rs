//! The outlines of cases beside their journals. A worker brings a case's outline with each append; where one does not, as a
//! service of an earlier version, a trigger of the journal notes the case in `outlines_due`, and its journal is folded later.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::column::{self, read_position, read_ticket_id, read_time};
use super::count::EntryRow;
use super::rows::{self, json, read_entry};
use crate::domain::case::{Case, Lane, Outline};
use crate::domain::ids::{LotId, TicketId};
use crate::domain::parking::Won;
use crate::ports::{CaseLine, Erasure, StoreError};

/// More characters of a text of another system, or of a row's name, are not kept: an index of PostgreSQL holds no longer text.
const LONGEST: usize = 100;
/// More KRW are not kept, so that no sum exceeds a column.
const MOST_WON: i64 = 1_000_000_000_000;

/// Ticket, since, what it waits for, until, whether for good, ending, reason, team, row, won, lot, its name, plate.
pub(super) type OutlineRow = (
    TicketId,
    i64,
    Option<&'static str>,
    Option<i64>,
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// An outline in columns.
pub(super) fn row(ticket_id: TicketId, outline: &Outline) -> Result<OutlineRow, sqlx::Error> {
    Ok((
        ticket_id,
        outline.since.as_millisecond(),
        outline.awaits.map(lane),
        outline.until.map(Timestamp::as_millisecond),
        outline.is_last.into(),
        outline.ending.map(word),
        outline.stuck.as_ref().map(json).transpose()?,
        outline.team.map(word),
        outline.row.as_deref().map(kept),
        outline.won.map(|Won(won)| won.clamp(-MOST_WON, MOST_WON)),
        outline.lot.as_ref().map(|lot| kept(lot.as_str())),
        outline.lot_name.as_deref().map(kept),
        outline.plate.as_deref().map(kept),
    ))
}

/// A text as it stands in its column, also one of a filter.
pub(super) fn kept(text: &str) -> String {
    column::text(text).chars().take(LONGEST).collect()
}

/// What remains of an erased case.
pub(super) fn of_erased(erasure: &Erasure) -> Result<String, sqlx::Error> {
    let tombstone = erasure.tombstone();
    let case = Case::fold(erasure.ticket_id, [(tombstone.at, &tombstone.entry)]);
    json(&[row(erasure.ticket_id, &case.outline())?])
}

/// The value's name in the journal.
pub(super) fn word(value: impl Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    word.as_ref().and_then(serde_json::Value::as_str).unwrap_or("other").to_owned()
}

/// `None`: a word of a later version.
fn read_word<T: DeserializeOwned>(word: Option<String>) -> Option<T> {
    serde_json::from_value(word?.into()).ok()
}

pub(super) fn lane(lane: Lane) -> &'static str {
    match lane {
        Lane::Answer => "answer",
        Lane::Payment => "payment",
        Lane::Colleague => "colleague",
        Lane::Release => "release",
    }
}

/// The columns of a line, of a case `c` and its outline `o`.
pub(super) const COLUMNS: &str = "c.ticket_id, c.state, c.due_at, c.updated_at, o.since, o.awaits, o.until, o.is_last, o.ending, \
    o.stuck, o.team, o.policy_row, o.won, o.lot, o.lot_name";

/// The values of these columns.
pub(super) type LineRow = (
    i64,
    String,
    Option<i64>,
    i64,
    Option<i64>,
    Option<String>,
    Option<i64>,
    Option<bool>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<String>,
);

pub(super) fn lines(rows: Vec<LineRow>) -> Result<Vec<CaseLine>, StoreError> {
    rows.into_iter().map(line).collect()
}

fn line(
    (
        ticket_id,
        state,
        due_at,
        updated_at,
        since,
        awaits,
        until,
        is_last,
        ending,
        stuck,
        team,
        policy_row,
        won,
        lot,
        lot_name,
    ): LineRow,
) -> Result<CaseLine, StoreError> {
    let summary = rows::summary((ticket_id, state, due_at, updated_at))?;
    let outline = |since| {
        Ok(Outline {
            since: read_time(since)?,
            awaits: Lane::ALL.into_iter().find(|known| awaits.as_deref() == Some(lane(*known))),
            until: until.map(read_time).transpose()?,
            is_last: is_last.unwrap_or_default(),
            ending: read_word(ending),
            stuck: stuck.as_deref().and_then(|stuck| serde_json::from_str(stuck).ok()),
            team: read_word(team),
            row: policy_row,
            won: won.map(Won),
            lot: lot.map(LotId::new),
            lot_name,
            plate: None,
        })
    };
    Ok(CaseLine { summary, outline: since.map(outline).transpose()? })
}

/// A case whose journal is folded afterwards; `None`: there is nothing in it.
#[derive(Debug)]
pub(super) struct Folded {
    pub(super) ticket_id: TicketId,
    pub(super) outline: Result<Option<Outline>, StoreError>,
}

/// Folds the journals of these cases.
pub(super) fn folded(ids: &[i64], entries: Vec<EntryRow>) -> Result<Vec<Folded>, StoreError> {
    let mut journals: HashMap<i64, Vec<EntryRow>> = HashMap::new();
    for row in entries {
        journals.entry(row.0).or_default().push(row);
    }
    let one = |id: &i64| {
        let ticket_id = read_ticket_id(*id)?;
        let outline = journals.remove(id).map(|rows| of_journal(ticket_id, rows)).transpose();
        Ok(Folded { ticket_id, outline })
    };
    ids.iter().map(one).collect()
}

fn of_journal(ticket_id: TicketId, rows: Vec<EntryRow>) -> Result<Outline, StoreError> {
    let mut case = Case::new(ticket_id);
    for (_, position, at, body) in rows {
        case.apply(read_time(at)?, &read_entry(ticket_id, read_position(position)?, &body)?);
    }
    Ok(case.outline())
}

/// The rows of those that could be folded.
pub(super) fn rows_of(all: &[Folded]) -> Result<String, sqlx::Error> {
    let known = all.iter().filter_map(|one| Some((one.ticket_id, one.outline.as_ref().ok()?.as_ref()?)));
    json(&known.map(|(id, outline)| row(id, outline)).collect::<Result<Vec<_>, _>>()?)
}

/// Defines `keep` and `these` on connections of this type, from the statements in scope.
macro_rules! on {
    ($connection:ty) => {
        use crate::ports::{Recounted, StoreError};
        use crate::store::count::EntryRow;
        use crate::store::outline;
        use crate::store::rows::json;

        /// Keeps outlines inside the caller's transaction; each is that of the whole journal.
        pub(super) async fn keep(connection: &mut $connection, rows: &str) -> Result<(), sqlx::Error> {
            if rows == "[]" {
                return Ok(());
            }
            sqlx::query(KEEP).bind(rows).execute(connection).await.map(drop)
        }

        /// Folds the journals of these cases, whose locks the transaction holds.
        pub(super) async fn these(
            connection: &mut $connection,
            ids: &[i64],
        ) -> Result<Result<Vec<Recounted>, StoreError>, sqlx::Error> {
            let entries: Vec<EntryRow> =
                sqlx::query_as(ENTRIES).bind(json(&ids)?).fetch_all(&mut *connection).await?;
            let all = match outline::folded(ids, entries) {
                Ok(all) => all,
                Err(error) => return Ok(Err(error)),
            };
            keep(connection, &outline::rows_of(&all)?).await?;
            let folded = all.iter().filter(|one| one.outline.is_ok()).map(|one| (one.ticket_id,));
            let folded = json(&folded.collect::<Vec<_>>())?;
            sqlx::query(KEPT).bind(folded).execute(&mut *connection).await?;
            let recounted =
                |one: outline::Folded| Recounted { ticket_id: one.ticket_id, unreadable: one.outline.err() };
            Ok(Ok(all.into_iter().map(recounted).collect()))
        }
    };
}

pub(super) use on;

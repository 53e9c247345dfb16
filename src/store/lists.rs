//! Lists of cases, from the outlines. A list walks one index in its order, and looks at so many cases at most: a page costs
//! the same at any size of the ledger.

mod read;

use jiff::Timestamp;

use super::column::{self, read_ticket_id, read_time};
use super::outline::{self, COLUMNS, LineRow};
use crate::domain::ids::TicketId;
use crate::ports::{CaseFilter, CaseLine, CasePage, CaseState, CaseSum, Place, StoreError, StuckGroup};

pub(super) use read::{Listed, Reads, page, sum};

/// The most cases that a page looks at for those that fit.
const LOOKED_AT: i64 = 10_000;

/// A state's part of a page of all; the index gives each state's cases in order.
macro_rules! part {
    ($state:literal) => {
        concat!(
            "SELECT * FROM (SELECT ticket_id, state, due_at, updated_at, awaits FROM cases WHERE state = '",
            $state,
            "' AND (updated_at, ticket_id) < ($1, $2) ORDER BY updated_at DESC, ticket_id DESC LIMIT $3) AS ",
            $state
        )
    };
}

const ALL: &str = concat!(
    "(",
    part!("active"),
    " UNION ALL ",
    part!("waiting"),
    " UNION ALL ",
    part!("stuck"),
    " UNION ALL ",
    part!("ended"),
    ")"
);

// $5 the state, $6 what it waits for, $7 the ending, $8 the row, $9 the lot, $10 the plate, $11 and $12 since when, $13 and $14 the
// won, $15 the reason. What is not given is null.
const FITS: &str = "($5 IS NULL OR c.state = $5) AND ($6 IS NULL OR c.awaits = $6)
    AND ($7 IS NULL OR o.ending || '' = $7) AND ($8 IS NULL OR o.policy_row || '' = $8)
    AND ($9 IS NULL OR o.lot || '' = $9) AND ($10 IS NULL OR o.plate || '' = $10)
    AND ($11 IS NULL OR o.since + 0 >= $11) AND ($12 IS NULL OR o.since + 0 < $12)
    AND ($13 IS NULL OR o.won >= $13) AND ($14 IS NULL OR o.won <= $14)
    AND ($15 IS NULL OR o.stuck = $15)";

/// $1 the lane, $2 how many.
pub(super) fn waiting_in() -> String {
    format!(
        "SELECT {COLUMNS} FROM cases AS c LEFT JOIN outlines AS o ON o.ticket_id = c.ticket_id
        WHERE c.state = 'waiting' AND c.awaits = $1
        ORDER BY c.updated_at, c.ticket_id
        LIMIT $2"
    )
}

/// The reasons of stuck cases, the most frequent first: $1 how many.
pub(super) const STUCK_GROUPS: &str = "
    SELECT o.stuck, count(*), CAST(coalesce(sum(o.won), 0) AS BIGINT), min(coalesce(o.since, c.updated_at))
    FROM cases AS c LEFT JOIN outlines AS o ON o.ticket_id = c.ticket_id
    WHERE c.state = 'stuck'
    GROUP BY o.stuck
    ORDER BY 2 DESC, 4
    LIMIT $1";

/// A page of cases whose outline is to be folded: $1 after which ticket, $2 how many.
pub(super) const OUTLINES_DUE: &str =
    "SELECT ticket_id FROM outlines_due WHERE ticket_id > $1 ORDER BY ticket_id LIMIT $2";

/// The index that a list walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Walk {
    /// The indexes of all states, merged.
    All,
    /// That of the cases, by this condition.
    Cases(&'static str),
    /// That of the outlines, by this condition.
    Outlines(&'static str),
}

/// How a database plans a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Planner {
    /// It walks an index that has the order, and stops at the limit. It compares what the index holds before it reads a row.
    KeepsOrder,
    /// By estimates, it may read all that an index holds of a value and sort it: a limit of its own bounds the walk.
    Estimates,
}

/// A list to be read.
#[derive(Debug)]
pub(super) struct List<'a> {
    filter: &'a CaseFilter,
    planner: Planner,
    walk: Walk,
    /// Whether every case on the way fits.
    is_plain: bool,
    after: (i64, i64),
    limit: i64,
    /// The place where the list is cut.
    cut: Option<(i64, i64)>,
}

impl<'a> List<'a> {
    fn of(filter: &'a CaseFilter, planner: Planner, after: Option<Place>, limit: usize) -> Self {
        let (walk, is_plain) = walk(filter);
        let mut place = after.map_or((i64::MAX, i64::MAX), |(at, id)| (at.as_millisecond(), id.get()));
        if let (Walk::Outlines(_), Some(before)) = (walk, filter.before) {
            // Tickets have numbers from 1 up: none is before the moment and not before this place.
            place = place.min((before.as_millisecond(), 0));
        }
        Self { filter, planner, walk, is_plain, after: place, limit: column::limit(limit), cut: None }
    }

    /// A statement that finds where the list must be cut, if it may have to be.
    fn cut_statement(&self) -> Option<String> {
        let (table, time, condition) = match self.walk {
            Walk::All => return None,
            Walk::Cases(condition) => ("cases AS c", "c.updated_at, c.ticket_id", condition),
            Walk::Outlines(condition) => ("outlines AS o", "o.since, o.ticket_id", condition),
        };
        let (descending, (first, _)) =
            (time.replace(',', " DESC,"), time.split_once(',').unwrap_or((time, "")));
        (!self.is_plain).then(|| {
            format!(
                "SELECT {time} FROM {table} WHERE {condition} AND ({time}) < ($1, $2) AND {first} >= $4
                ORDER BY {descending} DESC LIMIT 1 OFFSET {LOOKED_AT}"
            )
        })
    }

    fn from(&self) -> String {
        const BY_CHANGE: &str = "c.updated_at DESC, c.ticket_id DESC";
        const BY_SINCE: &str = "o.since DESC, o.ticket_id DESC";
        let (limit, looked_at) = (self.limit, LOOKED_AT + 1);
        let most = if self.is_plain { limit } else { looked_at };
        match (self.walk, self.planner) {
            (Walk::All, _) => format!(
                "{ALL} AS c LEFT JOIN outlines AS o ON o.ticket_id = c.ticket_id WHERE {FITS}
                ORDER BY {BY_CHANGE} LIMIT $3"
            ),
            (Walk::Cases(condition), Planner::KeepsOrder) => format!(
                "cases AS c LEFT JOIN outlines AS o ON o.ticket_id = c.ticket_id
                WHERE {condition} AND (c.updated_at, c.ticket_id) < ($1, $2) AND c.updated_at >= $4 AND {FITS}
                ORDER BY {BY_CHANGE} LIMIT $3"
            ),
            (Walk::Cases(condition), Planner::Estimates) => format!(
                "(SELECT c.* FROM cases AS c
                WHERE {condition} AND (c.updated_at, c.ticket_id) < ($1, $2) AND c.updated_at >= $4
                ORDER BY {BY_CHANGE} LIMIT {most}) AS c LEFT JOIN outlines AS o ON o.ticket_id = c.ticket_id
                WHERE {FITS} ORDER BY {BY_CHANGE} LIMIT $3"
            ),
            // The order of the tables is kept by SQLite, which otherwise may begin with the cases.
            (Walk::Outlines(condition), Planner::KeepsOrder) => format!(
                "outlines AS o CROSS JOIN cases AS c
                WHERE {condition} AND (o.since, o.ticket_id) < ($1, $2) AND o.since >= $4
                    AND c.ticket_id = o.ticket_id AND {FITS}
                ORDER BY {BY_SINCE} LIMIT $3"
            ),
            (Walk::Outlines(condition), Planner::Estimates) => format!(
                "(SELECT o.* FROM outlines AS o
                WHERE {condition} AND (o.since, o.ticket_id) < ($1, $2) AND o.since >= $4
                ORDER BY {BY_SINCE} LIMIT {most}) AS o CROSS JOIN cases AS c
                WHERE c.ticket_id = o.ticket_id AND {FITS} ORDER BY {BY_SINCE} LIMIT $3"
            ),
        }
    }

    fn statement(&self) -> String {
        format!("SELECT {COLUMNS} FROM {}", self.from())
    }

    fn sum_statement(&self) -> String {
        format!(
            "SELECT count(*), CAST(coalesce(sum(won), 0) AS BIGINT) FROM (SELECT o.won FROM {}) AS fitting",
            self.from()
        )
    }

    /// The values of the parameters.
    pub(super) fn values(&self) -> Values {
        let filter = self.filter;
        let since = filter.since.map(Timestamp::as_millisecond);
        let of_outlines = since.filter(|_| matches!(self.walk, Walk::Outlines(_)));
        let cut = self.cut.map(|(at, _)| at);
        Values {
            after: self.after,
            limit: self.limit,
            least: cut.max(of_outlines).unwrap_or(i64::MIN),
            state: filter.state.map(column::state),
            awaits: filter.awaits.map(outline::lane),
            ending: filter.ending.map(outline::word),
            row: filter.row.as_deref().map(outline::kept),
            lot: filter.lot.as_deref().map(outline::kept),
            plate: filter.plate.as_deref().map(outline::kept),
            since,
            before: filter.before.map(Timestamp::as_millisecond),
            won: (filter.won_from, filter.won_to),
            stuck: filter.stuck.clone(),
        }
    }

    /// The page of these rows; there may be one more row than the page holds.
    fn page(&self, rows: Vec<LineRow>, limit: usize) -> Result<CasePage, StoreError> {
        let mut lines = outline::lines(rows)?;
        if let Some(cut) = self.cut {
            lines.retain(|line| self.place(line) >= cut);
        }
        let has_more = lines.len() > limit;
        lines.truncate(limit);
        let last = lines.last().filter(|_| has_more).map(|line| self.place(line));
        let next = last.or(self.cut);
        let is_cut = last.is_none() && next.is_some();
        let place = |(at, id)| Ok::<_, StoreError>((read_time(at)?, read_ticket_id(id)?));
        Ok(CasePage { lines, next: next.map(place).transpose()?, is_cut })
    }

    fn place(&self, line: &CaseLine) -> (i64, i64) {
        let at = match (self.walk, &line.outline) {
            (Walk::Outlines(_), Some(outline)) => outline.since,
            _ => line.summary.updated_at,
        };
        (at.as_millisecond(), line.summary.ticket_id.get())
    }
}

/// The index whose part is likely to be the smallest, and whether all in it fits.
fn walk(filter: &CaseFilter) -> (Walk, bool) {
    let CaseFilter { state, awaits, ending, row, lot, plate, won_from, won_to, since, before, stuck } =
        filter;
    let of_outline = [
        ending.is_some(),
        row.is_some(),
        lot.is_some(),
        plate.is_some(),
        won_from.is_some() || won_to.is_some(),
        since.is_some() || before.is_some(),
        stuck.is_some(),
    ];
    let is_plain = !of_outline.contains(&true);
    let unfinished = state.is_some_and(|state| state != CaseState::Ended);
    // Every outline has a place in time; a period narrows it down by itself.
    let by = |condition, others: usize| {
        let given = of_outline.iter().enumerate().filter(|(place, given)| **given && *place != 5);
        (Walk::Outlines(condition), state.is_none() && given.count() <= others)
    };
    if awaits.is_some() {
        (Walk::Cases("c.state = 'waiting' AND c.awaits = $6"), is_plain)
    } else if unfinished || (state.is_some() && is_plain) {
        (Walk::Cases("c.state = $5"), is_plain)
    } else if is_plain {
        (Walk::All, true)
    } else if plate.is_some() {
        by("o.plate = $10", 1)
    } else if lot.is_some() {
        by("o.lot = $9", 1)
    } else if row.is_some() {
        by("o.policy_row = $8", 1)
    } else if ending.is_some() {
        by("o.ending = $7", 1)
    } else {
        by("true", 0)
    }
}

/// The values of a list's parameters, in their order.
#[derive(Debug)]
pub(super) struct Values {
    pub(super) after: (i64, i64),
    pub(super) limit: i64,
    pub(super) least: i64,
    pub(super) state: Option<&'static str>,
    pub(super) awaits: Option<&'static str>,
    pub(super) ending: Option<String>,
    pub(super) row: Option<String>,
    pub(super) lot: Option<String>,
    pub(super) plate: Option<String>,
    pub(super) since: Option<i64>,
    pub(super) before: Option<i64>,
    pub(super) won: (Option<i64>, Option<i64>),
    pub(super) stuck: Option<String>,
}

/// Binds the values of a list to a query.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let values = $values;
        $query
            .bind(values.after.0)
            .bind(values.after.1)
            .bind(values.limit)
            .bind(values.least)
            .bind(values.state)
            .bind(values.awaits)
            .bind(values.ending)
            .bind(values.row)
            .bind(values.lot)
            .bind(values.plate)
            .bind(values.since)
            .bind(values.before)
            .bind(values.won.0)
            .bind(values.won.1)
            .bind(values.stuck)
    }};
}

pub(super) use bound;

/// Reason, cases, won, since when.
pub(super) type GroupRow = (Option<String>, i64, i64, i64);

/// A group's `reason` is `None` if the stored text is none that this version knows.
pub(super) fn groups(rows: Vec<GroupRow>) -> Result<Vec<StuckGroup>, StoreError> {
    let group = |(text, cases, won, oldest): GroupRow| {
        let reason = text.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let found = CaseSum { cases: cases.unsigned_abs(), won };
        Ok(StuckGroup { text, reason, found, oldest: read_time(oldest)? })
    };
    rows.into_iter().map(group).collect()
}

/// Tickets as a parameter.
pub(super) fn numbers(ids: &[TicketId]) -> Vec<i64> {
    ids.iter().map(|id| id.get()).collect()
}

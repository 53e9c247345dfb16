//! Rows of the maintenance, the same in every database.

use jiff::civil::Date;

use super::column::{self, read_ticket_id, read_time};
use super::rows::json;
use crate::domain::case::Figures;
use crate::domain::ids::TicketId;
use crate::ports::{Backlog, Erasure, Group, StoreError, StoredDelivery, Tickets};

// Scans all cases: once a minute, for a few milliseconds.
pub(super) const BACKLOG: &str = "
    WITH unfinished AS (
        SELECT ticket_id, CASE WHEN overdue THEN 'overdue' ELSE state END AS standing,
            CASE WHEN overdue THEN coalesce(lease_until, due_at) ELSE updated_at END AS since
        FROM (
            SELECT ticket_id, state, due_at, lease_until, updated_at,
                coalesce(coalesce(lease_until, due_at) <= $1, false) AS overdue
            FROM cases
        ) AS looked_at
        WHERE overdue OR state <> 'ended'
    ), ranked AS (
        SELECT standing, ticket_id, since,
            count(*) OVER (PARTITION BY standing) AS cases,
            row_number() OVER (PARTITION BY standing ORDER BY since, ticket_id) AS place
        FROM unfinished
    )
    SELECT standing, cases, ticket_id, since FROM ranked WHERE place = 1";

// $1 the chore, $2 now, $3 until when. A turn that ends further ahead than any process would set it now was taken by a
// wrong clock.
pub(super) const TAKE_TURN: &str = "
    INSERT INTO chores (name, due_at) VALUES ($1, $3)
    ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at
    WHERE chores.due_at <= $2 OR chores.due_at - $3 > $3 - $2";

// $1 whether only poison, $2 the limit.
pub(super) const DELIVERIES: &str = "
    SELECT id, dedup_key, ticket_id, kind, problem, '' AS body, received_at FROM deliveries
    WHERE NOT $1 OR ticket_id IS NULL
    ORDER BY id DESC
    LIMIT $2";

// $1 the id, $2 the number.
pub(super) const DELIVERY: &str = "
    SELECT id, dedup_key, ticket_id, kind, problem, body, received_at FROM deliveries
    WHERE dedup_key = $1 OR id = $2
    ORDER BY dedup_key = $1 DESC
    LIMIT 1";

/// Number, key, ticket, kind, problem, body, time.
pub(super) type DeliveryRow = (i64, String, Option<i64>, Option<String>, Option<String>, String, i64);

/// A delivery as read.
pub(super) fn delivery(row: DeliveryRow) -> Result<StoredDelivery, StoreError> {
    let (id, key, ticket_id, kind, problem, body, at) = row;
    let ticket_id = ticket_id.map(read_ticket_id).transpose()?;
    Ok(StoredDelivery { id, key, ticket_id, kind, problem, body, received_at: read_time(at)? })
}

/// A delivery's number, if the text is one; no delivery has the number 0.
pub(super) fn number(id: &str) -> i64 {
    id.parse().unwrap_or_default()
}

/// State, number of cases, the case that has been in it for longest, and since when.
pub(super) type GroupRow = (String, i64, i64, i64);

/// The groups of a backlog.
pub(super) fn backlog(rows: Vec<GroupRow>) -> Result<Backlog, StoreError> {
    let mut backlog = Backlog::default();
    for (standing, cases, ticket_id, since) in rows {
        let oldest = Some((read_ticket_id(ticket_id)?, read_time(since)?));
        let group = Group { cases: cases.unsigned_abs(), oldest };
        match standing.as_str() {
            "overdue" => backlog.overdue = group,
            "waiting" => backlog.waiting = group,
            "stuck" => backlog.stuck = group,
            _ => backlog.active = group,
        }
    }
    Ok(backlog)
}

/// The parameters for a page of tickets: the moment since which they rest, the text that they mention.
pub(super) fn wanted(which: Tickets<'_>) -> Result<(Option<i64>, Option<String>), sqlx::Error> {
    Ok(match which {
        Tickets::All => (None, None),
        Tickets::RestedBefore(moment) => (Some(moment.as_millisecond()), None),
        Tickets::Mentioning(text) => (None, Some(json(&text)?)),
    })
}

/// Tickets as read.
pub(super) fn tickets(ids: Vec<i64>) -> Result<Vec<TicketId>, StoreError> {
    ids.into_iter().map(read_ticket_id).collect()
}

/// An erasure's figures: day, name, count.
pub(super) fn figure_rows(erasure: &Erasure) -> Result<String, sqlx::Error> {
    let rows = erasure.figures.iter().map(|((day, name), count)| (day.to_string(), name, count));
    json(&rows.collect::<Vec<_>>())
}

/// Figures as read.
pub(super) fn figures(rows: Vec<(String, String, i64)>) -> Result<Figures, StoreError> {
    let figure = |(day, name, count): (String, String, i64)| {
        let day: Date = day.parse().map_err(|_| column::nonsense("day"))?;
        Ok(((day, name), count.unsigned_abs()))
    };
    rows.into_iter().map(figure).collect()
}

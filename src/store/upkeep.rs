//! Rows of the maintenance, the same in every database.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::column::{self, read_ticket_id, read_time};
use super::rows::json;
use crate::domain::case::Figures;
use crate::domain::ids::TicketId;
use crate::ports::{Backlog, Recounted, StoreError, StoredDelivery, Tickets};

// The unfinished cases by the index of states, and what else is due by the index of claimable cases: ended cases cost nothing.
// The comparison with a computed text keeps the planner from the index of states for the latter.
pub(super) const BACKLOG: &str = "
    WITH unfinished AS (
        SELECT ticket_id, CASE WHEN overdue THEN 'overdue' ELSE state END AS standing,
            CASE WHEN state = 'waiting' AND NOT overdue THEN awaits END AS awaits,
            CASE WHEN overdue THEN coalesce(lease_until, due_at) ELSE updated_at END AS since
        FROM (
            SELECT ticket_id, state, awaits, due_at, lease_until, updated_at,
                coalesce(coalesce(lease_until, due_at) <= $1, false) AS overdue
            FROM cases WHERE state IN ('active', 'waiting', 'stuck')
            UNION ALL
            SELECT ticket_id, state, awaits, due_at, lease_until, updated_at, true
            FROM cases WHERE state || '' = 'ended' AND coalesce(lease_until, due_at) <= $1
        ) AS looked_at
    ), ranked AS (
        SELECT standing, awaits, ticket_id, since,
            count(*) OVER (PARTITION BY standing, awaits) AS cases,
            row_number() OVER (PARTITION BY standing, awaits ORDER BY since, ticket_id) AS place
        FROM unfinished
    )
    SELECT standing, awaits, cases, ticket_id, since FROM ranked WHERE place = 1";

/// $1 the state, $2 how many.
pub(super) const LIST_OF_STATE: &str = "
    SELECT ticket_id, state, due_at, updated_at FROM cases
    WHERE state = $1
    ORDER BY updated_at DESC, ticket_id DESC
    LIMIT $2";

/// $1 how many. The index gives each state's cases in order, but not those of all states.
pub(super) const LIST_OF_ALL: &str = "
    SELECT ticket_id, state, due_at, updated_at FROM (
        SELECT * FROM (SELECT ticket_id, state, due_at, updated_at FROM cases WHERE state = 'active'
            ORDER BY updated_at DESC, ticket_id DESC LIMIT $1) AS active
        UNION ALL
        SELECT * FROM (SELECT ticket_id, state, due_at, updated_at FROM cases WHERE state = 'waiting'
            ORDER BY updated_at DESC, ticket_id DESC LIMIT $1) AS waiting
        UNION ALL
        SELECT * FROM (SELECT ticket_id, state, due_at, updated_at FROM cases WHERE state = 'stuck'
            ORDER BY updated_at DESC, ticket_id DESC LIMIT $1) AS stuck
        UNION ALL
        SELECT * FROM (SELECT ticket_id, state, due_at, updated_at FROM cases WHERE state = 'ended'
            ORDER BY updated_at DESC, ticket_id DESC LIMIT $1) AS ended
    ) AS latest
    ORDER BY updated_at DESC, ticket_id DESC
    LIMIT $1";

/// A page of cases that are to be counted: $1 after which ticket, $2 how many.
pub(super) const UNCOUNTED: &str =
    "SELECT ticket_id FROM uncounted WHERE ticket_id > $1 ORDER BY ticket_id LIMIT $2";

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

/// State, what is awaited, number of cases, the case that has been in it for longest, and since when.
pub(super) type GroupRow = (String, Option<String>, i64, i64, i64);

/// The groups of a backlog.
pub(super) fn backlog(rows: Vec<GroupRow>) -> Result<Backlog, StoreError> {
    let mut backlog = Backlog::default();
    for (standing, awaits, cases, ticket_id, since) in rows {
        let cases = cases.unsigned_abs();
        let group = match standing.as_str() {
            "overdue" => &mut backlog.overdue,
            "waiting" => &mut backlog.waiting,
            "stuck" => &mut backlog.stuck,
            _ => &mut backlog.active,
        };
        let oldest = (read_ticket_id(ticket_id)?, read_time(since)?);
        let is_older = |(id, since): &(TicketId, Timestamp)| (oldest.1, oldest.0) < (*since, *id);
        if group.oldest.as_ref().is_none_or(is_older) {
            group.oldest = Some(oldest);
        }
        group.cases += cases;
        match awaits.as_deref() {
            Some("answer") => backlog.awaiting.answer = cases,
            Some("payment") => backlog.awaiting.payment = cases,
            Some("colleague") => backlog.awaiting.colleague = cases,
            Some("release") => backlog.awaiting.release = cases,
            _ => {}
        }
    }
    Ok(backlog)
}

/// What a page of tickets is selected by: the account as in its column and as in a journal, or the moment since which they
/// rest.
pub(super) enum Wanted {
    OfAccount { account: String, in_journal: String },
    RestedBefore(Option<i64>),
}

impl Wanted {
    pub(super) fn of(which: Tickets<'_>) -> Result<Self, sqlx::Error> {
        Ok(match which {
            Tickets::All => Self::RestedBefore(None),
            Tickets::RestedBefore(moment) => Self::RestedBefore(Some(moment.as_millisecond())),
            Tickets::OfAccount(account) => {
                Self::OfAccount { account: column::text(account).into_owned(), in_journal: json(&account)? }
            }
        })
    }
}

pub(super) fn tickets(ids: Vec<i64>) -> Result<Vec<TicketId>, StoreError> {
    ids.into_iter().map(read_ticket_id).collect()
}

/// Whether nothing is left uncounted.
pub(super) fn all_counted(recounted: &Result<Vec<Recounted>, StoreError>) -> bool {
    recounted.as_ref().is_ok_and(|all| all.iter().all(|one| one.unreadable.is_none()))
}

pub(super) fn sums(rows: Vec<(String, i64)>) -> BTreeMap<String, u64> {
    rows.into_iter().map(|(name, count)| (name, count.unsigned_abs())).collect()
}

pub(super) fn figures(rows: Vec<(String, String, i64)>) -> Result<Figures, StoreError> {
    let figure = |(day, name, count): (String, String, i64)| {
        let day: Date = day.parse().map_err(|_| column::nonsense("day"))?;
        Ok(((day, name), count.unsigned_abs()))
    };
    rows.into_iter().map(figure).collect()
}

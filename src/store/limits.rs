//! Movements and events for limits and breaker: the same statements in every database.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use super::column::{self, nonsense, read_time};
use super::rows::json;
use crate::domain::ids::{AccountId, LotId};
use crate::domain::limits::{
    ACCOUNT_SPAN, Counted, DAY_SPAN, Event, HOUR as AN_HOUR, Happened, Limit, Measure, Moved, Movement, Sum,
    Tally, WEEK,
};
use crate::domain::moment::earlier;
use crate::ports::{Append, Guard, MovedLately, Recorded, StoreError};

/// Amount and number for an account, for a lot, and for all: $1 the account, $2 since when its movements count, $3 the lot,
/// $4 since when a day's count.
pub(super) const SUMS: &str = "
    SELECT
        (SELECT CAST(coalesce(sum(won), 0) AS BIGINT) FROM movements WHERE account_id = $1 AND at > $2),
        (SELECT count(*) FROM movements WHERE account_id = $1 AND at > $2),
        (SELECT CAST(coalesce(sum(won), 0) AS BIGINT) FROM movements WHERE lot_id = $3 AND at > $4),
        (SELECT count(*) FROM movements WHERE lot_id = $3 AND at > $4),
        (SELECT CAST(coalesce(sum(won), 0) AS BIGINT) FROM movements WHERE at > $4),
        (SELECT count(*) FROM movements WHERE at > $4)";

pub(super) const KEEP: &str = "
    INSERT INTO movements (ticket_id, position, at, account_id, lot_id, won) VALUES ($1, $2, $3, $4, $5, $6)";

/// Movements that no longer count towards a limit.
pub(super) const FORGET: &str = "DELETE FROM movements WHERE at <= $1";

/// Lots, then accounts, those with the largest sums first: $1 since when, $2 how many.
pub(super) const BY_LOT: &str = "
    SELECT lot_id, CAST(sum(won) AS BIGINT), count(*) FROM movements WHERE at > $1
    GROUP BY lot_id ORDER BY 2 DESC, 1 LIMIT $2";
pub(super) const BY_ACCOUNT: &str = "
    SELECT account_id, CAST(sum(won) AS BIGINT), count(*) FROM movements WHERE at > $1
    GROUP BY account_id ORDER BY 2 DESC, 1 LIMIT $2";
/// The total: $1 since when.
pub(super) const OF_ALL: &str =
    "SELECT CAST(coalesce(sum(won), 0) AS BIGINT), count(*) FROM movements WHERE at > $1";

/// The breaker's latest event.
pub(super) const LATEST_EVENT: &str = "SELECT at, body FROM breaker_events ORDER BY number DESC LIMIT 1";
/// The breaker's events, the latest first: $1 how many.
pub(super) const EVENTS: &str = "SELECT at, body FROM breaker_events ORDER BY number DESC LIMIT $1";
/// $1 the time, $2 the event.
pub(super) const HAPPENED: &str = "INSERT INTO breaker_events (at, body) VALUES ($1, $2)";
/// $1 the slot, $2 the measure, $3 the increment.
pub(super) const COUNT: &str = "
    INSERT INTO breaker_counts (slot, measure, amount) VALUES ($1, $2, $3)
    ON CONFLICT (slot, measure) DO UPDATE SET amount = breaker_counts.amount + excluded.amount";
/// By measure, after slot $1 and up to slot $2: the sum, and the first slot with any.
pub(super) const COUNTED: &str = "
    SELECT measure, CAST(sum(amount) AS BIGINT), min(slot) FROM breaker_counts
    WHERE slot > $1 AND slot <= $2 GROUP BY measure";
/// What was counted in slot $1 until the breaker was lifted goes to the slot before it: the hour then counts what comes later,
/// and nothing else.
pub(super) const REVIEW: &str = "
    INSERT INTO breaker_counts (slot, measure, amount)
    SELECT slot - 1, measure, amount FROM breaker_counts WHERE slot = $1
    ON CONFLICT (slot, measure) DO UPDATE SET amount = breaker_counts.amount + excluded.amount";
pub(super) const REVIEWED: &str = "DELETE FROM breaker_counts WHERE slot = $1";
/// Counts older than the usual rate's span: up to slot $1.
pub(super) const FORGET_COUNTS: &str = "DELETE FROM breaker_counts WHERE slot <= $1";

/// A row of [`SUMS`].
pub(super) type Sums = (i64, i64, i64, i64, i64, i64);
/// A row of [`BY_LOT`] and [`BY_ACCOUNT`].
pub(super) type NamedSum = (String, i64, i64);
/// A row of [`LATEST_EVENT`].
pub(super) type EventRow = (i64, String);
/// A row of [`COUNTED`].
pub(super) type CountRow = (String, i64, i64);

/// The length of a slot, in milliseconds.
const SLOT: i64 = 300_000;
/// The number of lots and accounts shown.
pub(super) const SHOWN: i64 = 5;

/// An append that may go out without a person, with the entry that intends it.
pub(super) struct Guarded<'a> {
    pub(super) guard: &'a Guard,
    pub(super) intention: &'a Recorded,
}

impl<'a> Guarded<'a> {
    pub(super) fn of(append: &'a Append) -> Option<Self> {
        Some(Self { guard: append.guard.as_ref()?, intention: append.entries.last()? })
    }

    pub(super) fn moving(&self) -> Option<Moving<'a>> {
        Some(Moving { movement: self.guard.movement.as_ref()?, guard: self.guard, at: self.intention.at })
    }
}

/// A movement about to be intended.
pub(super) struct Moving<'a> {
    pub(super) movement: &'a Movement,
    guard: &'a Guard,
    at: Timestamp,
}

impl Moving<'_> {
    pub(super) fn account(&self) -> Cow<'_, str> {
        column::text(self.movement.account_id.as_str())
    }

    pub(super) fn lot(&self) -> Cow<'_, str> {
        column::text(self.movement.lot_id.as_str())
    }

    /// Since when an account's movements count, in milliseconds.
    pub(super) fn account_since(&self) -> i64 {
        before(self.at, ACCOUNT_SPAN)
    }

    /// Since when a day's movements count, in milliseconds.
    pub(super) fn day_since(&self) -> i64 {
        before(self.at, DAY_SPAN)
    }

    /// The limit that it would exceed.
    pub(super) fn exceeded(&self, sums: Sums) -> Option<Limit> {
        let moved =
            Moved { account: sum(sums.0, sums.1), lot: sum(sums.2, sums.3), day: sum(sums.4, sums.5) };
        self.guard.limits.exceeded(self.movement, &moved)
    }
}

/// The slots that are compared.
#[derive(Clone, Copy)]
pub(super) struct Slots {
    pub(super) now: i64,
    /// The last slot before the hour.
    pub(super) hour: i64,
    /// The last slot before the week before it.
    pub(super) week: i64,
}

impl Slots {
    /// The slots at the moment `at`. Counts from before the breaker was lifted are excluded: a person has reviewed them, and
    /// none of them is left in the slot in which it was lifted.
    pub(super) fn at(at: Timestamp, latest: Option<&Happened>) -> Self {
        let lifted = latest.filter(|latest| latest.open().is_none()).map(|latest| slot(latest.at) - 1);
        let hour = before(at, AN_HOUR).div_euclid(SLOT);
        let week = before(at, AN_HOUR + WEEK).div_euclid(SLOT);
        Self { now: slot(at), hour: lifted.map_or(hour, |lifted| lifted.max(hour)), week }
    }

    /// The counts in them.
    pub(super) fn counted(self, hour: Vec<CountRow>, before: Vec<CountRow>) -> Result<Counted, StoreError> {
        let first = before.iter().map(|(_, _, first)| *first).min();
        let reaches_back = first
            .map(|first| SignedDuration::from_millis(self.hour.saturating_sub(first).saturating_mul(SLOT)));
        Ok(Counted { hour: tally(hour)?, before: tally(before)?, reaches_back })
    }
}

/// The five-minute slot of a moment.
pub(super) fn slot(at: Timestamp) -> i64 {
    at.as_millisecond().div_euclid(SLOT)
}

/// The counts by measure.
pub(super) fn tally(rows: Vec<CountRow>) -> Result<Tally, StoreError> {
    let mut tally = Tally::default();
    for (name, amount, _) in rows {
        let measure = Measure::ALL.into_iter().find(|measure| measure.code() == name);
        *tally.of_mut(measure.ok_or_else(|| nonsense("measure"))?) = amount;
    }
    Ok(tally)
}

/// An event as read.
pub(super) fn event(row: Option<EventRow>) -> Result<Option<Happened>, StoreError> {
    row.map(|(at, body)| {
        let event: Event = serde_json::from_str(&body).map_err(|_| nonsense("event of the breaker"))?;
        Ok(Happened { at: read_time(at)?, event })
    })
    .transpose()
}

pub(super) fn events(rows: Vec<EventRow>) -> Result<Vec<Happened>, StoreError> {
    rows.into_iter().filter_map(|row| event(Some(row)).transpose()).collect()
}

/// Whether the breaker is open by its latest event.
pub(super) fn is_open(latest: Option<&EventRow>) -> bool {
    matches!(event(latest.cloned()), Ok(Some(latest)) if latest.open().is_some())
}

/// An event as stored in its column.
pub(super) fn event_body(event: &Event) -> Result<String, sqlx::Error> {
    json(event).map(|body| column::text(&body).into_owned())
}

/// Lots and accounts with their sums.
pub(super) fn moved_lately(day: (i64, i64), lots: Vec<NamedSum>, accounts: Vec<NamedSum>) -> MovedLately {
    MovedLately {
        day: sum(day.0, day.1),
        lots: lots.into_iter().map(|(id, won, times)| (LotId::new(&id), sum(won, times))).collect(),
        accounts: accounts
            .into_iter()
            .map(|(id, won, times)| (AccountId::new(&id), sum(won, times)))
            .collect(),
    }
}

/// `span` before a moment, in milliseconds.
pub(super) fn before(at: Timestamp, span: SignedDuration) -> i64 {
    earlier(at, span).as_millisecond()
}

fn sum(won: i64, times: i64) -> Sum {
    Sum { won, times: u32::try_from(times).unwrap_or(u32::MAX) }
}

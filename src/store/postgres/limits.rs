//! The counts of limits and breaker, for operators.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Connection, PgConnection, PgPool};

use super::connect::bounded;
use super::{PostgresStore, begin, guard};
use crate::domain::limits::{ACCOUNT_SPAN, Counted, DAY_SPAN, Event, Happened, Trip};
use crate::ports::{LimitBook, MovedLately, Store as _, StoreError};
use crate::store::column::{self, unavailable};
use crate::store::limits::{self, EventRow, NamedSum, Slots};

#[async_trait]
impl LimitBook for PostgresStore {
    async fn moved_lately(&self, now: Timestamp) -> Result<MovedLately, StoreError> {
        bounded(moved_lately(&self.readers, now)).await.map_err(|error| unavailable(&error))
    }

    async fn counted(&self, now: Timestamp) -> Result<Counted, StoreError> {
        let slots = Slots::at(now, self.breaker().await?.as_ref());
        let between = async |after: i64, up_to: i64| {
            let rows = sqlx::query_as(limits::COUNTED).bind(after).bind(up_to);
            bounded(rows.fetch_all(&self.readers)).await.map_err(|error| unavailable(&error))
        };
        slots.counted(between(slots.hour, slots.now).await?, between(slots.week, slots.hour).await?)
    }

    async fn breaker_events(&self, limit: usize) -> Result<Vec<Happened>, StoreError> {
        let rows = sqlx::query_as(limits::EVENTS).bind(column::limit(limit));
        limits::events(bounded(rows.fetch_all(&self.readers)).await.map_err(|error| unavailable(&error))?)
    }

    async fn lift(
        &self,
        now: Timestamp,
        by: &str,
        because: Option<&str>,
    ) -> Result<Option<Trip>, StoreError> {
        let event = Event::Lifted { by: by.to_owned(), because: because.map(str::to_owned) };
        let lifted = Happened { at: now, event };
        let mut connection = self.another().await?;
        let latest = bounded(lift(&mut connection, &lifted)).await.map_err(|error| unavailable(&error))?;
        Ok(limits::event(latest)?.and_then(|latest| latest.open().cloned()))
    }
}

/// The breaker's latest event.
pub(super) async fn breaker(readers: &PgPool) -> Result<Option<Happened>, StoreError> {
    let latest = bounded(sqlx::query_as(limits::LATEST_EVENT).fetch_optional(readers)).await;
    limits::event(latest.map_err(|error| unavailable(&error))?)
}

async fn moved_lately(readers: &PgPool, now: Timestamp) -> Result<MovedLately, sqlx::Error> {
    let (day, month) = (limits::before(now, DAY_SPAN), limits::before(now, ACCOUNT_SPAN));
    let named = async |statement: &'static str, since: i64| -> Result<Vec<NamedSum>, sqlx::Error> {
        sqlx::query_as(statement).bind(since).bind(limits::SHOWN).fetch_all(readers).await
    };
    let of_all = sqlx::query_as(limits::OF_ALL).bind(day).fetch_one(readers).await?;
    let (lots, accounts) = (named(limits::BY_LOT, day).await?, named(limits::BY_ACCOUNT, month).await?);
    Ok(limits::moved_lately(of_all, lots, accounts))
}

/// Returns the breaker's latest event before.
async fn lift(connection: &mut PgConnection, lifted: &Happened) -> Result<Option<EventRow>, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    begin::counting(&mut transaction).await?;
    let latest: Option<EventRow> =
        sqlx::query_as(limits::LATEST_EVENT).fetch_optional(&mut *transaction).await?;
    if limits::is_open(latest.as_ref()) {
        guard::lifted(&mut transaction, lifted).await?;
    }
    transaction.commit().await?;
    Ok(latest)
}

//! The checks between an intention and its append: the breaker, then the limits, in the append's own transaction.
//!
//! The same steps in every database. They are a macro: a function over any `sqlx` connection would need more bounds than it
//! has lines.

/// Defines `pass` and `lifted` on connections of this type.
macro_rules! on {
    ($connection:ty) => {
        use crate::domain::limits::{Event, Happened, Limit, Measure, Trip};
        use crate::ports::{Append, StoreError};
        use crate::store::limits::{self, EventRow, Guarded, Moving, Slots};

        /// Counts an append; if it must not go out without a person, leaves only the breaker's own entry.
        pub(super) async fn pass(
            connection: &mut $connection,
            append: &Append,
        ) -> Result<Result<(), StoreError>, sqlx::Error> {
            if let Some(guarded) = Guarded::of(append) {
                if !guarded.guard.released
                    && let Some(held) = held(connection, append, &guarded).await?
                {
                    return Ok(Err(held));
                }
                if let Some(moving) = guarded.moving()
                    && let Some(limit) = moved(connection, append, &guarded, &moving).await?
                {
                    return Ok(Err(StoreError::OverLimit { limit }));
                }
            }
            count(connection, append).await?;
            Ok(Ok(()))
        }

        /// Whether the breaker is open, or opens now.
        async fn held(
            connection: &mut $connection,
            append: &Append,
            guarded: &Guarded<'_>,
        ) -> Result<Option<StoreError>, sqlx::Error> {
            let latest: Option<EventRow> =
                sqlx::query_as(limits::LATEST_EVENT).fetch_optional(&mut *connection).await?;
            let latest = match limits::event(latest) {
                Ok(latest) => latest,
                Err(error) => return Ok(Some(error)),
            };
            if let Some(trip) = latest.as_ref().and_then(Happened::open) {
                return Ok(Some(StoreError::BreakerOpen { trip: trip.clone(), newly: false }));
            }
            let trip = match trips(connection, append, guarded, latest.as_ref()).await? {
                Ok(trip) => trip,
                Err(error) => return Ok(Some(error)),
            };
            let Some(trip) = trip else { return Ok(None) };
            happened(connection, &Happened { at: guarded.intention.at, event: Event::Tripped(trip.clone()) })
                .await?;
            Ok(Some(StoreError::BreakerOpen { trip, newly: true }))
        }

        /// The measure by which this hour exceeds the usual rate, including what is about to be moved.
        async fn trips(
            connection: &mut $connection,
            append: &Append,
            guarded: &Guarded<'_>,
            latest: Option<&Happened>,
        ) -> Result<Result<Option<Trip>, StoreError>, sqlx::Error> {
            let breaker = &guarded.guard.limits.breaker;
            let slots = Slots::at(guarded.intention.at, latest);
            let hour = sqlx::query_as(limits::COUNTED).bind(slots.hour).bind(slots.now);
            let hour = hour.fetch_all(&mut *connection).await?;
            let mut counted = match slots.counted(hour, Vec::new()) {
                Ok(counted) => counted,
                Err(error) => return Ok(Err(error)),
            };
            counted.hour = counted.hour.plus(append.tally);
            if breaker.trip(&counted).is_none() {
                return Ok(Ok(None));
            }
            // Only amounts above the minimum are compared with the usual rate: the week need not be read each time.
            let before = sqlx::query_as(limits::COUNTED).bind(slots.week).bind(slots.hour);
            let before = before.fetch_all(&mut *connection).await?;
            Ok(slots.counted(Vec::new(), before).map(|usual| {
                counted.before = usual.before;
                counted.reaches_back = usual.reaches_back;
                breaker.trip(&counted)
            }))
        }

        /// Records a movement, unless it would exceed a limit.
        async fn moved(
            connection: &mut $connection,
            append: &Append,
            guarded: &Guarded<'_>,
            moving: &Moving<'_>,
        ) -> Result<Option<Limit>, sqlx::Error> {
            let sums = sqlx::query_as(limits::SUMS)
                .bind(moving.account())
                .bind(moving.account_since())
                .bind(moving.lot())
                .bind(moving.day_since())
                .fetch_one(&mut *connection)
                .await?;
            if let Some(limit) = moving.exceeded(sums) {
                return Ok(Some(limit));
            }
            let week = Slots::at(guarded.intention.at, None).week;
            sqlx::query(limits::FORGET).bind(moving.account_since()).execute(&mut *connection).await?;
            sqlx::query(limits::FORGET_COUNTS).bind(week).execute(&mut *connection).await?;
            sqlx::query(limits::KEEP)
                .bind(append.claim.ticket_id.get())
                .bind(i64::from(guarded.intention.position))
                .bind(guarded.intention.at.as_millisecond())
                .bind(moving.account())
                .bind(moving.lot())
                .bind(moving.movement.won.0)
                .execute(connection)
                .await?;
            Ok(None)
        }

        /// Adds an append's counts to its five-minute slot.
        async fn count(connection: &mut $connection, append: &Append) -> Result<(), sqlx::Error> {
            let Some(last) = append.entries.last() else { return Ok(()) };
            for measure in Measure::ALL {
                let amount = append.tally.of(measure);
                if amount != 0 {
                    sqlx::query(limits::COUNT)
                        .bind(limits::slot(last.at))
                        .bind(measure.code())
                        .bind(amount)
                        .execute(&mut *connection)
                        .await?;
                }
            }
            Ok(())
        }

        /// Lifts the breaker: what was counted so far is reviewed, what comes later counts.
        pub(super) async fn lifted(
            connection: &mut $connection,
            lifted: &Happened,
        ) -> Result<(), sqlx::Error> {
            for statement in [limits::REVIEW, limits::REVIEWED] {
                sqlx::query(statement).bind(limits::slot(lifted.at)).execute(&mut *connection).await?;
            }
            happened(connection, lifted).await
        }

        /// Appends an event to the breaker's journal.
        async fn happened(connection: &mut $connection, happened: &Happened) -> Result<(), sqlx::Error> {
            sqlx::query(limits::HAPPENED)
                .bind(happened.at.as_millisecond())
                .bind(limits::event_body(&happened.event)?)
                .execute(connection)
                .await
                .map(drop)
        }
    };
}

pub(super) use on;

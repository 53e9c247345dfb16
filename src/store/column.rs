//! The encoding of domain values in columns, the same in every database.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::domain::case::OrderKind;
use crate::domain::ids::TicketId;
use crate::ports::{CaseState, StoreError};

/// The text for a state.
pub(super) fn state(state: CaseState) -> &'static str {
    match state {
        CaseState::Active => "active",
        CaseState::Waiting => "waiting",
        CaseState::Ended => "ended",
        CaseState::Stuck => "stuck",
    }
}

/// A state as read.
pub(super) fn read_state(text: &str) -> Result<CaseState, StoreError> {
    match text {
        "active" => Ok(CaseState::Active),
        "waiting" => Ok(CaseState::Waiting),
        "ended" => Ok(CaseState::Ended),
        "stuck" => Ok(CaseState::Stuck),
        _ => Err(nonsense("state")),
    }
}

/// The text for an order.
pub(super) fn order(what: OrderKind) -> &'static str {
    match what {
        OrderKind::Retry => "retry",
        OrderKind::HandOver => "hand_over",
    }
}

/// An order as read.
pub(super) fn read_order(text: &str) -> Result<OrderKind, StoreError> {
    match text {
        "retry" => Ok(OrderKind::Retry),
        "hand_over" => Ok(OrderKind::HandOver),
        _ => Err(nonsense("order")),
    }
}

/// A time as read, from Unix milliseconds.
pub(super) fn read_time(milliseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| nonsense("time"))
}

/// A ticket id as read.
pub(super) fn read_ticket_id(id: i64) -> Result<TicketId, StoreError> {
    TicketId::try_from(id).map_err(|_| nonsense("ticket id"))
}

/// A journal position as read.
pub(super) fn read_position(position: i64) -> Result<u32, StoreError> {
    u32::try_from(position).map_err(|_| nonsense("position"))
}

/// A row limit; a number above the database's range means no limit.
pub(super) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Text without NUL characters: SQLite's JSON functions truncate at them, and PostgreSQL rejects them.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// A database error as a store error. Its text contains no values.
pub(super) fn unavailable(error: &sqlx::Error) -> StoreError {
    let kind = if is_damage(error) { StoreError::Damaged } else { StoreError::Unavailable };
    kind(error.to_string())
}

/// Whether the database reports damaged files: `SQLITE_CORRUPT` and `SQLITE_NOTADB` with their extended codes
/// (sqlite.org/rescode.html), or PostgreSQL's `data_corrupted` and `index_corrupted`.
pub(super) fn is_damage(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    let of_sqlite =
        |code: &str| code.len() < 5 && code.parse().is_ok_and(|code: i32| matches!(code & 0xff, 11 | 26));
    code.is_some_and(|code| of_sqlite(&code) || matches!(&*code, "XX001" | "XX002"))
}

/// An invalid stored value.
pub(super) fn nonsense(column: &str) -> StoreError {
    StoreError::Damaged(format!("a stored {column} makes no sense"))
}

//! Rows of the console, the same in every database.

use super::column::{nonsense, read_ticket_id, read_time};
use crate::domain::ids::TicketId;
use crate::ports::{Access, Act, CaseState, Lane, Session, SignedInBy, StoreError};

pub(super) const OPEN_SESSION: &str = "
    INSERT INTO console_sessions (token_hash, name, signed_in_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
pub(super) const SESSION: &str = "
    SELECT token_hash, name, signed_in_by, created_at, expires_at FROM console_sessions
    WHERE token_hash = $1 AND expires_at > $2";
pub(super) const SESSIONS: &str = "
    SELECT token_hash, name, signed_in_by, created_at, expires_at FROM console_sessions
    WHERE expires_at > $1 ORDER BY name, created_at";
pub(super) const END_SESSION: &str = "DELETE FROM console_sessions WHERE token_hash = $1";
pub(super) const END_SESSIONS_OF: &str = "DELETE FROM console_sessions WHERE name = $1";
pub(super) const RECORD: &str = "
    INSERT INTO console_accesses (at, name, act, ticket_id, reason, session) VALUES ($1, $2, $3, $4, $5, $6)";
pub(super) const ACCESSES: &str = "
    SELECT id, at, name, act, ticket_id, reason FROM console_accesses WHERE id < $1 ORDER BY id DESC LIMIT $2";
pub(super) const HAS_OPENED: &str = "
    SELECT 1 FROM console_accesses WHERE act = 'opened' AND session = $1 AND ticket_id = $2 LIMIT 1";
pub(super) const FORGET_SESSIONS: &str = "DELETE FROM console_sessions WHERE expires_at <= $1";
pub(super) const FORGET_ACCESSES: &str = "DELETE FROM console_accesses WHERE at < $1";

/// $1 the lane, $2 how many.
pub(super) const WAITING_IN: &str = "
    SELECT ticket_id, state, due_at, updated_at FROM cases
    WHERE state = 'waiting' AND awaits = $1
    ORDER BY updated_at, ticket_id
    LIMIT $2";

/// $1 and $2 the time and ticket that the page follows, $3 how many, $4 the state.
pub(super) const PAGE_OF_STATE: &str = "
    SELECT ticket_id, state, due_at, updated_at FROM cases
    WHERE state = $4 AND (updated_at, ticket_id) < ($1, $2)
    ORDER BY updated_at DESC, ticket_id DESC
    LIMIT $3";

/// A state's part of a page of all; the index gives each state's cases in order.
macro_rules! part {
    ($state:literal) => {
        concat!(
            "SELECT * FROM (SELECT ticket_id, state, due_at, updated_at FROM cases WHERE state = '",
            $state,
            "' AND (updated_at, ticket_id) < ($1, $2) ORDER BY updated_at DESC, ticket_id DESC LIMIT $3) AS ",
            $state
        )
    };
}

/// $1 and $2 the time and ticket that the page follows, $3 how many.
pub(super) const PAGE_OF_ALL: &str = concat!(
    "SELECT ticket_id, state, due_at, updated_at FROM (",
    part!("active"),
    " UNION ALL ",
    part!("waiting"),
    " UNION ALL ",
    part!("stuck"),
    " UNION ALL ",
    part!("ended"),
    ") AS latest ORDER BY updated_at DESC, ticket_id DESC LIMIT $3"
);

/// The state's own page, or that of all.
pub(super) fn page(state: Option<CaseState>) -> &'static str {
    if state.is_some() { PAGE_OF_STATE } else { PAGE_OF_ALL }
}

/// The place that a page follows, in columns.
pub(super) fn after(after: Option<(jiff::Timestamp, TicketId)>) -> (i64, i64) {
    after.map_or((i64::MAX, i64::MAX), |(at, id)| (at.as_millisecond(), id.get()))
}

pub(super) fn lane(lane: Lane) -> &'static str {
    match lane {
        Lane::Answer => "answer",
        Lane::Payment => "payment",
        Lane::Colleague => "colleague",
        Lane::Release => "release",
    }
}

pub(super) fn signed_in_by(by: SignedInBy) -> &'static str {
    match by {
        SignedInBy::Password => "password",
        SignedInBy::Proxy => "proxy",
    }
}

/// Hash of the token, name, how, from when, until when.
pub(super) type SessionRow = (String, String, String, i64, i64);

pub(super) fn session(
    (token_hash, name, by, created_at, expires_at): SessionRow,
) -> Result<Session, StoreError> {
    let by = match by.as_str() {
        "password" => SignedInBy::Password,
        "proxy" => SignedInBy::Proxy,
        _ => return Err(nonsense("way of signing in")),
    };
    let (created_at, expires_at) = (read_time(created_at)?, read_time(expires_at)?);
    Ok(Session { token_hash, name, by, created_at, expires_at })
}

/// Number, time, name, act, ticket, reason.
pub(super) type AccessRow = (i64, i64, String, String, Option<i64>, Option<String>);

pub(super) fn access((number, at, name, act, ticket_id, reason): AccessRow) -> Result<Access, StoreError> {
    let act = Act::ALL.into_iter().find(|known| known.name() == act);
    let ticket_id = ticket_id.map(read_ticket_id).transpose()?;
    Ok(Access { number, at: read_time(at)?, name, act, ticket_id, reason })
}

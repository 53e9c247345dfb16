//! Rows of the console, the same in every database.

use super::column::{nonsense, read_ticket_id, read_time};
use crate::ports::{Access, AccessPage, Act, Session, SignedInBy, StoreError};

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
    SELECT id, at, name, act, ticket_id, reason FROM console_accesses
    WHERE id < $1 AND id > $2 AND ($3 IS NULL OR ticket_id = $3) AND ($4 IS NULL OR name = $4)
    ORDER BY id DESC LIMIT $5";
/// The first entry that is no longer looked at.
pub(super) const CUT: &str =
    "SELECT id FROM console_accesses WHERE id < $1 ORDER BY id DESC LIMIT 1 OFFSET $2";
pub(super) const HAS_OPENED: &str = "
    SELECT 1 FROM console_accesses WHERE act = 'opened' AND session = $1 AND ticket_id = $2 LIMIT 1";
pub(super) const FORGET_SESSIONS: &str = "DELETE FROM console_sessions WHERE expires_at <= $1";
pub(super) const FORGET_ACCESSES: &str = "DELETE FROM console_accesses WHERE at < $1";

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

/// A page of at most `limit` of these rows. `cut`: the first entry that was not looked at.
pub(super) fn access_page(
    rows: Vec<AccessRow>,
    limit: usize,
    cut: Option<i64>,
) -> Result<AccessPage, StoreError> {
    let has_more = rows.len() > limit;
    let entries: Vec<Access> = rows.into_iter().take(limit).map(access).collect::<Result<_, _>>()?;
    let next = match (entries.last(), cut) {
        (Some(last), _) if has_more => Some(last.number),
        (_, cut) => cut.map(|first| first.saturating_add(1)),
    };
    Ok(AccessPage { entries, next, is_cut: !has_more && cut.is_some() })
}

//! The authentication of API calls: an OAuth token, or the legacy API token over Basic (facts §8).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::fake::FakeZendesk;
use super::records::Role;
use super::refusal::Refusal;

/// An authenticated caller with the right to make the request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    pub(super) user_id: i64,
    pub(super) role: Role,
    /// The moment of the request.
    pub(super) at: Timestamp,
}

impl FromRequestParts<FakeZendesk> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, zendesk: &FakeZendesk) -> Result<Self, Refusal> {
        let credentials = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        match credentials.and_then(|credentials| credentials.split_once(' ')) {
            Some(("Bearer", token)) => bearer(zendesk, token, parts),
            Some(("Basic", encoded)) => basic(zendesk, encoded).ok_or(Refusal::Unauthenticated),
            _ => Err(Refusal::Unauthenticated),
        }
    }
}

/// The token acts as its client's user, and expires with that user's access.
fn bearer(zendesk: &FakeZendesk, token: &str, parts: &Parts) -> Result<Caller, Refusal> {
    let (state, now) = (zendesk.lock(), zendesk.clock.now());
    let grant = state.tokens.find(token, now).ok_or(Refusal::InvalidToken)?;
    let user = state.users.get(&grant.user_id).filter(|user| user.profile.has_access());
    let user = user.ok_or(Refusal::InvalidToken)?;
    let write = parts.method != Method::GET && parts.method != Method::HEAD;
    grant.scopes.check(write, parts.uri.path()).map_err(Refusal::MissingScope)?;
    if !user.role.is_staff() && parts.uri.path() != "/api/v2/users/me" {
        return Err(Refusal::Forbidden);
    }
    Ok(Caller { user_id: user.id, role: user.role, at: now })
}

/// `email/token:api_token`, for any member of staff.
fn basic(zendesk: &FakeZendesk, encoded: &str) -> Option<Caller> {
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (user_name, token) = decoded.split_once(':')?;
    let email = user_name.strip_suffix("/token")?;
    if zendesk.settings.api_token.as_deref() != Some(token) {
        return None;
    }
    let state = zendesk.lock();
    let mut staff = state.users.values().filter(|user| user.role.is_staff() && user.profile.has_access());
    let user = staff.find(|user| user.email == email)?;
    Some(Caller { user_id: user.id, role: user.role, at: zendesk.clock.now() })
}

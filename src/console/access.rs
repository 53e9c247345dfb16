//! Who asks: by the header of a trusted proxy, or by the session of a password.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};
use jiff::Timestamp;

use super::Console;
use super::address::{Address, Need};
use super::dispatch::Refused;
use super::session::Token;
use crate::domain::person::{self, Role};
use crate::ports::{Act, NewAccess, Session, SignedInBy, StoreError};

const USER: HeaderName = HeaderName::from_static("x-forwarded-user");
const GROUPS: HeaderName = HeaderName::from_static("x-forwarded-groups");

/// What a proxy's session is opened under: the proxy tells the role with every request.
const BY_PROXY: &str = "proxy";

#[derive(Debug)]
pub(super) struct Viewer {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) session: Session,
    /// What every form of this session carries.
    pub(super) form_token: String,
    /// The cookie of a session that a proxy's header has just begun.
    pub(super) cookie: Option<String>,
}

impl Viewer {
    /// Whether their role may use this address.
    pub(super) fn may(&self, address: Address) -> bool {
        match address.need() {
            Need::Nothing => true,
            Need::Role(role) => self.role >= role,
        }
    }

    /// An entry of the access log about this person.
    pub(super) fn did(&self, act: Act, at: Timestamp) -> NewAccess {
        let (name, session) = (self.name.clone(), self.session.token_hash.clone());
        NewAccess { at, name, act, ticket_id: None, reason: None, session }
    }
}

impl Console {
    /// The person who asks, if they are signed in. `begins`: a person that a proxy names gets a session.
    pub(super) async fn viewer(
        &self,
        headers: &HeaderMap,
        peer: IpAddr,
        begins: bool,
        now: Timestamp,
    ) -> Result<Option<Viewer>, Refused> {
        let token = Token::of(headers, self.parts.secure);
        let session = match &token {
            Some(token) => self.parts.ledger.session(&token.hash(), now).await?,
            None => None,
        };
        let known = token.zip(session);
        if let Some((name, role)) = self.named_by_proxy(headers, peer)? {
            let own = known.filter(|(_, session)| session.by == SignedInBy::Proxy && session.name == name);
            return match own {
                Some((token, session)) => Ok(Some(viewer(name, role, &token, session, None))),
                None if begins => {
                    let (token, session) = self.begin(&name, SignedInBy::Proxy, BY_PROXY, now).await?;
                    let cookie = Some(token.cookie(self.parts.secure));
                    Ok(Some(viewer(name, role, &token, session, cookie)))
                }
                None => Ok(None),
            };
        }
        // A session that a proxy began counts only together with the proxy's header.
        let Some((token, session)) = known.filter(|(_, session)| session.by == SignedInBy::Password) else {
            return Ok(None);
        };
        let user = self.user(&session.name).filter(|user| token.was_opened_under(&user.standing()));
        let Some(user) = user else {
            // The person is no longer a user, or has another role or password now.
            self.parts.ledger.end_session(&session.token_hash).await?;
            return Ok(None);
        };
        Ok(Some(viewer(session.name.clone(), user.role, &token, session, None)))
    }

    /// Begins a session, always with a new token. `standing`: what it is opened under.
    pub(super) async fn begin(
        &self,
        name: &str,
        by: SignedInBy,
        standing: &str,
        now: Timestamp,
    ) -> Result<(Token, Session), Refused> {
        let token = Token::new(standing).map_err(|error| {
            tracing::error!(%error, "no session: the operating system gives no random numbers");
            Refused::Failed
        })?;
        let session = token.session(name, by, now);
        self.parts.ledger.open_session(&session).await?;
        let (name, session_hash) = (session.name.clone(), session.token_hash.clone());
        let signed_in = NewAccess {
            at: now,
            name,
            act: Act::SignedIn,
            ticket_id: None,
            reason: None,
            session: session_hash,
        };
        self.parts.ledger.record_access(&signed_in).await?;
        Ok((token, session))
    }

    /// The person that a trusted proxy names, with the highest role of their groups; `None`: no proxy names one. Headers from
    /// other addresses are ignored.
    fn named_by_proxy(&self, headers: &HeaderMap, peer: IpAddr) -> Result<Option<(String, Role)>, Refused> {
        if !self.parts.proxies.contains(&peer) {
            return Ok(None);
        }
        let mut users = headers.get_all(USER).iter();
        // Two headers: one of them may be the browser's own.
        let user = match (users.next(), users.next()) {
            (None, _) => return Ok(None),
            (Some(user), None) => user.to_str().ok().or_else(|| std::str::from_utf8(user.as_bytes()).ok()),
            (Some(_), Some(_)) => None,
        };
        let name = user.and_then(person::name).ok_or(Refused::Name)?;
        let mut groups = headers.get_all(GROUPS).iter();
        let groups = match (groups.next(), groups.next()) {
            (Some(groups), None) => groups.to_str().unwrap_or_default(),
            _ => "",
        };
        let role = Role::of_groups(groups.split(',').map(str::trim)).ok_or(Refused::NoRole)?;
        Ok(Some((name, role)))
    }

    /// Adds to the access log. What cannot be recorded is not shown.
    pub(super) async fn record(&self, access: &NewAccess) -> Result<(), StoreError> {
        self.parts.ledger.record_access(access).await
    }
}

fn viewer(name: String, role: Role, token: &Token, session: Session, cookie: Option<String>) -> Viewer {
    Viewer { name, role, session, form_token: token.form_token(), cookie }
}

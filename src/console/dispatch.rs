//! The way of every request: origin, person, role and form token are checked before a screen is made.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Form, FromRequest as _, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use jiff::Timestamp;

use super::access::Viewer;
use super::address::{Address, Need};
use super::form::{Again, Fields};
use super::page::{self, Reply};
use super::{Console, forwarded, live, origin, screens, session};
use crate::domain::ids::TicketId;
use crate::ports::StoreError;

/// A request that may be answered.
pub(super) struct Visit<'a> {
    pub(super) console: &'a Console,
    pub(super) now: Timestamp,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    /// The parts that an open page shows, if it asks anew.
    pub(super) seen: Option<String>,
    /// Where the person is, as far as a trusted proxy or the connection tells.
    pub(super) client: IpAddr,
    /// Of the address, or of the form.
    pub(super) fields: Fields,
}

impl Visit<'_> {
    /// The ticket of the address.
    pub(super) fn ticket_id(&self) -> Result<TicketId, Refused> {
        let number = self.uri.path().split('/').nth(2).unwrap_or_default();
        number.parse().map_err(|_| Refused::NotFound)
    }

    /// The last part of the address.
    pub(super) fn last(&self) -> &str {
        self.uri.path().rsplit('/').next().unwrap_or_default()
    }
}

/// Why a request is not answered.
#[derive(Debug)]
pub(super) enum Refused {
    /// There is no such page or ticket.
    NotFound,
    /// The form came from elsewhere, or from another session.
    ForeignForm,
    /// A field is missing or too long.
    Form(&'static str),
    /// An open page asks anew, and its session has ended.
    SignedOut,
    /// The person's role is too low.
    Role(crate::domain::person::Role),
    /// The proxy names a person without a role.
    NoRole,
    /// The proxy's header holds no name that a journal could record.
    Name,
    /// The ledger cannot be read or written.
    Ledger,
    /// Any other internal error.
    Failed,
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a page of the console could not be made");
        Self::Ledger
    }
}

impl Refused {
    fn told(&self) -> (StatusCode, String) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "찾으시는 화면이나 티켓이 없습니다. 주소나 번호를 확인해 주세요.".to_owned()),
            Self::ForeignForm => (
                StatusCode::FORBIDDEN,
                "이 요청은 콘솔 화면에서 보낸 것이 아니어서 받지 않았습니다. 화면을 다시 열고 한 번 더 해 주세요.".to_owned(),
            ),
            Self::Form(what) => (StatusCode::UNPROCESSABLE_ENTITY, (*what).to_owned()),
            Self::SignedOut => {
                (StatusCode::UNAUTHORIZED, "로그인이 끝났습니다. 다시 로그인해 주세요.".to_owned())
            }
            Self::Role(role) => (
                StatusCode::FORBIDDEN,
                format!("이 화면은 ‘{}’ 이상의 역할이 있어야 볼 수 있습니다. 필요하시면 관리자에게 요청해 주세요.", role.korean()),
            ),
            Self::NoRole => (
                StatusCode::FORBIDDEN,
                "로그인은 되었지만 이 콘솔의 역할이 없습니다. 관리자에게 역할을 요청해 주세요.".to_owned(),
            ),
            Self::Name => (StatusCode::FORBIDDEN, "로그인한 이름을 읽을 수 없습니다. 관리자에게 알려 주세요.".to_owned()),
            Self::Ledger => (
                StatusCode::SERVICE_UNAVAILABLE,
                "지금 원장을 사용할 수 없습니다. 잠시 후에 다시 열어 주세요.".to_owned(),
            ),
            Self::Failed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "화면을 만들지 못했습니다. 담당 개발자에게 알려 주세요.".to_owned(),
            ),
        }
    }
}

/// Answers a request for one of the console's addresses.
pub(super) async fn answer(console: &Console, address: Address, peer: IpAddr, request: Request) -> Response {
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    if address.takes_form() && !origin::is_same(&headers) {
        return refusal(console, None, &uri, &Refused::ForeignForm, None);
    }
    let fields = match fields(address, request).await {
        Ok(fields) => fields,
        Err(refused) => return refusal(console, None, &uri, &refused, None),
    };
    let now = console.parts.clock.now();
    let seen = live::seen(&headers).filter(|_| !address.takes_form());
    // Only a person begins a session: a page that is left open would begin one after the other.
    let begins = !address.takes_form() && seen.is_none();
    let viewer = match console.viewer(&headers, peer, begins, now).await {
        Ok(viewer) => viewer,
        Err(refused) => return refusal(console, None, &uri, &refused, None),
    };
    let client = forwarded::client(&headers, peer, &console.parts.proxies);
    let visit = Visit { console, now, uri, headers, seen, client, fields };
    let reply = match (address.need(), &viewer) {
        (Need::Nothing, _) => screens::without_sign_in(address, &visit, viewer.as_ref()).await,
        // Not the form to sign in, which would stand in a part's place.
        (Need::Role(_), None) if visit.seen.is_some() => Err(Refused::SignedOut),
        (Need::Role(_), None) => Ok(Reply::to(screens::sign_in::address(&visit))),
        (Need::Role(role), Some(viewer)) if viewer.role < role => Err(Refused::Role(role)),
        (Need::Role(_), Some(viewer)) if address.takes_form() && !is_own_form(&visit, viewer) => {
            Err(Refused::ForeignForm)
        }
        (Need::Role(_), Some(viewer)) => screens::for_viewer(address, &visit, viewer).await,
    };
    match reply {
        Ok(reply) => page::response(console, viewer.as_ref(), &visit.uri, visit.seen.as_deref(), reply),
        Err(refused) => {
            // What was typed is shown again only to a person whose own form it was.
            let again = matches!(refused, Refused::Form(_) | Refused::Ledger)
                && address.takes_form()
                && viewer.is_some();
            refusal(console, viewer.as_ref(), &visit.uri, &refused, again.then_some(&visit.fields))
        }
    }
}

/// Answers a request for any other address.
pub(super) async fn nowhere(State(console): State<Arc<Console>>, uri: Uri) -> Response {
    refusal(&console, None, &uri, &Refused::NotFound, None)
}

fn is_own_form(visit: &Visit<'_>, viewer: &Viewer) -> bool {
    session::same(visit.fields.whole("form_token"), &viewer.form_token)
}

async fn fields(address: Address, request: Request) -> Result<Fields, Refused> {
    let fields: Option<BTreeMap<String, String>> = if address.takes_form() {
        Form::from_request(request, &()).await.ok().map(|Form(fields)| fields)
    } else {
        Query::try_from_uri(request.uri()).ok().map(|Query(fields)| fields)
    };
    fields.map(Fields::new).ok_or(Refused::Form("요청을 읽을 수 없습니다. 화면을 다시 열어 주세요."))
}

/// `typed`: a form that can be corrected and sent again.
fn refusal(
    console: &Console,
    viewer: Option<&Viewer>,
    uri: &Uri,
    refused: &Refused,
    typed: Option<&Fields>,
) -> Response {
    let (status, what) = refused.told();
    let again = typed.and_then(|fields| Again::of(uri.path(), fields));
    let reply = Reply::page("refusal.html", "확인해 주세요", page::Told { what, again });
    page::response(console, viewer, uri, None, reply.with(status))
}

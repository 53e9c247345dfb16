//! The console: what operations see and steer in a browser, on a listener of its own.
//!
//! Pages are made on the server and say everything without script. [`Address`] lists every address with the role it needs;
//! `dispatch` checks origin, session, role and form token before a screen is made. With script, parts of an open page are
//! `live`.

mod access;
mod address;
pub mod alarms;
mod asset;
pub mod attempts;
pub mod chart;
pub mod csv;
mod dispatch;
pub mod form;
pub mod forwarded;
mod listen;
pub mod live;
pub mod looks;
pub mod origin;
mod page;
pub mod password;
pub mod screens;
pub mod session;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::map_response;
use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

pub use address::{Address, Need};
pub use listen::Limits;
pub use password::{HashError, hash};

use crate::domain::person::Role;
use crate::domain::reply::Lookup;
use crate::ports::{
    Availability, Clock, Ledger, MacroWatch, PlaybookInForce, PolicyReader, PracticeRoom, RateLimits,
    ServiceStatus,
};
use attempts::Attempts;
use looks::Looks;
use page::Pages;
use password::Passwords;

/// How long a page may take.
const WITHIN: Duration = Duration::from_secs(20);

/// A person who signs in with a password.
#[derive(Clone, Debug)]
pub struct User {
    /// The name, which the journal records.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The hash of the password.
    pub password: SecretString,
}

impl User {
    /// What a session of this person is opened under: it ends when the role or the password changes.
    fn standing(&self) -> String {
        format!("{}:{}", self.role.group(), self.password.expose_secret())
    }
}

/// Where the texts come from.
#[derive(Clone, Debug, Default)]
pub struct TextSources {
    /// The texts that come with the program, by name.
    pub shipped: BTreeMap<&'static str, &'static str>,
    /// How the account's macros are looked up; `None`: the texts are files.
    pub account: Option<Lookup>,
}

/// What the pages are made from, and who may see them.
#[derive(Debug)]
pub struct Parts {
    pub ledger: Arc<dyn Ledger>,
    pub clock: Arc<dyn Clock>,
    /// Version, policy, reloads and the account's check.
    pub status: Arc<ServiceStatus>,
    /// The availability of other systems.
    pub upstreams: Vec<Arc<Availability>>,
    pub rate_limits: Arc<dyn RateLimits>,
    /// The account's macros, if texts come from them.
    pub macros: Option<Arc<dyn MacroWatch>>,
    /// The policy in force.
    pub playbook: Arc<dyn PlaybookInForce>,
    /// Reads policies that are not in force.
    pub policies: Arc<dyn PolicyReader>,
    /// Where the texts come from.
    pub texts: TextSources,
    /// How long cases are kept after their last change.
    pub retention: SignedDuration,
    /// Zendesk's address, for links to tickets.
    pub zendesk_url: String,
    /// From when on a due case is late.
    pub late_after: SignedDuration,
    /// The people who sign in with a password.
    pub users: Vec<User>,
    /// The proxies whose header names the person.
    pub proxies: Vec<IpAddr>,
    /// Whether browsers send the cookie by HTTPS only.
    pub secure: bool,
}

/// Why a console cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A template is wrong, which is a defect.
    #[error("a page of the console cannot be made: {0}")]
    Template(#[from] minijinja::Error),
    /// A user's hash is wrong.
    #[error("the password of the console's user `{0}` is no hash that `misread console hash` made")]
    Hash(String),
    /// The operating system gives no random numbers.
    #[error(transparent)]
    Password(#[from] HashError),
}

/// The console, ready to be served.
#[derive(Debug)]
pub struct Console {
    parts: Parts,
    pages: Pages,
    passwords: Passwords,
    attempts: Attempts,
    looks: Looks,
    /// One policy is tried at a time.
    trials: Semaphore,
    /// The people of the sandbox that the service works against, if it does.
    practice: Option<Arc<dyn PracticeRoom>>,
}

impl Console {
    /// A console of these parts.
    ///
    /// # Errors
    /// If a user's hash is none.
    pub fn new(parts: Parts) -> Result<Self, SetupError> {
        let passwords = Passwords::new(&parts.users)?;
        Ok(Self {
            pages: Pages::new()?,
            passwords,
            attempts: Attempts::default(),
            looks: Looks::default(),
            trials: Semaphore::new(1),
            practice: None,
            parts,
        })
    }

    /// The same with a practice room: the service works against this sandbox, never for real customers.
    #[must_use]
    pub fn with_practice(self, room: Arc<dyn PracticeRoom>) -> Self {
        Self { practice: Some(room), ..self }
    }

    /// The person with this name who signs in with a password.
    fn user(&self, name: &str) -> Option<&User> {
        self.parts.users.iter().find(|user| user.name == name)
    }
}

/// Serves the console until `stop`.
///
/// # Errors
/// If the listener has no address any more.
pub async fn serve(listener: TcpListener, console: Console, stop: CancellationToken) -> std::io::Result<()> {
    serve_within(listener, console, Limits::default(), stop).await
}

/// The same with other limits.
///
/// # Errors
/// If the listener has no address any more.
pub async fn serve_within(
    listener: TcpListener,
    console: Console,
    limits: Limits,
    stop: CancellationToken,
) -> std::io::Result<()> {
    tracing::info!(address = %listener.local_addr()?, "the console is served");
    listen::run(listener, routes(Arc::new(console)), limits, stop).await;
    Ok(())
}

fn routes(console: Arc<Console>) -> Router {
    let all = Address::ALL
        .into_iter()
        .fold(Router::new(), |router, address| router.route(address.path(), address.served()));
    all.fallback(dispatch::nowhere)
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, WITHIN))
        .layer(map_response(page::guarded))
        .with_state(console)
}

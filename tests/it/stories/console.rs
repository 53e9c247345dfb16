//! The console in a browser's place: real pages over a connection, on a real ledger, in the sandbox's world.

mod accesses;
mod acts;
mod alarms;
mod bulk;
mod figures;
mod foreign;
mod forms;
mod limits;
mod listen;
mod lists;
mod live;
mod pages;
mod policy;
mod practice;
mod privacy;
mod roles;
mod scripts;
mod search;
mod sessions;
mod sign_in;
mod texts;
mod trial;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, OnceLock};

use argon2::password_hash::PasswordHasher as _;
use argon2::{Argon2, Params};
use misread::config::{ConsoleUser, Deployment, Settings};
use misread::console::{self, Console, Limits};
use misread::domain::case::Entry;
use misread::domain::ids::TicketId;
use misread::domain::parking::{ParkingUse, UseStatus};
use misread::domain::person::Role;
use misread::ports::{Access, AccessFilter, Act};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::testbed::practice::SandboxRoom;
use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, StatusCode, redirect};
use sqlx::{Connection as _, SqliteConnection};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::http_client;
use crate::world::World;

const PASSWORD: &str = "correct horse battery staple";
const PAID: &str = "결제 완료, 소유인증 완료";
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// One for all tests, with the smallest parameters: one made by `misread console hash` is slow on purpose.
fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    let quick = Argon2::from(Params::new(Params::MIN_M_COST, 1, 1, None).unwrap());
    HASH.get_or_init(|| {
        quick.hash_password_with_salt(PASSWORD.as_bytes(), b"salt of all tests").unwrap().to_string()
    })
}

/// The name of the user with this role.
fn name(role: Role) -> &'static str {
    match role {
        Role::View => "보라",
        Role::Operate => "운수",
        Role::Policy => "정민",
        Role::Admin => "관우",
    }
}

/// A user of each role signs in with a password.
fn with_users(deployment: &mut Deployment) {
    let user = |role| ConsoleUser { name: name(role).to_owned(), role, password: hash().to_owned().into() };
    deployment.console_users = Role::ALL.map(user).into();
}

/// A world with a served console.
struct Place {
    /// Boxed, since futures hold it.
    world: Box<World>,
    url: String,
    _stop: DropGuard,
}

impl Place {
    async fn new() -> Self {
        Self::with(with_users, |_| {}).await
    }

    async fn with(deploy: impl FnOnce(&mut Deployment), change: impl FnOnce(&mut Settings)) -> Self {
        Self::of(Box::pin(World::consoled(deploy, change)).await).await
    }

    /// One on each kind of ledger: for what is asked of the database.
    async fn on_each(change: fn(&mut Settings)) -> Vec<Self> {
        let mut places = vec![Box::pin(Self::with(with_users, change)).await];
        places.extend(Box::pin(Self::on_postgres(change)).await);
        places
    }

    async fn on_postgres(change: fn(&mut Settings)) -> Option<Self> {
        Some(Self::of(World::consoled_on_postgres(with_users, change).await?).await)
    }

    /// The console of this world's service.
    async fn of(world: World) -> Self {
        let console = world.service.console().unwrap();
        Box::pin(Self::served(Box::new(world), console, Limits::default())).await
    }

    /// A place whose listener has these limits.
    async fn within(limits: Limits) -> Self {
        let world = World::consoled(with_users, |_| {}).await;
        let console = world.service.console().unwrap();
        Box::pin(Self::served(Box::new(world), console, limits)).await
    }

    /// A place with a practice room.
    async fn with_practice() -> Self {
        let world = World::consoled(with_users, |_| {}).await;
        let room = Arc::new(SandboxRoom::new(world.sandbox.clone()));
        let console = world.service.console().unwrap().with_practice(room);
        Box::pin(Self::served(Box::new(world), console, Limits::default())).await
    }

    async fn served(world: Box<World>, console: Console, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        tokio::spawn(console::serve_within(listener, console, limits, stop.clone()));
        Self { world, url, _stop: stop.drop_guard() }
    }

    fn browser(&self) -> Browser {
        let client = http_client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Browser { client, url: self.url.clone(), cookie: None, headers: Vec::new() }
    }

    /// A browser in which this role's user is signed in.
    async fn signed_in(&self, role: Role) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(name(role), PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }

    /// A ticket that is stuck because the parking system is away.
    async fn stuck(&self) -> TicketId {
        self.world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
        let id = self.world.open(&self.world.story(PAID));
        self.world.until_idle().await;
        self.world.sandbox.parking.faults().clear();
        id
    }

    /// The same use is charged once more, and its customer writes again.
    async fn charged_again(&self) -> TicketId {
        let story = self.world.story(PAID);
        let charge = |paid: &mut ParkingUse| paid.status = UseStatus::Completed;
        self.world.sandbox.parking.alter_use(&story.uses[0].id, charge).unwrap();
        let id = self.world.open(&story);
        self.world.until_idle().await;
        id
    }

    /// The acts in the access log, the earliest first.
    async fn acts(&self) -> Vec<Act> {
        self.accesses().await.into_iter().map(|access| access.act.unwrap()).collect()
    }

    /// The access log, the earliest first, without what is not about tickets.
    async fn log(&self, id: TicketId) -> Vec<(String, Act, Option<String>)> {
        let all = self.accesses().await.into_iter().filter(|access| access.ticket_id == Some(id));
        all.map(|access| (access.name, access.act.unwrap(), access.reason)).collect()
    }

    async fn accesses(&self) -> Vec<Access> {
        let store = self.world.service.store();
        let page = store.accesses(&AccessFilter::default(), None, 1_000, 0).await.unwrap();
        let mut all = page.entries;
        all.reverse();
        all
    }

    /// Tickets that are stuck for this status of the parking system.
    async fn stuck_for(&self, status: u16, count: usize) -> Vec<TicketId> {
        let fault = Fault::Status { status, retry_after: None, body: String::new() };
        self.world.sandbox.parking.faults().inject(FaultRule::always("/uses", fault));
        let story = self.world.story(PAID);
        let ids = (0..count).map(|_| self.world.open(&story)).collect();
        self.world.until_idle().await;
        self.world.sandbox.parking.faults().clear();
        ids
    }

    /// Who ordered something on the case.
    async fn ordered_by(&self, id: TicketId) -> Vec<String> {
        let entries = self.world.journal(id).await.into_iter();
        let by = entries.filter_map(|entry| match entry {
            Entry::Ordered { order, .. } => Some(order.by),
            _ => None,
        });
        by.collect()
    }
}

/// The place's SQLite ledger, apart from the service.
async fn connected(place: &Place) -> SqliteConnection {
    SqliteConnection::connect(&place.world.ledger()).await.unwrap()
}

/// Allows one refund within an hour: the second one opens the breaker.
fn one_refund(settings: &mut Settings) {
    settings.limits.breaker_from_won = 10_000;
}

/// A text as it stands in a page.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#x27;")
}

/// The page without the scripts that its frame loads: any other one is none of the console's.
fn without_own_scripts(mut page: String) -> String {
    for name in ["htmx", "console"] {
        let begin = format!("<script src=\"/assets/{name}.js?v=");
        if let Some((before, rest)) = page.split_once(&begin) {
            let (hash, after) = rest.split_once("\" defer></script>\n").unwrap();
            assert!(hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
            page = format!("{before}{after}");
        }
    }
    page
}

/// Another try often fails.
fn gives_up_soon(settings: &mut Settings) {
    settings.retry.attempts = 3;
}

/// A browser: it keeps the cookie, and says where a form came from.
struct Browser {
    client: Client,
    url: String,
    cookie: Option<String>,
    /// Further headers of every request.
    headers: Vec<(&'static str, String)>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    /// Where it leads.
    fn to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[LOCATION].to_str().unwrap()
    }

    /// What every form of the page carries.
    fn form_token(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"form_token\" value=\"").expect("no form");
        rest.split_once('"').unwrap().0.to_owned()
    }
}

impl Browser {
    async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.url)).body(body);
        for (name, value) in &self.headers {
            request = request.header(*name, value.as_bytes());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        if let Some(set) = headers.get(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            self.cookie = Some(pair.to_owned()).filter(|pair| !pair.ends_with('='));
        }
        // The templates escape slashes as well.
        let text = without_own_scripts(answer.text().await.unwrap().replace("&#x2f;", "/"));
        Answer { status, headers, text }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], String::new()).await
    }

    /// Sends a form as a browser does from the console's own page.
    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.url.clone();
        self.post_from(&[("origin", &origin)], path, fields).await
    }

    async fn post_from(&mut self, from: &[(&str, &str)], path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [&[("content-type", "application/x-www-form-urlencoded")], from].concat();
        let fields: BTreeMap<&str, &str> = fields.iter().copied().collect();
        let body = reqwest::Url::parse_with_params("http://x", fields).unwrap();
        self.send(Method::POST, path, &headers, body.query().unwrap_or_default().to_owned()).await
    }

    async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("name", name), ("password", password)]).await
    }

    /// Sends this page's form with more fields.
    async fn submit(&mut self, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = page.form_token();
        self.post(path, &[&[("form_token", token.as_str())], fields].concat()).await
    }

    /// Sends a form with its token, as after opening the page.
    async fn act(&mut self, path: &str, reason: &str) -> Answer {
        let token = self.get("/").await.form_token();
        self.post(path, &[("form_token", &token), ("reason", reason)]).await
    }

    /// The page, which must be there.
    async fn page(&mut self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.text
    }
}

//! A whole world on a clock that the test controls: sandbox, real router, real ledger, and a worker that is stepped by
//! hand.

pub(crate) mod account_macros;
pub(crate) mod crash_point;
pub(crate) mod crossing;
pub(crate) mod ground;
pub(crate) mod late;
pub(crate) mod log;
pub(crate) mod machine;

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use std::{fs, thread};

use jiff::{SignedDuration, Timestamp};
use misread::app::{Activated, Service};
use misread::config::{self, AccountIds, Deployment, Files, Loaded, Settings};
use misread::domain::case::{Case, Ending, Entry, Rest};
use misread::domain::ids::TicketId;
use misread::domain::policy::Policy;
use misread::domain::signature::sign;
use misread::domain::ticket::TicketStatus;
use misread::ports::{CaseState, Clock};
use misread::sandbox::parking::ActionKind;
use misread::sandbox::seed::{ACCOUNT, Story};
use misread::sandbox::zendesk::{AgentUpdate, FakeTicket, SERVICE_USER};
use misread::testbed::sandbox::{ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET, Sandbox, WEBHOOK_SECRET, account_ids};
use misread::worker::{Parts, Worker};
use misread::{store, webhook};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::ground::Ground;
use crate::clock::ManualClock;
use crate::http_client;
use crate::store::server::Database;

const ANY_FREE_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

const LEDGER: &str = "misread.db";

/// Longer than any pause after a failure, shorter than any deadline of a customer.
const LONGEST_PAUSE: Duration = Duration::from_mins(59);

/// The longest story on the world's clock.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) sandbox: Sandbox,
    pub(crate) service: Service,
    pub(crate) webhook_url: String,
    worker: Arc<Worker>,
    deployment: Deployment,
    account: AccountIds,
    stop: CancellationToken,
    _ready: watch::Sender<bool>,
    ledger: Ledger,
}

/// The place of a world's ledger, kept as long as it is in use.
#[derive(Clone)]
enum Ledger {
    Folder(Arc<TempDir>),
    Server(Arc<Database>),
}

/// The files of an empty ledger with their names. Making its tables takes longer than many a test.
static EMPTY: LazyLock<Vec<(OsString, Vec<u8>)>> = LazyLock::new(|| {
    let files = async {
        let folder = TempDir::new().unwrap();
        let address = format!("sqlite://{}", folder.path().join(LEDGER).display());
        // Open until all files are read: the write-ahead log belongs to them.
        let _ledger = store::open(&address, Arc::default()).await.unwrap();
        let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap());
        files.map(|file| (file.file_name(), fs::read(file.path()).unwrap())).collect()
    };
    // A test that needs it first has a runtime already.
    thread::spawn(|| Runtime::new().unwrap().block_on(files)).join().unwrap()
});

impl Ledger {
    fn in_a_folder() -> Self {
        let folder = TempDir::new().unwrap();
        for (name, content) in &*EMPTY {
            fs::write(folder.path().join(name), content).unwrap();
        }
        Self::Folder(Arc::new(folder))
    }

    fn address(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite://{}", folder.path().join(LEDGER).display()),
            Self::Server(database) => database.address.clone(),
        }
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A world whose service runs with changed settings.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::with_files(Ledger::in_a_folder(), settings(change)).await
    }

    /// A world whose service sends traces to this address.
    pub(crate) async fn traced(url: String) -> Self {
        let deploy = |deployment: &mut Deployment| deployment.traces_url = Some(url);
        Self::deployed(Ledger::in_a_folder(), Box::new(deploy), unchanged()).await
    }

    /// A world whose service may serve a console.
    pub(crate) async fn consoled(
        deploy: impl FnOnce(&mut Deployment),
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        Self::deployed(Ledger::in_a_folder(), Box::new(deploy), settings(change)).await
    }

    /// The same on a PostgreSQL database; `None` without a server.
    pub(crate) async fn consoled_on_postgres(
        deploy: impl FnOnce(&mut Deployment),
        change: impl FnOnce(&mut Settings),
    ) -> Option<Self> {
        let ledger = Ledger::Server(Arc::new(Database::new().await?));
        Some(Self::deployed(ledger, Box::new(deploy), settings(change)).await)
    }

    /// A world whose service runs with a changed policy.
    pub(crate) async fn with_policy(change: impl FnOnce(&str) -> String) -> Self {
        let text = change(include_str!("../../config/policy.toml"));
        let change = |files: &mut Files| files.policy = Policy::parse(&text).unwrap();
        Self::with_files(Ledger::in_a_folder(), Box::new(change)).await
    }

    /// A world whose ledger is a PostgreSQL database; `None` without a server.
    pub(crate) async fn on_postgres() -> Option<Self> {
        Some(Self::on_database(Database::new().await?).await)
    }

    /// The same with changed settings of the service.
    pub(crate) async fn on_postgres_with(change: impl FnOnce(&mut Settings)) -> Option<Self> {
        let ledger = Ledger::Server(Arc::new(Database::new().await?));
        Some(Self::with_files(ledger, settings(change)).await)
    }

    /// A world whose ledger is this database.
    pub(crate) async fn on_database(database: Database) -> Self {
        Self::with_files(Ledger::Server(Arc::new(database)), unchanged()).await
    }

    async fn with_files(ledger: Ledger, change: Change<'_>) -> Self {
        Self::deployed(ledger, Box::new(|_| {}), change).await
    }

    async fn deployed(
        ledger: Ledger,
        deploy: Box<dyn FnOnce(&mut Deployment) + '_>,
        change: Change<'_>,
    ) -> Self {
        let clock = ManualClock::at("2026-11-20T05:00:00Z");
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let listener = TcpListener::bind(ANY_FREE_PORT).await.unwrap();
        let webhook_url = webhook_url(&listener);
        let sandbox =
            Sandbox::start([ANY_FREE_PORT; 2], &webhook_url, clock.clone(), &tasks, &stop).await.unwrap();
        let mut deployment = sandbox.deployment(listener.local_addr().unwrap(), ledger.address());
        deploy(&mut deployment);
        let deployed = (deployment, account_ids());
        // Boxed, since the future has room for a whole service.
        Box::pin(Self::of_account(clock, sandbox, ledger, listener, stop, deployed, change)).await
    }

    /// The same world with a newly started service and an empty ledger.
    pub(crate) async fn with_an_empty_ledger(&self) -> Self {
        self.another_service(Ledger::in_a_folder(), unchanged()).await
    }

    /// A backup of the ledger, made as deploy/README.md describes.
    pub(crate) async fn backup(&self) -> Arc<TempDir> {
        let folder = TempDir::new().unwrap();
        let pool = sqlx::SqlitePool::connect(&self.ledger()).await.unwrap();
        let copy = folder.path().join(LEDGER).display().to_string();
        sqlx::query("VACUUM INTO ?").bind(copy).execute(&pool).await.unwrap();
        pool.close().await;
        Arc::new(folder)
    }

    /// The same world with a newly started service and a backup as its ledger.
    pub(crate) async fn restored(&self, backup: Arc<TempDir>) -> Self {
        self.another_service(Ledger::Folder(backup), unchanged()).await
    }

    /// Another service on the same ledger in the same world.
    pub(crate) async fn replica(&self) -> Self {
        self.replica_with(|_| {}).await
    }

    /// The same with changed settings of the other service.
    pub(crate) async fn replica_with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        self.another_service(self.ledger.clone(), settings(change)).await
    }

    /// Another service on the same ledger whose environment and settings are others.
    pub(crate) async fn replica_deployed(
        &self,
        deploy: impl FnOnce(&mut Deployment),
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let listener = TcpListener::bind(ANY_FREE_PORT).await.unwrap();
        let (clock, sandbox) = (self.clock.clone(), self.sandbox.clone());
        let mut deployment = sandbox.deployment(listener.local_addr().unwrap(), self.ledger.address());
        deploy(&mut deployment);
        let deployed = (deployment, account_ids());
        let (ledger, stop) = (self.ledger.clone(), CancellationToken::new());
        Self::of_account(clock, sandbox, ledger, listener, stop, deployed, settings(change)).await
    }

    /// A service on the same ledger that runs by itself with changed settings: its address, and its worker's wake-up.
    pub(crate) async fn running(&self, change: impl FnOnce(&mut Settings)) -> (String, Arc<Notify>) {
        let listener = TcpListener::bind(ANY_FREE_PORT).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let loaded = loaded(self.deployment.clone(), self.account.clone(), settings(change));
        let service = Service::assemble(loaded, self.clock.clone()).await.unwrap();
        let wake = Arc::clone(service.wake());
        tokio::spawn(service.run(listener, None, self.stop.clone()));
        (address, wake)
    }

    async fn another_service(&self, ledger: Ledger, change: Change<'_>) -> Self {
        let listener = TcpListener::bind(ANY_FREE_PORT).await.unwrap();
        let (clock, sandbox, stop) = (self.clock.clone(), self.sandbox.clone(), CancellationToken::new());
        let mut deployment = sandbox.deployment(listener.local_addr().unwrap(), ledger.address());
        deployment.traces_url.clone_from(&self.deployment.traces_url);
        let deployed = (deployment, account_ids());
        Self::of_account(clock, sandbox, ledger, listener, stop, deployed, change).await
    }

    /// The same world with a service that has another clock and an empty ledger.
    pub(crate) async fn with_another_clock(&self, clock: Arc<ManualClock>) -> Self {
        let listener = TcpListener::bind(ANY_FREE_PORT).await.unwrap();
        let (sandbox, ledger) = (self.sandbox.clone(), Ledger::in_a_folder());
        let deployed = (sandbox.deployment(listener.local_addr().unwrap(), ledger.address()), account_ids());
        Self::of_account(clock, sandbox, ledger, listener, CancellationToken::new(), deployed, unchanged())
            .await
    }

    /// A service in an account that was set up: `change` sets the account's numbers, `deploy` its secrets.
    pub(crate) async fn in_account(
        ground: &Ground,
        listener: TcpListener,
        deploy: impl FnOnce(&mut Deployment),
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let ledger = Ledger::in_a_folder();
        let (sandbox, clock) = (ground.sandbox.clone(), ground.clock.clone());
        let mut deployment = sandbox.deployment(listener.local_addr().unwrap(), ledger.address());
        deploy(&mut deployment);
        let mut settings = BUILT_IN.settings.clone();
        change(&mut settings);
        let account = settings.require_account().unwrap();
        let stop = CancellationToken::new();
        let change = |files: &mut Files| files.settings = settings;
        let deployed = (deployment, account);
        Self::of_account(clock, sandbox, ledger, listener, stop, deployed, Box::new(change)).await
    }

    async fn of_account(
        clock: Arc<ManualClock>,
        sandbox: Sandbox,
        ledger: Ledger,
        listener: TcpListener,
        stop: CancellationToken,
        (deployment, account): (Deployment, AccountIds),
        change: Change<'_>,
    ) -> Self {
        let webhook_url = webhook_url(&listener);
        let loaded = loaded(deployment.clone(), account.clone(), change);
        let service = Service::assemble(loaded, clock.clone()).await.unwrap();
        let (ready, worker_ready) = watch::channel(true);
        tokio::spawn(webhook::serve(listener, service.door(worker_ready), stop.clone()));
        let worker = Arc::clone(service.worker());
        Self {
            clock,
            sandbox,
            service,
            webhook_url,
            worker,
            deployment,
            account,
            stop,
            _ready: ready,
            ledger,
        }
    }

    /// Reads the built-in files again with a change, and activates them while the service runs.
    pub(crate) fn reload(&self, change: impl FnOnce(&mut Files)) -> Activated {
        let loaded = loaded(self.deployment.clone(), self.account.clone(), Box::new(change));
        self.service.reload().activate(loaded)
    }

    /// The response of readiness.
    pub(crate) async fn readiness(&self) -> reqwest::Response {
        http_client::get(self.webhook_url.replace("/webhooks/zendesk", "/health/ready")).await.unwrap()
    }

    /// Sends a request of the account's admin to Zendesk.
    pub(crate) async fn admin(&self, method: Method, path: &str, body: Value) -> Value {
        as_admin(&self.sandbox.zendesk_url, method, path, body).await
    }

    /// The story whose title begins like this.
    pub(crate) fn story(&self, title: &str) -> Story {
        let found = self.sandbox.stories.iter().find(|story| story.title.starts_with(title));
        found.unwrap_or_else(|| panic!("no story begins with `{title}`")).clone()
    }

    /// The story's customer opens their ticket.
    pub(crate) fn open(&self, story: &Story) -> TicketId {
        story.open(&self.sandbox.zendesk).unwrap()
    }

    /// A world in which this story's ticket was opened, run until it rests.
    pub(crate) async fn opened(title: &str) -> (Self, TicketId) {
        let world = Self::new().await;
        let id = world.open(&world.story(title));
        world.until_idle().await;
        (world, id)
    }

    /// The end of the case.
    pub(crate) async fn ending(&self, id: TicketId) -> Ending {
        match self.case(id).await.rest {
            Some(Rest::Ended(ending)) => ending,
            other => panic!("{other:?}"),
        }
    }

    /// Runs the world until it rests: webhooks are delivered, due cases are worked on, and time passes.
    pub(crate) async fn until_idle(&self) {
        self.live_with(&self.worker).await;
    }

    pub(crate) async fn live_with(&self, worker: &Arc<Worker>) {
        let end = self.clock.now() + A_DAY;
        while self.clock.now() < end {
            self.sandbox.zendesk.deliver_webhooks().await;
            worker.work_off().await;
            let Some(due) = self.service.store().next_due().await.unwrap() else {
                if !self.sandbox.zendesk.invocations().iter().any(|sent| sent.status.is_waiting()) {
                    return;
                }
                self.clock.advance(Duration::from_secs(5));
                continue;
            };
            let wait = Duration::try_from(due.duration_since(self.clock.now())).unwrap_or_default();
            if wait > LONGEST_PAUSE {
                return;
            }
            self.clock.advance(wait.max(Duration::from_secs(1)));
        }
        panic!("after a day of the world's time there is still something to do");
    }

    /// Searches for tickets with lost webhooks, if that is due; returns the number of woken cases.
    pub(crate) async fn sweep(&self) -> usize {
        self.service.sweeper().look().await
    }

    /// One round with another worker.
    pub(crate) async fn step_with(&self, worker: &Arc<Worker>) {
        self.sandbox.zendesk.deliver_webhooks().await;
        worker.work_off().await;
    }

    /// One round: delivers waiting webhooks and works on due cases.
    pub(crate) async fn step(&self) {
        self.step_with(&self.worker).await;
    }

    /// Another trigger sends its webhook about the ticket again.
    pub(crate) async fn wake(&self, id: TicketId, kind: &str) {
        assert_eq!(self.post(id, kind, self.clock.now()).await.status(), 200);
    }

    /// A trigger sends its webhook about the ticket, at this time by its own clock.
    pub(crate) async fn post(&self, id: TicketId, kind: &str, at: Timestamp) -> reqwest::Response {
        let body = format!(r#"{{"ticket_id":"{id}","kind":"{kind}"}}"#);
        let timestamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let signature = sign(WEBHOOK_SECRET, &timestamp, body.as_bytes());
        let request =
            http_client::client().post(&self.webhook_url).header("content-type", "application/json");
        let request = request.header("x-zendesk-webhook-invocation-id", format!("{id}-{kind}-{timestamp}"));
        let request = request.header("x-zendesk-webhook-signature", signature);
        let request = request.header("x-zendesk-webhook-signature-timestamp", timestamp);
        request.body(body).send().await.unwrap()
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// Advances the time as soon as nothing proceeds without it.
    pub(crate) async fn tick(&self, time: Duration) {
        self.clock.sleep(self.now() + time, true).await;
    }

    /// Advances the time by this many hours, with everything that becomes due.
    pub(crate) async fn hours_later(&self, hours: u64) {
        self.pass(Duration::from_hours(hours));
        self.until_idle().await;
    }

    /// The customer writes, and the world runs until it rests.
    pub(crate) async fn customer_says(&self, id: TicketId, text: &str) {
        self.pass(Duration::from_mins(10));
        self.sandbox.zendesk.customer_comments(id, text).unwrap();
        self.until_idle().await;
    }

    /// An agent sets a tag on the ticket, and the world runs until it rests.
    pub(crate) async fn agent_tags(&self, id: TicketId, tag: &str) {
        self.pass(Duration::from_mins(10));
        self.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::tags(&[tag])).unwrap();
        self.until_idle().await;
    }

    /// The ticket's status and whether it carries a tag.
    pub(crate) fn stands(&self, id: TicketId, tag: &str) -> (TicketStatus, bool) {
        let fields = self.ticket(id).fields;
        (fields.status, fields.tags.contains(tag))
    }

    /// A worker with changed parts, for example ones that crash.
    pub(crate) fn worker_with(&self, change: impl FnOnce(&mut Parts)) -> Arc<Worker> {
        let mut parts = self.worker.parts().clone();
        change(&mut parts);
        Arc::new(Worker::new(parts, self.worker.options()))
    }

    pub(crate) fn ticket(&self, id: TicketId) -> FakeTicket {
        self.sandbox.zendesk.ticket(id).unwrap()
    }

    /// The texts of the service's public replies.
    pub(crate) fn replies(&self, id: TicketId) -> Vec<String> {
        let comments = self.sandbox.zendesk.public_comments(id).into_iter();
        comments.filter(|comment| comment.author_id == SERVICE_USER).map(|comment| comment.body).collect()
    }

    /// The texts of the internal notes.
    pub(crate) fn notes(&self, id: TicketId) -> Vec<String> {
        self.sandbox.zendesk.internal_notes(id).into_iter().map(|comment| comment.body).collect()
    }

    /// The actions at the parking system for a ticket, in order.
    pub(crate) fn actions(&self, id: TicketId) -> Vec<ActionKind> {
        let done = self.sandbox.parking.actions().into_iter();
        done.filter(|done| done.ticket_id == id.to_string()).map(|done| done.kind).collect()
    }

    pub(crate) async fn journal(&self, id: TicketId) -> Vec<Entry> {
        let loaded = self.service.store().load(id).await.unwrap();
        loaded.journal.into_iter().map(|recorded| recorded.entry).collect()
    }

    pub(crate) async fn case(&self, id: TicketId) -> Case {
        let loaded = self.service.store().load(id).await.unwrap();
        Case::fold(id, loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry)))
    }

    pub(crate) async fn state(&self, id: TicketId) -> CaseState {
        let cases = self.service.store().list(None, 1_000).await.unwrap();
        cases.into_iter().find(|case| case.ticket_id == id).unwrap().state
    }

    /// The ledger's address.
    pub(crate) fn ledger(&self) -> String {
        self.ledger.address()
    }

    /// The bytes of all files of a ledger in a folder.
    pub(crate) fn ledger_files(&self) -> Vec<Vec<u8>> {
        let Ledger::Folder(folder) = &self.ledger else { panic!("the ledger stands in no folder") };
        let files = std::fs::read_dir(folder.path()).unwrap();
        files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The built-in files, read and proved once for all worlds.
static BUILT_IN: LazyLock<Files> =
    LazyLock::new(|| config::load_files(&std::collections::BTreeMap::new()).unwrap());

/// A change of the built-in files. It is boxed, since each kind of closure would compile the making of a world anew.
type Change<'a> = Box<dyn FnOnce(&mut Files) + 'a>;

fn unchanged() -> Change<'static> {
    Box::new(|_| {})
}

fn settings<'a>(change: impl FnOnce(&mut Settings) + 'a) -> Change<'a> {
    Box::new(|files| change(&mut files.settings))
}

/// The built-in files with a change.
fn loaded(deployment: Deployment, account: AccountIds, change: Change<'_>) -> Loaded {
    let mut files = BUILT_IN.clone();
    // Many stories happen on one day here; stories on limits set their own.
    files.settings.limits.per_lot_day_count = 1_000_000;
    files.settings.limits.per_lot_day_won = 1_000_000_000;
    files.settings.limits.breaker_from_won = 1_000_000_000;
    files.settings.limits.breaker_from_hand_overs = 1_000_000;
    change(&mut files);
    let Files { settings, policy, words, openings, macros } = files;
    Loaded { settings, account, deployment, policy, words, openings, macros }
}

fn webhook_url(listener: &TcpListener) -> String {
    format!("http://{}/webhooks/zendesk", listener.local_addr().unwrap())
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The response to a request of the admin of the account at this address; null without a body.
async fn as_admin(url: &str, method: Method, path: &str, body: Value) -> Value {
    let http = http_client::client();
    let grant = json!({ "grant_type": "client_credentials", "client_id": ADMIN_CLIENT_ID,
        "client_secret": ADMIN_CLIENT_SECRET, "scope": "read write" });
    let answer = http.post(format!("{url}/oauth/tokens")).json(&grant).send().await.unwrap();
    let token = answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned();
    let request = http.request(method, format!("{url}{path}")).bearer_auth(token).json(&body);
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {answer:?}");
    let text = answer.text().await.unwrap();
    if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
}

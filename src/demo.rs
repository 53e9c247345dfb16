//! The demo: sandbox and service in one process, on free ports. Every sample customer opens a ticket, the people of their
//! story act, and the service settles it.

mod once;
mod stage;
mod stay;
mod turn;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::stage::{Part, Stage};
use crate::app::clock::MovableClock;
use crate::app::{self, Service};
use crate::config::{self, Files, Loaded, Settings};
use crate::domain::case::Case;
use crate::ports::Ledger;
use crate::sandbox::seed::{ACCOUNT, Story};
use crate::sandbox::zendesk::{FakeTicket, SERVICE_USER};
use crate::testbed::folder::Folder;
use crate::testbed::practice::SandboxRoom;
use crate::testbed::sandbox::{Sandbox, account_ids};
use crate::testbed::visitors;

pub use crate::sandbox::seed::ScriptStep;
pub use crate::sandbox::zendesk::Comment;
pub use once::differences;
pub use turn::{Action, Turn, Written};

const ANY_FREE_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// Longer than the demo ever takes, and short enough to wait for.
const AT_MOST: Duration = Duration::from_secs(14);
/// The clock jumps by hours, and the worker is notified each time: it need not poll in between, nor is it dead because its
/// last poll was hours ago.
const POLL_SECONDS: u64 = 7 * 24 * 3600;

/// A demo that has finished its stories and still runs.
#[derive(Debug)]
pub struct Demo {
    pub sandbox: Sandbox,
    /// The service's webhook URL.
    pub service_url: String,
    /// The console's URL, if visitors come.
    pub console_url: Option<String>,
    /// Each customer's course, in the order of their first messages.
    pub tales: Vec<Tale>,
    /// The total offset of the clock.
    pub ahead: SignedDuration,
    /// Whether the stories must end as written: the policy and its dependencies are the built-in ones.
    pub as_told: bool,
    clock: Arc<MovableClock>,
    store: Arc<dyn Ledger>,
    wake: Arc<Notify>,
    tasks: TaskTracker,
    stop: CancellationToken,
    _folder: Folder,
}

/// What happened with one customer's ticket, by the sandbox's records and by the journal.
#[derive(Debug)]
pub struct Tale {
    pub story: Story,
    /// What people did after the opening, and when; oldest first.
    pub steps: Vec<(Timestamp, ScriptStep)>,
    /// The ticket in its final state.
    pub ticket: FakeTicket,
    /// The service's public comments.
    pub replies: Vec<Comment>,
    /// The service's internal notes.
    pub notes: Vec<Comment>,
    /// The journal, turn by turn.
    pub turns: Vec<Turn>,
    /// The journal, folded.
    pub case: Case,
}

impl Tale {
    /// The comment of a write, found by its marker.
    pub fn comment(&self, written: &Written) -> Option<&Comment> {
        let marker =
            |comment: &Comment| Some(comment.metadata.get("misread")?.as_str()? == written.key.as_str());
        self.ticket.comments.iter().find(|comment| marker(comment) == Some(true))
    }
}

impl Demo {
    /// Starts everything, lets all customers and agents act, and waits until the service has finished.
    ///
    /// # Errors
    /// If a part cannot be started, or the demo takes longer than fourteen seconds.
    pub async fn play(files: Files) -> anyhow::Result<Self> {
        Box::pin(Self::play_with(files, None)).await
    }

    /// The same with a console for visitors at `console`.
    ///
    /// # Errors
    /// As [`Demo::play`], and if the address cannot be listened on.
    pub async fn play_for_visitors(files: Files, console: SocketAddr) -> anyhow::Result<Self> {
        let listener = app::listen(console)
            .with_context(|| format!("cannot listen on {console}: choose another --console"))?;
        Box::pin(Self::play_with(files, Some(listener))).await
    }

    async fn play_with(files: Files, console: Option<TcpListener>) -> anyhow::Result<Self> {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let clock = Arc::new(MovableClock::default());
        let listener = TcpListener::bind(ANY_FREE_PORT).await?;
        let listen = listener.local_addr()?;
        let service_url = format!("http://{listen}");
        let webhook_url = format!("{service_url}/webhooks/zendesk");
        let sandbox = Sandbox::start([ANY_FREE_PORT; 2], &webhook_url, clock.clone(), &tasks, &stop).await?;
        let folder = Folder::new("demo")?;
        let database_url = format!("sqlite://{}", folder.path().join("misread.db").display());
        let as_told = is_as_told(&files);
        let Files { mut settings, policy, words, openings, macros } = files;
        settings.worker.poll_seconds = POLL_SECONDS;
        // The demo controls the clock; a job would run in real time.
        settings.zendesk.send_together = false;
        let mut deployment = sandbox.deployment(listen, database_url);
        let mut console_url = None;
        if let Some(console) = &console {
            let address = console.local_addr()?;
            console_url = Some(format!("http://{address}"));
            (deployment.console_listen, deployment.console_users) = (Some(address), visitors::users()?);
        }
        let loaded = Loaded { settings, account: account_ids(), deployment, policy, words, openings, macros };
        let mut service = Service::assemble(loaded, clock.clone()).await?;
        if let Some(console) = console {
            let room = Arc::new(SandboxRoom::new(sandbox.clone()));
            let pages = service.console()?.with_practice(room);
            service = service.with_console(console, pages);
        }
        let (store, wake) = (Arc::clone(service.store()), Arc::clone(service.wake()));
        tasks.spawn(service.run(listener, None, stop.clone()));
        let stage = Stage::new(&sandbox, store.as_ref(), &clock, &wake);
        let played = tokio::time::timeout(AT_MOST, stage.play()).await;
        let parts = played.context("the service did not come to rest with every ticket in time")??;
        let mut tales = Vec::new();
        for part in parts {
            tales.push(tale(&sandbox, store.as_ref(), part).await?);
        }
        let ahead = clock.ahead();
        Ok(Self {
            sandbox,
            service_url,
            console_url,
            tales,
            ahead,
            as_told,
            clock,
            store,
            wake,
            tasks,
            stop,
            _folder: folder,
        })
    }

    /// Compares each turn of each ticket with the sandbox's records and with the story's end. Empty if each action, reply
    /// and note happened exactly once and nothing else did; otherwise one sentence per difference, with its ticket.
    pub fn differences(&self) -> Vec<String> {
        once::differences(&self.tales, &self.sandbox.parking.actions(), self.as_told)
    }

    /// Stops everything and removes the demo's ledger.
    pub async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Whether everything that the stories' ends depend on is built in.
fn is_as_told(files: &Files) -> bool {
    let built_in = config::load_files(&std::collections::BTreeMap::new());
    built_in.is_ok_and(|built_in| {
        let (own, told) = (&files.settings, &built_in.settings);
        files.policy.hash() == built_in.policy.hash()
            && own.waiting == told.waiting
            && own.compensation == told.compensation
            && tags(own) == tags(told)
    })
}

/// The tags used by the sandbox's triggers and the people of the stories.
fn tags(settings: &Settings) -> (&[String], [&str; 7]) {
    let desk = &settings.zendesk;
    let own = [
        &desk.done_tag,
        &desk.handed_over_tag,
        &desk.waiting_tag,
        &desk.prepared_tag,
        &desk.stuck_tag,
        &desk.give_back_tag,
        &desk.release_tag,
    ];
    (&desk.start_tags, own.map(String::as_str))
}

async fn tale(sandbox: &Sandbox, ledger: &dyn Ledger, part: Part) -> anyhow::Result<Tale> {
    let Part { story, ticket: id, done: steps, .. } = part;
    let loaded = ledger.load(id).await?;
    let case = Case::fold(id, loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry)));
    let turns = turn::turns(id, &loaded.journal);
    let ticket = sandbox.zendesk.ticket(id).context("the ticket is gone")?;
    let (replies, notes) = ticket
        .comments
        .iter()
        .filter(|comment| comment.author_id == SERVICE_USER)
        .cloned()
        .partition(|comment| comment.public);
    Ok(Tale { story, steps, ticket, replies, notes, turns, case })
}

/// The name of a group of the sample account.
pub fn group_name(id: i64) -> Option<&'static str> {
    use crate::domain::policy::Team;
    Team::ALL.iter().find(|team| ACCOUNT.group(**team) == id).map(|team| team.korean())
}

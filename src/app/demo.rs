//! The demo: sandbox and service in one process, on free ports; every sample customer opens a ticket, and the service settles it.

mod once;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::sandbox::{Sandbox, account_ids};
use super::{Service, SystemClock};
use crate::config::{Files, Loaded};
use crate::domain::case::Case;
use crate::domain::ids::TicketId;
use crate::ports::{CaseState, Store};
use crate::sandbox::seed::{ACCOUNT, Story};
use crate::sandbox::zendesk::{Comment, FakeTicket};

const ANY_FREE_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// Longer than the job ever takes, shorter than anybody's patience.
const AT_MOST: Duration = Duration::from_secs(9);

/// A demo that has been played and still runs.
#[derive(Debug)]
pub struct Demo {
    /// The sandbox.
    pub sandbox: Sandbox,
    /// Where the service takes webhooks.
    pub service_url: String,
    /// What happened to each customer, in the order in which they wrote.
    pub tales: Vec<Tale>,
    tasks: TaskTracker,
    stop: CancellationToken,
    _folder: Folder,
}

/// Holds the demo's ledger, and goes with it.
#[derive(Debug)]
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // Left behind, it would be rubbish in the folder for temporary files and nothing worse.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What happened to one customer.
#[derive(Debug)]
pub struct Tale {
    /// Who wrote what, and why.
    pub story: Story,
    /// The ticket that they opened, as it is in the end.
    pub ticket: FakeTicket,
    /// The public comments after the customer's own.
    pub replies: Vec<Comment>,
    /// The internal notes.
    pub notes: Vec<Comment>,
    /// The journal, folded.
    pub case: Case,
}

impl Demo {
    /// Starts everything, lets every customer write, and waits until the service has done with all of them.
    ///
    /// # Errors
    /// When a part cannot be started, or not everything is done within nine seconds.
    pub async fn play(files: Files) -> anyhow::Result<Self> {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let clock = Arc::new(SystemClock);
        let listener = TcpListener::bind(ANY_FREE_PORT).await?;
        let listen = listener.local_addr()?;
        let service_url = format!("http://{listen}");
        let webhook_url = format!("{service_url}/webhooks/zendesk");
        let sandbox = Sandbox::start([ANY_FREE_PORT; 2], &webhook_url, clock.clone(), &tasks, &stop).await?;
        let folder = folder(listen)?;
        let database_url = format!("sqlite://{}", folder.0.join("misread.db").display());
        let Files { settings, policy, words, macros } = files;
        let deployment = sandbox.deployment(listen, database_url);
        let loaded = Loaded { settings, account: account_ids(), deployment, policy, words, macros };
        let service = Service::assemble(loaded, clock).await?;
        let store = Arc::clone(service.store());
        tasks.spawn(service.run(listener, stop.clone()));
        sandbox.send_webhooks(&tasks, &stop);
        tasks.close();
        let opened: Vec<(Story, TicketId)> = sandbox
            .stories
            .iter()
            .map(|story| Ok((story.clone(), story.open(&sandbox.zendesk)?)))
            .collect::<anyhow::Result<_>>()?;
        let done = tokio::time::timeout(AT_MOST, until_done(store.as_ref(), opened.len())).await;
        done.context("the service did not settle every ticket in time")??;
        let mut tales = Vec::new();
        for (story, id) in opened {
            tales.push(end_of(&sandbox, store.as_ref(), story, id).await?);
        }
        Ok(Self { sandbox, service_url, tales, tasks, stop, _folder: folder })
    }

    /// Compares what the policy decided for each ticket with what the sandbox saw happen. Empty when each action, reply and note
    /// happened exactly once and nothing else did; otherwise one sentence a difference, with its ticket.
    pub fn differences(&self) -> Vec<String> {
        once::differences(&self.tales, &self.sandbox.parking.actions())
    }

    /// Waits for a signal while everything goes on.
    ///
    /// # Errors
    /// When the operating system does not let us listen for signals.
    pub async fn stay(&self) -> anyhow::Result<()> {
        tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")
    }

    /// Stops everything and removes the demo's ledger.
    pub async fn end(self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

/// A new folder; the port makes its name one of a kind on this machine.
fn folder(listen: SocketAddr) -> anyhow::Result<Folder> {
    let path = std::env::temp_dir().join(format!("misread-demo-{}-{}", std::process::id(), listen.port()));
    std::fs::create_dir(&path).with_context(|| format!("cannot create {}", path.display()))?;
    Ok(Folder(path))
}

async fn until_done(store: &dyn Store, tickets: usize) -> anyhow::Result<()> {
    loop {
        let cases = store.list(None, tickets + 1).await?;
        if let Some(stuck) = cases.iter().find(|case| case.state == CaseState::Stuck) {
            bail!("the case of ticket {} is stuck", stuck.ticket_id);
        }
        if cases.len() == tickets && cases.iter().all(|case| case.state != CaseState::Active) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn end_of(sandbox: &Sandbox, ledger: &dyn Store, story: Story, id: TicketId) -> anyhow::Result<Tale> {
    let loaded = ledger.load(id).await?;
    let case = Case::fold(id, loaded.journal.iter().map(|recorded| (recorded.at, &recorded.entry)));
    let ticket = sandbox.zendesk.ticket(id).context("the ticket is gone")?;
    let replies = sandbox
        .zendesk
        .public_comments(id)
        .into_iter()
        .filter(|comment| comment.author_id != story.customer.id);
    Ok(Tale { replies: replies.collect(), notes: sandbox.zendesk.internal_notes(id), story, ticket, case })
}

/// The name of a group of the sample account.
pub fn group_name(id: i64) -> Option<&'static str> {
    use crate::domain::policy::Team;
    Team::ALL.iter().find(|team| ACCOUNT.group(**team) == id).map(|team| team.korean())
}

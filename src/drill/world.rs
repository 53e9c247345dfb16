//! The world of one run: a sandbox, processes of the service, the network between them, and the people.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::actors::{Actors, LOOK};
use super::baseline::Baseline;
use super::link::Link;
use super::network::Network;
use super::place;
use super::replica::Replica;
use super::rng::Rng;
use crate::app::clock::MovableClock;
use crate::ports::{CaseState, Ledger};
use crate::sandbox::seed::Story;
use crate::sandbox::zendesk::{JobPace, RateLimits, WebhookClient};
use crate::store;
use crate::testbed::sandbox::Sandbox;

const ANY_FREE_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// Fast enough that everything else keeps its share of the time, and slow enough for a kill to hit a running job.
const JOBS: JobPace = JobPace { queued: Duration::from_millis(100), per_item: Duration::from_millis(20) };

/// The location of the ledger.
#[derive(Clone, Debug)]
pub(super) enum Environment {
    File(PathBuf),
    /// A database; with the folder of its server's socket if we can cut the connections to it.
    Database {
        address: String,
        server: Option<PathBuf>,
    },
}

/// The world of one run.
#[derive(Debug)]
pub(super) struct World {
    pub(super) sandbox: Sandbox,
    pub(super) clock: Arc<MovableClock>,
    pub(super) replicas: Vec<Arc<Replica>>,
    /// The connection from each process to the database, if it can be cut.
    pub(super) links: Vec<Arc<Link>>,
    pub(super) network: Arc<Network>,
    actors: Mutex<Actors>,
    address: String,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl World {
    /// Creates it, with this many processes of the service on one ledger, and waits until they are ready. With a port, they
    /// serve their figures from there on.
    ///
    /// # Errors
    /// If a part cannot be started.
    pub(super) async fn make(
        folder: &Path,
        place: &Environment,
        (replicas, metrics): (usize, Option<u16>),
        told: &[Story],
        rng: &mut Rng,
    ) -> anyhow::Result<Self> {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let clock = Arc::new(MovableClock::default());
        let sandbox =
            Sandbox::start([ANY_FREE_PORT; 2], "http://127.0.0.1:9/", clock.clone(), &tasks, &stop).await?;
        sandbox.zendesk.set_rate_limits(RateLimits::OFF);
        sandbox.zendesk.set_job_pace(JOBS);
        let config = place::furnish(folder)?;
        let courier = WebhookClient::new()?;
        let links = place.links(folder, replicas, &tasks, &stop)?;
        let address = place.address();
        let new = |number: usize| {
            let name = format!("replica-{}", number + 1);
            let own = links.get(number).map(|link| link.address("postgres", "postgres"));
            let own = own.unwrap_or_else(|| address.clone());
            let mut variables = place::variables(&sandbox, &config, &own, number);
            variables.extend(metrics.and_then(|first| place::metrics(first, number)));
            Replica::new(folder, &name, variables, courier.clone()).map(Arc::new)
        };
        let replicas = (0..replicas).map(new).collect::<anyhow::Result<Vec<_>>>()?;
        for replica in &replicas {
            replica.start(true)?;
            replica.ready(Instant::now()).await?;
        }
        let network = Network::new(courier, clock.clone(), replicas.clone(), rng.apart(), stop.clone());
        let actors = Actors::new(sandbox.clone(), Arc::clone(&network), told.to_vec(), rng.apart());
        let actors = Mutex::new(actors);
        Ok(Self { sandbox, clock, replicas, links, network, actors, address, tasks, stop })
    }

    /// All customers and agents.
    pub(super) fn actors(&self) -> MutexGuard<'_, Actors> {
        self.actors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ledger, for inspection. Only the external state is judged; the ledger shows where cases rest, and why.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub(super) async fn ledger(&self) -> anyhow::Result<Arc<dyn Ledger>> {
        store::open(&self.address, Arc::new(Notify::new()))
            .await
            .context("the drill cannot look into the ledger")
    }

    /// Lets people continue their stories for as long as `meanwhile` takes.
    ///
    /// # Errors
    /// If that fails, or people cannot continue.
    pub(super) async fn while_actors_go_on<T>(
        &self,
        baseline: &Baseline,
        meanwhile: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        let going = async {
            loop {
                tokio::time::sleep(LOOK).await;
                if let Err(error) = self.actors().go_on(baseline) {
                    return error;
                }
            }
        };
        tokio::select! {
            done = meanwhile => done,
            error = going => Err(error),
        }
    }

    /// Waits until all deliveries are acknowledged, every case rests, and no person has a next step. Returns whether that
    /// happened in time.
    ///
    /// # Errors
    /// If people cannot continue.
    pub(super) async fn come_to_rest(
        &self,
        ledger: &dyn Ledger,
        baseline: Option<&Baseline>,
        within: Duration,
    ) -> anyhow::Result<bool> {
        let begun = Instant::now();
        while begun.elapsed() < within {
            let going = match baseline {
                Some(baseline) => self.actors().go_on(baseline)?,
                None => 0,
            };
            let active = ledger.list(Some(CaseState::Active), 1).await;
            if going == 0 && self.network.is_idle() && active.is_ok_and(|active| active.is_empty()) {
                return Ok(true);
            }
            tokio::time::sleep(LOOK / 2).await;
        }
        Ok(false)
    }

    /// Stops everything; returns whether every process stopped gracefully.
    ///
    /// # Errors
    /// If a process cannot be signalled.
    pub(super) async fn end(&self) -> anyhow::Result<bool> {
        let mut softly = true;
        for replica in &self.replicas {
            softly &= replica.stop().await?;
        }
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        Ok(softly)
    }
}

impl Environment {
    /// The database's direct address.
    fn address(&self) -> String {
        match self {
            Self::File(path) => format!("sqlite://{}", path.display()),
            Self::Database { address, .. } => address.clone(),
        }
    }

    fn links(
        &self,
        folder: &Path,
        replicas: usize,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> anyhow::Result<Vec<Arc<Link>>> {
        let Self::Database { server: Some(server), .. } = self else { return Ok(Vec::new()) };
        let link = |number: usize| {
            Link::open(folder.join(format!("way-{}", number + 1)), server, tasks, stop).map(Arc::new)
        };
        (0..replicas).map(link).collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
        for replica in &self.replicas {
            // An aborted drill must leave no process behind.
            let _ = replica.kill();
        }
    }
}

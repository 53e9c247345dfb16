//! The drill: runs the real program as separate processes against the sandbox, with repeated kills, freezes and faults.
//! Then it compares the external state with that of the same stories without faults.

pub mod actors;
pub mod audit;
mod baseline;
mod chaos;
mod link;
mod network;
pub mod observed;
pub mod place;
pub mod plan;
pub mod replica;
mod report;
mod rng;
pub mod secrets;
pub mod undisturbed;
mod verdict;
mod world;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::sync::Notify;
use tokio::task::spawn_blocking;

use self::baseline::Baseline;
use self::chaos::Chaos;
use self::plan::{Ground, Plan};
use self::rng::Rng;
use self::world::{Environment, World};
use crate::app::SystemClock;
use crate::ports::Clock as _;
use crate::sandbox::seed::{self, Story};
use crate::store;
use crate::testbed::folder::Folder;
use crate::testbed::postgres::{Care, Server};

pub use report::{Jobs, Report, Saved, Tickets};

/// The options of a drill.
#[derive(Clone, Debug)]
pub struct Options {
    /// The minimum number of kills.
    pub cycles: u32,
    /// The seed of all randomness.
    pub seed: u64,
    /// The time limit of the kills; settling afterwards has its own.
    pub at_most: Duration,
    /// The port of this machine at which the first process serves its figures, the second at the next one; `None`: none does.
    pub metrics: Option<u16>,
}

/// The ledger of a drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ledger {
    /// A file, one process.
    Sqlite,
    /// A private server from the installed binaries, two processes; it is restarted too.
    Postgres,
    /// A given, empty database, with two processes.
    PostgresAt(String),
}

impl Ledger {
    /// Its name for people.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres | Self::PostgresAt(_) => "PostgreSQL",
        }
    }

    fn replicas(&self) -> usize {
        if *self == Self::Sqlite { 1 } else { 2 }
    }
}

/// The stories' ends without faults: the reference of every drill.
#[derive(Debug)]
pub struct Measure {
    told: Vec<Story>,
    baseline: Baseline,
}

impl Measure {
    /// Plays every story once with one process of the service, without faults.
    ///
    /// # Errors
    /// If that fails.
    pub async fn take() -> anyhow::Result<Self> {
        let told = seed::stories(SystemClock.now());
        let baseline = Baseline::play(&told).await.context("the stories could not be told in calm")?;
        Ok(Self { told, baseline })
    }
}

/// A seed from the clock, below 1,000,000,000.
pub fn any_seed() -> u64 {
    u64::try_from(SystemClock.now().as_microsecond()).unwrap_or_default() % 1_000_000_000
}

/// A private PostgreSQL server; `None` if it is not installed.
///
/// # Errors
/// If it does not start.
pub async fn private_server() -> anyhow::Result<Option<Server>> {
    spawn_blocking(|| Server::new(Care::Durable)).await?
}

/// Drills the service on one kind of ledger. `server` is the private server for [`Ledger::Postgres`].
///
/// # Errors
/// If a part cannot be started or does not come back: then nothing is judged.
pub async fn run(
    ledger: &Ledger,
    server: Option<Server>,
    measure: &Measure,
    options: &Options,
) -> anyhow::Result<Report> {
    let begun = Instant::now();
    let mut folder = Folder::new("drill")?;
    let place = match (ledger, &server) {
        (Ledger::PostgresAt(address), _) => Environment::Database { address: address.clone(), server: None },
        (Ledger::Postgres, Some(server)) => {
            let address = server.address("postgres", "postgres");
            Environment::Database { address, server: Some(server.folder().to_owned()) }
        }
        _ => Environment::File(folder.path().join("misread.db")),
    };
    let ground =
        Ground { replicas: ledger.replicas(), stories: measure.told.len(), own_server: server.is_some() };
    if let Ledger::PostgresAt(address) = ledger {
        ensure_empty(address).await?;
    }
    let plan = Plan::throw(options.seed, options.cycles, ground);
    // The network has its own random stream, so that the plan depends only on the seed.
    let mut rng = Rng::new(options.seed).apart();
    let world =
        World::make(folder.path(), &place, (ground.replicas, options.metrics), &measure.told, &mut rng)
            .await?;
    let chaos = Chaos::new(&world, &measure.baseline, server).carry_out(&plan, begun + options.at_most);
    let (done, server) = match world.while_actors_go_on(&measure.baseline, chaos).await {
        Ok(done) => done,
        Err(error) => {
            let kept = folder.keep();
            return Err(error.context(format!("the drill broke off; its logs are in {}", kept.display())));
        }
    };
    let mut report = verdict::judge(&world, &measure.baseline, done).await?;
    drop((world, server));
    report.store = ledger.name();
    report.seed = options.seed;
    report.skew = Duration::from_secs(if ground.replicas > 1 { place::SKEW_SECONDS } else { 0 });
    report.elapsed = begun.elapsed();
    if !report.is_good() {
        report.folder = Some(keep(&mut folder, &report)?);
    }
    Ok(report)
}

/// The processes of a drill work on all cases they find, and would treat the tickets of real ones as deleted.
async fn ensure_empty(address: &str) -> anyhow::Result<()> {
    let ledger = store::open(address, Arc::new(Notify::new())).await?;
    let cases = ledger.list(None, 1).await?;
    ensure!(
        cases.is_empty(),
        "there are cases in this database: a drill needs one of its own; make an empty one"
    );
    Ok(())
}

/// Keeps the logs, with all findings.
fn keep(folder: &mut Folder, report: &Report) -> anyhow::Result<PathBuf> {
    let path = folder.keep();
    std::fs::write(path.join("violations.txt"), report.violations.join("\n\n"))?;
    Ok(path)
}

//! The composition root: builds every part from the loaded configuration, and runs them. Only this module sees all parts.

pub mod clock;
mod options;
mod policies;
mod reload;
mod running;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::config::{Deployment, Loaded, MacroSource, Settings, StartedWith};
use crate::console::Console;
pub use crate::console::hash as hash_password;
use crate::domain::case::Playbook;
use crate::http::CallMetrics;
use crate::notify::{self, Notifier, NotifyMetrics};
use crate::parking::ParkingClient;
use crate::ports::{Build, Clock, Clocks, Ledger, LedgerTime, MacroWatch, RateLimits, Search, ServiceStatus};
use crate::store;
#[cfg(feature = "sandbox")]
pub(crate) use crate::store::LOG_TARGET as LEDGER_LOG_TARGET;
use crate::trace::Traces;
#[cfg(feature = "traces")]
use crate::trace::otlp::Otlp;
use crate::webhook;
pub use crate::webhook::listen;
pub use crate::worker::upkeep;
use crate::worker::upkeep::{
    AccountWatch, ClockWatch, MacroParts, MacroRefresher, Maintenance, Presence, SweepParts, Sweeper,
};
use crate::worker::{self, Reloadable, UpkeepMetrics, Worker};
use crate::zendesk::{Shared, ZendeskClient};
pub use clock::SystemClock;
use clock::{MovableClock, NobodyElse};
pub(crate) use options::{admin_options, looking_options, lookup};
use options::{door_options, notify_options, parking_options, playbook, worker_options, zendesk_options};
pub use options::{limits, marks};
pub use reload::{Activated, Reload};

/// The program that runs. Release builds are told their commit by the variable `MISREAD_COMMIT`.
const BUILD: Build = Build {
    version: env!("CARGO_PKG_VERSION"),
    commit: match option_env!("MISREAD_COMMIT") {
        Some(commit) => commit,
        None => "unknown",
    },
};

/// The version with the commit, for `misread --version`.
pub fn version() -> String {
    format!("{} (commit {})", BUILD.version, BUILD.commit)
}

/// The ledger does not exist yet, or stands at another address.
#[derive(Debug, thiserror::Error)]
#[error("there is no ledger at `{0}`: set MISREAD_DATABASE_URL as for `misread serve`, which makes it")]
pub struct NoLedger(pub String);

/// What logs that another system refuses a step.
#[cfg(feature = "sandbox")]
pub(crate) const REFUSAL_LOG_TARGETS: [&str; 2] = ["misread::worker", "misread::http"];

/// Opens an existing ledger, for commands that inspect it: a mistyped address must not create an empty one.
///
/// # Errors
/// If there is none at that address, or it cannot be opened.
pub async fn open_ledger(address: &str) -> anyhow::Result<Arc<dyn Ledger>> {
    if let Some(path) = address.strip_prefix("sqlite://")
        && !Path::new(path).exists()
    {
        return Err(NoLedger(path.to_owned()).into());
    }
    Ok(store::open(address, Arc::new(Notify::new())).await?)
}

/// The service, assembled but not running.
#[derive(Debug)]
pub struct Service {
    store: Arc<dyn Ledger>,
    worker: Arc<Worker>,
    wake: Arc<Notify>,
    clock: Arc<dyn Clock>,
    door: webhook::Options,
    started_with: StartedWith,
    keeper: Maintenance,
    sweeper: Sweeper,
    /// `None` if the texts come from files.
    macros: Option<Arc<MacroRefresher>>,
    allowance: Arc<dyn RateLimits>,
    clock_watch: ClockWatch,
    /// How long the worker may be silent before readiness turns false.
    silence: Duration,
    status: Arc<ServiceStatus>,
    calls: CallMetrics,
    upkeep: UpkeepMetrics,
    notifier: Option<Notifier>,
    notifications: NotifyMetrics,
    traces: Traces,
    presence: Presence,
    account_watch: Option<AccountWatch>,
    console: Option<Box<(TcpListener, Console)>>,
}

impl Service {
    /// Opens the ledger and builds every part. Opens no port and makes no call.
    ///
    /// # Errors
    /// If the ledger cannot be opened, or an address or a secret cannot be used.
    pub async fn assemble(loaded: Loaded, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let wake = Arc::new(Notify::new());
        let address = loaded.deployment.database_url.clone();
        let store = store::open(address.expose_secret(), Arc::clone(&wake)).await?;
        Box::pin(Self::over(store, wake, loaded, clock, Arc::new(NobodyElse))).await
    }

    /// The same, with `ledger_time` as the authoritative clock, if it has a time of its own.
    ///
    /// # Errors
    /// As [`Service::assemble`], and if that time cannot be read.
    pub async fn assemble_by(
        loaded: Loaded,
        clock: Arc<dyn Clock>,
        ledger_time: Arc<dyn LedgerTime>,
    ) -> anyhow::Result<Self> {
        let wake = Arc::new(Notify::new());
        let address = loaded.deployment.database_url.clone();
        let store = store::open(address.expose_secret(), Arc::clone(&wake)).await?;
        Box::pin(Self::over(store, wake, loaded, clock, ledger_time)).await
    }

    /// The same for a process of its own. With a SQLite ledger, no other such process can work during its life, and cases
    /// held by a process that has ended are due at once. With PostgreSQL, the server's clock is authoritative.
    ///
    /// # Errors
    /// As [`Service::assemble`], and if another process works on the ledger.
    pub async fn assemble_alone(loaded: Loaded) -> anyhow::Result<Self> {
        let wake = Arc::new(Notify::new());
        let clock: Arc<dyn Clock> = match loaded.deployment.clock_ahead {
            SignedDuration::ZERO => Arc::new(SystemClock),
            ahead => Arc::new(MovableClock::ahead_by(ahead)),
        };
        let address = loaded.deployment.database_url.clone();
        let store = store::open_to_work(address.expose_secret(), Arc::clone(&wake), clock.now()).await?;
        let ledger_time = Arc::<dyn Ledger>::clone(&store);
        Box::pin(Self::over(store, wake, loaded, clock, ledger_time)).await
    }

    async fn over(
        store: Arc<dyn Ledger>,
        wake: Arc<Notify>,
        loaded: Loaded,
        own_clock: Arc<dyn Clock>,
        ledger_time: Arc<dyn LedgerTime>,
    ) -> anyhow::Result<Self> {
        let at_most = loaded.settings.worker.clocks_apart_seconds;
        let clocks = Arc::new(Clocks::new(own_clock, SignedDuration::from_secs(at_most.into())));
        clocks.ask(ledger_time.as_ref()).await?;
        let clock: Arc<dyn Clock> = Arc::<Clocks>::clone(&clocks);
        let started_with = StartedWith::of(&loaded);
        let StartedWith { settings, account, deployment } = started_with.clone();
        let status = Arc::new(ServiceStatus::new(BUILD, loaded.policy.hash().to_owned(), clock.now()));
        let traces = traces(&settings, &deployment, &clock)?;
        let (calls, upkeep) = (CallMetrics::default(), UpkeepMetrics::default());
        let options = zendesk_options(&settings, &account, &deployment, calls.clone());
        let shared = Shared {
            grants: Arc::<dyn Ledger>::clone(&store),
            marker_keys: Arc::<dyn Ledger>::clone(&store),
        };
        let desk = ZendeskClient::new(options, Arc::clone(&clock), shared)
            .context("MISREAD_ZENDESK_URL or the Zendesk credentials cannot be used")?;
        let parking =
            ParkingClient::new(&parking_options(&settings, &deployment, calls.clone()), Arc::clone(&clock))
                .context("MISREAD_PARKING_URL or MISREAD_PARKING_TOKEN cannot be used")?;
        let neighbours = vec![desk.contact(), parking.contact()];
        clocks.watch(desk.contact());
        let desk = Arc::new(desk);
        let clock_watch = ClockWatch::new(
            Arc::clone(&clocks),
            ledger_time,
            Arc::<ZendeskClient>::clone(&desk),
            Arc::clone(&wake),
        );
        let allowance: Arc<dyn RateLimits> = Arc::<ZendeskClient>::clone(&desk);
        let parts = worker::Parts {
            store: Arc::<dyn Ledger>::clone(&store),
            desk: Arc::<ZendeskClient>::clone(&desk),
            parking: Arc::new(parking),
            clock: Arc::clone(&clock),
            playbook: Arc::new(Reloadable::new(playbook(loaded))),
        };
        let late = SignedDuration::from_mins(settings.worker.overdue_alarm_minutes.into());
        let retention = SignedDuration::from_hours(24 * i64::from(settings.retention.days));
        let keeper =
            Maintenance::new(Arc::clone(&store), Arc::clone(&allowance), Arc::clone(&clock), late, retention)
                .counted_by(upkeep.clone())
                .reported_to(Arc::clone(&status));
        let sweeper = Sweeper::new(SweepParts {
            ledger: Arc::clone(&store),
            search: Arc::<ZendeskClient>::clone(&desk) as Arc<dyn Search>,
            clock: Arc::clone(&clock),
            playbook: Arc::clone(&parts.playbook),
            every: SignedDuration::from_mins(settings.zendesk.sweep_minutes.into()),
        })
        .counted_by(upkeep.clone())
        .traced_by(traces.clone());
        let playbook = &parts.playbook;
        let macros = macro_refresher(&settings, &store, desk, &clock, playbook).await?;
        let watch = macros.clone().map(|macros| macros as Arc<dyn MacroWatch>);
        let sources = notify::Sources {
            ledger: Arc::clone(&store),
            clock: Arc::clone(&clock),
            status: Arc::clone(&status),
            upstreams: neighbours.clone(),
            macros: watch.clone(),
        };
        let notifications = NotifyMetrics::default();
        let replicas = Arc::<dyn Ledger>::clone(&store);
        let presence =
            Presence::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&status), process_name());
        Ok(Self {
            notifier: notifier(notify_options(&settings, &deployment)?, sources, &notifications)?,
            notifications,
            store,
            macros,
            keeper,
            sweeper,
            worker: Arc::new(Worker::new(parts, worker_options(&settings)).traced_by(traces.clone())),
            wake,
            clock,
            door: webhook::Options {
                neighbours,
                allowance: Some(Arc::clone(&allowance)),
                macros: watch,
                clocks: Some(clocks),
                status: Some(Arc::clone(&status)),
                traces: traces.clone(),
                replicas: Some(replicas),
                ..door_options(&settings, deployment)
            },
            allowance,
            clock_watch,
            started_with,
            silence: 3 * Duration::from_secs(settings.worker.poll_seconds),
            status,
            calls,
            upkeep,
            traces,
            presence,
            account_watch: None,
            console: None,
        })
    }
}

/// Host and process number.
fn process_name() -> String {
    let host = rustix::system::uname();
    format!("{}:{}", host.nodename().to_string_lossy(), std::process::id())
}

/// Where traces go, which is nowhere without an address.
fn traces(settings: &Settings, deployment: &Deployment, clock: &Arc<dyn Clock>) -> anyhow::Result<Traces> {
    match &deployment.traces_url {
        None => Ok(Traces::default()),
        Some(url) => traces_to(url, settings.network.proxy_from_environment, Arc::clone(clock)),
    }
}

#[cfg(feature = "traces")]
fn traces_to(url: &str, proxy: bool, clock: Arc<dyn Clock>) -> anyhow::Result<Traces> {
    Ok(Traces::to(Otlp::start(url, proxy, BUILD)?, clock))
}

#[cfg(not(feature = "traces"))]
fn traces_to(url: &str, _: bool, _: Arc<dyn Clock>) -> anyhow::Result<Traces> {
    anyhow::bail!("traces cannot be sent to {url}: this program was built without the feature `traces`")
}

/// `None` without options: notifications are off.
fn notifier(
    options: Option<notify::Options>,
    sources: notify::Sources,
    metrics: &NotifyMetrics,
) -> Result<Option<Notifier>, notify::SetupError> {
    let Some(options) = options else { return Ok(None) };
    Ok(Some(Notifier::new(options, sources)?.counted_by(metrics.clone())))
}

/// `None` if the texts come from files.
async fn macro_refresher(
    settings: &Settings,
    ledger: &Arc<dyn Ledger>,
    shelf: Arc<ZendeskClient>,
    clock: &Arc<dyn Clock>,
    playbook: &Arc<Reloadable<Playbook>>,
) -> anyhow::Result<Option<Arc<MacroRefresher>>> {
    if settings.macros.source == MacroSource::Files {
        return Ok(None);
    }
    let parts = MacroParts {
        ledger: Arc::clone(ledger),
        shelf,
        clock: Arc::clone(clock),
        playbook: Arc::clone(playbook),
        lookup: lookup(settings),
        every: SignedDuration::from_mins(settings.macros.refresh_minutes.into()),
    };
    Ok(Some(Arc::new(MacroRefresher::new(parts, settings.macro_bounds()).await?)))
}

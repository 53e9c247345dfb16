//! The assembled service: its parts for callers that step it themselves, and its run.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::policies::PolicyFiles;
use super::{Reload, Service, lookup};
use crate::config::{ConsoleUser, shipped_macros};
use crate::console::{self, Console, TextSources, User};
use crate::domain::case::Playbook;
use crate::metrics::{self, Sources};
use crate::ports::{AccountCheck, Clock, Ledger, RateLimits, ServiceStatus};
use crate::trace::Traces;
use crate::webhook;
use crate::worker::upkeep::{AccountWatch, ClockWatch, MacroRefresher, Presence, Sweeper};
use crate::worker::{Heartbeat, Reloadable, Worker};

impl Service {
    pub fn store(&self) -> &Arc<dyn Ledger> {
        &self.store
    }

    /// The search for missed changes.
    pub fn sweeper(&self) -> &Sweeper {
        &self.sweeper
    }

    /// Synchronises the clock with the ledger's.
    pub fn clock_watch(&self) -> &ClockWatch {
        &self.clock_watch
    }

    /// Refreshes the account's macros; `None` if the texts come from files.
    pub fn macros(&self) -> Option<&Arc<MacroRefresher>> {
        self.macros.as_ref()
    }

    /// Zendesk's rate limits.
    pub fn allowance(&self) -> &Arc<dyn RateLimits> {
        &self.allowance
    }

    /// The worker, for callers that control the clock and step it themselves.
    pub fn worker(&self) -> &Arc<Worker> {
        &self.worker
    }

    /// Notified when a case may have become due; [`Worker::run`] waits for it.
    pub fn wake(&self) -> &Arc<Notify> {
        &self.wake
    }

    /// Also checks the account once a day while it runs.
    #[must_use]
    pub fn checked_by(mut self, check: Arc<dyn AccountCheck>) -> Self {
        let (clock, status) = (Arc::clone(&self.clock), Arc::clone(&self.status));
        self.account_watch = Some(AccountWatch::new(check, clock, status));
        self
    }

    /// Also serves this console on this listener while it runs.
    #[must_use]
    pub fn with_console(mut self, listener: TcpListener, console: Console) -> Self {
        self.console = Some(Box::new((listener, console)));
        self
    }

    /// The console of this service, for those who may sign in to it by the environment.
    ///
    /// # Errors
    /// If the hash of a password is none.
    pub fn console(&self) -> Result<Console, console::SetupError> {
        let deployment = &self.started_with.deployment;
        let user = |user: &ConsoleUser| User {
            name: user.name.clone(),
            role: user.role,
            password: user.password.clone(),
        };
        let settings = &self.started_with.settings;
        let late = settings.worker.overdue_alarm_minutes;
        Console::new(console::Parts {
            ledger: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            status: Arc::clone(&self.status),
            upstreams: self.door.neighbours.clone(),
            rate_limits: Arc::clone(&self.allowance),
            macros: self.door.macros.clone(),
            playbook: Arc::<Reloadable<Playbook>>::clone(&self.worker.parts().playbook),
            policies: Arc::new(PolicyFiles),
            texts: TextSources {
                shipped: shipped_macros().collect(),
                account: self.macros.as_ref().map(|_| lookup(settings)),
            },
            retention: SignedDuration::from_hours(24 * i64::from(settings.retention.days)),
            zendesk_url: deployment.zendesk_url.clone(),
            late_after: SignedDuration::from_mins(late.into()),
            users: deployment.console_users.iter().map(user).collect(),
            proxies: deployment.console_proxies.clone(),
            secure: !deployment.development,
        })
    }

    /// Reports this process to the others.
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Activates configurations loaded at run time.
    pub fn reload(&self) -> Reload {
        let playbook = Arc::clone(&self.worker.parts().playbook);
        let status = (Arc::clone(&self.status), Arc::clone(&self.clock));
        Reload::new(playbook, self.macros.clone(), self.started_with.clone(), status)
    }

    /// Version, policy and reloads.
    pub fn status(&self) -> &Arc<ServiceStatus> {
        &self.status
    }

    pub fn traces(&self) -> &Traces {
        &self.traces
    }

    /// The figures for [`metrics::serve`].
    pub fn metrics(&self) -> Sources {
        let mut registry = metrics::registry();
        self.door.metrics.register(&mut registry);
        self.worker.metrics().register(&mut registry);
        self.calls.register(&mut registry);
        self.upkeep.register(&mut registry);
        self.notifications.register(&mut registry);
        Sources {
            registry,
            ledger: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            status: Arc::clone(&self.status),
            upstreams: self.door.neighbours.clone(),
            rate_limits: Arc::clone(&self.allowance),
            macros: self.door.macros.clone(),
        }
    }

    /// The parts for [`webhook::serve`]. `worker_ready` feeds readiness.
    pub fn door(&self, worker_ready: watch::Receiver<bool>) -> webhook::Parts {
        webhook::Parts {
            store: Arc::<dyn Ledger>::clone(&self.store),
            clock: Arc::clone(&self.clock),
            worker_ready,
            options: self.door.clone(),
        }
    }

    /// Serves webhooks and works cases until `stop`; then finishes or releases the current ones.
    ///
    /// `metrics` is where figures are served, if they are.
    pub async fn run(mut self, listener: TcpListener, metrics: Option<TcpListener>, stop: CancellationToken) {
        let (ready, worker_ready) = watch::channel(false);
        let address = listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
        let served = webhook::serve(listener, self.door(worker_ready), stop.clone());
        let watched =
            watch_over(self.worker.heartbeat(), Arc::clone(&self.clock), self.silence, ready, stop.clone());
        let policy = self.worker.parts().playbook.get().policy.hash().to_owned();
        tracing::info!(%address, policy, "ready for webhooks");
        let figures = figures(metrics, &self, stop.clone());
        let seen = pages(self.console.take(), stop.clone());
        let kept = self.keeper.run(stop.clone());
        let swept = self.sweeper.run(stop.clone());
        let timed = self.clock_watch.run(stop.clone());
        let notified = async {
            if let Some(notifier) = self.notifier {
                notifier.run(stop.clone()).await;
            }
        };
        let texts = async {
            if let Some(macros) = &self.macros {
                macros.run(stop.clone()).await;
            }
        };
        let present = self.presence.run(stop.clone());
        let checked = async {
            if let Some(account) = &self.account_watch {
                account.run(stop.clone()).await;
            }
        };
        tokio::join!(
            served,
            present,
            checked,
            self.worker.run(self.wake, stop.clone()),
            watched,
            kept,
            swept,
            timed,
            texts,
            figures,
            seen,
            notified
        );
        self.traces.finish().await;
    }
}

/// Serves the figures, if there is a listener for them; otherwise ends at once. The service works on without them.
fn figures(
    listener: Option<TcpListener>,
    service: &Service,
    stop: CancellationToken,
) -> impl Future<Output = ()> + use<> {
    let served = listener.map(|listener| (listener, Arc::new(service.metrics())));
    async move {
        if let Some((listener, sources)) = served
            && let Err(error) = metrics::serve(listener, sources, stop).await
        {
            tracing::error!(%error, "metrics are no longer served");
        }
    }
}

/// Serves the console, if there is a listener for it; otherwise ends at once. The service works on without it.
async fn pages(console: Option<Box<(TcpListener, Console)>>, stop: CancellationToken) {
    if let Some((listener, console)) = console.map(|console| *console)
        && let Err(error) = console::serve(listener, console, stop).await
    {
        tracing::error!(%error, "the console is no longer served");
    }
}

/// Reports to readiness whether the worker still searches for work.
async fn watch_over(
    heartbeat: Heartbeat,
    clock: Arc<dyn Clock>,
    silence: Duration,
    ready: watch::Sender<bool>,
    stop: CancellationToken,
) {
    let mut alive = false;
    while !stop.is_cancelled() {
        // Frequent checks during the start: clients that wait for readiness wait no longer than needed.
        let pause = Duration::from_millis(if alive { 500 } else { 20 });
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => {}
        }
        let silent = clock.now().duration_since(heartbeat.last());
        alive = silent < SignedDuration::try_from(silence).unwrap_or(SignedDuration::MAX);
        if ready.send_replace(alive) && !alive {
            tracing::error!(silent_for = %silent, "the worker has stopped looking for work");
        }
    }
    ready.send_replace(false);
}

//! A sandbox on a clock that moves when there is nothing else to do, with a backlog, and the service against it.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use misread::app::Service;
use misread::config::{Files, LimitSettings, Loaded, load_files};
use misread::ports::{CaseState, Clock};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::seed;
use misread::sandbox::zendesk::RateLimits;
use misread::testbed::sandbox::{Sandbox, account_ids};
use misread::webhook;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::ManualClock;

/// The setting's default.
pub(crate) const JOBS_AT_ONCE: usize = 8;
const STORY: &str = "결제 완료, 소유인증 완료";
/// Reading how far it has come.
const MOST_CASES: usize = 1_000_000;

pub(crate) struct Scene {
    clock: Arc<ManualClock>,
    sandbox: Sandbox,
    service: Service,
    stop: CancellationToken,
}

pub(crate) struct Drained {
    /// On the sandbox's clock.
    pub(crate) took: Duration,
    /// Of Zendesk's API.
    pub(crate) calls: u64,
    pub(crate) settled: usize,
}

impl Scene {
    /// So many customers wrote an hour ago, and their webhooks are in the ledger.
    pub(crate) async fn set(path: &Path, tickets: u32, together: bool) -> Self {
        let clock = ManualClock::at("2026-11-20T05:00:00Z");
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(any_port).await.expect("a port is free");
        let listen = listener.local_addr().expect("it is bound");
        let webhook_url = format!("http://{listen}/webhooks/zendesk");
        let sandbox = Sandbox::start([any_port; 2], &webhook_url, clock.clone(), &tasks, &stop)
            .await
            .expect("the sandbox starts");
        let Files { mut settings, policy, words, openings, macros } =
            load_files(&BTreeMap::new()).expect("the built-in files are good");
        settings.zendesk.send_together = together;
        settings.limits = LimitSettings {
            per_lot_day_won: 1_000_000_000,
            per_lot_day_count: 1_000_000,
            per_day_won: 1_000_000_000,
            per_day_count: 1_000_000,
            breaker_from_won: 1_000_000_000,
            breaker_from_hand_overs: 1_000_000,
            ..settings.limits
        };
        let deployment = sandbox.deployment(listen, format!("sqlite://{}", path.display()));
        let loaded = Loaded { settings, account: account_ids(), deployment, policy, words, openings, macros };
        let service = Service::assemble(loaded, clock.clone()).await.expect("the service can be assembled");
        let (ready, worker_ready) = watch::channel(true);
        tokio::spawn(webhook::serve(listener, service.door(worker_ready), stop.clone()));
        let story = sandbox.stories.iter().find(|story| story.title.starts_with(STORY)).expect("it is there");
        let customers: Vec<_> = (1..=tickets).map(|number| story.copy(number)).collect();
        seed::load(&sandbox.parking, &sandbox.zendesk, &customers);
        for customer in &customers {
            customer.open(&sandbox.zendesk).expect("the story was loaded");
        }
        sandbox.zendesk.deliver_webhooks().await;
        drop(ready);
        clock.advance(Duration::from_hours(1));
        sandbox.zendesk.set_rate_limits(RateLimits::ZENDESK);
        Self { clock, sandbox, service, stop }
    }

    /// From now until nothing is left to do.
    pub(crate) async fn drain(self) -> Drained {
        let faults = self.sandbox.zendesk.faults().clone();
        // A fault that does nothing counts the calls.
        faults.inject(FaultRule::always("/api/v2/", Fault::Latency { milliseconds: 0 }));
        let began = self.clock.now();
        let mut ended = began;
        loop {
            if self.service.worker().work_off().await > 0 {
                ended = self.clock.now();
            }
            let Some(due) = self.service.store().next_due().await.expect("the ledger can be read") else {
                break;
            };
            let wait = Duration::try_from(due.duration_since(self.clock.now())).unwrap_or_default();
            self.clock.advance(wait.max(Duration::from_millis(1)));
        }
        let cases = self.service.store().list(Some(CaseState::Ended), MOST_CASES).await;
        let settled = cases.expect("the ledger can be read").len();
        self.stop.cancel();
        let took = Duration::try_from(ended.duration_since(began)).unwrap_or_default();
        Drained { took, calls: faults.struck(), settled }
    }
}

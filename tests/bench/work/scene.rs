//! A fresh sandbox with as many customers as cases are worked, and the service's parts against it.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::routing::post;
use jiff::Timestamp;
use misread::account::sliding_window::Lane;
use misread::app::{Service, SystemClock};
use misread::config::{Files, LimitSettings, Loaded as Configuration, load_files};
use misread::domain::case::{Effect, Entry};
use misread::domain::ids::{AccountId, EffectKey, Position, TicketId, UseId};
use misread::domain::limits::Happened;
use misread::domain::ticket::Seen;
use misread::ports::{
    Accepted, ActionOutcome, ActionRequest, Append, CaseState, CaseSummary, Claim, Clock, Lease, Ledger,
    Loaded, NewDelivery, QueueMove, Recorded, SendMode, Store, StoreError, TicketWrite, UpdateOutcome,
    UseQuery, UsesOf,
};
use misread::sandbox::seed::{self, Story};
use misread::sandbox::zendesk::RateLimits;
use misread::testbed::sandbox::{Sandbox, account_ids};
use misread::webhook;
use misread::worker::{Parts, Worker};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Tickets that are opened in one measurement.
pub(crate) const CASES: usize = 1_000;
/// Much longer than all of them take.
const AT_MOST: Duration = Duration::from_mins(1);

pub(crate) type Journal = Vec<Recorded>;

pub(crate) struct Scene {
    sandbox: Sandbox,
    service: Service,
    customers: Vec<Story>,
    listener: std::net::TcpListener,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Scene {
    /// Everything but what listens for webhooks, with the ledger at `path`. No limit and no budget holds.
    pub(crate) async fn set(path: &Path) -> Self {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = std::net::TcpListener::bind(any_port).expect("a port is free");
        listener.set_nonblocking(true).expect("it is bound");
        let listen = listener.local_addr().expect("it is bound");
        let webhook_url = format!("http://{listen}/webhooks/zendesk");
        let sandbox = Sandbox::start([any_port; 2], &webhook_url, Arc::clone(&clock), &tasks, &stop)
            .await
            .expect("the sandbox starts");
        sandbox.zendesk.set_rate_limits(RateLimits::OFF);
        let customers = customers(clock.now());
        seed::load(&sandbox.parking, &sandbox.zendesk, &customers);
        let Files { mut settings, policy, words, openings, macros } =
            load_files(&BTreeMap::new()).expect("the built-in files are good");
        settings.zendesk.updates_per_minute = u32::MAX;
        settings.zendesk.updates_per_ticket_per_10_minutes = u32::MAX;
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
        let configuration =
            Configuration { settings, account: account_ids(), deployment, policy, words, openings, macros };
        let service = Service::assemble(configuration, clock).await.expect("the service can be assembled");
        Self { sandbox, service, customers, listener, tasks, stop }
    }

    /// Starts door and worker; what it returns sees every append.
    pub(crate) fn start_service(&self) -> Arc<Counted> {
        let counted = Arc::new(Counted::over(Arc::<dyn Ledger>::clone(self.service.store())));
        let parts =
            Parts { store: Arc::clone(&counted) as Arc<dyn Store>, ..self.service.worker().parts().clone() };
        let worker = Arc::new(Worker::new(parts, self.service.worker().options()));
        self.tasks.spawn(worker.run(Arc::clone(self.service.wake()), self.stop.clone()));
        let (_, worker_ready) = watch::channel(true);
        self.tasks.spawn(webhook::serve(self.listener(), self.service.door(worker_ready), self.stop.clone()));
        self.sandbox.send_webhooks(&self.tasks, &self.stop);
        counted
    }

    /// A door that answers 200 to everything.
    pub(crate) fn start_door_without_service(&self) {
        let door = Router::new().route("/webhooks/zendesk", post(async || ()));
        let served =
            axum::serve(self.listener(), door).with_graceful_shutdown(self.stop.clone().cancelled_owned());
        self.tasks.spawn(served.into_future());
        self.sandbox.send_webhooks(&self.tasks, &self.stop);
    }

    fn listener(&self) -> TcpListener {
        self.listener.try_clone().and_then(TcpListener::from_std).expect("it is bound")
    }

    /// Every customer writes; the fake Zendesk's trigger and sender do the rest.
    pub(crate) fn open_tickets(&self) -> Vec<TicketId> {
        let open = |story: &Story| story.open(&self.sandbox.zendesk).expect("the story was loaded");
        self.customers.iter().map(open).collect()
    }

    pub(crate) async fn journal(&self, ticket_id: TicketId) -> Journal {
        self.service.store().load(ticket_id).await.expect("the ledger can be read").journal
    }

    /// Makes the calls that the journals tell of, as many cases at once as the worker has.
    pub(crate) async fn replay(&self, tickets: Vec<TicketId>, journals: &Arc<Vec<Journal>>) {
        let worker = self.service.worker();
        let (tickets, next) = (Arc::new(tickets), Arc::new(AtomicUsize::new(0)));
        let mut tasks = JoinSet::new();
        for _ in 0..worker.options().concurrency {
            let (parts, tickets, next) = (worker.parts().clone(), Arc::clone(&tickets), Arc::clone(&next));
            let journals = Arc::clone(journals);
            tasks.spawn(async move {
                while let Some(number) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).filter(|number| *number < CASES)
                {
                    replay_one(&parts, tickets[number], &journals[number]).await;
                }
            });
        }
        tasks.join_all().await;
    }

    /// Stops everything and waits for it.
    pub(crate) async fn strike(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// How many calls a journal tells of.
pub(crate) fn calls(journal: &[Recorded]) -> usize {
    let is_call = |recorded: &&Recorded| {
        matches!(
            recorded.entry,
            Entry::TicketRead { .. }
                | Entry::ChangesRead { .. }
                | Entry::Confirmed { .. }
                | Entry::AccountRead { .. }
                | Entry::UsesRead { .. }
                | Entry::Intended { .. }
        )
    };
    journal.iter().filter(is_call).count()
}

async fn replay_one(parts: &Parts, ticket_id: TicketId, journal: &[Recorded]) {
    let Parts { desk, parking, .. } = parts;
    let mut read_at = Timestamp::MIN;
    let (mut requester_id, mut account) = (0, None);
    for Recorded { position, entry, .. } in journal {
        let key = EffectKey::new(ticket_id, Position(*position));
        match entry {
            Entry::TicketRead { .. } => {
                let seen = desk.ticket(ticket_id, Lane::Fresh).await.expect("it is answered");
                let ticket = seen.expect("it is open");
                (read_at, requester_id) = (ticket.updated_at, ticket.requester.id);
                account = ticket.requester.external_id;
            }
            Entry::ChangesRead { .. } | Entry::Confirmed { .. } => {
                desk.changes(ticket_id, requester_id).await.expect("it is answered");
            }
            Entry::AccountRead { id, .. } => {
                parking.account(id).await.expect("it is answered").expect("it is known");
            }
            Entry::UsesRead { .. } => {
                let query = UseQuery {
                    of: UsesOf::Account(account.clone().expect("the requester has one")),
                    entered: None,
                };
                assert_eq!(parking.uses(&query).await.expect("it is answered").uses.len(), 1);
            }
            Entry::Intended { effect: Effect::Act(action), .. } => {
                let (action, use_id, lot_id) = (action.action, action.use_id.clone(), action.lot_id.clone());
                let request = ActionRequest { ticket_id, action, use_id, lot_id, amount: None };
                let outcome = parking.act(&key, &request).await.expect("it is answered");
                assert!(matches!(outcome, ActionOutcome::Done(_)), "{outcome:?}");
            }
            Entry::Intended { effect: Effect::Write(write), .. } => {
                let (update, way, lease) = (&write.update, SendMode::Single, Lease::until(Timestamp::MAX));
                let seen = Seen { updated_at: read_at, comments: None };
                let sending = TicketWrite { ticket_id, key: &key, update, seen, way, lease: &lease };
                let outcome = desk.update(sending).await.expect("it is answered");
                let UpdateOutcome::Written { updated_at, .. } = outcome else { panic!("{outcome:?}") };
                read_at = updated_at;
            }
            _ => {}
        }
    }
}

/// The sample customers whom the service answers itself, again and again under other ids.
fn customers(now: Timestamp) -> Vec<Story> {
    let mut samples = seed::stories(now);
    let has_one_car = |story: &Story| story.account.as_ref().is_some_and(|own| own.vehicles.len() == 1);
    // Nobody is asked who they are or which car is theirs.
    samples.retain(|story| {
        matches!(story.row, Some(1..=4 | 7 | 8))
            && story.customer.verified
            && has_one_car(story)
            && story.uses.len() == 1
    });
    samples
        .iter()
        .cycle()
        .zip(0..)
        .take(CASES)
        .map(|(story, number)| numbered(story.clone(), number))
        .collect()
}

fn numbered(mut story: Story, number: i64) -> Story {
    let id = AccountId::new(format!("acct-{number:06}"));
    story.customer.id = 6_170_560_000_000 + number;
    story.customer.external_id = Some(id.to_string());
    if let Some(account) = &mut story.account {
        account.id = id.clone();
    }
    for parking_use in &mut story.uses {
        parking_use.id = UseId::new(format!("use-{number:06}"));
        parking_use.account_id = id.clone();
    }
    story
}

/// The real ledger; counts what is appended to it.
#[derive(Debug)]
pub(crate) struct Counted {
    ledger: Arc<dyn Store>,
    appends: AtomicUsize,
    ended: watch::Sender<usize>,
}

impl Counted {
    fn over(ledger: Arc<dyn Store>) -> Self {
        Self { ledger, appends: AtomicUsize::new(0), ended: watch::Sender::new(0) }
    }

    pub(crate) async fn all_ended(&self) {
        let mut ended = self.ended.subscribe();
        let all = ended.wait_for(|ended| *ended == CASES);
        tokio::time::timeout(AT_MOST, all).await.expect("every case ends").expect("it is being counted");
    }

    pub(crate) fn appends(&self) -> usize {
        self.appends.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Store for Counted {
    async fn append(&self, append: Append) -> Result<(), StoreError> {
        let ends = matches!(append.queue_move, QueueMove::Release { state: CaseState::Ended, .. });
        self.ledger.append(append).await?;
        self.appends.fetch_add(1, Ordering::Relaxed);
        self.ended.send_modify(|ended| *ended += usize::from(ends));
        Ok(())
    }
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError> {
        self.ledger.accept(delivery).await
    }
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        self.ledger.claim(now, lease_until, limit).await
    }
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.ledger.next_due().await
    }
    async fn load(&self, ticket_id: TicketId) -> Result<Loaded, StoreError> {
        self.ledger.load(ticket_id).await
    }
    async fn list(&self, state: Option<CaseState>, limit: usize) -> Result<Vec<CaseSummary>, StoreError> {
        self.ledger.list(state, limit).await
    }
    async fn decided_since(
        &self,
        since: Timestamp,
        after: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError> {
        self.ledger.decided_since(since, after, limit).await
    }
    async fn breaker(&self) -> Result<Option<Happened>, StoreError> {
        self.ledger.breaker().await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.ledger.check().await
    }
}

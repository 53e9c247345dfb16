//! One run, from the first message until nothing is left to happen by itself.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use misread::domain::case::{Case, WhenSilent};
use misread::domain::ids::TicketId;
use misread::domain::policy::Trust;
use misread::domain::retry::RetryPolicy;
use misread::ports::{CaseState, Recorded, Store};
use misread::worker::{Options, Parts, Worker};

use super::desk::{FakeDesk, Jobs};
use super::faults::Faults;
use super::parking::FakeParking;
use super::playbook::playbook;
use super::rng::Rng;
use super::schedule::{Moment, plan};
use super::situation::{BIRTH, Situation};
use super::store::Replica;
use super::world::{Event, World};

/// With more rounds than this, the case turns in circles.
const MOST_ROUNDS: usize = 3_000;
/// The same if it is due for this long.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(24 * 365);
/// The duration of a lease.
pub(super) const LEASE: SignedDuration = SignedDuration::from_mins(1);
/// How long a write with a lost response may still be under way.
pub(super) const SETTLE: SignedDuration = SignedDuration::from_secs(10);
/// The largest error of a replica's clock.
pub(super) const MOST_SKEW: SignedDuration = SignedDuration::from_secs(2);

/// The record of a run, for the oracle.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) seed: u64,
    pub(super) ticket_id: TicketId,
    pub(super) situation: Situation,
    pub(super) trust: Trust,
    pub(super) replicas: usize,
    pub(super) log: Vec<Event>,
    /// The first violation seen during the run.
    pub(super) broken: Option<String>,
    pub(super) steps: usize,
    pub(super) faults: Faults,
    pub(super) tags: Vec<String>,
    /// The ticket's group at the end.
    pub(super) group: Option<i64>,
    pub(super) journal: Vec<Recorded>,
    /// The true time of each entry, by the world's clock instead of the worker's.
    pub(super) really_at: Vec<Timestamp>,
    pub(super) case: Case,
    pub(super) state: CaseState,
    pub(super) due_at: Option<Timestamp>,
    /// The number of deliveries that are in no journal.
    pub(super) unread: usize,
    /// Whether the world came to rest.
    pub(super) rests: bool,
}

/// Plays the ticket of this seed.
pub(super) async fn play(seed: u64) -> Finished {
    let mut rng = Rng::new(seed);
    let ticket_id = TicketId::try_from(1_000 + i64::try_from(seed % 9_000).unwrap()).unwrap();
    let mut evidence = Rng::new(seed.rotate_left(32) ^ 0x0E71_DE2C);
    let situation = Situation::random(&mut rng, &mut evidence);
    let trust = rng.weigh(&[(80, Trust::Auto), (14, Trust::Assist), (6, Trust::Shadow)]);
    let plan = plan(&mut rng, &mut evidence, &mut Rng::new(seed ^ 0x0514_9570), &situation, trust);
    let replicas = if rng.percent(40) { 2 } else { 1 };
    let kinds: Vec<_> = (0..replicas).map(|nth| (skew(&mut rng, nth), when_silent(&mut rng))).collect();
    let jobs = Jobs::random(Rng::new(!seed));
    let world = Arc::new(World::new(ticket_id, &situation, plan, jobs, rng, evidence));
    let workers: Vec<_> =
        kinds.into_iter().map(|(skew, when_silent)| worker(&world, skew, trust, when_silent)).collect();
    let rests = until_all_rests(&world, &workers).await;
    let mut end = world.lock();
    let unread = end.ledger.pending().count();
    let row = end.ledger.row.take().unwrap();
    Finished {
        seed,
        ticket_id,
        situation,
        trust,
        replicas,
        log: std::mem::take(&mut end.log),
        broken: end.watch.broken.take(),
        steps: end.watch.steps,
        faults: end.faults,
        tags: std::mem::take(&mut end.desk.ticket.tags),
        group: end.desk.ticket.group_id,
        case: Case::fold(ticket_id, row.journal.iter().map(|recorded| (recorded.at, &recorded.entry))),
        journal: row.journal,
        really_at: row.really_at,
        state: row.state,
        due_at: row.due_at,
        unread,
        rests,
    }
}

fn skew(rng: &mut Rng, nth: usize) -> SignedDuration {
    let most = i64::try_from(MOST_SKEW.as_millis()).unwrap();
    let most = if nth == 0 { 0 } else { most };
    SignedDuration::from_millis(rng.between(-most, most))
}

fn when_silent(rng: &mut Rng) -> WhenSilent {
    if rng.percent(20) { WhenSilent::HandOver } else { WhenSilent::Close }
}

fn worker(
    world: &Arc<World>,
    skew: SignedDuration,
    trust: Trust,
    when_silent: WhenSilent,
) -> (Replica, Arc<Worker>) {
    let replica = Replica { world: Arc::clone(world), skew };
    let parts = Parts {
        store: Arc::new(replica.clone()),
        desk: Arc::new(FakeDesk(Arc::clone(world))),
        parking: Arc::new(FakeParking(Arc::clone(world))),
        clock: Arc::new(replica.clone()),
        playbook: playbook(trust, when_silent),
    };
    (replica, Arc::new(Worker::new(parts, options())))
}

fn options() -> Options {
    Options {
        concurrency: 4,
        backlog_concurrency: 4,
        updates_per_ticket: 20,
        lease: Duration::try_from(LEASE).unwrap(),
        poll: Duration::from_secs(5),
        retry: RetryPolicy { base: Duration::from_secs(5), max: Duration::from_mins(30), attempts: 24 },
        clocks_apart: MOST_SKEW + MOST_SKEW,
        fruitless_claims: 5,
    }
}

/// Runs until the world rests; `false` if it does not in time.
async fn until_all_rests(world: &World, workers: &[(Replica, Arc<Worker>)]) -> bool {
    let end = BIRTH.parse::<Timestamp>().unwrap() + LONGEST_LIFE;
    for _ in 0..MOST_ROUNDS {
        deliver(world, workers).await;
        let worked = work(world, workers).await;
        let mut state = world.lock();
        if state.watch.broken.is_some() {
            return false;
        }
        let next = state.ledger.next_due().into_iter().chain(state.next_time()).min();
        // No worker works, or will soon, so that the next act cannot interrupt one.
        let amid = state.plan.front().is_some_and(|planned| matches!(planned.moment, Moment::Amid(_)));
        if amid && next.is_none_or(|next| next > state.now + SignedDuration::from_mins(2)) {
            state.do_next();
            continue;
        }
        let Some(next) = next else { return true };
        // A replica with a slow clock claims the case a little later.
        let idle = SignedDuration::from_millis(if worked { 1 } else { 500 });
        let next = next.max(state.now + idle);
        if next > end {
            return false;
        }
        state.advance(next);
    }
    false
}

/// Stores the deliveries that have arrived. If that fails, or its response is lost, Zendesk sends again.
async fn deliver(world: &World, workers: &[(Replica, Arc<Worker>)]) {
    let arrived = world.lock().arrived();
    for delivery in arrived {
        let (door, _) = &workers[usize::from(delivery.dedup_key.len() % 2 == 0) % workers.len()];
        if door.accept(delivery.clone()).await.is_err() {
            let mut state = world.lock();
            let again = state.now + SignedDuration::from_secs(state.rng.between(1, 60));
            state.faults.refused_deliveries += 1;
            state.webhooks.push((again, delivery));
        }
    }
}

/// Works on due cases. If a worker freezes, its lease expires and another worker takes the case over before the first
/// continues.
async fn work(world: &World, workers: &[(Replica, Arc<Worker>)]) -> bool {
    let any = || {
        let last = i64::try_from(workers.len()).unwrap() - 1;
        let (_, worker) = &workers[usize::try_from(world.lock().rng.between(0, last)).unwrap()];
        worker
    };
    let first = any().work_off();
    tokio::pin!(first);
    loop {
        tokio::select! {
            biased;
            worked = &mut first => return worked > 0,
            () = world.frozen.notified() => {
                let meanwhile = {
                    let mut state = world.lock();
                    let lease_is_over = state.now + SignedDuration::from_secs(63 + state.rng.between(0, 60));
                    state.advance(lease_is_over);
                    state.rng.percent(50)
                };
                if meanwhile {
                    world.thawed.notify_one();
                }
                any().work_off().await;
                world.may_freeze_again();
                if !meanwhile {
                    world.thawed.notify_one();
                }
            }
        }
    }
}

impl Finished {
    /// The whole story, for finding the cause.
    pub(super) fn story(&self) -> String {
        let Self { seed, ticket_id, trust, replicas, .. } = self;
        let mut story = format!(
            "seed {seed}, ticket {ticket_id}, {trust:?}, {replicas} replicas\n{:#?}\n",
            self.situation
        );
        for (nth, event) in self.log.iter().enumerate() {
            let _ = writeln!(story, "{nth:4} {} {:?} {:?}", event.at, event.task, event.what);
        }
        for (recorded, really_at) in self.recorded() {
            let _ = writeln!(story, "{:4} {really_at} {}", recorded.position, recorded.entry);
        }
        if let Some(broken) = &self.broken {
            let _ = writeln!(story, "stopped by {broken}");
        }
        story
    }

    /// The journal, each entry with its true time.
    pub(super) fn recorded(&self) -> impl Iterator<Item = (&Recorded, Timestamp)> {
        self.journal.iter().zip(self.really_at.iter().copied())
    }
}

//! The network between the fake Zendesk and the service: it records which deliveries were acknowledged, and disturbs
//! deliveries like real networks.

mod bad;
mod delivery_log;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::delivery_log::DeliveryLog;
pub(super) use self::delivery_log::Figures;
use super::place::{FRESHNESS_SECONDS, webhook_secret};
use super::plan::Forgery;
use super::replica::Replica;
use super::rng::Rng;
use crate::app::clock::MovableClock;
use crate::domain::signature::sign;
use crate::ports::Clock as _;
use crate::sandbox::seed::ACCOUNT;
use crate::sandbox::zendesk::{AttemptOutcome, Invocation, WebhookClient, WebhookRequest};

/// The account id in the fake Zendesk's webhooks.
const ACCOUNT_ID: i64 = 22_129_848;
/// The response timeout. Zendesk waits 12 s (facts §1.4); a frozen process must not delay the drill for that long.
const PATIENCE: Duration = Duration::from_secs(6);
/// The wait before a retry if the response names none, in milliseconds.
const AGAIN: (u64, u64) = (100, 900);

#[derive(Clone, Debug)]
struct Delivery {
    id: String,
    ticket: i64,
    /// The stage of the ticket's story that it reports: 0 for the opening.
    stage: usize,
    body: String,
}

/// The disturbances of one delivery in transit, beside the faults of the service.
#[derive(Clone, Debug, Default)]
struct Disturbance {
    delay: Duration,
    /// The first attempt has a signature timestamp that is too far off.
    stale: bool,
    /// The first attempt is aborted after this.
    cut: Option<Duration>,
    /// After this many attempts without an acknowledgement it is dropped for good.
    gives_up: Option<usize>,
    /// After its acknowledgement it is repeated: after how long, and whether with a new id.
    repeats: Vec<(Duration, bool)>,
    /// An authentic but meaningless delivery is sent as well.
    nonsense: bool,
}

/// The network of one drill. It ends with `stop`.
#[derive(Debug)]
pub(super) struct Network {
    courier: WebhookClient,
    clock: Arc<MovableClock>,
    replicas: Vec<Arc<Replica>>,
    /// Odd while the database restarts.
    database: AtomicU64,
    /// Whether deliveries are no longer disturbed.
    honest: AtomicBool,
    log: Mutex<DeliveryLog>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Network {
    pub(super) fn new(
        courier: WebhookClient,
        clock: Arc<MovableClock>,
        replicas: Vec<Arc<Replica>>,
        rng: Rng,
        stop: CancellationToken,
    ) -> Arc<Self> {
        Arc::new(Self {
            courier,
            clock,
            replicas,
            database: AtomicU64::new(0),
            honest: AtomicBool::new(true),
            log: Mutex::new(DeliveryLog::new(rng)),
            tasks: TaskTracker::new(),
            stop,
        })
    }

    /// Turns disturbances on or off.
    pub(super) fn suffers(&self, suffers: bool) {
        self.honest.store(!suffers, Ordering::SeqCst);
    }

    /// The database goes down, or is back: in between a rejected delivery is no violation.
    pub(super) fn database_changes(&self) {
        self.database.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether nothing is in flight.
    pub(super) fn is_idle(&self) -> bool {
        self.tasks.is_empty()
    }

    /// The last acknowledged stage of a ticket's story.
    pub(super) fn acknowledged(&self, ticket: i64) -> Option<usize> {
        self.log().acknowledged(ticket)
    }

    /// The figures of deliveries and responses.
    pub(super) fn figures(&self) -> Figures {
        self.log().figures()
    }

    /// Takes the fake Zendesk's pending deliveries, which report the current stage of the ticket's story.
    pub(super) fn take(self: &Arc<Self>, invocations: Vec<Invocation>, stage: usize) {
        for Invocation { id, ticket_id: ticket, body, .. } in invocations {
            let delivery = Delivery { id, ticket, stage, body };
            let disturbance = if self.honest.load(Ordering::SeqCst) {
                Disturbance::default()
            } else {
                Disturbance::throw(&mut self.log().rng)
            };
            let network = Arc::clone(self);
            self.tasks.spawn(async move {
                let stop = network.stop.clone();
                stop.run_until_cancelled(network.deliver(delivery, disturbance)).await;
            });
        }
    }

    async fn deliver(&self, delivery: Delivery, disturbance: Disturbance) {
        tokio::time::sleep(disturbance.delay).await;
        if disturbance.stale {
            self.send_stale(&delivery).await;
        }
        if disturbance.nonsense {
            self.bring_nonsense().await;
        }
        let mut patience = disturbance.cut.unwrap_or(PATIENCE);
        for attempt in 1.. {
            let outcome = self.send(&delivery, None, patience).await;
            if is_acknowledgement(outcome) {
                break;
            }
            if disturbance.gives_up == Some(attempt) && !self.honest.load(Ordering::SeqCst) {
                return self.log().dropped();
            }
            patience = PATIENCE;
            tokio::time::sleep(self.spacing(outcome)).await;
        }
        for (delay, renamed) in disturbance.repeats {
            tokio::time::sleep(delay).await;
            let mut again = delivery.clone();
            if renamed {
                again.id += "R";
            }
            self.log().repeated();
            self.send(&again, None, PATIENCE).await;
        }
    }

    /// Sends a replica the last acknowledged delivery again, to measure when it responds.
    pub(super) async fn knock(&self, replica: usize) {
        let Some(delivery) = self.log().last.clone() else { return };
        self.log().repeated();
        self.send(&delivery, Some(replica), PATIENCE).await;
    }

    /// One correctly signed attempt, to one replica or any.
    async fn send(&self, delivery: &Delivery, to: Option<usize>, patience: Duration) -> AttemptOutcome {
        let replica = to.unwrap_or_else(|| self.log().rng.below(self.replicas.len()));
        let (others, replica) = (self.replicas.iter(), &self.replicas[replica]);
        let beside_one_that_is_down =
            others.into_iter().any(|other| !Arc::ptr_eq(other, replica) && other.serving().is_none());
        let before = (replica.serving(), self.database.load(Ordering::SeqCst));
        let request = Self::request(&delivery.id, &delivery.body, self.clock.now());
        let outcome = self.courier.send(request, &replica.endpoint(), patience).await;
        let after = (replica.serving(), self.database.load(Ordering::SeqCst));
        let undisturbed =
            before == after && before.0.is_some() && before.1.is_multiple_of(2) && patience == PATIENCE;
        let beside = undisturbed && beside_one_that_is_down;
        let recovered = if is_acknowledgement(outcome) { replica.acknowledged() } else { None };
        self.log().attempted(delivery, outcome, undisturbed, recovered);
        self.log().beside(beside);
        outcome
    }

    fn request(id: &str, body: &str, at: Timestamp) -> WebhookRequest {
        let timestamp = Timestamp::from_second(at.as_second()).unwrap_or(at).to_string();
        WebhookRequest {
            account_id: ACCOUNT_ID,
            webhook_id: ACCOUNT.webhook_id.to_owned(),
            invocation_id: id.to_owned(),
            signature: sign(&webhook_secret(), &timestamp, body.as_bytes()),
            timestamp,
            bearer_token: None,
            body: body.as_bytes().to_vec(),
        }
    }

    fn spacing(&self, outcome: AttemptOutcome) -> Duration {
        match outcome {
            AttemptOutcome::Answered { status: 429 | 503, retry_after: Some(seconds @ 0..60) } => {
                Duration::from_secs(seconds.min(2))
            }
            _ => self.log().rng.milliseconds(AGAIN.0, AGAIN.1),
        }
    }

    /// Further from the service's clock than the endpoint accepts.
    fn too_far(&self) -> SignedDuration {
        let beyond = self.log().rng.milliseconds(60_000, 3_600_000);
        SignedDuration::from_secs(i64::try_from(FRESHNESS_SECONDS + beyond.as_secs()).unwrap_or(i64::MAX))
    }

    fn log(&self) -> MutexGuard<'_, DeliveryLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends forged deliveries for a ticket without an honest one.
    pub(super) fn forge(self: &Arc<Self>, invocations: Vec<Invocation>, forgery: Forgery) {
        for invocation in invocations {
            let network = Arc::clone(self);
            self.tasks.spawn(async move {
                let stop = network.stop.clone();
                stop.run_until_cancelled(network.send_forged(invocation, forgery)).await;
            });
        }
    }
}

impl Disturbance {
    fn throw(rng: &mut Rng) -> Self {
        let delay = if rng.per_mille(250) { rng.milliseconds(0, 900) } else { Duration::ZERO };
        let repeats = (0..2).filter(|_| rng.per_mille(200)).collect::<Vec<_>>();
        Self {
            delay,
            stale: rng.per_mille(30),
            cut: rng.per_mille(60).then(|| rng.milliseconds(1, 12)),
            gives_up: rng.per_mille(150).then(|| 1 + rng.below(2)),
            repeats: repeats.into_iter().map(|_| (rng.milliseconds(0, 3000), rng.per_mille(500))).collect(),
            nonsense: rng.per_mille(15),
        }
    }
}

fn is_acknowledgement(outcome: AttemptOutcome) -> bool {
    matches!(outcome, AttemptOutcome::Answered { status: 200..=299, .. })
}

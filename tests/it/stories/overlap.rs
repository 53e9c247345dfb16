//! Independent requests are sent at the same time; their responses are recorded as if they had come one after the
//! other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use misread::domain::case::Entry;
use misread::domain::ids::{AccountId, EffectKey};
use misread::domain::parking::{Account, UseQuery};
use misread::ports::{ActionOutcome, ActionRequest, CallError, Clock as _, Parking, UsesPage};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, Refund};

use crate::clock::ManualClock;
use crate::world::World;

const STORY: &str = "결제 완료, 소유인증 완료";

/// The time that a response takes.
const ANSWER: Duration = Duration::from_millis(50);

/// A slow parking system that counts its concurrent requests.
#[derive(Debug)]
struct Watched {
    parking: Arc<dyn Parking>,
    clock: Arc<ManualClock>,
    now: AtomicUsize,
    most: Arc<[AtomicUsize; 2]>,
}

impl Watched {
    async fn during<T>(&self, kind: usize, call: impl Future<Output = T> + Send) -> T {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most[kind].fetch_max(now, Ordering::SeqCst);
        self.clock.sleep_until(self.clock.now() + ANSWER).await;
        let answer = call.await;
        self.now.fetch_sub(1, Ordering::SeqCst);
        answer
    }
}

#[async_trait]
impl Parking for Watched {
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, CallError> {
        self.during(0, self.parking.account(id)).await
    }

    async fn uses(&self, query: &UseQuery) -> Result<UsesPage, CallError> {
        self.during(0, self.parking.uses(query)).await
    }

    async fn act(&self, key: &EffectKey, request: &ActionRequest) -> Result<ActionOutcome, CallError> {
        self.during(1, self.parking.act(key, request)).await
    }
}

#[tokio::test]
async fn account_and_uses_are_asked_for_at_once_and_actions_wait_for_each_other() {
    let world = World::new().await;
    let most = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
    let watched = Arc::clone(&most);
    let worker = world.worker_with(|parts| {
        let (parking, clock) = (Arc::clone(&parts.parking), Arc::clone(&world.clock));
        parts.parking = Arc::new(Watched { parking, clock, now: AtomicUsize::new(0), most: watched });
    });
    let id = world.open(&world.story(STORY));
    let began = world.now();
    world.step_with(&worker).await;
    let took = Duration::try_from(world.now().duration_since(began)).unwrap();
    assert_eq!(took, 3 * ANSWER, "account and uses, refund, inspection: four answers in the time of three");
    assert_eq!([&most[0], &most[1]].map(|most| most.load(Ordering::SeqCst)), [2, 1]);
    assert_eq!(world.actions(id), [Refund, Inspection]);
}

/// The readings of the parking system before the decision, and the number of waits for it.
async fn reads(path: &str) -> (Vec<&'static str>, u64) {
    let world = World::new().await;
    let faults = world.sandbox.parking.faults();
    faults.inject(FaultRule::once("GET", path, Fault::unavailable(None)));
    let id = world.open(&world.story(STORY));
    world.until_idle().await;
    assert_eq!((world.actions(id), world.replies(id).len()), (vec![Refund, Inspection], 1));
    let read = |entry: &Entry| match entry {
        Entry::AccountRead { .. } => Some("account"),
        Entry::UsesRead { .. } => Some("uses"),
        Entry::Deferred { failed: true, .. } => Some("failed"),
        _ => None,
    };
    let journal = world.journal(id).await;
    let before = journal.iter().take_while(|entry| !matches!(entry, Entry::Decided { .. }));
    (before.filter_map(read).collect(), faults.struck())
}

#[tokio::test]
async fn where_one_of_them_fails_it_is_as_if_they_had_been_asked_for_in_turn() {
    assert_eq!(reads("/accounts/").await, (vec!["failed", "account", "uses"], 1));
    assert_eq!(reads("/uses").await, (vec!["account", "failed", "uses"], 1));
}

//! Services on one PostgreSQL ledger with clocks that are far apart: the database's clock counts, and a service that is
//! too far off rests. How the clocks are asked.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use misread::domain::case::{Case, Entry, Step, next};
use misread::domain::ids::TicketId;
use misread::ports::{
    Availability, CallError, CaseState, Clock, Clocks, HelpdeskClock, LedgerTime, StoreError,
};
use misread::worker::upkeep::ClockWatch;
use serde_json::json;
use tokio::sync::Notify;

use super::crashes::{End, LIVES, end, happen, runtime, undisturbed};
use crate::clock::ManualClock;
use crate::long;
use crate::world::World;
use crate::world::late::Late;
use crate::world::log::Log;
use crate::world::machine::{Machine, SkewedClock};

const PAID: &str = "결제 완료, 소유인증 완료";
/// Far more than a lease (60 s) and the settling of a write with a lost response (10 s).
const APART: i64 = 90;

/// Another machine whose clock is this far ahead, which its settings allow.
async fn machine(world: &World, ahead: i64) -> Machine {
    let clock = SkewedClock::ahead_of(&world.clock, ahead);
    world.on_a_machine(clock, |settings| settings.worker.clocks_apart_seconds = 300).await
}

/// The first write of one service is under way when its response is lost; returns that service's desk.
async fn lose_an_answer(world: &World) -> (TicketId, Arc<Late>) {
    let id = world.open(&world.story(PAID));
    let late = Late::new(world.service.worker().parts().desk.clone(), false);
    let worker = world.worker_with(|parts| parts.desk = late.clone());
    world.step_with(&worker).await;
    assert!(late.is_under_way());
    (id, late)
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_settles_by_the_databases_clock() {
    let Some(world) = World::on_postgres().await else { return };
    let (id, late) = lose_an_answer(&world).await;
    let ahead = machine(&world, APART).await;
    assert_eq!(ahead.works().await, 0, "it may still be under way");
    late.arrive().await;
    world.live_with(ahead.service.worker()).await;
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
}

/// The scene above can fail: it did so while each service used its own machine's clock.
#[tokio::test]
async fn by_the_machines_own_clocks_it_would_be_written_twice() {
    let Some(world) = World::on_postgres().await else { return };
    let (id, late) = lose_an_answer(&world).await;
    let clock = SkewedClock::ahead_of(&world.clock, APART);
    let alone = world.worker_with(|parts| parts.clock = clock);
    assert!(alone.work_off().await > 0);
    late.arrive().await;
    assert_eq!(world.replies(id).len(), 2);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_settles_from_when_the_answer_was_given_up() {
    let world = World::new().await;
    let (id, _) = lose_an_answer(&world).await;
    let journal = world.service.store().load(id).await.unwrap().journal;
    // As if the answer had been waited for.
    let given_up = world.now() + Duration::from_secs(40);
    let mut lost = false;
    let case = Case::fold(
        id,
        journal.iter().map(|recorded| {
            lost |= matches!(recorded.entry, Entry::OutcomeUnknown { .. });
            (if lost { given_up } else { recorded.at }, &recorded.entry)
        }),
    );
    let playbook = world.service.worker().parts().playbook.get();
    let Step::LookFor { not_before, .. } = next(&case, &playbook) else { panic!("{case:?}") };
    assert_eq!(not_before, given_up + playbook.unknown_settle);
}

#[tokio::test]
async fn a_lease_is_over_by_the_databases_clock_alone() {
    let Some(world) = World::on_postgres().await else { return };
    let (ahead, behind) = (machine(&world, APART).await, machine(&world, -APART).await);
    let id = world.open(&world.story(PAID));
    for (holder, other) in [(&behind, &ahead), (&ahead, &behind)] {
        world.sandbox.zendesk.deliver_webhooks().await;
        let (store, clock) = (holder.service.store(), &holder.service.worker().parts().clock);
        let lease_until = clock.now() + Duration::from_mins(1);
        assert_eq!(store.claim(clock.now(), lease_until, 9).await.unwrap().len(), 1);
        world.pass(Duration::from_secs(59));
        assert_eq!(other.works().await, 0, "it still has a second");
        world.pass(Duration::from_secs(2));
    }
    assert!(ahead.works().await > 0);
    world.until_idle().await;
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_that_are_minutes_apart_do_each_thing_once() {
    let Some(world) = World::on_postgres().await else { return };
    let alone = World::new().await;
    let open = |world: &World| -> Vec<TicketId> {
        world.sandbox.stories.iter().map(|story| world.open(story)).collect()
    };
    let expected = {
        let ids = open(&alone);
        alone.until_idle().await;
        ends(&alone, &ids).await
    };
    let (ahead, behind) = (machine(&world, APART).await, machine(&world, -APART).await);
    let ids = open(&world);
    world.sandbox.zendesk.deliver_webhooks().await;
    for round in 0..40 {
        let works = [&ahead, &behind].map(|machine| {
            let worker = Arc::clone(machine.service.worker());
            tokio::spawn(async move { worker.work_off().await })
        });
        for work in works {
            work.await.unwrap();
        }
        if round % 4 == 0 {
            ahead.service.clock_watch().look().await;
            behind.service.clock_watch().look().await;
        }
        world.pass(Duration::from_secs(30));
    }
    world.live_with(ahead.service.worker()).await;
    assert_eq!(ends(&world, &ids).await, expected);
}

/// Whole conversations with reminders, payments and calls: the service on either machine takes up what the other left.
#[test]
fn conversations_on_machines_that_are_minutes_apart_end_as_on_one() {
    let expected = undisturbed();
    for (life, expected) in LIVES.iter().zip(expected).step_by(long::step(3)) {
        let end = runtime().block_on(async {
            let world = World::on_postgres().await?;
            let machines = [machine(&world, APART).await, machine(&world, -APART).await];
            let id = world.open(&world.story(life.story));
            work_in_turn(&world, &machines).await;
            for incident in life.incidents {
                happen(&world, *life, id, *incident);
                work_in_turn(&world, &machines).await;
            }
            Some(end(&world, id).await)
        });
        let Some(end) = end else { return };
        assert_eq!(&end, expected, "{life:?}");
    }
}

/// Both machines look at what is due, the one behind the other, until nothing is left for today.
async fn work_in_turn(world: &World, machines: &[Machine; 2]) {
    for round in 0..20 {
        world.sandbox.zendesk.deliver_webhooks().await;
        for machine in machines.iter().cycle().skip(round).take(2) {
            machine.service.clock_watch().look().await;
            machine.works().await;
        }
        world.pass(Duration::from_secs(6));
    }
}

async fn ends(world: &World, ids: &[TicketId]) -> Vec<End> {
    let mut ends = Vec::new();
    for id in ids {
        ends.push(end(world, *id).await);
    }
    ends
}

#[tokio::test]
async fn a_machine_whose_clock_is_too_wrong_takes_no_work_and_says_so_until_it_is_set() {
    let log = Log::collected();
    let Some(world) = World::on_postgres().await else { return };
    let clock = SkewedClock::ahead_of(&world.clock, APART);
    let machine = world.on_a_machine(clock.clone(), |_| {}).await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.deliver_webhooks().await;
    assert_eq!(machine.works().await, 0);
    let (status, health) = machine.readiness().await;
    assert_eq!(status, 503, "{health}");
    assert_eq!(health["clocks"]["standing"], "apart: no work is taken", "{health}");
    assert_eq!(health["clocks"]["database_ahead_seconds"], -90.0, "{health}");
    for _ in 0..3 {
        machine.service.clock_watch().look().await;
    }
    let told = log.line("clocks are apart");
    assert_eq!((&told["level"], &told["clock"]), (&json!("ERROR"), &json!("database")), "{told}");
    // A small difference does no harm, and the database's time counts.
    clock.set(20);
    machine.service.clock_watch().look().await;
    assert_eq!(machine.readiness().await.0, 200);
    assert_eq!(log.lines("clocks agree again").len(), 1);
    assert_eq!(machine.service.worker().parts().clock.now(), world.now());
    assert!(machine.works().await > 0);
    assert_eq!(world.replies(id).len(), 1);
    assert_eq!(world.state(id).await, CaseState::Ended);
}

#[tokio::test]
async fn a_clock_that_is_set_while_the_service_runs_moves_nothing() {
    let Some(world) = World::on_postgres().await else { return };
    let clock = SkewedClock::ahead_of(&world.clock, 0);
    let machine = world.on_a_machine(clock.clone(), |_| {}).await;
    // Not even until the next query of the database's time.
    clock.set(APART);
    assert_eq!(machine.service.worker().parts().clock.now(), world.now());
}

/// A database on the same clock, which tells the time at the end of each of these waits.
#[derive(Debug)]
struct Slow {
    clock: Arc<ManualClock>,
    waits: Mutex<VecDeque<Duration>>,
}

#[async_trait]
impl LedgerTime for Slow {
    async fn time(&self) -> Result<Option<Timestamp>, StoreError> {
        let wait = self.waits.lock().unwrap().pop_front().expect("it is not asked so often");
        self.clock.advance(wait);
        Ok(Some(self.clock.now()))
    }
}

const BOUND: SignedDuration = SignedDuration::from_secs(30);

#[tokio::test]
async fn the_quickest_of_slow_answers_counts_and_one_slower_than_the_bound_never_replaces_another() {
    let clock = ManualClock::at("2026-11-20T05:00:00Z");
    let clocks = Clocks::new(clock.clone(), BOUND);
    let off = |clocks: &Clocks| clocks.now().duration_since(clock.now()).as_millis();
    let ask = async |waits: [u64; 3]| {
        let waits = Mutex::new(waits.map(Duration::from_millis).into());
        clocks.ask(&Slow { clock: clock.clone(), waits }).await.unwrap();
    };
    ask([1_000, 300, 600]).await;
    assert_eq!(off(&clocks), 150, "half of the quickest wait");
    ask([40_000, 31_000, 50_000]).await;
    assert_eq!(off(&clocks), 150, "the last good answer stays");
    ask([30_000, 31_000, 30_000]).await;
    assert_eq!(off(&clocks), 15_000);
}

/// Zendesk, as far as it tells the time.
#[derive(Debug)]
struct ZendeskClock {
    clock: Arc<ManualClock>,
    /// Seconds.
    ahead: AtomicI64,
    asked: AtomicUsize,
    contact: Arc<Availability>,
}

#[async_trait]
impl HelpdeskClock for ZendeskClock {
    async fn look_at_clock(&self) -> Result<(), CallError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let now = self.clock.now();
        let ahead = SignedDuration::from_secs(self.ahead.load(Ordering::SeqCst));
        self.contact.clocks_apart(now, now, now + ahead);
        Ok(())
    }
}

#[tokio::test]
async fn zendesk_is_asked_for_the_time_each_minute_and_at_each_look_while_it_is_wrong_and_then_work_goes_on()
{
    let clock = ManualClock::at("2026-11-20T05:00:00Z");
    let contact = Arc::new(Availability::new("zendesk"));
    let (ahead, asked) = (AtomicI64::new(0), AtomicUsize::new(0));
    let zendesk = Arc::new(ZendeskClock { clock: clock.clone(), ahead, asked, contact: contact.clone() });
    let clocks = Arc::new(Clocks::new(clock.clone(), BOUND));
    clocks.watch(contact);
    let wake = Arc::new(Notify::new());
    let watch = ClockWatch::new(clocks.clone(), clock.clone(), zendesk.clone(), wake.clone());
    let is_woken = async || tokio::time::timeout(Duration::from_millis(1), wake.notified()).await.is_ok();
    for (seconds, ahead, asked, is_right) in [
        (0, 0, 0, true),
        (59, 0, 0, true),
        (1, 0, 1, true),
        (59, 0, 1, true),
        (1, -32, 2, false),
        (5, -32, 3, false),
        (5, 31, 4, false),
        (5, 30, 5, true),
        (5, 30, 5, true),
    ] {
        clock.advance(Duration::from_secs(seconds));
        zendesk.ahead.store(ahead, Ordering::SeqCst);
        let was_right = clocks.is_right();
        watch.look().await;
        let found = (zendesk.asked.load(Ordering::SeqCst), clocks.is_right(), is_woken().await);
        assert_eq!(found, (asked, is_right, is_right && !was_right), "{seconds} s, {ahead} s ahead");
    }
}

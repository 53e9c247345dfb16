//! Hundreds of customers who write within one minute: the waits for the first reply, and the tickets left to people.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use misread::domain::case::Entry;
use misread::domain::ids::TicketId;
use misread::sandbox::faults::{Fault, FaultRule, Faults};
use misread::sandbox::seed;
use misread::sandbox::zendesk::RateLimits;
use reqwest::Method;
use serde_json::Value;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::crowds::{all_are_settled_once, crowd, nothing_failed};
use crate::long;
use crate::world::World;

const STORY: &str = "결제 완료, 소유인증 완료";
const CUSTOMERS: u32 = 300;
/// The interval between two customers.
const BETWEEN: Duration = Duration::from_millis(200);
/// The time within which half of them read the first reply.
const SOON: Duration = Duration::from_secs(6);

/// A ticket, the time when its customer wrote, and the time when the first reply was seen.
struct Wait {
    id: TicketId,
    wrote: Timestamp,
    read: Option<Timestamp>,
}

/// The result of a rush.
struct Rush {
    ids: Vec<TicketId>,
    /// The waits for the first reply, shortest first.
    waits: Vec<Duration>,
    /// The most requests of the service to Zendesk's API within a minute.
    requests: u64,
}

/// From now on the service's requests to Zendesk's API are counted, by a fault without effect.
fn counted(world: &World) -> Faults {
    let faults = world.sandbox.zendesk.faults().clone();
    faults.inject(FaultRule::always("/api/v2/", Fault::Latency { milliseconds: 0 }));
    faults
}

/// Runs the service by itself while this many customers write one after another.
async fn rush(world: &World, count: u32) -> Rush {
    let (wake, stop) = (Arc::new(Notify::new()), CancellationToken::new());
    let worker = tokio::spawn(world.worker_with(|_| {}).run(Arc::clone(&wake), stop.clone()));
    let story = world.story(STORY);
    let copies: Vec<_> = (1..=count).map(|number| story.copy(number)).collect();
    seed::load(&world.sandbox.parking, &world.sandbox.zendesk, &copies);
    let calls = counted(world);
    let mut copies = copies.iter();
    let (mut waits, mut counts) = (Vec::<Wait>::new(), VecDeque::from([(world.now(), 0)]));
    let (mut is_over, mut requests) = (false, 0);
    let late = world.now() + Duration::from_mins(20);
    while !is_over {
        assert!(world.now() < late, "there is still something to do");
        if let Some(customer) = copies.next() {
            waits.push(Wait { id: world.open(customer), wrote: world.now(), read: None });
            world.sandbox.zendesk.deliver_webhooks().await;
        }
        world.tick(BETWEEN).await;
        wake.notify_one();
        let now = world.now();
        for wait in waits.iter_mut().filter(|wait| wait.read.is_none()) {
            wait.read = (!world.replies(wait.id).is_empty()).then_some(now);
        }
        is_over = copies.len() == 0 && world.service.store().next_due().await.unwrap().is_none();
        counts.push_back((now, calls.struck()));
        // A request may arrive in the step after its grant: one that was granted exactly a minute ago is of the minute before.
        while counts.front().is_some_and(|(at, _)| now.duration_since(*at) >= SignedDuration::from_mins(1)) {
            counts.pop_front();
        }
        requests = requests.max(calls.struck() - counts.front().map_or(0, |(_, struck)| *struck));
    }
    stop.cancel();
    worker.await.unwrap();
    let took = |wait: &Wait| Duration::try_from(wait.read.unwrap().duration_since(wait.wrote)).unwrap();
    let (ids, mut took): (Vec<_>, Vec<_>) = waits.iter().map(|wait| (wait.id, took(wait))).unzip();
    took.sort_unstable();
    Rush { ids, waits: took, requests }
}

/// Checks that every customer got everything once, and that no limit was exceeded.
async fn nothing_went_wrong(world: &World, ids: &[TicketId]) {
    all_are_settled_once(world, ids).await;
    nothing_failed(world, ids).await;
}

/// Half of the customers of a minute have their reply soon, and the last one no later than this.
async fn half_wait_a_moment(limits: RateLimits, at_last: Duration) {
    let world = World::new().await;
    world.sandbox.zendesk.set_rate_limits(limits);
    let Rush { ids, waits: took, requests } = rush(&world, long::cases(100, CUSTOMERS)).await;
    let [half, most, last] = [took.len() / 2, took.len() * 19 / 20, took.len() - 1].map(|at| took[at]);
    assert!(half <= SOON, "half of them wait for {half:?}, 95% for {most:?}, the last for {last:?}");
    assert!(last <= at_last, "95% wait for {most:?}, the last for {last:?}");
    if let Some(limit) = limits.requests_per_minute {
        assert!(requests <= limit as u64 * 80 / 100, "{requests} requests in a minute");
    }
    nothing_went_wrong(&world, &ids).await;
}

#[tokio::test]
async fn half_of_a_crowd_is_answered_in_a_moment_where_the_account_names_its_limits() {
    // Our share of a minute's requests is not enough for all 300: the rest follow in the next minute.
    half_wait_a_moment(RateLimits::ZENDESK, Duration::from_secs(90)).await;
}

#[tokio::test]
async fn half_of_a_crowd_is_answered_in_a_moment_where_the_account_names_none() {
    half_wait_a_moment(RateLimits::OFF, Duration::from_secs(15)).await;
}

#[tokio::test]
async fn people_keep_their_share_of_the_requests_while_a_crowd_is_answered() {
    let world = World::with(|settings| settings.zendesk.share_percent = 50).await;
    world.sandbox.zendesk.set_rate_limits(RateLimits::ZENDESK);
    let rush = rush(&world, long::cases(150, CUSTOMERS)).await;
    assert!(rush.requests <= 350, "{} requests in a minute where 350 are ours", rush.requests);
    assert!(rush.requests >= 300, "only {} of our 350 requests are used", rush.requests);
    nothing_went_wrong(&world, &rush.ids).await;
}

#[tokio::test]
async fn while_a_minute_is_blocked_nothing_is_sent_and_when_it_ends_all_go_on() {
    let world = World::new().await;
    world
        .sandbox
        .zendesk
        .set_rate_limits(RateLimits { requests_per_minute: Some(60), ..RateLimits::ZENDESK });
    for _ in 0..60 {
        world.admin(Method::GET, "/api/v2/macros", Value::Null).await;
    }
    let first = world.open(&world.story(STORY));
    world.step().await;
    assert!(world.journal(first).await.iter().any(|entry| matches!(entry, Entry::Deferred { .. })), "429");
    let calls = counted(&world);
    let ids = crowd(&world, 5);
    for _ in 0..11 {
        world.pass(Duration::from_secs(5));
        world.step().await;
    }
    assert_eq!(calls.struck(), 0, "the minute is blocked");
    world.pass(Duration::from_secs(5));
    world.step().await;
    assert!(ids.iter().all(|id| !world.replies(*id).is_empty()), "the next minute has begun");
    world.until_idle().await;
    nothing_went_wrong(&world, &ids).await;
}

//! Several services on one PostgreSQL ledger: each ticket is worked on by only one of them.

use std::sync::Arc;
use std::time::Duration;

use misread::config::Settings;
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::CaseState;
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::zendesk::RateLimits;
use misread::worker::Worker;

use serde_json::Value;

use super::crashes::{End, end};
use super::crowds::{all_are_settled_once, crowd, nothing_failed};
use crate::world::World;

/// The customers of all stories open their tickets.
fn open_all(world: &World) -> Vec<TicketId> {
    world.sandbox.stories.iter().map(|story| world.open(story)).collect()
}

async fn ends(world: &World, ids: &[TicketId]) -> Vec<End> {
    let mut ends = Vec::new();
    for id in ids {
        ends.push(end(world, *id).await);
    }
    ends
}

fn works(worker: &Arc<Worker>) -> tokio::task::JoinHandle<usize> {
    let worker = Arc::clone(worker);
    tokio::spawn(async move { worker.work_off().await })
}

#[tokio::test]
async fn a_payment_is_cancelled() {
    let Some(world) = World::on_postgres().await else { return };
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
    assert_eq!(world.state(id).await, CaseState::Ended);
}

#[tokio::test]
async fn what_one_service_accepts_another_works() {
    let Some(world) = World::on_postgres().await else { return };
    let replica = world.replica().await;
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.live_with(replica.service.worker()).await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
}

#[tokio::test]
async fn the_same_delivery_through_two_doors_is_taken_in_once() {
    let Some(world) = World::on_postgres().await else { return };
    let replica = world.replica().await;
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.wake(id, "start").await;
    replica.wake(id, "start").await;
    assert_eq!(world.service.store().load(id).await.unwrap().deliveries.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_services_that_work_the_same_tickets_do_each_thing_once() {
    let Some(world) = World::on_postgres().await else { return };
    let alone = World::new().await;
    let expected = {
        let ids = open_all(&alone);
        alone.until_idle().await;
        ends(&alone, &ids).await
    };
    let replica = world.replica().await;
    let ids = open_all(&world);
    world.sandbox.zendesk.deliver_webhooks().await;
    for id in &ids {
        world.wake(*id, "again").await;
        replica.wake(*id, "again").await;
    }
    for _ in 0..40 {
        let (one, other) = (works(world.service.worker()), works(replica.service.worker()));
        one.await.unwrap();
        other.await.unwrap();
        world.pass(Duration::from_secs(30));
    }
    world.until_idle().await;
    assert_eq!(ends(&world, &ids).await, expected);
}

#[tokio::test]
async fn services_on_one_ledger_share_the_accounts_limit() {
    let set = |settings: &mut Settings| {
        settings.zendesk.send_together = false;
        // Two of these would exceed the account's limit.
        settings.zendesk.updates_per_minute = 80;
    };
    let Some(world) = World::on_postgres_with(set).await else { return };
    world.sandbox.zendesk.set_rate_limits(RateLimits::ZENDESK);
    let replica = world.replica_with(set).await;
    let ids = crowd(&world, 100);
    world.sandbox.zendesk.deliver_webhooks().await;
    for _ in 0..60 {
        let (one, other) = (works(world.service.worker()), works(replica.service.worker()));
        one.await.unwrap();
        other.await.unwrap();
        world.pass(Duration::from_secs(5));
    }
    world.until_idle().await;
    all_are_settled_once(&world, &ids).await;
    nothing_failed(&world, &ids).await;
    for service in [&world, &replica] {
        let health: Value = service.readiness().await.json().await.unwrap();
        assert!(health["zendesk_limits"]["updates_per_minute"]["of"] == 100, "both wrote: {health}");
    }
}

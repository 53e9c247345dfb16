//! The service's clock is wrong.

use std::time::Duration;

use misread::ports::CaseState;

use super::PAID;
use crate::clock::ManualClock;
use crate::world::World;
use crate::world::log::Log;

#[tokio::test]
async fn a_clock_that_is_an_hour_slow_refuses_deliveries_says_how_far_it_is_off_and_recovers_when_set() {
    let log = Log::collected();
    let world = World::new().await;
    let clock = ManualClock::at("2026-11-20T04:00:00Z");
    let slow = world.with_another_clock(clock.clone()).await;
    let id = slow.open(&slow.story(PAID));
    let answer = slow.post(id, "start", world.now()).await;
    assert_eq!(answer.status(), 401);
    let told = log.line("delivery refused")["reason"].as_str().unwrap().to_owned();
    assert!(told.contains("3600 s away from this service's clock") && told.contains("both clocks"), "{told}");
    clock.advance(Duration::from_hours(1));
    assert_eq!(slow.post(id, "start", world.now()).await.status(), 200);
    slow.live().await;
    assert_eq!(slow.state(id).await, CaseState::Ended);
}

#[tokio::test]
async fn a_clock_that_is_a_few_minutes_fast_is_told_by_both_neighbours_and_does_no_harm() {
    let log = Log::collected();
    let world = World::new().await;
    let fast = world.with_another_clock(ManualClock::at("2026-11-20T05:04:00Z")).await;
    let id = fast.open(&fast.story(PAID));
    assert_eq!(fast.post(id, "start", world.now()).await.status(), 200);
    fast.step().await;
    assert_eq!((fast.replies(id).len(), fast.notes(id).len()), (1, 1));
    let told = log.lines("its clock and ours differ");
    let neighbours: Vec<&str> = told.iter().map(|line| line["neighbour"].as_str().unwrap()).collect();
    assert_eq!(neighbours, ["zendesk", "parking"], "each once an hour");
    assert!(told.iter().all(|line| line["ahead_seconds"] == -240), "{told:#?}");
}

//! The service's clock is wrong.

use std::time::Duration;

use misread::ports::CaseState;
use serde_json::{Value, json};

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
    slow.until_idle().await;
    assert_eq!(slow.state(id).await, CaseState::Ended);
}

#[tokio::test]
async fn a_clock_that_is_minutes_from_zendesks_does_nothing_says_so_and_goes_on_when_they_agree() {
    let log = Log::collected();
    let world = World::new().await;
    let fast = world.with_another_clock(ManualClock::at("2026-11-20T05:04:00Z")).await;
    let id = fast.open(&fast.story(PAID));
    assert_eq!(fast.post(id, "start", world.now()).await.status(), 200);
    // The first response gives the time, and the case is released; it is not claimed again.
    fast.step().await;
    fast.step().await;
    assert_eq!((fast.replies(id).len(), fast.notes(id).len(), fast.actions(id).len()), (0, 0, 0));
    assert_eq!(fast.state(id).await, CaseState::Active);
    let answer = fast.readiness().await;
    assert_eq!(answer.status(), 503);
    let health: Value = answer.json().await.unwrap();
    assert_eq!(health["clocks"]["standing"], "apart: no work is taken", "{health}");
    assert_eq!(health["clocks"]["zendesk_ahead_seconds"], -239.0, "{health}");
    assert_eq!(health["worker"], "ok", "{health}");
    fast.service.clock_watch().look().await;
    fast.service.clock_watch().look().await;
    let told = log.line("clocks are apart");
    assert_eq!((&told["level"], &told["clock"]), (&json!("ERROR"), &json!("zendesk")), "{told}");
    world.pass(Duration::from_mins(4));
    fast.service.clock_watch().look().await;
    assert_eq!(log.lines("clocks agree again").len(), 1);
    assert_eq!(fast.readiness().await.status(), 200);
    fast.until_idle().await;
    assert_eq!((fast.replies(id).len(), fast.notes(id).len()), (1, 1));
}

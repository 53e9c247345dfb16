//! Long outages of other systems: deliveries are acknowledged, the log reports them, and everything ends right
//! afterwards without a restart.

mod clocks;
mod database;
mod parking;
mod zendesk;

use std::ops::Range;
use std::time::Duration;

use misread::domain::ids::TicketId;
use misread::ports::CaseState;
use misread::sandbox::zendesk::InvocationStatus;
use serde_json::Value;

use super::crashes::end;
use crate::world::World;

/// A customer whose payment is cancelled.
const PAID: &str = "결제 완료, 소유인증 완료";
/// Customers who do not require a person, one for every ten minutes of an hour.
const TITLES: [&str; 6] = [
    PAID,
    "직영 주차장 미수",
    "제휴 주차장 이용 중",
    "이용 건을 찾지 못함",
    "고객이 이미 앱에서 취소한 건",
    "주차장 이름이 왜 안 보이나요?",
];

/// A ticket and its story.
type Opened = (TicketId, &'static str);

/// Runs the world minute by minute. Every ten minutes a customer opens a ticket, which then waits. Returns the tickets.
async fn minutes(world: &World, minutes: Range<usize>) -> Vec<Opened> {
    let mut opened = Vec::new();
    for minute in minutes {
        if minute % 10 == 0 {
            let title = TITLES[minute / 10];
            opened.push((world.open(&world.story(title)), title));
        }
        world.step().await;
        world.pass(Duration::from_mins(1));
    }
    let sent = world.sandbox.zendesk.invocations();
    assert!(sent.iter().all(|sent| sent.status == InvocationStatus::Delivered), "each was answered 200");
    for (id, title) in &opened {
        assert_eq!(world.state(*id).await, CaseState::Active, "{title} waits, and is not stuck");
        assert_eq!((world.replies(*id).len(), world.notes(*id).len()), (0, 0), "{title}");
    }
    opened
}

/// Checks that every ticket ends as in a world without outages.
async fn end_as_ever(world: &World, opened: &[Opened]) {
    world.until_idle().await;
    let undisturbed = World::new().await;
    for (id, title) in opened {
        let same = undisturbed.open(&undisturbed.story(title));
        undisturbed.until_idle().await;
        assert_eq!(end(world, *id).await, end(&undisturbed, same).await, "{title}");
    }
}

/// The response of readiness.
async fn ready(world: &World) -> (u16, Value) {
    let answer = world.readiness().await;
    (answer.status().as_u16(), answer.json().await.unwrap())
}

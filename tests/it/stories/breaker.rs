//! An unusual hour: every row is only prepared until a person closes the breaker.

use std::sync::Arc;

use misread::app::open_ledger;
use misread::config::{LimitSettings, Settings};
use misread::domain::case::{Ending, Entry};
use misread::domain::ids::TicketId;
use misread::domain::limits::{Event, Measure};
use misread::domain::parking::{ParkingUse, UseStatus};
use misread::ports::{CaseState, Ledger};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::log::Log;

const PAID: &str = "결제 완료, 소유인증 완료";
/// The customer is first asked for their identity.
const ASKED: &str = "본인 확인이 안 된 문의자";
/// It is handed over to agents at once.
const HANDED_OVER: &str = "이용 건을 찾지 못함";

async fn ledger(world: &World) -> Arc<dyn Ledger> {
    open_ledger(&world.ledger()).await.unwrap()
}

/// The same use is charged once more, and its customer writes again.
async fn charged_again(world: &World) -> TicketId {
    let story = world.story(PAID);
    let charge = |paid: &mut ParkingUse| paid.status = UseStatus::Completed;
    world.sandbox.parking.alter_use(&story.uses[0].id, charge).unwrap();
    let id = world.open(&story);
    world.until_idle().await;
    id
}

/// Checks that nothing was done or said, and that an agent may release the prepared reply.
async fn is_only_prepared(world: &World, id: TicketId) {
    assert_eq!((world.actions(id), world.replies(id)), (vec![], vec![]));
    assert_eq!(world.state(id).await, CaseState::Waiting);
    let note = world.notes(id).pop().unwrap();
    assert!(note.contains("처리 준비 (승인 대기)") && note.contains("자동 처리 중지"), "{note}");
    assert!(world.ticket(id).fields.tags.contains("misread_prepared"));
    let restrained = |entry: &Entry| matches!(entry, Entry::Restrained { .. });
    assert_eq!(world.journal(id).await.iter().filter(|entry| restrained(entry)).count(), 1);
}

async fn told(world: &World) -> Value {
    let readiness = world.readiness().await;
    assert_eq!(readiness.status(), 200, "deliveries are taken while the breaker is open");
    readiness.json::<Value>().await.unwrap()["breaker"].clone()
}

async fn an_hour_with_too_much_money(world: World) {
    let first = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!(world.actions(first), [Refund, Inspection]);
    assert_eq!(told(&world).await, json!("closed"));

    let log = Log::collected();
    let second = charged_again(&world).await;
    is_only_prepared(&world, second).await;
    let error = log.line("the breaker is open: every row is only prepared");
    assert_eq!((&error["level"], &error["measure"]), (&json!("ERROR"), &json!("won")), "{error}");
    drop(log);
    let breaker = told(&world).await;
    assert_eq!((&breaker["measure"], &breaker["passes"]), (&json!("won"), &json!(10_000)), "{breaker}");

    // This holds for every row: a question is not sent either, and a hand-over stays with the agents.
    let asked = world.open(&world.story(ASKED));
    let handed_over = world.open(&world.story(HANDED_OVER));
    world.until_idle().await;
    is_only_prepared(&world, asked).await;
    assert_eq!(world.ending(handed_over).await, Ending::HandedOver);

    // An agent may release the prepared reply: a person has then seen it.
    world.agent_tags(second, "misread_release").await;
    world.until_idle().await;
    assert_eq!(world.actions(second), [Refund, Inspection]);
    assert_eq!(world.replies(second).len(), 1);

    // The breaker does not close with time.
    for _ in 0..6 {
        world.hours_later(5).await;
    }
    let later = charged_again(&world).await;
    is_only_prepared(&world, later).await;

    let ledger = ledger(&world).await;
    let trip = ledger.lift(world.now(), "운영 담당 이하나", Some("시험")).await.unwrap().unwrap();
    assert_eq!(trip.measure, Measure::Won);
    assert_eq!(ledger.lift(world.now(), "운영 담당 이하나", None).await.unwrap(), None, "lifted already");
    let latest = ledger.breaker().await.unwrap().unwrap();
    let by = |event: &Event| matches!(event, Event::Lifted { by, .. } if by == "운영 담당 이하나");
    assert!(by(&latest.event), "{latest:?}");
    let events = ledger.breaker_events(10).await.unwrap();
    assert!(
        matches!(events.as_slice(), [lifted, tripped] if *lifted == latest && tripped.open() == Some(&trip))
    );
    assert_eq!(ledger.breaker_events(1).await.unwrap(), [latest]);
    assert_eq!(told(&world).await, json!("closed"));
    let free = charged_again(&world).await;
    assert_eq!(world.actions(free), [Refund, Inspection]);
    // What is moved from then on counts, however soon it is moved.
    let too_much = charged_again(&world).await;
    is_only_prepared(&world, too_much).await;
}

/// Allows one refund within an hour.
fn one_refund(settings: &mut Settings) {
    settings.limits = LimitSettings { breaker_from_won: 10_000, ..settings.limits.clone() };
}

#[tokio::test]
async fn an_hour_with_too_much_money_leaves_everything_to_people_until_one_lifts_it() {
    an_hour_with_too_much_money(World::with(one_refund).await).await;
}

#[tokio::test]
async fn an_hour_with_too_much_money_leaves_everything_to_people_until_one_lifts_it_on_postgres() {
    if let Some(world) = World::on_postgres_with(one_refund).await {
        an_hour_with_too_much_money(world).await;
    }
}

#[tokio::test]
async fn an_hour_in_which_everything_is_handed_over_opens_the_breaker() {
    let world = World::with(|settings| settings.limits.breaker_from_hand_overs = 1).await;
    for _ in 0..2 {
        world.open(&world.story(HANDED_OVER));
    }
    world.until_idle().await;
    assert_eq!(told(&world).await, json!("closed"), "what opens it is the next that would go out");
    let next = world.open(&world.story(PAID));
    world.until_idle().await;
    is_only_prepared(&world, next).await;
    assert_eq!(told(&world).await["measure"], "hand_overs");

    // Movements that a person has looked at do not count any more, though the hour is not over.
    ledger(&world).await.lift(world.now(), "운영 담당 이하나", None).await.unwrap();
    let free = charged_again(&world).await;
    assert_eq!(world.actions(free), [Refund, Inspection]);
}

#[tokio::test]
async fn an_hour_in_which_the_parking_system_refuses_opens_the_breaker() {
    let world = World::with(|settings| settings.limits.breaker_from_refusals = 1).await;
    let refused = Fault::Status {
        status: 422,
        retry_after: None,
        body: r#"{"error":"not_possible","message":"not now"}"#.to_owned(),
    };
    world.sandbox.parking.faults().inject(FaultRule::once("POST", "/refund", refused).times(2));
    for _ in 0..2 {
        charged_again(&world).await;
    }
    let next = charged_again(&world).await;
    is_only_prepared(&world, next).await;
    assert_eq!(told(&world).await["measure"], "refusals");
}

#[tokio::test]
async fn what_is_usual_lets_an_hour_have_more() {
    let world = World::with(|settings| {
        one_refund(settings);
        settings.limits.breaker_factor = 1000;
    })
    .await;
    let first = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!(world.actions(first), [Refund, Inspection]);
    world.hours_later(2).await;
    for _ in 0..2 {
        let id = charged_again(&world).await;
        assert_eq!(
            world.actions(id),
            [Refund, Inspection],
            "24 hours with one refund allow 1000 of its part"
        );
    }
}

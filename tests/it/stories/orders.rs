//! Orders of operations by the command line: retry and hand-over.

use misread::domain::case::{Ending, Entry, Order, OrderKind, Rest};
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::CaseState;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::worker::upkeep::order;

use crate::world::World;

const PAID: &str = "결제 완료, 소유인증 완료";
const STRANGER: &str = "본인 확인이 안 된 문의자";

async fn ordered(world: &World, id: TicketId, what: OrderKind) {
    let by = "민지".to_owned();
    order(world.service.store().as_ref(), id, Order { what, by, reason: None }, world.now()).await.unwrap();
    world.until_idle().await;
}

/// A world without its parking system, and a case that is stuck because of it.
async fn stuck() -> (World, TicketId) {
    let world = World::with(|settings| settings.retry.attempts = 3).await;
    world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!(world.state(id).await, CaseState::Stuck);
    (world, id)
}

fn refused_note() -> FaultRule {
    let body = r#"{"error":"RecordInvalid","description":"Record validation errors"}"#.to_owned();
    FaultRule::once("PUT", "/tickets/", Fault::Status { status: 422, retry_after: None, body })
}

#[tokio::test]
async fn a_stuck_case_goes_on_where_it_stopped_and_the_journal_says_who_wanted_it() {
    let (world, id) = stuck().await;
    world.sandbox.parking.faults().clear();
    ordered(&world, id, OrderKind::Retry).await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!(world.ending(id).await, Ending::Settled);
    let journal = world.journal(id).await;
    let orders = journal.iter().filter_map(|entry| match entry {
        Entry::Ordered { order, .. } => Some(order.by.as_str()),
        _ => None,
    });
    assert_eq!(orders.collect::<Vec<_>>(), ["민지"]);
}

#[tokio::test]
async fn an_order_that_comes_too_early_leaves_the_case_stuck_with_its_reason() {
    let (world, id) = stuck().await;
    ordered(&world, id, OrderKind::Retry).await;
    assert_eq!(world.state(id).await, CaseState::Stuck);
    assert!(
        matches!(world.case(id).await.rest, Some(Rest::Stuck(reason)) if reason.to_string().contains("503"))
    );
}

#[tokio::test]
async fn a_note_that_zendesk_refused_is_written_when_a_person_orders_another_try() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    // The reply is written, but not what follows it.
    world.sandbox.zendesk.faults().inject(refused_note().skip(1));
    world.until_idle().await;
    assert_eq!(world.state(id).await, CaseState::Stuck);
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1), "people are told that it is stuck");
    world.wake(id, "again").await;
    world.until_idle().await;
    assert_eq!(world.state(id).await, CaseState::Stuck, "a delivery alone does not repeat what was refused");

    ordered(&world, id, OrderKind::Retry).await;
    assert_eq!(world.ending(id).await, Ending::Settled);
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 2));
    assert_eq!(world.actions(id), [Refund, Inspection]);
}

#[tokio::test]
async fn a_paused_case_is_tried_at_once() {
    let world = World::new().await;
    world.sandbox.parking.faults().inject(FaultRule::once("GET", "/uses", Fault::unavailable(Some(3_000))));
    let id = world.open(&world.story(PAID));
    world.step().await;
    assert_eq!(world.state(id).await, CaseState::Active);
    let began = world.now();
    ordered(&world, id, OrderKind::Retry).await;
    assert_eq!(world.ending(id).await, Ending::Settled);
    assert!(world.now().duration_since(began).as_secs() < 60);
}

#[tokio::test]
async fn a_stuck_case_that_is_handed_over_reaches_the_agents_with_all_that_is_known() {
    let (world, id) = stuck().await;
    ordered(&world, id, OrderKind::HandOver).await;
    assert_eq!(world.ending(id).await, Ending::HandedOver);
    assert_eq!(world.stands(id, "misread_handed_over"), (TicketStatus::Open, true));
    assert_eq!(world.ticket(id).fields.group_id, Some(ACCOUNT.agents_group));
    let [_, note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("민지") && note.contains("503") && note.contains("처리한 내용 없음"), "{note}");
    assert_eq!((world.actions(id).len(), world.replies(id).len()), (0, 0));

    world.sandbox.parking.faults().clear();
    ordered(&world, id, OrderKind::Retry).await;
    assert_eq!((world.ending(id).await, world.actions(id).len()), (Ending::HandedOver, 0));
}

#[tokio::test]
async fn a_case_stuck_after_the_money_moved_is_handed_over_with_the_receipts() {
    let world = World::with(|settings| settings.retry.attempts = 3).await;
    world.sandbox.parking.faults().inject(FaultRule::always("/inspection", Fault::unavailable(None)));
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!((world.state(id).await, world.actions(id)), (CaseState::Stuck, vec![Refund]));
    ordered(&world, id, OrderKind::HandOver).await;
    let [_, note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("결제취소: 완료 (접수번호") && note.contains("결과 미확인"), "{note}");
    assert_eq!(world.ending(id).await, Ending::HandedOver);
    world.sandbox.parking.faults().clear();
    world.hours_later(24).await;
    assert_eq!((world.actions(id), world.replies(id).len()), (vec![Refund], 0), "it is the agents' now");
}

#[tokio::test]
async fn a_case_that_waits_for_its_customer_can_be_handed_over_and_no_longer_listens() {
    let (world, id) = World::opened(STRANGER).await;
    assert_eq!(world.state(id).await, CaseState::Waiting);
    ordered(&world, id, OrderKind::HandOver).await;
    assert_eq!(world.ending(id).await, Ending::HandedOver);
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 2));
    assert!(!world.stands(id, "misread_waiting").1);
    world.customer_says(id, "네 맞아요").await;
    world.hours_later(100).await;
    assert_eq!((world.actions(id).len(), world.replies(id).len(), world.notes(id).len()), (0, 1, 2));
}

#[tokio::test]
async fn what_has_ended_is_not_taken_up_for_an_order() {
    let (world, id) = World::opened(PAID).await;
    let before = world.ticket(id);
    ordered(&world, id, OrderKind::HandOver).await;
    ordered(&world, id, OrderKind::Retry).await;
    assert_eq!((world.ticket(id), world.ending(id).await), (before, Ending::Settled));
}

#[tokio::test]
async fn no_webhook_can_give_an_order() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world.wake(id, "hand_over").await;
    world.until_idle().await;
    assert_eq!(world.ending(id).await, Ending::Settled);
    assert!(!world.journal(id).await.iter().any(|entry| matches!(entry, Entry::Ordered { .. })));
}

//! A restored backup: a question asked since then is found in the ticket and continued; actions since then are left to
//! people, and nothing is done twice.

use std::sync::Arc;
use std::time::Duration;

use misread::domain::case::{Ending, Entry};
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::CaseState;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::AgentUpdate;
use tempfile::TempDir;

use crate::world::World;

const STRANGER: &str = "본인 확인이 안 된 문의자";
const PAID: &str = "결제 완료, 소유인증 완료";
const YES: &str = "네, 본인 맞습니다";

/// A world whose service has written before, so that a backup holds the sealing keys of its markers.
async fn in_use() -> World {
    let (world, _) = World::opened("직영 주차장 미수").await;
    world
}

/// A backup of the time when only the webhook had arrived; the question was asked after it.
async fn asked_after_an_empty_backup() -> (World, TicketId, Arc<TempDir>) {
    let world = in_use().await;
    let id = world.open(&world.story(STRANGER));
    world.sandbox.zendesk.deliver_webhooks().await;
    let backup = world.backup().await;
    world.until_idle().await;
    assert_eq!(world.replies(id).len(), 1);
    (world, id, backup)
}

/// A backup of the time when this fault affected the question; it was asked later, and the customer has answered.
async fn asked_after_the_backup(fault: Fault) -> (World, TicketId) {
    let world = World::new().await;
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", fault));
    let id = world.open(&world.story(STRANGER));
    world.step().await;
    let backup = world.backup().await;
    world.until_idle().await;
    assert_eq!(world.replies(id).len(), 1);
    let world = Box::pin(answered_and_restored(world, id, backup)).await;
    (world, id)
}

async fn answered_and_restored(world: World, id: TicketId, backup: Arc<TempDir>) -> World {
    world.pass(Duration::from_mins(10));
    world.sandbox.zendesk.customer_comments(id, YES).unwrap();
    let world = world.restored(backup).await;
    world.wake(id, "customer_answered").await;
    world.until_idle().await;
    world
}

async fn is_settled_once(world: &World, id: TicketId) {
    assert_eq!(world.ending(id).await, Ending::Settled, "{:#?}", world.journal(id).await);
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (2, 2), "{:?}", world.notes(id));
}

/// Checks that agents have the ticket, with a note that says why.
async fn is_left_to_people(world: &World, id: TicketId) {
    let journal = world.journal(id).await;
    let told: Vec<String> = journal.iter().map(ToString::to_string).collect();
    assert!(world.notes(id).last().unwrap().contains("장부에는 없습니다"), "{told:#?}");
    assert_eq!(world.ending(id).await, Ending::SteppedBack);
}

#[tokio::test]
async fn a_backup_that_may_know_of_the_question_finds_it_and_its_answer_in_the_ticket() {
    let (world, id) = asked_after_the_backup(Fault::AnswerLost).await;
    is_settled_once(&world, id).await;
}

#[tokio::test]
async fn a_backup_that_does_not_know_of_the_question_takes_it_and_its_answer_up_from_the_ticket() {
    let (world, id) = asked_after_the_backup(Fault::too_many_requests(60)).await;
    is_settled_once(&world, id).await;
    let recalled = |entry: &Entry| matches!(entry, Entry::Recalled { .. });
    assert_eq!(world.journal(id).await.iter().filter(|entry| recalled(entry)).count(), 2, "text and note");
}

#[tokio::test]
async fn a_backup_that_knows_of_nothing_but_the_webhook_takes_the_question_up() {
    let (world, id, backup) = asked_after_an_empty_backup().await;
    let world = Box::pin(answered_and_restored(world, id, backup)).await;
    is_settled_once(&world, id).await;
}

#[tokio::test]
async fn a_question_that_is_not_answered_yet_is_not_asked_again_and_waited_for_as_before() {
    let (world, id, backup) = asked_after_an_empty_backup().await;
    let asked_at = world.now();
    world.pass(Duration::from_hours(3));
    let world = world.restored(backup).await;
    world.until_idle().await;
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
    assert_eq!(world.state(id).await, CaseState::Waiting);
    let waits = world.case(id).await.talk.waiting_since.unwrap();
    assert!(asked_at.duration_since(waits).as_secs() < 60, "the reminder is due a day after the question");
    world.pass(Duration::from_mins(10));
    world.sandbox.zendesk.customer_comments(id, YES).unwrap();
    world.wake(id, "customer_answered").await;
    world.until_idle().await;
    is_settled_once(&world, id).await;
}

#[tokio::test]
async fn a_question_its_reminder_and_the_answer_are_taken_up_in_their_order() {
    let (world, id, backup) = asked_after_an_empty_backup().await;
    world.hours_later(25).await;
    assert_eq!(world.replies(id).len(), 2, "reminded");
    let world = Box::pin(answered_and_restored(world, id, backup)).await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (3, 3), "{:?}", world.notes(id));
    assert_eq!(world.ending(id).await, Ending::Settled);
}

#[tokio::test]
async fn a_question_that_was_asked_twice_is_taken_up_twice() {
    let (world, id, backup) = asked_after_an_empty_backup().await;
    world.customer_says(id, "글쎄요 잘 모르겠는데요").await;
    assert_eq!((world.replies(id).len(), world.state(id).await), (2, CaseState::Waiting));
    let world = Box::pin(answered_and_restored(world, id, backup)).await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (3, 3), "{:?}", world.notes(id));
}

#[tokio::test]
async fn a_backup_from_before_the_answer_neither_asks_nor_acts_twice() {
    let (world, id) = World::opened(STRANGER).await;
    let backup = world.backup().await;
    world.customer_says(id, YES).await;
    let (replies, actions) = (world.replies(id), world.actions(id));
    assert_eq!((replies.len(), actions.as_slice()), (2, [Refund, Inspection].as_slice()));
    let world = world.restored(backup).await;
    world.customer_says(id, "감사합니다. 그런데 언제 환불되나요?").await;
    world.wake(id, "customer_answered").await;
    world.until_idle().await;
    assert_eq!((world.replies(id), world.actions(id)), (replies, actions));
    is_left_to_people(&world, id).await;
    assert_eq!(world.ticket(id).fields.group_id, Some(ACCOUNT.agents_group));
}

#[tokio::test]
async fn what_was_settled_since_an_empty_backup_is_not_settled_again() {
    for story in [STRANGER, PAID] {
        let world = in_use().await;
        let id = world.open(&world.story(story));
        world.sandbox.zendesk.deliver_webhooks().await;
        let backup = world.backup().await;
        world.until_idle().await;
        if story == STRANGER {
            world.customer_says(id, YES).await;
        }
        let (replies, actions) = (world.replies(id), world.actions(id));
        assert_eq!(actions, [Refund, Inspection], "{story}");
        world.pass(Duration::from_mins(10));
        let open = AgentUpdate {
            remove_tags: vec!["misread_done".into()],
            ..AgentUpdate::status(TicketStatus::Open)
        };
        world.sandbox.zendesk.automation_changes(id, "다시 열기", open).unwrap();
        let world = world.restored(backup).await;
        world.until_idle().await;
        assert_eq!((world.replies(id), world.actions(id)), (replies, actions), "{story}");
        is_left_to_people(&world, id).await;
    }
}

#[tokio::test]
async fn what_was_handed_to_people_by_a_note_since_the_backup_stays_with_them() {
    let (world, id, backup) = asked_after_an_empty_backup().await;
    world.customer_says(id, "네, 본인이 맞는데 변호사와 상의하고 소송하겠습니다").await;
    assert_eq!(world.ending(id).await, Ending::HandedOver);
    let untag = AgentUpdate { remove_tags: vec!["misread_handed_over".into()], ..AgentUpdate::default() };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, untag).unwrap();
    let world = world.restored(backup).await;
    world.until_idle().await;
    assert_eq!((world.replies(id).len(), world.actions(id)), (1, vec![]));
    assert_eq!(world.ending(id).await, Ending::SteppedBack);
}

#[tokio::test]
async fn an_agent_who_took_the_ticket_after_the_question_has_it() {
    let (world, id, backup) = asked_after_an_empty_backup().await;
    world.pass(Duration::from_mins(5));
    let takes = AgentUpdate { assignee_id: Some(ACCOUNT.agent), ..AgentUpdate::default() };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, takes).unwrap();
    let world = Box::pin(answered_and_restored(world, id, backup)).await;
    assert_eq!((world.replies(id).len(), world.actions(id)), (1, vec![]));
    assert_eq!(world.ending(id).await, Ending::SteppedBack);
}

//! Events within one second: Zendesk's times do not order them, the numbers of its audits do.

use std::time::Duration;

use misread::domain::case::{Awaited, Case, Ending, Entry, Occasion, Step, Waiting, next};
use misread::domain::ids::TicketId;
use misread::domain::ticket::{ChangeAuthor, TicketChange, TicketStatus};
use misread::ports::CaseState;
use misread::sandbox::parking::ActionKind::{Inspection, OperatorMakeGood, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::AgentUpdate;

use crate::world::World;
use crate::world::crossing::{Acting, Crossing};

const PAID: &str = "결제 완료, 소유인증 완료";
const AIRPORT: &str = "인천공항 결제 완료";
const ANSWER: &str = "고객님, 제가 확인해 드리겠습니다.";

/// An agent answers the customer, in the same second of the world's clock.
fn agent_answers(world: &World, id: TicketId) -> impl FnOnce() + Send + use<> {
    let sandbox = world.sandbox.clone();
    move || sandbox.zendesk.agent_comments(id, ACCOUNT.agent, ANSWER, true).unwrap()
}

/// An agent gives the ticket back, some seconds later on the world's clock.
fn agent_gives_back(world: &World, id: TicketId, seconds: u64) -> impl FnOnce() + Send + use<> {
    let (clock, sandbox) = (world.clock.clone(), world.sandbox.clone());
    move || {
        clock.advance(Duration::from_secs(seconds));
        let tag = AgentUpdate::tags(&["misread_airport_called"]);
        sandbox.zendesk.agent_changes(id, ACCOUNT.agent, tag).unwrap();
    }
}

async fn is_left_to_the_agent(world: &World, id: TicketId) {
    assert_eq!(world.replies(id), [""; 0]);
    assert_eq!(world.ending(id).await, Ending::SteppedBack);
    assert!(world.notes(id).last().unwrap().contains("자동 처리 중단"), "{:?}", world.notes(id));
}

#[tokio::test]
async fn an_agent_who_answers_in_the_second_in_which_the_service_read_finds_no_money_moved() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    let answers = agent_answers(&world, id);
    let worker = world.worker_with(|parts| parts.desk = Crossing::after_reads(parts.desk.clone(), answers));
    world.live_with(&worker).await;
    assert_eq!(world.actions(id), []);
    is_left_to_the_agent(&world, id).await;
}

#[tokio::test]
async fn an_agent_who_answers_in_the_second_of_the_refund_is_not_talked_over() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    let answers = agent_answers(&world, id);
    let worker = world.worker_with(|parts| parts.parking = Acting::then(parts.parking.clone(), answers));
    world.live_with(&worker).await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    is_left_to_the_agent(&world, id).await;
    assert!(world.notes(id)[0].contains("결제취소: 완료"), "{:?}", world.notes(id));
}

#[tokio::test]
async fn a_ticket_that_an_agent_puts_to_wait_between_the_first_two_reads_is_theirs() {
    for seconds in [0, 2] {
        let world = World::new().await;
        let id = world.open(&world.story(PAID));
        let (clock, sandbox) = (world.clock.clone(), world.sandbox.clone());
        let takes = move || {
            clock.advance(Duration::from_secs(seconds));
            let pending = AgentUpdate::status(TicketStatus::Pending);
            sandbox.zendesk.agent_changes(id, ACCOUNT.agent, pending).unwrap();
        };
        let worker =
            world.worker_with(|parts| parts.desk = Crossing::between_reads(parts.desk.clone(), takes));
        world.live_with(&worker).await;
        assert_eq!(world.actions(id), [], "{seconds} s");
        is_left_to_the_agent(&world, id).await;
    }
}

#[tokio::test]
async fn a_give_back_between_the_reads_of_ticket_and_changes_is_taken() {
    for seconds in [0, 2] {
        let (world, id) = World::opened(AIRPORT).await;
        world.pass(Duration::from_mins(10));
        world.sandbox.zendesk.customer_comments(id, "언제쯤 되나요?").unwrap();
        world.wake(id, "by hand").await;
        let gives_back = agent_gives_back(&world, id, seconds);
        let worker =
            world.worker_with(|parts| parts.desk = Crossing::between_reads(parts.desk.clone(), gives_back));
        world.live_with(&worker).await;
        assert_eq!(world.actions(id), [Refund, OperatorMakeGood, Inspection], "{seconds} s");
        assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true), "{seconds} s");
    }
}

#[tokio::test]
async fn an_agent_who_answers_after_the_give_back_was_read_and_before_the_refund_has_the_ticket() {
    let (world, id) = World::opened(AIRPORT).await;
    let (replies, answers) = (world.replies(id), agent_answers(&world, id));
    let worker = world.worker_with(|parts| parts.desk = Crossing::after_reads(parts.desk.clone(), answers));
    world.pass(Duration::from_mins(10));
    agent_gives_back(&world, id, 0)();
    world.live_with(&worker).await;
    assert_eq!((world.actions(id), world.replies(id)), (vec![], replies));
    assert_eq!(world.ending(id).await, Ending::SteppedBack);
}

#[tokio::test]
async fn an_agent_who_gives_back_and_then_answers_the_customer_has_the_ticket() {
    let (world, id) = World::opened(AIRPORT).await;
    let replies = world.replies(id);
    world.pass(Duration::from_mins(10));
    agent_gives_back(&world, id, 0)();
    agent_answers(&world, id)();
    world.until_idle().await;
    assert_eq!((world.actions(id), world.replies(id)), (vec![], replies));
    assert_eq!(world.ending(id).await, Ending::SteppedBack);
}

#[tokio::test]
async fn an_agent_who_gives_back_and_then_takes_a_note_has_only_taken_a_note() {
    let (world, id) = World::opened(AIRPORT).await;
    world.pass(Duration::from_mins(10));
    agent_gives_back(&world, id, 0)();
    world.sandbox.zendesk.agent_comments(id, ACCOUNT.agent, "공항 담당자와 통화했습니다.", false).unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, OperatorMakeGood, Inspection]);
    assert_eq!(world.state(id).await, CaseState::Ended);
}

#[tokio::test]
async fn a_give_back_in_the_second_of_the_interim_reply_is_taken_once() {
    let world = World::new().await;
    let id = world.open(&world.story(AIRPORT));
    let gives_back = agent_gives_back(&world, id, 0);
    let worker = world.worker_with(|parts| parts.desk = Crossing::after(1, parts.desk.clone(), gives_back));
    world.live_with(&worker).await;
    assert_eq!(world.actions(id), [Refund, OperatorMakeGood, Inspection]);
    world.pass(Duration::from_mins(10));
    let again = AgentUpdate::tags(&["misread_airport_called"]);
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, again).unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id).len(), 3);
    assert_eq!(world.replies(id).len(), 2);
}

#[tokio::test]
async fn a_give_back_is_found_where_neither_the_marker_nor_the_number_of_our_audit_is_known() {
    let (world, id) = World::opened(AIRPORT).await;
    let began = Step::Record(Entry::TurnBegan { occasion: Occasion::GivenBack, audit_id: Some(i64::MAX) });
    let changes = history_with_a_tag(&world, id, |change| {
        (change.marker, change.sealed) = (None, None);
    })
    .await;
    let forgets = |entry: &mut Entry| {
        if let Entry::Written { audit_id, .. } = entry {
            *audit_id = None;
        }
    };
    let mut case = seen_with(&world, id, forgets, &changes).await;
    let playbook = world.service.worker().parts().playbook.get();
    assert_eq!(next(&case, &playbook), began);
    // The same give-back with the tag still set: nothing new.
    let Step::Record(entry) = began else { unreachable!() };
    case.apply(world.now(), &entry);
    let waiting = Waiting { awaited: Awaited::GiveBack, until: None, last: false };
    case.apply(world.now(), &Entry::Waiting(waiting));
    looks(&mut case, &world, id, &changes).await;
    assert_eq!(next(&case, &playbook), Step::Record(Entry::NothingNew));
}

/// The history so far with a change, and a tag that an agent has just set.
async fn history_with_a_tag(
    world: &World,
    id: TicketId,
    change: impl Fn(&mut TicketChange),
) -> Vec<TicketChange> {
    let mut changes = world.service.worker().parts().desk.changes(id, 1).await.unwrap();
    changes.iter_mut().for_each(change);
    let last = changes.last().unwrap().clone();
    let tagged = TicketChange {
        audit_id: i64::MAX,
        author: ChangeAuthor::Other { user_id: ACCOUNT.agent },
        in_interface: true,
        added_tags: vec!["misread_airport_called".to_owned()],
        sealed: None,
        service_user: None,
        ..last
    };
    changes.push(tagged);
    changes
}

/// The case by its changed journal, after it has read these changes.
async fn seen_with(
    world: &World,
    id: TicketId,
    alter: impl Fn(&mut Entry),
    changes: &[TicketChange],
) -> Case {
    let mut journal = world.journal(id).await;
    journal.iter_mut().for_each(alter);
    let mut case = Case::fold(id, journal.iter().map(|entry| (world.now(), entry)));
    looks(&mut case, world, id, changes).await;
    case
}

async fn looks(case: &mut Case, world: &World, id: TicketId, changes: &[TicketChange]) {
    let journal = world.journal(id).await;
    let ticket = journal.iter().rfind(|entry| matches!(entry, Entry::TicketRead { .. })).unwrap();
    let woken = Entry::Woken { delivery: 9, kind: "given_back".into(), received_at: None };
    let read = Entry::ChangesRead { changes: changes.to_vec(), held: None };
    for entry in [&woken, ticket, &read] {
        case.apply(world.now(), entry);
    }
}

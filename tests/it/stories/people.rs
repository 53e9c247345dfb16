//! People on the same ticket: the service steps back, ends quietly, or hands over; it never works against them.

use std::time::Duration;

use misread::domain::case::Ending;
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::CaseState;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AgentUpdate, Role};

use crate::world::World;

const PAID: &str = "결제 완료, 소유인증 완료";

/// A world in which the money has moved and the reply is delayed for a minute.
async fn refunded_and_about_to_reply() -> (World, TicketId) {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::too_many_requests(60)));
    world.step().await;
    world.pass(Duration::from_secs(5));
    (world, id)
}

#[tokio::test]
async fn whom_asking_makes_no_sense_for_is_left_to_a_person_at_once() {
    for why in ["직원", "정지된", "요청자가 바뀜"] {
        let world = World::new().await;
        let story = world.story("본인 확인이 안 된 문의자");
        let (zendesk, customer) = (&world.sandbox.zendesk, story.customer.id);
        let id = world.open(&story);
        match why {
            "직원" => zendesk.alter_user(customer, |user| user.role = Role::Agent).unwrap(),
            "정지된" => zendesk.alter_user(customer, |user| user.profile.suspended = true).unwrap(),
            _ => {
                let another = Some(world.story(PAID).customer.id);
                let changed = AgentUpdate { requester_id: another, ..AgentUpdate::default() };
                zendesk.agent_changes(id, ACCOUNT.agent, changed).unwrap();
            }
        }
        world.until_idle().await;
        assert_eq!((world.actions(id).len(), world.replies(id).len()), (0, 0), "{why}");
        let [note] = world.notes(id).try_into().unwrap();
        assert!(note.contains("writer_excluded") && note.contains(why), "{why}: {note}");
        assert_eq!(world.ending(id).await, Ending::HandedOver, "{why}");
    }
}

#[tokio::test]
async fn an_agent_who_writes_while_money_moves_is_left_the_ticket_with_a_note_of_what_was_done() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    // The inspection is delayed after the refund; meanwhile an agent writes.
    world.sandbox.parking.faults().inject(FaultRule::once(
        "POST",
        "/inspections",
        Fault::unavailable(Some(60)),
    ));
    world.step().await;
    world.pass(Duration::from_secs(5));
    world.sandbox.zendesk.agent_comments(id, ACCOUNT.agent, "제가 확인하고 있습니다.", false).unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund]);
    assert_eq!(world.replies(id), [""; 0]);
    let notes = world.notes(id);
    let note = notes.last().unwrap();
    assert!(
        note.contains("자동 처리 중단") && note.contains("결제취소: 완료") && note.contains("결과 미확인"),
        "{note}"
    );
    assert_eq!(world.ending(id).await, Ending::SteppedBack);
    assert_eq!(world.ticket(id).fields.status, TicketStatus::New, "routing is the agent's");
}

#[tokio::test]
async fn an_agent_who_writes_just_before_the_reply_makes_it_step_back_and_the_prepared_reply_stands_in_the_note()
 {
    let (world, id) = refunded_and_about_to_reply().await;
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::tags(&["vip"])).unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!(world.replies(id), [""; 0]);
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("준비했던 답변") && note.contains("영업일 3~5일"), "{note}");
    assert!(world.ticket(id).fields.tags.contains("vip"));
}

#[tokio::test]
async fn an_agent_who_takes_the_ticket_while_the_parking_system_is_down_finds_no_money_moved() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world.sandbox.parking.faults().inject(FaultRule::once("GET", "/uses", Fault::unavailable(Some(60))));
    world.step().await;
    world.pass(Duration::from_secs(5));
    world
        .sandbox
        .zendesk
        .agent_comments(id, ACCOUNT.agent, "고객님, 제가 확인해 드리겠습니다.", true)
        .unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.replies(id), [""; 0]);
    assert_eq!(world.ending(id).await, Ending::SteppedBack);
}

#[tokio::test]
async fn an_agent_who_has_already_answered_is_not_talked_over() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.agent_comments(id, ACCOUNT.agent, "고객님, 환불해 드렸습니다.", true).unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.replies(id), [""; 0]);
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("이미 고객님께 답변"), "{note}");
    assert!(
        note.contains("이 자동 처리에서 고객님께 안내한 내용은 없습니다"),
        "it speaks for the service alone: {note}"
    );
}

#[tokio::test]
async fn an_agents_note_before_the_service_looks_is_no_reason_to_step_back() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world
        .sandbox
        .zendesk
        .agent_comments(id, ACCOUNT.agent, "본인 미사용으로 보여 태그했습니다.", false)
        .unwrap();
    world.until_idle().await;
    assert_eq!(world.replies(id).len(), 1);
}

#[tokio::test]
async fn a_service_that_lost_its_ledger_does_not_settle_a_ticket_again() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world
        .sandbox
        .zendesk
        .faults()
        .inject(FaultRule::once("PUT", "/tickets/", Fault::too_many_requests(60)).skip(1));
    world.step().await;
    // After the reply and before the note the machine is destroyed. An agent reopens the ticket, which comes to a
    // service with an empty ledger.
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::status(TicketStatus::Open)).unwrap();
    let untag = AgentUpdate { remove_tags: vec!["misread_done".into()], ..AgentUpdate::default() };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, untag).unwrap();
    let world = world.with_an_empty_ledger().await;
    world.wake(id, "start").await;
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!(world.replies(id).len(), 1);
    assert!(world.notes(id).last().unwrap().contains("장부에는 없습니다"), "{:?}", world.notes(id));
}

#[tokio::test]
async fn a_rule_of_zendesk_that_changes_the_ticket_does_not_stop_the_service() {
    let (world, id) = refunded_and_about_to_reply().await;
    world.sandbox.zendesk.automation_changes(id, "VIP 표시", AgentUpdate::tags(&["vip"])).unwrap();
    world.until_idle().await;
    assert_eq!(world.replies(id).len(), 1);
    let tags = world.ticket(id).fields.tags;
    assert!(tags.contains("vip") && tags.contains("misread_done"), "the rule's tag survives: {tags:?}");
}

#[tokio::test]
async fn a_customer_who_writes_again_while_the_service_works_gets_a_person() {
    let (world, id) = refunded_and_about_to_reply().await;
    world.sandbox.zendesk.customer_comments(id, "아 잠깐만요, 아내가 탄 것 같아요.").unwrap();
    world.until_idle().await;
    assert_eq!(world.replies(id), [""; 0]);
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("글을 더 남기셨습니다") && note.contains("결제취소: 완료"), "{note}");
    assert_eq!(world.ticket(id).fields.group_id, Some(ACCOUNT.agents_group));
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

#[tokio::test]
async fn a_customer_who_thanks_between_reply_and_note_does_not_cost_the_note() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world
        .sandbox
        .zendesk
        .faults()
        .inject(FaultRule::once("PUT", "/tickets/", Fault::too_many_requests(60)).skip(1));
    world.step().await;
    world.pass(Duration::from_secs(5));
    world.sandbox.zendesk.customer_comments(id, "감사합니다!").unwrap();
    world.until_idle().await;
    let [note, thanks] = world.notes(id).try_into().unwrap();
    assert!(note.contains("자동 처리 완료") && thanks.contains("고객 인사 확인"), "{note}{thanks}");
    assert_eq!(world.replies(id).len(), 1);
    assert_eq!(world.ending(id).await, Ending::Settled);
}

#[tokio::test]
async fn solved_closed_deleted_and_merged_tickets_end_with_their_reason_and_nothing_is_done() {
    for (ended_by, wanted) in [
        ("solve", Ending::AlreadySolved),
        ("close", Ending::TicketClosed),
        ("delete", Ending::TicketGone),
        ("merge", Ending::TicketClosed),
        ("untag", Ending::NotOurs),
    ] {
        let world = World::new().await;
        let id = world.open(&world.story(PAID));
        let other = world.open(&world.story("직영 주차장 미수"));
        let zendesk = &world.sandbox.zendesk;
        match ended_by {
            "solve" => {
                zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::status(TicketStatus::Solved)).unwrap();
            }
            "close" => zendesk.close(id).unwrap(),
            "delete" => zendesk.delete(id).unwrap(),
            "merge" => zendesk.merge(id, other, ACCOUNT.agent).unwrap(),
            _ => {
                let untag = AgentUpdate { remove_tags: vec!["no_self_use".into()], ..AgentUpdate::default() };
                zendesk.agent_changes(id, ACCOUNT.agent, untag).unwrap();
            }
        }
        world.until_idle().await;
        assert_eq!(world.ending(id).await, wanted, "{ended_by}");
        assert_eq!(world.actions(id), [], "{ended_by}");
        assert_eq!(
            world
                .sandbox
                .zendesk
                .internal_notes(id)
                .iter()
                .filter(|note| note.body.contains("misread"))
                .count(),
            0
        );
    }
}

#[tokio::test]
async fn a_pending_ticket_belongs_to_an_agent_and_gets_only_a_note() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    let pending = AgentUpdate::status(TicketStatus::Pending);
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, pending).unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.notes(id).len(), 1);
    assert_eq!(world.ticket(id).fields.status, TicketStatus::Pending);
}

#[tokio::test]
async fn a_ticket_that_is_closed_after_the_refund_and_before_the_reply_is_stuck_for_a_person_to_see() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::too_many_requests(60)));
    world.step().await;
    world.sandbox.zendesk.close(id).unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!(world.state(id).await, CaseState::Stuck);
}

#[tokio::test]
async fn required_fields_that_forbid_solving_hand_the_ticket_over_instead() {
    let world = World::new().await;
    let refused = Fault::Status {
        status: 422,
        retry_after: None,
        body: r#"{"error":"RecordInvalid","description":"Record validation errors","details":{"base":[{"description":"차종: needed to solve","error":"BlankValue"}]}}"#.to_owned(),
    };
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", refused));
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    assert_eq!(world.replies(id), [""; 0]);
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("RecordInvalid") && note.contains("결제취소: 완료"), "{note}");
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

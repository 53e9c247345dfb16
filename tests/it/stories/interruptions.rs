//! Messages and people at a bad moment: during work, twice, hours late, in between.

use std::time::Duration;

use misread::domain::case::{Ending, Entry, Occasion};
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Compensation, Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::AgentUpdate;

use crate::world::World;
use crate::world::crossing::Crossing;

const STRANGER: &str = "본인 확인이 안 된 문의자";
const PAID: &str = "결제 완료, 소유인증 완료";
const CLOSED_PAID: &str = "폐점한 주차장 결제 완료";
const CLOSED_UNPAID: &str = "폐점한 주차장 미수";

fn say(world: &World, id: TicketId, text: &str) {
    world.pass(Duration::from_secs(70));
    world.sandbox.zendesk.customer_comments(id, text).unwrap();
}

#[tokio::test]
async fn an_answer_that_arrives_twice_is_answered_once() {
    let (world, id) = World::opened(STRANGER).await;
    say(&world, id, "네");
    say(&world, id, "네 맞아요");
    world.wake(id, "customer_answered").await;
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (2, 2));
    world.wake(id, "customer_answered").await;
    world.until_idle().await;
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (2, 2));
}

#[tokio::test]
async fn an_answer_that_is_taken_back_before_it_is_read_is_no_answer() {
    let (world, id) = World::opened(STRANGER).await;
    say(&world, id, "네");
    say(&world, id, "아 잠깐만요 아내가 탄 것 같아요");
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert!(world.replies(id)[1].contains("번거로우시겠지만"), "{:?}", world.replies(id));
}

/// The customer answers, money moves, and the customer writes again before the reply.
async fn written_again_before_the_reply(text: &str) -> (World, TicketId) {
    let (world, id) = World::opened(CLOSED_PAID).await;
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::too_many_requests(90)));
    say(&world, id, "네 쿠폰 받을게요");
    world.step().await;
    assert_eq!(world.actions(id), [Compensation]);
    say(&world, id, text);
    world.until_idle().await;
    (world, id)
}

#[tokio::test]
async fn thanks_while_the_service_works_do_not_stop_it() {
    let (world, id) = written_again_before_the_reply("감사합니다").await;
    assert_eq!(world.actions(id), [Compensation]);
    assert_eq!((world.replies(id).len(), world.ending(id).await), (2, Ending::Settled));
}

#[tokio::test]
async fn a_wish_while_the_service_works_is_answered_in_the_same_reply() {
    let (world, id) = written_again_before_the_reply("네 주차패스도 해지하고 싶어요").await;
    assert_eq!(world.actions(id), [Compensation]);
    let [_, reply] = world.replies(id).try_into().unwrap();
    assert!(reply.contains("쿠폰을 지급") && reply.contains("[등록정보 확인하기]"), "{reply}");
}

#[tokio::test]
async fn an_answer_that_is_taken_back_after_the_money_moved_goes_to_a_person() {
    let (world, id) = written_again_before_the_reply("아니다 쿠폰 말고 포인트로 주세요").await;
    assert_eq!(world.actions(id), [Compensation], "never a second grant");
    assert_eq!(world.replies(id).len(), 1);
    assert_eq!(world.ending(id).await, Ending::HandedOver);
    assert!(world.notes(id).last().unwrap().contains("쿠폰 지급: 완료"), "{:?}", world.notes(id));
}

#[tokio::test]
async fn what_was_added_before_the_service_first_looked_is_read_too() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.customer_comments(id, "아 죄송해요 다시 보니 제가 주차한 게 맞네요").unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.ending(id).await, Ending::HandedOver);

    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.customer_comments(id, "감사합니다").unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
}

#[tokio::test]
async fn a_colleague_who_takes_a_waiting_ticket_is_left_it() {
    let (world, id) = World::opened(STRANGER).await;
    world.pass(Duration::from_mins(5));
    world.sandbox.zendesk.agent_comments(id, ACCOUNT.agent, "제가 상담하겠습니다.", true).unwrap();
    world.customer_says(id, "네 본인이에요").await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.replies(id).len(), 1);
    assert_eq!(world.ending(id).await, Ending::SteppedBack);
    assert!(world.notes(id).last().unwrap().contains("자동 처리 중단"));
}

#[tokio::test]
async fn a_waiting_ticket_that_a_colleague_solved_is_left_alone() {
    let (world, id) = World::opened(STRANGER).await;
    world.pass(Duration::from_mins(5));
    world
        .sandbox
        .zendesk
        .agent_changes(id, ACCOUNT.agent, AgentUpdate::status(TicketStatus::Solved))
        .unwrap();
    for _ in 0..4 {
        world.hours_later(30).await;
    }
    assert_eq!(
        (world.replies(id).len(), world.notes(id).iter().filter(|note| note.contains("misread")).count()),
        (1, 1)
    );
    assert_eq!(world.ending(id).await, Ending::AlreadySolved);
}

#[tokio::test]
async fn after_a_colleague_spoke_on_a_settled_ticket_the_customers_words_are_theirs() {
    let (world, id) = World::opened(PAID).await;
    world.pass(Duration::from_mins(5));
    world.sandbox.zendesk.agent_comments(id, ACCOUNT.agent, "더 필요하신 것이 있으신가요?", true).unwrap();
    world.customer_says(id, "주차패스 해지하고 싶어요").await;
    let [_, note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("자동 처리 중단"), "{note}");
    assert_eq!((world.replies(id).len(), world.ending(id).await), (1, Ending::SteppedBack));
    assert_eq!(
        world.ticket(id).fields.group_id,
        Some(ACCOUNT.agents_group),
        "the colleague has not taken it"
    );
}

#[tokio::test]
async fn a_customer_who_writes_to_the_airport_desk_after_it_gave_back_gets_a_person() {
    let (world, id) = World::opened("인천공항 결제 완료").await;
    say(&world, id, "언제쯤 되나요?");
    say(&world, id, "아 생각해 보니 남편이 공항에 갔던 것 같아요");
    world.pass(Duration::from_secs(70));
    // The desk has read both and gives the ticket back; then the customer writes once more before the service reads it.
    let tag = AgentUpdate::tags(&["misread_airport_called"]);
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, tag).unwrap();
    say(&world, id, "취소하지 말아 주세요");
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

#[tokio::test]
async fn what_the_airport_desk_has_read_is_not_read_again() {
    let (world, id) = World::opened("인천공항 결제 완료").await;
    say(&world, id, "언제쯤 되나요?");
    world.agent_tags(id, "misread_airport_called").await;
    assert_eq!(world.actions(id).len(), 3);
    assert_eq!(world.replies(id).len(), 2);
}

#[tokio::test]
async fn words_while_a_payment_is_awaited_lead_to_a_look_and_then_to_a_person_or_to_patience() {
    let (world, id) = World::opened(CLOSED_UNPAID).await;
    world.customer_says(id, "네 알겠습니다 감사합니다").await;
    assert_eq!(
        (world.replies(id).len(), world.stands(id, "misread_waiting")),
        (1, (TicketStatus::Pending, true))
    );
    let use_id = world.story(CLOSED_UNPAID).uses[0].id.clone();
    world.sandbox.parking.pay(&use_id).unwrap();
    world.customer_says(id, "네 감사합니다").await;
    assert_eq!(world.actions(id), [Compensation]);
    assert_eq!(world.ending(id).await, Ending::Settled);

    let (world, id) = World::opened(CLOSED_UNPAID).await;
    world.customer_says(id, "제가 왜 내야 하죠? 납득이 안 되네요").await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

#[tokio::test]
async fn a_reminder_that_crosses_with_the_answer_is_not_sent() {
    let (world, id) = World::opened(STRANGER).await;
    // The webhook of the answer is lost, and the time of the reminder comes.
    world.pass(Duration::from_hours(23));
    let lost = misread::sandbox::zendesk::WebhookSwitches { drop_next: 1, ..Default::default() };
    world.sandbox.zendesk.set_webhook_switches(lost);
    world.sandbox.zendesk.customer_comments(id, "네 맞습니다").unwrap();
    world.hours_later(2).await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert!(world.replies(id).iter().all(|reply| !reply.contains("아직 답변을 받지 못해")));
}

#[tokio::test]
async fn what_is_written_between_reply_and_note_is_answered_in_a_turn_of_its_own() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    let busy = FaultRule::once("PUT", "/tickets/", Fault::too_many_requests(300)).skip(1);
    world.sandbox.zendesk.faults().inject(busy);
    world.step().await;
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 0));
    world.customer_says(id, "주차패스 해지하고 싶어요").await;
    let [_, answer] = world.replies(id).try_into().unwrap();
    assert!(answer.contains("[등록정보 확인하기]"), "{answer}");
    assert_eq!((world.notes(id).len(), world.ending(id).await), (2, Ending::Settled));
}

#[tokio::test]
async fn a_ticket_that_is_not_ours_is_left_alone_when_the_customer_adds_to_it() {
    let world = World::new().await;
    let id = world.open(&world.story(PAID));
    world.sandbox.zendesk.customer_comments(id, "아 다시 보니 제가 주차한 게 맞네요").unwrap();
    let untag = AgentUpdate { remove_tags: vec!["no_self_use".into()], ..AgentUpdate::default() };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, untag).unwrap();
    world.until_idle().await;
    assert_eq!(world.notes(id), [""; 0]);
    assert_eq!(world.ending(id).await, Ending::NotOurs);
}

#[tokio::test]
async fn a_message_that_came_while_zendesk_was_gone_for_good_is_read_when_the_stuck_case_is_revived() {
    let (world, id) = World::opened(PAID).await;
    world.sandbox.zendesk.faults().inject(FaultRule::always("/tickets/", Fault::bad_gateway_html()));
    world.customer_says(id, "주차패스 해지하고 싶어요").await;
    assert_eq!(world.state(id).await, misread::ports::CaseState::Stuck);
    world.sandbox.zendesk.faults().clear();
    world.wake(id, "by hand").await;
    world.until_idle().await;
    assert_eq!((world.replies(id).len(), world.ending(id).await), (2, Ending::Settled));
}

#[tokio::test]
async fn the_use_that_a_case_is_about_stays_the_same_while_the_customer_parks_elsewhere() {
    let (world, id) = World::opened(CLOSED_PAID).await;
    let known = world.story(CLOSED_PAID).uses[0].clone();
    world.sandbox.parking.add_use(misread::domain::parking::ParkingUse {
        id: misread::domain::ids::UseId::new("use-of-today"),
        entered_at: world.now(),
        exited_at: None,
        status: misread::domain::parking::UseStatus::InUse,
        amount: None,
        ..known.clone()
    });
    world.customer_says(id, "네 쿠폰 받을게요").await;
    let [granted] = world.sandbox.parking.actions().try_into().unwrap();
    assert_eq!((granted.kind, granted.use_id), (Compensation, known.id));
}

#[tokio::test]
async fn what_changes_after_the_turn_has_spoken_belongs_to_the_next_turn() {
    let world = World::new().await;
    let story = world.story(CLOSED_UNPAID);
    let id = world.open(&story);
    // Between reply and note the customer pays, and a rule changes the ticket, so that the note must be checked again.
    let (clock, sandbox, use_id) = (world.clock.clone(), world.sandbox.clone(), story.uses[0].id.clone());
    let at_once = move || {
        clock.advance(Duration::from_secs(2));
        sandbox.parking.pay(&use_id).unwrap();
        sandbox.zendesk.automation_changes(id, "VIP 표시", AgentUpdate::tags(&["vip"])).unwrap();
    };
    let worker = world.worker_with(|parts| parts.desk = Crossing::after(1, parts.desk.clone(), at_once));
    world.live_with(&worker).await;
    assert_eq!(world.actions(id), [], "a turn that has asked for the payment does not answer it");
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
    assert!(world.ticket(id).fields.tags.contains("vip"));
    world.hours_later(7).await;
    assert_eq!(world.actions(id), [Compensation]);
    assert!(world.replies(id)[1].contains("T포인트를 지급해 드렸습니다"), "{:?}", world.replies(id));
}

#[tokio::test]
async fn what_a_customer_asks_beside_the_answer_is_read_by_a_person_before_anything_is_done() {
    let (world, id) = World::opened(CLOSED_PAID).await;
    world.customer_says(id, "네 쿠폰으로 받을게요. 그리고 영수증도 보내주세요").await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.replies(id).len(), 1, "nothing was said since the offer");
    let fields = world.ticket(id).fields;
    assert_eq!((fields.status, fields.group_id), (TicketStatus::Open, Some(ACCOUNT.agents_group)));
    let note = world.notes(id).pop().unwrap();
    assert!(note.contains("request_unread") && note.contains("영수증도 보내주세요"), "{note}");
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

#[tokio::test]
async fn an_answer_that_comes_before_the_question_is_known_to_be_there_is_read_at_once() {
    let world = World::new().await;
    let id = world.open(&world.story("본인 확인이 안 된 문의자"));
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::AnswerLost));
    world.step().await;
    world.pass(Duration::from_secs(3));
    world.sandbox.zendesk.customer_comments(id, "남편 계정이에요").unwrap();
    let asked_at = world.now();
    world.until_idle().await;
    let hour = jiff::SignedDuration::from_hours(1);
    assert!(world.now() < asked_at + hour, "it is not left until the reminder");
    let heard = |entry: &Entry| matches!(entry, Entry::TurnBegan { occasion: Occasion::Customer, .. });
    assert!(world.journal(id).await.iter().any(heard), "{:?}", world.journal(id).await);
}

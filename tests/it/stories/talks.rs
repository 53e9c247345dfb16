//! Conversations: unknown facts are asked for, and the answer continues the case.

use std::collections::BTreeSet;
use std::time::Duration;

use misread::domain::case::{Ending, Entry, Occasion, Step, next};
use misread::domain::ids::TicketId;
use misread::domain::policy::Team;
use misread::domain::ticket::{ChangeAuthor, TicketChange, TicketStatus};
use misread::ports::CaseState;
use misread::sandbox::parking::ActionKind::{
    Cancellation, Compensation, Inspection, OperatorMakeGood, ReceivableWithdrawal, Refund,
};
use misread::sandbox::seed::ACCOUNT;

use crate::world::World;

const STRANGER: &str = "본인 확인이 안 된 문의자";
const BARE_WORD: &str = "차량번호만 아는 사람이";
const TWO_CARS: &str = "본인·차량 질문에";
const PAID: &str = "결제 완료, 소유인증 완료";
const CLOSED_PAID: &str = "폐점한 주차장 결제 완료";
const CLOSED_UNPAID: &str = "폐점한 주차장 미수";

/// All facts of the use in this story that an outsider must never read.
fn secrets(world: &World, title: &str) -> Vec<String> {
    let story = world.story(title);
    let uses = story.uses.iter();
    uses.flat_map(|parking_use| {
        [parking_use.lot.name.clone(), parking_use.lot.region.clone(), parking_use.vehicle.plate.clone()]
    })
    .collect()
}

#[tokio::test]
async fn who_is_not_known_is_asked_and_a_yes_settles_the_case() {
    let (world, id) = World::opened(STRANGER).await;
    let [question] = world.replies(id).try_into().unwrap();
    assert!(question.contains("가입자 본인이신가요"), "{question}");
    for secret in secrets(&world, STRANGER) {
        assert!(!question.contains(&secret), "`{secret}` in: {question}");
    }
    assert_eq!(world.stands(id, "misread_waiting"), (TicketStatus::Pending, true));
    assert_eq!(world.state(id).await, CaseState::Waiting);
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("본인 확인") && note.contains("알린 이용 정보: 없음"), "{note}");

    world.customer_says(id, "네 맞아요").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    let [_, reply] = world.replies(id).try_into().unwrap();
    assert!(reply.contains("영업일 3~5일"), "{reply}");
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
    assert!(!world.stands(id, "misread_waiting").1);
    let [_, note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("고객 답변: 계정 본인"), "the source of the input is named: {note}");
}

#[tokio::test]
async fn who_is_not_the_holder_learns_nothing_and_nothing_is_cancelled() {
    let (world, id) = World::opened(STRANGER).await;
    world.customer_says(id, "아니요, 본인은 아니에요").await;
    assert_eq!(world.actions(id), []);
    let replies = world.replies(id);
    assert!(replies[1].contains("안내하거나 취소해 드릴 수 없습니다"), "{replies:?}");
    for secret in secrets(&world, STRANGER) {
        assert!(replies.iter().all(|reply| !reply.contains(&secret)), "`{secret}` in: {replies:?}");
    }
    assert_eq!(world.stands(id, "misread_done").0, TicketStatus::Solved);
    world.customer_says(id, "그럼 어느 주차장인지만 알려주세요").await;
    assert_eq!(world.replies(id).len(), 2);
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

#[tokio::test]
async fn an_unclear_answer_is_asked_once_more_and_then_handed_over() {
    let (world, id) = World::opened(STRANGER).await;
    world.customer_says(id, "음 글쎄요 남편이 그러는데 잘 모르겠네요").await;
    let [_, again] = world.replies(id).try_into().unwrap();
    assert!(again.contains("번거로우시겠지만"), "{again}");
    assert_eq!(world.stands(id, "misread_waiting"), (TicketStatus::Pending, true));
    world.customer_says(id, "그게 무슨 말이에요 복잡하네요").await;
    assert_eq!(world.replies(id).len(), 2);
    assert_eq!(world.actions(id), []);
    assert!(world.notes(id).last().unwrap().contains("2번 여쭤보았지만"), "{:?}", world.notes(id));
    assert_eq!(world.ticket(id).fields.group_id, Some(ACCOUNT.agents_group));
}

#[tokio::test]
async fn one_message_answers_both_questions() {
    // Two cars are registered, and no plate is given.
    let (world, id) = World::opened(TWO_CARS).await;
    let [question] = world.replies(id).try_into().unwrap();
    assert!(question.contains("가입자 본인이시고") && question.contains("이용하고 계신가요"), "{question}");
    world.customer_says(id, "네 제 계정이고 제 차 맞아요").await;
    assert_eq!(world.actions(id), [ReceivableWithdrawal, OperatorMakeGood, Inspection]);
}

#[tokio::test]
async fn whose_car_it_is_not_and_who_is_not_known_is_left_to_a_person() {
    let (world, id) = World::opened(TWO_CARS).await;
    world.customer_says(id, "제 차 아니에요").await;
    assert_eq!((world.actions(id).len(), world.replies(id).len()), (0, 1));
    let note = world.notes(id).pop().unwrap();
    assert!(note.contains("vehicle_not_own_and_identity_unknown"), "{note}");
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

#[tokio::test]
async fn a_bare_word_and_another_car_are_left_to_a_person() {
    let (world, id) = World::opened(BARE_WORD).await;
    world.customer_says(id, "네 본인이고 제 차 34나5678 맞아요").await;
    assert_eq!((world.actions(id).len(), world.replies(id).len()), (0, 1));
    let note = world.notes(id).pop().unwrap();
    assert!(note.contains("own_word_vehicle") && note.contains("− 알려 준 차량번호 34나5678"), "{note}");
    assert!(!note.contains("준비한 답변"), "{note}");
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

#[tokio::test]
async fn a_closed_lot_offers_a_coupon_which_the_customer_takes() {
    let (world, id) = World::opened(CLOSED_PAID).await;
    assert_eq!(world.actions(id), []);
    let [offer] = world.replies(id).try_into().unwrap();
    assert!(offer.contains("쿠폰을 받으시겠어요") && offer.contains("폐점"), "{offer}");
    world.customer_says(id, "네 쿠폰으로 받을게요").await;
    assert_eq!(world.actions(id), [Compensation]);
    let grants = world.sandbox.parking.actions();
    let grant = grants[0].compensation.unwrap();
    assert_eq!((grant.amount.0, format!("{:?}", grant.kind).as_str()), (5_000, "Coupon"));
    assert!(world.replies(id)[1].contains("쿠폰을 지급해 드렸습니다"));
    assert_eq!(world.stands(id, "misread_done").0, TicketStatus::Solved);
}

#[tokio::test]
async fn who_takes_the_coupon_and_says_that_the_account_is_not_theirs_gets_a_person() {
    for taken_back in ["제 계정이 아니에요", "제 차가 아니에요"] {
        let (world, id) = World::opened(CLOSED_PAID).await;
        world.customer_says(id, &format!("네 쿠폰으로 받을게요. 그런데 {taken_back}")).await;
        assert_eq!(world.actions(id), [], "{taken_back}");
        assert_eq!(world.replies(id).len(), 1, "nothing was said since the offer");
        assert_eq!(world.stands(id, "misread_handed_over").0, TicketStatus::Open, "{taken_back}");
    }
}

#[tokio::test]
async fn a_coupon_that_is_declined_becomes_points() {
    let (world, id) = World::opened(CLOSED_PAID).await;
    world.customer_says(id, "아니요 쿠폰은 필요 없어요").await;
    assert_eq!(world.actions(id), [Compensation]);
    let grants = world.sandbox.parking.actions();
    assert_eq!(format!("{:?}", grants[0].compensation.unwrap().kind), "Points");
    assert!(world.replies(id)[1].contains("T포인트를 지급해 드렸습니다"));
}

#[tokio::test]
async fn an_unpaid_closed_lot_waits_for_the_payment_and_then_grants_points() {
    let (world, id) = World::opened(CLOSED_UNPAID).await;
    let story = world.story(CLOSED_UNPAID);
    assert!(world.replies(id)[0].contains("먼저 결제해 주시면"));
    assert_eq!(world.stands(id, "misread_waiting"), (TicketStatus::Pending, true));
    for _ in 0..3 {
        world.hours_later(7).await;
    }
    assert_eq!((world.replies(id).len(), world.actions(id).len()), (1, 0), "it only looks");
    world.sandbox.parking.pay(&story.uses[0].id).unwrap();
    world.hours_later(7).await;
    assert_eq!(world.actions(id), [Compensation]);
    assert!(world.replies(id)[1].contains("T포인트를 지급해 드렸습니다"));
    assert_eq!(world.stands(id, "misread_done").0, TicketStatus::Solved);
}

#[tokio::test]
async fn a_payment_that_never_comes_goes_to_an_agent_at_the_deadline() {
    let (world, id) = World::opened(CLOSED_UNPAID).await;
    for _ in 0..40 {
        world.hours_later(5).await;
    }
    assert_eq!(world.replies(id).len(), 1);
    assert_eq!(world.ending(id).await, Ending::HandedOver);
    assert!(world.notes(id).last().unwrap().contains("기한이 지나도록"), "{:?}", world.notes(id));
    assert_eq!(world.ticket(id).fields.group_id, Some(ACCOUNT.agents_group));
}

#[tokio::test]
async fn above_the_cap_an_agent_decides_on_the_compensation() {
    let world = World::with(|settings| settings.compensation.cap_won = 1_000).await;
    let id = world.open(&world.story(CLOSED_PAID));
    world.until_idle().await;
    assert_eq!(world.replies(id), [""; 0]);
    assert_eq!(world.ticket(id).fields.group_id, Some(ACCOUNT.group(Team::Compensation)));
    assert!(world.notes(id)[0].contains("closed_above_cap"), "{:?}", world.notes(id));
}

#[tokio::test]
async fn the_airport_desk_calls_gives_back_and_the_service_goes_on() {
    for (title, action) in [("인천공항 결제 완료", Refund), ("인천공항 미수", ReceivableWithdrawal)]
    {
        let (world, id) = World::opened(title).await;
        assert_eq!(world.actions(id), []);
        let [interim] = world.replies(id).try_into().unwrap();
        assert!(interim.contains("다시 안내해 드리겠습니다"), "{interim}");
        let [note] = world.notes(id).try_into().unwrap();
        assert!(note.contains("전화") && note.contains("misread_airport_called"), "{note}");
        let fields = world.ticket(id).fields;
        assert_eq!((fields.status, fields.group_id), (TicketStatus::Open, Some(ACCOUNT.airport_desk_group)));
        assert_eq!(world.state(id).await, CaseState::Waiting);

        world.agent_tags(id, "misread_airport_called").await;
        assert_eq!(world.actions(id), [action, OperatorMakeGood, Inspection], "{title}");
        assert_eq!((world.replies(id).len(), world.notes(id).len()), (2, 2));
        assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
        assert!(!world.stands(id, "misread_airport_called").1, "the tag is taken off");
    }
}

#[tokio::test]
async fn a_tag_that_no_person_set_gives_nothing_back() {
    let (world, id) = World::opened("인천공항 결제 완료").await;
    let tag = misread::sandbox::zendesk::AgentUpdate::tags(&["misread_airport_called"]);
    world.sandbox.zendesk.automation_changes(id, "태그 정리", tag).unwrap();
    world.wake(id, "given_back").await;
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.state(id).await, CaseState::Waiting);
}

/// The next step of the case after it reads the ticket again with this additional change.
async fn seeing(world: &World, id: TicketId, author: ChangeAuthor) -> Step {
    seeing_history(world, id, author, |_| {}).await
}

/// The same with a changed history before it.
async fn seeing_history(
    world: &World,
    id: TicketId,
    author: ChangeAuthor,
    change: impl FnOnce(&mut Vec<TicketChange>),
) -> Step {
    let mut case = world.case(id).await;
    let journal = world.journal(id).await;
    let read = |wanted: fn(&Entry) -> bool| journal.iter().rfind(|entry| wanted(entry)).unwrap().clone();
    let ticket = read(|entry| matches!(entry, Entry::TicketRead { .. }));
    // The history so far, with the service's own writes, and a tag that was just set.
    let mut own = world.service.worker().parts().desk.changes(id, 1).await.unwrap();
    change(&mut own);
    let tagged = TicketChange {
        audit_id: i64::MAX,
        at: world.now(),
        author,
        marker: None,
        sealed: None,
        in_interface: true,
        spoke_publicly: false,
        said: None,
        added_tags: vec!["misread_airport_called".to_owned()],
        removed_tags: Vec::new(),
        touched: BTreeSet::new(),
        by_program: None,
        warnings: BTreeSet::new(),
        attachments: 0,
        requester_changed: false,
        said_by_other: None,
        outsider: None,
        service_user: None,
    };
    let changes = own.into_iter().chain([tagged]).collect();
    for entry in [
        Entry::Woken { delivery: 9, kind: "given_back".into(), received_at: None },
        ticket,
        Entry::ChangesRead { changes, held: None },
    ] {
        case.apply(world.now(), &entry);
    }
    next(&case, &world.service.worker().parts().playbook.get())
}

#[tokio::test]
async fn only_a_colleagues_own_hand_gives_a_ticket_back() {
    let (world, id) = World::opened("인천공항 결제 완료").await;
    let began = Step::Record(Entry::TurnBegan { occasion: Occasion::GivenBack, audit_id: Some(i64::MAX) });
    assert_eq!(seeing(&world, id, ChangeAuthor::Other { user_id: ACCOUNT.agent }).await, began);
    for author in [ChangeAuthor::Requester, ChangeAuthor::Rule, ChangeAuthor::Service] {
        assert_eq!(seeing(&world, id, author).await, Step::Record(Entry::NothingNew), "{author:?}");
    }
}

#[tokio::test]
async fn a_give_back_is_known_by_the_number_of_our_audit_where_its_marker_is_gone() {
    let (world, id) = World::opened("인천공항 결제 완료").await;
    let began = Step::Record(Entry::TurnBegan { occasion: Occasion::GivenBack, audit_id: Some(i64::MAX) });
    let by_agent = ChangeAuthor::Other { user_id: ACCOUNT.agent };
    let without_markers =
        |changes: &mut Vec<TicketChange>| changes.iter_mut().for_each(|change| change.marker = None);
    assert_eq!(seeing_history(&world, id, by_agent, without_markers).await, began);
}

#[tokio::test]
async fn a_yes_that_names_another_car_is_no_yes() {
    let (world, id) = World::opened(STRANGER).await;
    world.customer_says(id, "네 본인이고 제 차 34나5678 맞아요").await;
    assert_eq!(world.actions(id), []);
    let note = world.notes(id).pop().unwrap();
    assert!(note.contains("vehicle_contradicted") && note.contains("− 알려 준 차량번호 34나5678"), "{note}");
}

#[tokio::test]
async fn a_customer_who_only_thanks_changes_nothing() {
    let (world, id) = World::opened(PAID).await;
    world.customer_says(id, "감사합니다!!").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!(world.replies(id).len(), 1);
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
    assert_eq!(world.state(id).await, CaseState::Ended);
}

#[tokio::test]
async fn a_wish_after_the_case_was_settled_is_answered_and_anything_else_goes_to_an_agent() {
    let (world, id) = World::opened(PAID).await;
    world.customer_says(id, "주차패스 해지하고 싶어요").await;
    let [_, answer] = world.replies(id).try_into().unwrap();
    assert!(answer.contains("[등록정보 확인하기]"), "{answer}");
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
    world.customer_says(id, "근데 환불이 아직 카드에 안 들어왔는데 언제 들어오나요").await;
    assert_eq!(world.replies(id).len(), 2);
    assert_eq!(world.ending(id).await, Ending::HandedOver);
    assert_eq!(world.actions(id), [Refund, Inspection]);
}

#[tokio::test]
async fn a_wish_in_the_first_message_is_answered_in_the_same_reply() {
    let world = World::new().await;
    let mut story = world.story(PAID);
    story.message = "저 주차한 적 없는데 결제됐어요. 취소해 주시고 주차패스도 해지하고 싶어요.".into();
    let id = world.open(&story);
    world.until_idle().await;
    let [reply] = world.replies(id).try_into().unwrap();
    assert!(reply.contains("영업일 3~5일") && reply.contains("[등록정보 확인하기]"), "{reply}");
}

#[tokio::test]
async fn who_asks_which_car_it_was_is_answered_and_the_lots_team_takes_over() {
    let world = World::new().await;
    let mut story = world.story(PAID);
    story.message = "저 주차한 적 없는데 결제됐어요. 혹시 제 차가 도난당한 건가요?".into();
    let id = world.open(&story);
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    let [reply] = world.replies(id).try_into().unwrap();
    assert!(reply.contains("영업일 3~5일") && reply.contains("걱정이 크셨겠습니다"), "{reply}");
    let fields = world.ticket(id).fields;
    assert_eq!((fields.status, fields.group_id), (TicketStatus::Open, Some(ACCOUNT.lot_contact_group)));
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("주차장에 연락해"), "{note}");
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

/// The story's customer sends the answers of its script, one mail after the other.
async fn answered_by_mail(title: &str) -> (World, TicketId) {
    let (world, id) = World::opened(title).await;
    let story = world.story(title);
    for deed in &story.script {
        world.pass(Duration::from_mins(10));
        story.perform(*deed, id, &world.sandbox.zendesk, &world.sandbox.parking).unwrap();
        world.until_idle().await;
    }
    (world, id)
}

#[tokio::test]
async fn what_stands_in_a_quote_is_not_the_customers_and_what_stands_beside_it_is() {
    let (world, id) = answered_by_mail("인용된 질문 사이에").await;
    assert_eq!(world.actions(id), []);
    assert!(world.replies(id)[1].contains("안내하거나 취소해 드릴 수 없습니다"), "{:?}", world.replies(id));
    let (world, id) = answered_by_mail("휴대폰 메일로 답함").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!(world.ending(id).await, Ending::Settled);
}

#[tokio::test]
async fn words_that_zendesk_warns_of_answer_nothing() {
    let (world, id) = answered_by_mail("보낸 사람을 믿을 수 없는 메일").await;
    assert_eq!(world.actions(id), [], "the account is the use's, and both mails say yes");
    let [asked, again] = world.replies(id).try_into().unwrap();
    assert!(asked.contains("가입자 본인이신가요") && again.contains("번거로우시겠지만"), "{asked}{again}");
    let note = world.notes(id).pop().unwrap();
    assert!(note.contains("2번 여쭤보았지만") && note.contains("대화 참여자가 아닌 사람이 작성"), "{note}");
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

#[tokio::test]
async fn a_picture_for_an_answer_is_looked_at_by_a_person_at_once() {
    let (world, id) = answered_by_mail("답 대신 사진만 보냄").await;
    assert_eq!((world.actions(id).len(), world.replies(id).len()), (0, 1));
    assert!(world.notes(id)[1].contains("request_unread"), "{:?}", world.notes(id));
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

#[tokio::test]
async fn a_machines_answer_is_waited_through() {
    let (world, id) = World::opened("부재중 자동 회신").await;
    let story = world.story("부재중 자동 회신");
    for _ in 0..3 {
        world.pass(Duration::from_mins(10));
        story.perform(story.script[0], id, &world.sandbox.zendesk, &world.sandbox.parking).unwrap();
        world.until_idle().await;
        assert_eq!((world.replies(id).len(), world.actions(id).len()), (1, 0));
        assert_eq!(world.stands(id, "misread_waiting"), (TicketStatus::Pending, true));
    }
    world.customer_says(id, "네 계정 본인입니다.").await;
    assert_eq!(world.actions(id), [Cancellation, OperatorMakeGood, Inspection]);
}

#[tokio::test]
async fn a_silent_customer_is_reminded_once_and_then_let_go_kindly_and_a_late_answer_counts() {
    let (world, id) = World::opened(STRANGER).await;
    world.hours_later(23).await;
    assert_eq!(world.replies(id).len(), 1);
    world.hours_later(2).await;
    assert!(world.replies(id)[1].contains("아직 답변을 받지 못해"), "{:?}", world.replies(id));
    assert_eq!(world.stands(id, "misread_waiting"), (TicketStatus::Pending, true));
    world.hours_later(47).await;
    assert_eq!(world.replies(id).len(), 2);
    world.hours_later(3).await;
    let replies = world.replies(id);
    assert!(replies.len() == 3 && replies[2].contains("마무리하겠습니다"), "{replies:?}");
    assert_eq!(world.stands(id, "misread_done").0, TicketStatus::Solved);
    assert_eq!(world.ending(id).await, Ending::Silent);
    world.hours_later(30).await;
    world.customer_says(id, "늦어서 죄송해요 네 본인 맞습니다").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!((world.replies(id).len(), world.ending(id).await), (4, Ending::Settled));
}

#[tokio::test]
async fn a_silent_customer_is_handed_over_where_the_setting_says_so() {
    let world = World::with(|settings| {
        settings.waiting.when_silent = misread::config::WhenSilent::HandOver;
    })
    .await;
    let id = world.open(&world.story(STRANGER));
    world.until_idle().await;
    world.hours_later(25).await;
    world.hours_later(49).await;
    assert_eq!(world.replies(id).len(), 2);
    assert_eq!(world.ending(id).await, Ending::HandedOver);
    assert!(world.notes(id).last().unwrap().contains("기한이 지나도록 답변이 없습니다"));
}

//! Tickets that are settled in one turn, and tickets that a person decides.

use misread::domain::parking::{Linkage, Vehicle};
use misread::domain::policy::Team;
use misread::domain::ticket::TicketStatus;
use misread::ports::CaseState;
use misread::sandbox::parking::ActionKind::{
    self, Cancellation, Inspection, OperatorMakeGood, ReceivableWithdrawal, Refund,
};

use misread::sandbox::seed::ACCOUNT;

use crate::world::World;

/// Checks that the story with this title is settled: these actions in this order, one reply about them, one note,
/// solved.
async fn settles(title: &str, actions: &[ActionKind], says: &[&str]) {
    let world = World::new().await;
    let id = world.open(&world.story(title));
    world.until_idle().await;
    assert_eq!(world.actions(id), actions);
    let [reply] = world.replies(id).try_into().unwrap();
    for words in says {
        assert!(reply.contains(words), "`{words}` is missing in: {reply}");
    }
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("자동 처리 완료"), "{note}");
    let ticket = world.ticket(id).fields;
    assert_eq!(ticket.status, TicketStatus::Solved);
    assert!(ticket.tags.contains("misread_done"), "{:?}", ticket.tags);
    assert_eq!(world.state(id).await, CaseState::Ended);
}

#[tokio::test]
async fn row_1_a_use_that_the_customer_cancelled_is_only_explained_and_the_lot_inspected() {
    settles("고객이 이미 앱에서 취소한 건", &[Inspection], &["이미 취소", "청구되는 요금은 없"]).await;
}

#[tokio::test]
async fn row_2_a_running_use_at_a_partner_lot_is_cancelled_and_made_good() {
    let actions = [Cancellation, OperatorMakeGood, Inspection];
    settles("제휴 주차장 이용 중", &actions, &["무역센터(코엑스)", "취소해 드렸습니다"]).await;
    settles("인천공항 이용 중", &actions, &["인천 중구 운서동", "취소해 드렸습니다"]).await;
}

#[tokio::test]
async fn row_3_a_running_use_at_a_direct_lot_is_cancelled_without_make_good() {
    let world = World::new().await;
    let mut story = world.story("직영 주차장 이용 중");
    story.message = "방금 입차했다고 카톡이 왔는데 저 지금 제주도예요. 취소해 주세요.".into();
    let id = world.open(&story);
    world.until_idle().await;
    assert_eq!(world.actions(id), [Cancellation, Inspection]);
    assert!(world.replies(id)[0].contains("취소해 드렸습니다"));
    assert_eq!(world.ticket(id).fields.status, TicketStatus::Solved);
}

#[tokio::test]
async fn row_4_a_payment_is_cancelled() {
    settles("결제 완료, 소유인증 완료", &[Refund, Inspection], &["결제취소", "영업일 3~5일"]).await;
    settles("결제 완료, 번호판을 적지 않음", &[Refund, Inspection], &["결제취소", "영업일 3~5일"]).await;
}

#[tokio::test]
async fn row_7_an_old_claim_at_a_partner_lot_is_withdrawn_and_made_good() {
    let actions = [ReceivableWithdrawal, OperatorMakeGood, Inspection];
    settles("일 년 넘은 미수", &actions, &["철회해 드렸습니다"]).await;
}

#[tokio::test]
async fn row_8_a_claim_at_a_direct_lot_is_withdrawn_without_make_good() {
    settles("직영 주차장 미수", &[ReceivableWithdrawal, Inspection], &["철회해 드렸습니다"]).await;
}

/// Checks that the story with this title goes to a group with a note about it; no money moves, and the customer gets no
/// text.
async fn goes_to(title: &str, team: Team, note_says: &[&str]) {
    let world = World::new().await;
    let id = world.open(&world.story(title));
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert_eq!(world.replies(id), [""; 0]);
    let [note] = world.notes(id).try_into().unwrap();
    for words in note_says {
        assert!(note.contains(words), "`{words}` is missing in: {note}");
    }
    let ticket = world.ticket(id).fields;
    assert_eq!((ticket.status, ticket.group_id), (TicketStatus::Open, Some(ACCOUNT.group(team))));
    assert!(ticket.tags.contains("misread_handed_over"), "{:?}", ticket.tags);
    assert_eq!(world.state(id).await, CaseState::Ended);
}

#[tokio::test]
async fn a_use_that_is_not_certain_goes_to_general_agents_with_what_was_seen() {
    goes_to("이용 건을 찾지 못함", Team::Agents, &["use_not_found"]).await;
    goes_to("맞는 이용 건이 여럿", Team::Agents, &["several_uses", "후보 이용 건"]).await;
    let another_plate = &["use_contradicted", "− 알려 준 차량번호 41머6620", "조회된 전체"];
    goes_to("적어 준 번호판이", Team::Agents, another_plate).await;
}

#[tokio::test]
async fn a_first_message_that_contradicts_the_request_goes_to_general_agents_and_nothing_is_done() {
    let against = &["request_contradicted", "취소를 원하지 않는다는 말", "실제로 주차·이용했다는 말"];
    goes_to("첫 문의가 취소 요청과 어긋남", Team::Agents, against).await;
}

#[tokio::test]
async fn a_requester_whose_identity_zendesk_has_not_verified_is_not_the_holder() {
    let world = World::new().await;
    let story = world.story("결제 완료, 소유인증 완료");
    world.sandbox.zendesk.alter_user(story.customer.id, |user| user.verified = false).unwrap();
    let id = world.open(&story);
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert!(world.notes(id)[0].contains("identity_unknown"));
}

#[tokio::test]
async fn without_a_plate_and_with_two_vehicles_the_vehicle_is_not_established() {
    let world = World::new().await;
    let mut story = world.story("결제 완료, 번호판을 적지 않음");
    let account = story.account.take().unwrap();
    let second = Vehicle { plate: "34다5678".into(), ownership_verified: true };
    world.sandbox.parking.alter_account(&account.id, |account| account.vehicles.push(second)).unwrap();
    let id = world.open(&story);
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    assert!(world.notes(id)[0].contains("vehicle_unknown"));
}

#[tokio::test]
async fn the_consultation_type_is_set_by_the_lots_linkage_and_its_tag_agrees() {
    let world = World::new().await;
    let id = world.open(&world.story("제휴 주차장 이용 중"));
    world.until_idle().await;
    let ticket = world.ticket(id).fields;
    let linkage = world.case(id).await.facts.the_use().unwrap().lot.linkage;
    let option = match linkage {
        Linkage::Linked => "no_self_use_linked",
        Linkage::Unlinked => "no_self_use_unlinked",
        Linkage::Other => "no_self_use_other",
    };
    assert_eq!(ticket.custom_fields[&ACCOUNT.consultation_type_field], option);
    assert!(ticket.tags.contains(option) && ticket.tags.contains("no_self_use"), "{:?}", ticket.tags);
}

#[tokio::test]
async fn without_verified_ownership_no_public_text_names_the_lot() {
    // The lots where customers cannot cancel in the app are named to every customer who asks, independent of their lot.
    const NAMED_TO_ALL: &str = "무역센터(코엑스), 남이섬, 인천공항 주차장에서는";
    let world = World::new().await;
    for story in world.sandbox.stories.clone() {
        let id = world.open(&story);
        world.until_idle().await;
        let hidden = story.uses.iter().filter(|parking_use| !parking_use.vehicle.ownership_verified);
        for parking_use in hidden {
            assert!(
                world
                    .replies(id)
                    .iter()
                    .all(|reply| !reply.replace(NAMED_TO_ALL, "").contains(&parking_use.lot.name)),
                "{}",
                story.title
            );
        }
    }
}

#[tokio::test]
async fn the_trigger_does_not_fire_again_on_the_services_own_writes() {
    let world = World::new().await;
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.until_idle().await;
    let sent = world.sandbox.zendesk.invocations();
    assert_eq!(sent.iter().filter(|invocation| invocation.ticket_id == id.get()).count(), 1);
}

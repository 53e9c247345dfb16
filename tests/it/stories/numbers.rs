//! Answers by number refer to the list in our own text, and open questions are asked again.

use misread::domain::ticket::TicketStatus;
use misread::sandbox::parking::ActionKind::{
    Cancellation, Compensation, Inspection, OperatorMakeGood, ReceivableWithdrawal, Refund,
};

use crate::world::World;

const STRANGER: &str = "본인 확인이 안 된 문의자";
const TWO_CARS: &str = "본인·차량 질문에";
const WHICH_CAR: &str = "차량 두 대, 본인 차량이라";
const CLOSED_PAID: &str = "폐점한 주차장 결제 완료";

#[tokio::test]
async fn a_number_is_the_shortest_answer_to_every_question() {
    let (world, id) = World::opened(STRANGER).await;
    assert!(world.replies(id)[0].contains("1. 네, 본인입니다.\n2. 아니요, 본인이 아닙니다."));
    world.customer_says(id, "1").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);

    let (world, id) = World::opened(WHICH_CAR).await;
    assert!(world.replies(id)[0].contains("1. 네, 이용하는 차량입니다."), "{:?}", world.replies(id));
    world.customer_says(id, "1번이요~ 감사합니다").await;
    assert_eq!(world.actions(id), [Cancellation, Inspection]);

    let (world, id) = World::opened(TWO_CARS).await;
    world.customer_says(id, "①").await;
    assert_eq!(world.actions(id), [ReceivableWithdrawal, OperatorMakeGood, Inspection]);

    let (world, id) = World::opened(CLOSED_PAID).await;
    world.customer_says(id, "2번으로 할게요").await;
    assert_eq!(world.actions(id), [Compensation]);
    let grants = world.sandbox.parking.actions();
    assert_eq!(format!("{:?}", grants[0].compensation.unwrap().kind), "Points");
}

#[tokio::test]
async fn a_number_that_says_no_moves_nothing_and_one_that_is_not_offered_is_asked_about() {
    let (world, id) = World::opened(STRANGER).await;
    world.customer_says(id, "2").await;
    assert_eq!(world.actions(id), []);
    assert!(world.replies(id)[1].contains("안내하거나 취소해 드릴 수 없습니다"), "{:?}", world.replies(id));

    for odd in ["4번", "1번 2번", "1번 아니에요", "1번은 아닌 것 같고 2번도 아니고"] {
        let (world, id) = World::opened(STRANGER).await;
        world.customer_says(id, odd).await;
        assert_eq!(world.actions(id), [], "{odd}");
        assert_ne!(world.stands(id, "misread_done").0, TicketStatus::Solved, "{odd}");
    }
}

#[tokio::test]
async fn what_is_still_open_is_asked_again_with_its_answers_and_without_a_second_apology() {
    let (world, id) = World::opened(STRANGER).await;
    assert!(world.replies(id)[0].contains("진심으로 사과"));
    world.hours_later(24).await;
    let reminder = world.replies(id).pop().unwrap();
    assert!(
        reminder.contains("가입자 본인이신가요") && reminder.contains("1. 네, 본인입니다."),
        "{reminder}"
    );
    assert!(!reminder.contains("사과"), "{reminder}");
    world.customer_says(id, "뭐라고 답해야 하나요").await;
    let again = world.replies(id).pop().unwrap();
    assert!(again.contains("1. 네, 본인입니다.") && !again.contains("사과"), "{again}");
    world.customer_says(id, "1번").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    let settled = world.replies(id).pop().unwrap();
    assert!(
        settled.contains("확인해 주셔서 감사합니다") && !settled.contains("당황하셨겠습니다"),
        "{settled}"
    );
}

#[tokio::test]
async fn of_two_questions_only_the_one_that_was_not_answered_is_asked_again() {
    let (world, id) = World::opened(TWO_CARS).await;
    world.customer_says(id, "네 본인입니다").await;
    assert_eq!(world.actions(id), []);
    let question = world.replies(id).pop().unwrap();
    assert!(question.contains("이용하시는 차량인가요") && !question.contains("본인이신가요"), "{question}");
    world.customer_says(id, "1").await;
    assert_eq!(world.actions(id), [ReceivableWithdrawal, OperatorMakeGood, Inspection]);
}

#[tokio::test]
async fn who_says_to_have_been_where_the_lot_is_gets_a_person() {
    let (world, id) = World::opened(STRANGER).await;
    let region = world.story(STRANGER).uses[0].lot.region.clone();
    let area = region.split_whitespace().next().unwrap();
    world
        .customer_says(id, &format!("네 본인입니다. 그 시간에 저는 {area} 사무실에서 근무 중이었습니다."))
        .await;
    assert_eq!(world.actions(id), [], "{region}");
    assert!(world.notes(id).last().unwrap().contains("같은 곳"), "{:?}", world.notes(id));

    let (world, id) = World::opened(STRANGER).await;
    world.customer_says(id, "네 본인입니다. 그 시간에 저는 제주도 집에 있었습니다.").await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
}

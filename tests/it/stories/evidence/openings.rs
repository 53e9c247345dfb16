//! The first message is weighed, independent of who typed it.

use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::NewTicket;

use super::Centre;

#[tokio::test]
async fn an_opening_that_speaks_against_the_request_goes_to_a_person() {
    let mut centre = Centre::new().await;
    for opening in [
        "아까 문의드린 건 해결됐어요. 취소 안 하셔도 됩니다.",
        "주차 알림이 왔는데 제가 주차한 거 맞네요. 취소하지 마세요",
        "제가 주차한 건 맞는데 요금이 두 번 결제됐어요",
        "어머니 계정인데 어머니가 주차한 적이 없다고 하셔서 대신 문의드려요",
        "팔아버린 차인데 아직도 주차 결제가 됩니다",
        "번호를 새로 개통했는데 전 주인 주차 알림이 저한테 와요",
        "앱에는 3천원이라고 나오는데 카드에는 5천원이 승인됐습니다",
        "이번 거 말고 10월 3일 주차 건을 취소해 주세요",
        "주차한 적 없어요. 당장 환불 안 하면 소비자보호원에 신고하겠습니다",
        "주차한 적 없어요. 이런 돈까지 빠져나가니 그냥 죽고 싶어요",
        "저 중2인데요 제 카톡에서 주차비가 나갔어요",
    ] {
        let mut story = centre.holder();
        story.message = opening.into();
        let id = centre.open(&story).await;
        centre.assert_handed_over(id, opening);
        assert_eq!(centre.world.replies(id), [""; 0], "{opening}");
    }
}

#[tokio::test]
async fn an_honest_opening_is_settled_with_its_story() {
    let mut centre = Centre::new().await;
    for opening in [
        "주차한 적이 없는데 결제됐어요.",
        "이용하지 않은 주차요금이 결제되었습니다. 해결해 주세요.",
        "남편도 저도 간 적이 없어요. 남편한테도 물어봤는데 남편도 안 갔다고 합니다.",
        "제 차는 그날 하루 종일 집에 있었어요. 결제 취소 부탁드립니다.",
        "",
    ] {
        let mut story = centre.holder();
        story.message = opening.into();
        let id = centre.open(&story).await;
        assert!(centre.is_settled(id), "{opening:?}: {:#?}", centre.world.notes(id));
    }
}

#[tokio::test]
async fn a_plate_or_a_day_in_the_opening_that_differs_from_the_use_is_never_passed_over() {
    let mut centre = Centre::new().await;
    for opening in [
        "제 차 34나5678은 그날 집에 있었어요. 취소해 주세요.",
        "제 차 번호는 뒷자리 5678이에요. 주차한 적이 없습니다.",
        "3월 2일에 주차한 적이 없는데 결제됐어요.",
    ] {
        let mut story = centre.holder();
        (story.message, story.plate) = (opening.into(), None);
        let id = centre.open(&story).await;
        centre.assert_handed_over(id, opening);
    }
}

/// An agent or another system has opened the ticket in the customer's name.
#[tokio::test]
async fn an_opening_that_an_agent_typed_in_is_weighed_and_proves_nothing() {
    let mut centre = Centre::new().await;
    for on_behalf in [false, true] {
        let mut story = centre.holder();
        story.message = "고객 문의: 제가 주차한 거 맞네요. 취소하지 마세요".into();
        let id = open_by_an_agent(&centre, &story, on_behalf).await;
        centre.assert_handed_over(id, &format!("on behalf: {on_behalf}"));

        let story = centre.holder();
        let id = open_by_an_agent(&centre, &story, on_behalf).await;
        centre.assert_asked(id, &format!("on behalf: {on_behalf}"));
        centre.assert_nothing_told(id, &story, "whose word it is is not known");
        centre.world.customer_says(id, "네 본인입니다").await;
        assert!(centre.is_settled(id), "{:#?}", centre.world.notes(id));
    }
}

async fn open_by_an_agent(
    centre: &Centre,
    story: &misread::sandbox::seed::Story,
    on_behalf: bool,
) -> misread::domain::ids::TicketId {
    let sandbox = &centre.world.sandbox;
    misread::sandbox::seed::load(&sandbox.parking, &sandbox.zendesk, std::slice::from_ref(story));
    let ticket = NewTicket { submitter_id: Some(ACCOUNT.agent), on_behalf, ..story.ticket() };
    let id = sandbox.zendesk.open_ticket(ticket).unwrap();
    centre.world.until_idle().await;
    id
}

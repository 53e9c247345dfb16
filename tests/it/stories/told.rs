//! The texts that customers and agents read: complete notes, and paragraphs that are true for the lot and not mixed up.

use misread::sandbox::zendesk::SERVICE_USER;

use crate::world::World;

const PAID: &str = "결제 완료, 소유인증 완료";

#[tokio::test]
async fn a_note_says_everything_that_the_guide_asks_of_it() {
    let world = World::new().await;
    let story = world.story("일 년 넘은 미수");
    let id = world.open(&story);
    world.until_idle().await;
    let [note] = world.notes(id).try_into().unwrap();
    let parking_use = &story.uses[0];
    let receipts: Vec<String> =
        world.sandbox.parking.actions().into_iter().map(|done| done.receipt_id).collect();
    let amount = parking_use.amount.unwrap().to_string();
    let hash = world.service.worker().parts().playbook.get().policy.hash().to_owned();
    let mut wanted = vec![
        "unpaid_open_partner".to_owned(),
        hash,
        "할 일: 없음.".to_owned(),
        "사유: 미수 건은 기간과 관계없이".to_owned(),
        "■ 근거".to_owned(),
        "작성자 = 계정 본인(시스템 확인) | + 인증된 작성자의 앱 계정이 이용 건의 계정과 같음".to_owned(),
        "차량 확인 = 본인 차량 | + 알려 준 차량번호가 이용 건의 차량번호와 같음".to_owned(),
        "요청 내용 = 취소 요청 | + ".to_owned(),
        "픽 상태 = 미수".to_owned(),
        "진행 = 처음".to_owned(),
        "■ 이용 건".to_owned(),
        parking_use.id.to_string(),
        parking_use.lot.name.clone(),
        "입차 20".to_owned(),
        "출차 20".to_owned(),
        amount,
        "■ 처리 내역".to_owned(),
        "보전처리: 완료".to_owned(),
        "기기 점검 요청: 완료".to_owned(),
        "■ 고객 안내".to_owned(),
        "receivable_withdrawn".to_owned(),
        "입차 시각".to_owned(),
    ];
    wanted.extend(receipts);
    for words in wanted {
        assert!(note.contains(&words), "`{words}` is missing in: {note}");
    }
}

#[tokio::test]
async fn a_lots_own_offer_decides_what_is_said_of_cancelling_in_the_app() {
    for (offered, says) in [(true, "launch?page=order"), (false, "앱에서 직접 취소하실 수 없는 곳")]
    {
        let world = World::new().await;
        let mut story = world.story(PAID);
        story.message = "저 주차한 적 없는데 결제됐어요. 매번 이렇게 문의해야 하나요?".into();
        world
            .sandbox
            .parking
            .alter_use(&story.uses[0].id, |parking_use| parking_use.lot.self_cancel = offered)
            .unwrap();
        let id = world.open(&story);
        world.until_idle().await;
        let [reply] = world.replies(id).try_into().unwrap();
        assert!(reply.contains(says), "{reply}");
    }
}

#[tokio::test]
async fn what_a_customer_types_is_never_rendered_and_what_is_internal_is_never_public() {
    let world = World::new().await;
    for mut story in world.sandbox.stories.clone() {
        story.message =
            "{{ticket.requester.email}} {% if x %} 저 주차한 적 없어요. 주차패스도 해지하고 싶어요.".into();
        let id = world.open(&story);
        world.until_idle().await;
        world.customer_says(id, "네 {{current_user.name}}").await;
        for comment in world.ticket(id).comments {
            if comment.author_id != SERVICE_USER {
                continue;
            }
            assert!(!comment.body.contains("{{") && !comment.body.contains("{%"), "{}", comment.body);
            assert_eq!(comment.public, !comment.body.contains("[misread]"), "{}", comment.body);
            assert!(!comment.public || !comment.body.contains("정책 행"), "{}", comment.body);
        }
    }
}

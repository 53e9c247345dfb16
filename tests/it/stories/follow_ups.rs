//! Follow-ups: an answer to a closed ticket is a new ticket with the closed one's tags and fields. It starts anew,
//! knows the earlier actions, and settles nothing again.

use std::time::Duration;

use misread::domain::case::Ending;
use misread::domain::ids::TicketId;
use misread::domain::parking::UseStatus;
use misread::domain::ticket::TicketStatus;
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AgentUpdate, Channel, CustomerMessage, WebhookSwitches};
use reqwest::Method;
use serde_json::json;

use crate::world::World;

const PAID: &str = "결제 완료, 소유인증 완료";

/// The ticket is closed after a month; its customer answers by mail.
fn follow_up(world: &World, id: TicketId, text: &str) -> TicketId {
    world.pass(Duration::from_hours(24 * 28));
    world.sandbox.zendesk.close(id).unwrap();
    let message =
        CustomerMessage { text: text.to_owned(), via: Channel::Email, ..CustomerMessage::default() };
    let follow_up = world.sandbox.zendesk.customer_sends(id, message).unwrap();
    assert_ne!(follow_up, id);
    follow_up
}

/// The story's own complaint, with its plate spelt out.
fn complaint(world: &World, title: &str) -> String {
    let story = world.story(title);
    format!("{} 차량번호 {}", story.message, story.uses[0].vehicle.plate)
}

#[tokio::test]
async fn what_the_closed_ticket_settled_is_not_settled_again_even_if_the_parking_system_says_otherwise() {
    let (world, id) = World::opened(PAID).await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    // The parking system, restored from a backup, has no record of the refund.
    let parking_use = world.story(PAID).uses[0].id.clone();
    world.sandbox.parking.alter_use(&parking_use, |it| it.status = UseStatus::Completed).unwrap();
    let follow_up = follow_up(&world, id, &complaint(&world, PAID));
    let tags = world.ticket(follow_up).fields.tags;
    assert!(tags.contains("misread_done") && tags.contains("misread_sent"), "inherited: {tags:?}");
    world.until_idle().await;
    assert_eq!((world.actions(follow_up).len(), world.replies(follow_up).len()), (0, 0));
    let [note] = world.notes(follow_up).try_into().unwrap();
    for words in [
        format!("앞선 문의 #{id}"),
        "결제취소: 완료 (접수번호".to_owned(),
        "정책 행: completed_open".to_owned(),
        "이미 처리했거나 처리했을 수 있습니다(결제취소)".to_owned(),
    ] {
        assert!(note.contains(&words), "`{words}` is missing in: {note}");
    }
    assert_eq!(world.ending(follow_up).await, Ending::HandedOver);
    let fields = world.ticket(follow_up).fields;
    assert_eq!((fields.status, fields.group_id), (TicketStatus::Open, Some(ACCOUNT.agents_group)));
    assert!(fields.tags.contains("misread_handed_over") && !fields.tags.contains("misread_done"));
    // The same for a follow-up of the follow-up, whose own case has done nothing.
    let second = self::follow_up(&world, follow_up, &complaint(&world, PAID));
    world.until_idle().await;
    assert_eq!(world.actions(second), []);
    let [note] = world.notes(second).try_into().unwrap();
    assert!(note.contains(&format!("문의 #{id}")) && note.contains("결제취소: 완료"), "{note}");
}

#[tokio::test]
async fn a_follow_up_of_what_people_settled_begins_anew_and_is_settled_where_its_words_name_the_use() {
    let world = World::new().await;
    world
        .sandbox
        .zendesk
        .set_webhook_switches(WebhookSwitches { drop_next: 1, ..WebhookSwitches::default() });
    let id = world.open(&world.story(PAID));
    let done = AgentUpdate {
        status: Some(TicketStatus::Solved),
        add_tags: vec!["misread_done".to_owned()],
        ..AgentUpdate::default()
    };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, done).unwrap();
    let follow_up = follow_up(&world, id, &complaint(&world, PAID));
    world.until_idle().await;
    assert_eq!(world.actions(follow_up), [Refund, Inspection]);
    assert_eq!(world.stands(follow_up, "misread_done"), (TicketStatus::Solved, true));
    let [note] = world.notes(follow_up).try_into().unwrap();
    let before = format!("앞선 문의 #{id} (종료된 문의의 후속 문의): 자동 처리 기록 없음");
    assert!(note.contains(&before), "{note}");
}

#[tokio::test]
async fn thanks_for_a_closed_ticket_move_no_money_of_another_use() {
    let world = World::new().await;
    world
        .sandbox
        .zendesk
        .set_webhook_switches(WebhookSwitches { drop_next: 1, ..WebhookSwitches::default() });
    let id = world.open(&world.story(PAID));
    let done = AgentUpdate {
        status: Some(TicketStatus::Solved),
        add_tags: vec!["misread_done".to_owned()],
        ..AgentUpdate::default()
    };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, done).unwrap();
    let follow_up = follow_up(&world, id, "감사합니다!");
    world.until_idle().await;
    assert_eq!((world.actions(follow_up).len(), world.replies(follow_up).len()), (0, 0));
    let [note] = world.notes(follow_up).try_into().unwrap();
    assert!(note.contains("어느 이용 건에 관한 것인지"), "{note}");
    assert_eq!(world.ending(follow_up).await, Ending::HandedOver);
}

#[tokio::test]
async fn a_follow_up_without_a_webhook_is_found_wherever_the_closed_ticket_stood() {
    for (title, inherited) in [
        (PAID, "misread_done"),
        ("이용 건을 찾지 못함", "misread_handed_over"),
        ("본인 확인이 안 된 문의자", "misread_waiting"),
    ] {
        let (world, id) = World::opened(title).await;
        assert!(world.ticket(id).fields.tags.contains(inherited), "{title}");
        world
            .sandbox
            .zendesk
            .set_webhook_switches(WebhookSwitches { drop_next: 9, ..WebhookSwitches::default() });
        let follow_up = follow_up(&world, id, "문의드린 건은 어떻게 되었나요?");
        world.until_idle().await;
        assert!(world.journal(follow_up).await.is_empty(), "{title}");
        world.pass(Duration::from_mins(11));
        assert_eq!(world.sweep().await, 1, "{title}");
        world.until_idle().await;
        let [note] = world.notes(follow_up).try_into().unwrap();
        assert!(note.contains(&format!("앞선 문의 #{id}")), "{title}: {note}");
        assert_eq!(world.actions(follow_up), [], "{title}");
    }
}

#[tokio::test]
async fn a_follow_up_that_a_colleague_makes_stays_theirs() {
    let (world, id) = World::opened(PAID).await;
    world.sandbox.zendesk.close(id).unwrap();
    let ticket =
        json!({ "via_followup_source_id": id, "comment": { "body": "안내드릴 내용이 있어 연락드립니다." } });
    let made = world.admin(Method::POST, "/api/v2/tickets", json!({ "ticket": ticket })).await;
    let follow_up: TicketId = made["ticket"]["id"].to_string().parse().unwrap();
    world.until_idle().await;
    let [note] = world.notes(follow_up).try_into().unwrap();
    assert!(note.contains("후속 문의를 직접 만들었습니다") && note.contains("결제취소: 완료"), "{note}");
    assert_eq!(world.ending(follow_up).await, Ending::SteppedBack);
    let fields = world.ticket(follow_up).fields;
    assert_eq!((fields.status, fields.group_id), (TicketStatus::New, Some(ACCOUNT.agents_group)));
    assert!(!fields.tags.contains("misread_done"), "it is not done: {:?}", fields.tags);
}

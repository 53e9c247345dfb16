//! Differences between accounts: brands, forms, languages, statuses, required fields, channels, copies, and their
//! tickets.

use misread::config::Answers;
use misread::domain::case::{Ending, Entry};
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::CaseState;
use misread::sandbox::parking::ActionKind::{Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{
    AgentUpdate, Channel, DEFAULT_BRAND, DEFAULT_FORM, Language, NewTicket, TagSpelling, TicketSwitches,
};
use reqwest::Method;
use serde_json::json;

use super::crashes::{LIVES, end, happen};
use crate::world::World;

const STORY: &str = "결제 완료, 소유인증 완료";
const AIRPORT: &str = "인천공항 결제 완료";
const STRANGER: &str = "본인 확인이 안 된 문의자";

/// The story's customer opens the ticket with changes, and the world runs until it rests.
async fn opened(world: &World, title: &str, change: impl FnOnce(&mut NewTicket)) -> TicketId {
    let mut ticket = world.story(title).ticket();
    change(&mut ticket);
    let id = world.sandbox.zendesk.open_ticket(ticket).unwrap();
    world.until_idle().await;
    id
}

fn by_messaging(ticket: &mut NewTicket) {
    ticket.channel = Channel::Messaging;
}

fn with_copies(world: &World) -> impl FnOnce(&mut NewTicket) + use<> {
    let others = [STRANGER, AIRPORT].map(|title| world.story(title).customer.id);
    move |ticket| ticket.email_cc_ids = others.into()
}

/// Checks that nothing was done or said, and that an agent has everything to do it.
async fn is_prepared_for_an_agent(world: &World, id: TicketId, because: &str, draft: &str) {
    assert_eq!((world.actions(id), world.replies(id)), (Vec::new(), Vec::new()));
    let [note] = world.notes(id).try_into().unwrap();
    for part in [because, "■ 예정 처리", "■ 준비한 답변 (발송되지 않음)", draft] {
        assert!(note.contains(part), "`{part}` is missing in: {note}");
    }
    assert_eq!(world.stands(id, "misread_handed_over"), (TicketStatus::Open, true));
    assert_eq!(world.ticket(id).fields.group_id, Some(ACCOUNT.agents_group));
    assert_eq!(world.ending(id).await, Ending::HandedOver);
}

#[tokio::test]
async fn a_messaging_ticket_is_prepared_for_an_agent() {
    let world = World::new().await;
    let id = opened(&world, STORY, by_messaging).await;
    is_prepared_for_an_agent(&world, id, "메시징 채널로 들어온 문의", "영업일 3~5일").await;
    let asked = opened(&world, STRANGER, by_messaging).await;
    is_prepared_for_an_agent(&world, asked, "메시징 채널로 들어온 문의", "가입자 본인이신가요").await;
    let airport = opened(&world, AIRPORT, by_messaging).await;
    let note = &world.notes(airport)[0];
    assert!(world.replies(airport).is_empty() && note.contains("■ 담당자가 할 일"), "{note}");
}

#[tokio::test]
async fn a_messaging_ticket_is_settled_where_operations_say_so() {
    let world = World::with(|settings| settings.zendesk.messaging = Answers::Reply).await;
    let id = opened(&world, STORY, by_messaging).await;
    assert_eq!((world.actions(id), world.replies(id).len()), (vec![Refund, Inspection], 1));
    assert_eq!(world.ending(id).await, Ending::Settled);
}

#[tokio::test]
async fn copies_tell_nothing_of_the_use_to_others() {
    let world = World::new().await;
    let id = opened(&world, STORY, with_copies(&world)).await;
    is_prepared_for_an_agent(&world, id, "참조(CC)된 사람이 2명", "영업일 3~5일").await;
    let world = World::with(|settings| settings.zendesk.copies = Answers::Reply).await;
    let id = opened(&world, STORY, with_copies(&world)).await;
    assert_eq!(world.ending(id).await, Ending::Settled);
}

#[tokio::test]
async fn of_a_messaging_ticket_a_row_that_is_only_watched_says_what_it_would_do_as_ever() {
    let world = World::with_policy(|text| text.replacen("trust = \"auto\"", "trust = \"shadow\"", 1)).await;
    let id = opened(&world, STORY, by_messaging).await;
    assert!(world.replies(id).is_empty() && world.actions(id).is_empty());
    assert!(world.notes(id)[0].contains("자동 처리 참관"), "{:?}", world.notes(id));
}

#[tokio::test]
async fn only_tickets_of_our_brands_and_forms_are_ours() {
    for (brands, forms, ours) in [
        (vec![], vec![], true),
        (vec![DEFAULT_BRAND], vec![DEFAULT_FORM], true),
        (vec![5, DEFAULT_BRAND], vec![], true),
        (vec![5], vec![], false),
        (vec![], vec![5], false),
    ] {
        let world = World::with(|settings| {
            settings.zendesk.brands.clone_from(&brands);
            settings.zendesk.forms.clone_from(&forms);
        })
        .await;
        let id = opened(&world, STORY, |_| {}).await;
        let ending = if ours { Ending::Settled } else { Ending::NotOurs };
        assert_eq!(world.ending(id).await, ending, "{brands:?} {forms:?}");
        assert_eq!(world.actions(id).is_empty(), !ours);
    }
}

#[tokio::test]
async fn the_language_of_the_account_changes_nothing() {
    for life in LIVES.iter().take(6) {
        let mut ends = Vec::new();
        for language in [Language::English, Language::Korean] {
            let world = World::new().await;
            world.sandbox.zendesk.set_ticket_switches(TicketSwitches { language, ..Default::default() });
            let id = world.open(&world.story(life.story));
            world.until_idle().await;
            for incident in life.incidents {
                happen(&world, *life, id, *incident);
                world.until_idle().await;
            }
            ends.push(end(&world, id).await);
        }
        assert_eq!(ends[0], ends[1], "{life:?}");
    }
}

#[tokio::test]
async fn the_accounts_own_statuses_are_set_where_operations_name_them() {
    let world = World::new().await;
    let mut own = Vec::new();
    for (category, label) in [("solved", "자동 해결"), ("pending", "고객 확인 중")] {
        let body = json!({ "custom_status": { "status_category": category, "agent_label": label } });
        let made = world.admin(Method::POST, "/api/v2/custom_statuses", body).await;
        own.push(made["custom_status"]["id"].as_i64().unwrap());
    }
    let replica = world
        .replica_with(|settings| {
            settings.zendesk.custom_statuses.solved = Some(own[0]);
            settings.zendesk.custom_statuses.pending = Some(own[1]);
        })
        .await;
    let ids = [STORY, STRANGER].map(|title| world.open(&world.story(title)));
    world.live_with(replica.service.worker()).await;
    for (id, status, own) in [(ids[0], "solved", own[0]), (ids[1], "pending", own[1])] {
        let shown = world.admin(Method::GET, &format!("/api/v2/tickets/{id}"), json!(null)).await;
        let ticket = &shown["ticket"];
        assert_eq!((&ticket["status"], &ticket["custom_status_id"]), (&json!(status), &json!(own)));
    }
}

#[tokio::test]
async fn a_field_that_must_be_filled_first_is_named_to_the_agent() {
    let world = World::new().await;
    let field = json!({ "ticket_field": { "type": "text", "title": "환불 사유", "required": true } });
    world.admin(Method::POST, "/api/v2/ticket_fields", field).await;
    let id = opened(&world, STORY, |_| {}).await;
    assert_eq!((world.actions(id), world.replies(id).len()), (vec![Refund, Inspection], 0));
    let [note] = world.notes(id).try_into().unwrap();
    for part in ["필수 입력란(환불 사유)", "결제취소: 완료", "준비한 답변", "영업일 3~5일"]
    {
        assert!(note.contains(part), "`{part}` is missing in: {note}");
    }
    assert_eq!(world.stands(id, "misread_handed_over"), (TicketStatus::Open, true));
    let asked = opened(&world, STRANGER, |_| {}).await;
    assert_eq!(world.replies(asked).len(), 1, "only solving needs it");
}

#[tokio::test]
async fn a_group_takes_over_from_an_assignee_who_is_not_in_it() {
    let world = World::new().await;
    let mut ticket = world.story(AIRPORT).ticket();
    ticket.group_id = Some(ACCOUNT.agents_group);
    let id = world.sandbox.zendesk.open_ticket(ticket).unwrap();
    let takes = AgentUpdate { assignee_id: Some(ACCOUNT.agent), ..AgentUpdate::default() };
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, takes).unwrap();
    world.until_idle().await;
    let fields = world.ticket(id).fields;
    assert_eq!((fields.group_id, fields.assignee_id), (Some(ACCOUNT.airport_desk_group), None));
}

#[tokio::test]
async fn a_start_tag_with_a_blank_is_known_however_the_account_stores_it() {
    for (spelling, ours) in
        [(TagSpelling::Split, true), (TagSpelling::Underscore, true), (TagSpelling::Keep, true)]
    {
        let world = World::with(|settings| {
            settings.zendesk.start_tags = vec!["본인 미사용".to_owned(), "본인_미사용".to_owned()];
        })
        .await;
        let switches = TicketSwitches { tag_spelling: spelling, ..TicketSwitches::default() };
        world.sandbox.zendesk.set_ticket_switches(switches);
        let mut ticket = world.story(STORY).ticket();
        ticket.tags = vec!["no_self_use".to_owned()];
        let id = world.sandbox.zendesk.open_ticket(ticket).unwrap();
        let tags = AgentUpdate {
            remove_tags: vec!["no_self_use".to_owned()],
            ..AgentUpdate::tags(&["본인 미사용"])
        };
        world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, tags).unwrap();
        world.until_idle().await;
        let ended = world.ending(id).await;
        assert_eq!(ended != Ending::NotOurs, ours, "{spelling:?}: {ended:?}");
    }
    // One of the two words alone is another program's tag.
    let world = World::with(|settings| settings.zendesk.start_tags = vec!["본인 미사용".to_owned()]).await;
    let id = opened(&world, STORY, |ticket| ticket.tags = vec!["no_self_use".into(), "본인".into()]).await;
    assert_eq!(world.ending(id).await, Ending::NotOurs);
}

#[tokio::test]
async fn what_is_merged_closed_or_deleted_while_it_waits_ends_without_a_word() {
    let world = World::new().await;
    let ids: Vec<TicketId> = (1..=3)
        .map(|number| {
            let copy = world.story(STRANGER).copy(number);
            misread::sandbox::seed::load(
                &world.sandbox.parking,
                &world.sandbox.zendesk,
                std::slice::from_ref(&copy),
            );
            world.open(&copy)
        })
        .collect();
    world.until_idle().await;
    let [merged, closed, deleted] = ids[..] else { panic!("{ids:?}") };
    let zendesk = &world.sandbox.zendesk;
    let target = world.open(&world.story(STORY));
    world.until_idle().await;
    zendesk.merge(merged, target, ACCOUNT.agent).unwrap();
    let ends = AgentUpdate { status: Some(TicketStatus::Closed), ..AgentUpdate::default() };
    zendesk.agent_changes(closed, ACCOUNT.agent, ends).unwrap();
    zendesk.delete(deleted).unwrap();
    world.hours_later(25).await;
    assert_eq!(world.ending(merged).await, Ending::TicketClosed);
    assert_eq!(world.ending(closed).await, Ending::TicketClosed);
    assert_eq!(world.ending(deleted).await, Ending::TicketGone);
    for id in [merged, closed] {
        assert_eq!(
            (world.replies(id).len(), world.actions(id).len()),
            (1, 0),
            "the question, and no reminder"
        );
    }
    assert_eq!(world.state(target).await, CaseState::Ended);
    let words =
        world.journal(merged).await.into_iter().filter(|entry| matches!(entry, Entry::Written { .. }));
    assert_eq!(words.count(), 2, "the question and its note");
}

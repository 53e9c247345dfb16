//! Texts that operations keep in the account: valid changes are sent, faulty ones are not.

use std::time::Duration;

use misread::config::Settings;
use misread::domain::ids::TicketId;
use misread::domain::rule::RuleAction;
use misread::domain::ticket::TicketStatus;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{FieldKind, RateLimits, Role, SERVICE_USER, TicketField};
use reqwest::Method;
use serde_json::{Value, json};

use super::crowds::{all_are_settled_once, crowd};
use crate::world::World;
use crate::world::account_macros::from_the_account;
use crate::world::log::Log;

const PAID: &str = "결제 완료, 소유인증 완료";
const ALARM: &str = "a macro of the account cannot be sent";
const NAME: &str = "payment_cancelled";
const BYE: &str = "감사합니다.";

/// The reply to a customer who was just refunded.
async fn next_reply(world: &World, number: u32) -> (TicketId, String) {
    let copy = world.story(PAID).copy(number);
    misread::sandbox::seed::load(&world.sandbox.parking, &world.sandbox.zendesk, std::slice::from_ref(&copy));
    let id = world.open(&copy);
    world.until_idle().await;
    let [reply] = world.replies(id).try_into().unwrap();
    (id, reply)
}

/// The warnings of readiness; the service is ready nevertheless.
async fn warnings(world: &World) -> Vec<Value> {
    let answer = world.readiness().await;
    assert_eq!(answer.status(), 200);
    let told: Value = answer.json().await.unwrap();
    assert!(told["macros"]["read_at"].is_string(), "{told}");
    told["macros"]["warnings"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_is_edited_in_the_account_is_sent_and_counted_there() {
    let log = Log::collected();
    let world = World::with_account_macros().await;
    let (first, before) = next_reply(&world, 1).await;
    let macro_id = world.account_macro(NAME).id;
    assert_eq!(world.macros_used(first), [macro_id]);
    world.reword_macro(NAME, BYE, "고맙습니다.").await;
    let (_, same) = next_reply(&world, 2).await;
    assert_eq!(same, before, "it is not read yet");
    assert!(world.read_macros().await);
    let (second, after) = next_reply(&world, 3).await;
    assert!(after.contains("고맙습니다.") && !after.contains(BYE), "{after}");
    assert_eq!(world.macros_used(second), [macro_id]);
    assert_eq!((log.lines(ALARM), warnings(&world).await), (vec![], vec![]));
    let usage = world.admin(Method::GET, "/api/v2/macros?include=usage_24h", Value::Null).await;
    let counted = usage["macros"].as_array().unwrap().iter().find(|known| known["id"] == macro_id).unwrap();
    assert_eq!(counted["usage_24h"], 3, "the account's own report counts them");
}

#[tokio::test]
async fn a_text_that_the_editor_made_html_of_is_sent_as_text() {
    let world = World::with_account_macros().await;
    let (_, before) = next_reply(&world, 1).await;
    let text =
        world.account_macro(NAME).actions.iter().find(|action| action.field == "comment_value").cloned();
    let text = text.unwrap().value.as_str().unwrap().to_owned();
    let html: Vec<String> =
        text.split("\n\n").map(|part| format!("<p>{}</p>", part.replace('\n', "<br>"))).collect();
    world.edit_macro(NAME, "comment_value", Value::Null).await;
    world.edit_macro(NAME, "comment_value_html", json!(html.concat())).await;
    assert!(world.read_macros().await);
    let (_, after) = next_reply(&world, 1_001).await;
    assert_eq!(warnings(&world).await, [Value::Null; 0]);
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_macro_that_is_broken_in_the_account_stops_nothing_and_is_told_once() {
    let log = Log::collected();
    let world = World::with_account_macros().await;
    world.reword_macro(NAME, BYE, "고맙습니다.").await;
    assert!(world.read_macros().await);
    world.pass(Duration::from_mins(1));
    world.reword_macro(NAME, "영업일 3~5일", "며칠 {{").await;
    for _ in 0..3 {
        assert!(world.read_macros().await);
    }
    let alarm = log.line(ALARM);
    let told = world.account_macro(NAME);
    assert_eq!(
        (&alarm["name"], &alarm["macro_id"], &alarm["level"]),
        (&json!(NAME), &json!(told.id), &json!("ERROR"))
    );
    assert!(alarm["problems"].as_str().unwrap().contains("`{{`을(를) `}}`(으)로 닫지 않았습니다"), "{alarm}");
    assert_eq!(alarm["changed_at"], told.updated_at.to_string());
    assert_eq!(alarm["changed_by"], "unknown", "an agent may not look into the audit log");
    assert!(
        alarm["serves"].as_str().unwrap().starts_with("the account's last good version, of 2026-11-20T05:1")
    );
    let [warning] = warnings(&world).await.try_into().unwrap();
    assert_eq!((&warning["macro"], &warning["zendesk_macro"]), (&json!(NAME), &json!(told.id)));
    let (id, reply) = next_reply(&world, 1).await;
    assert!(reply.contains("고맙습니다.") && reply.contains("영업일 3~5일"), "{reply}");
    assert_eq!(world.macros_used(id), [told.id]);

    world.reword_macro(NAME, "며칠 {{", "며칠").await;
    assert!(world.read_macros().await);
    assert_eq!(log.lines(ALARM).len(), 2, "it is broken in another way");
    world.reword_macro(NAME, "며칠", "영업일 3~5일").await;
    assert!(world.read_macros().await);
    assert_eq!((log.lines(ALARM).len(), warnings(&world).await.len()), (2, 0));
    assert_eq!(log.line("nothing is wrong with this macro any more")["name"], NAME);
}

#[tokio::test]
async fn who_broke_it_is_told_where_the_service_may_look_into_the_audit_log() {
    let log = Log::collected();
    let world = World::with_account_macros().await;
    world.sandbox.zendesk.alter_user(SERVICE_USER, |user| user.role = Role::Admin).unwrap();
    world.edit_macro(NAME, "status", json!("hold")).await;
    assert!(world.read_macros().await);
    let alarm = log.line(ALARM);
    let log = world.admin(Method::GET, "/api/v2/audit_logs", Value::Null).await;
    let who = &log["audit_logs"][0]["actor_name"];
    assert!(who.is_string());
    assert_eq!(&alarm["changed_by"], who);
    assert!(
        alarm["problems"].as_str().unwrap().contains("티켓 상태를 solved(으)로 두지 않습니다"),
        "{alarm}"
    );
}

#[tokio::test]
async fn after_a_restart_the_last_good_text_serves_before_and_after_the_account_is_read() {
    let world = World::with_account_macros().await;
    world.reword_macro(NAME, BYE, "고맙습니다.").await;
    assert!(world.read_macros().await);
    world.reword_macro(NAME, "{{ parking.amount }}", "{{ parking.price }}").await;
    let again = world.replica_with(from_the_account).await;
    let (_, reply) = next_reply(&again, 1).await;
    assert!(reply.contains("고맙습니다."), "{reply}");
    assert!(again.read_macros().await);
    let (_, reply) = next_reply(&again, 2).await;
    assert!(reply.contains("고맙습니다."), "{reply}");
    let [warning] = warnings(&again).await.try_into().unwrap();
    assert!(warning["problems"][0].as_str().unwrap().contains("`parking.price`"), "{warning}");
}

#[tokio::test]
async fn a_replica_takes_the_last_good_text_from_the_ledger_that_they_share() {
    let Some(world) = World::on_postgres_with(from_the_account).await else { return };
    let replica = world.replica_with(from_the_account).await;
    world.fill_macros();
    assert!(world.read_macros().await);
    assert!(replica.read_macros().await);
    world.reword_macro(NAME, BYE, "고맙습니다.").await;
    assert!(world.read_macros().await);
    world.edit_macro(NAME, "set_tags", json!("vip")).await;
    // This service has never read the valid version.
    assert!(replica.read_macros().await);
    let [warning] = warnings(&replica).await.try_into().unwrap();
    assert!(warning["problems"][0].as_str().unwrap().contains("`set_tags`는 서비스의 태그까지"), "{warning}");
    let id = world.open(&world.story(PAID));
    world.live_with(replica.service.worker()).await;
    assert!(world.replies(id)[0].contains("고맙습니다."));
}

#[tokio::test]
async fn an_empty_account_has_the_files_texts_sent_and_every_macro_told() {
    let log = Log::collected();
    let world = World::with(from_the_account).await;
    let (id, before) = next_reply(&world, 1).await;
    assert!(world.read_macros().await);
    assert_eq!(log.lines(ALARM).len(), 27);
    let first = &log.lines(ALARM)[0];
    assert_eq!(
        first["problems"],
        "서비스의 사용자가 볼 수 있는 제목이 `misread::airport_interim`인 매크로가 없습니다"
    );
    assert_eq!(first["serves"], "macros/airport_interim.toml");
    let (_, after) = next_reply(&world, 1_001).await;
    assert_eq!((before, world.macros_used(id)), (after, vec![]));
}

#[tokio::test]
async fn what_the_macro_does_beside_its_comment_is_done() {
    let world = World::with_account_macros().await;
    let field = TicketField::new(77, FieldKind::Text, "처리 결과");
    world.sandbox.zendesk.add_ticket_field(field);
    for (field, value) in [
        ("priority", json!("high")),
        ("current_tags", json!("refunded_by_misread")),
        ("remove_tags", json!("vip_queue")),
        ("group_id", json!(ACCOUNT.compensation_group.to_string())),
        ("custom_fields_77", json!("환불")),
    ] {
        world.edit_macro(NAME, field, value).await;
    }
    assert!(world.read_macros().await);
    assert_eq!(warnings(&world).await, [Value::Null; 0]);
    let mut ticket = world.story(PAID).ticket();
    ticket.tags.push("vip_queue".to_owned());
    let id = world.sandbox.zendesk.open_ticket(ticket).unwrap();
    world.until_idle().await;
    let fields = world.ticket(id).fields;
    assert_eq!(fields.status, TicketStatus::Solved);
    assert_eq!(
        (fields.priority.as_deref(), fields.group_id),
        (Some("high"), Some(ACCOUNT.compensation_group))
    );
    assert!(fields.tags.contains("refunded_by_misread") && !fields.tags.contains("vip_queue"));
    assert_eq!(fields.custom_fields[&77], "환불");
    assert!(fields.tags.contains("misread_done") && fields.tags.contains("no_self_use"), "{:?}", fields.tags);
}

#[tokio::test]
async fn of_a_crowd_that_is_answered_in_jobs_every_reply_names_its_macro() {
    let few = |settings: &mut Settings| {
        from_the_account(settings);
        settings.zendesk.updates_per_minute = 6;
    };
    let world = World::with(few).await;
    world.fill_macros();
    assert!(world.read_macros().await);
    let ids = crowd(&world, 40);
    world.until_idle().await;
    all_are_settled_once(&world, &ids).await;
    assert!(!world.sandbox.zendesk.jobs().is_empty());
    let macro_id = world.account_macro(NAME).id;
    for id in ids {
        assert_eq!(world.macros_used(id), [macro_id]);
    }
}

#[tokio::test]
async fn a_macro_that_was_deleted_keeps_no_reply_from_its_customer() {
    let log = Log::collected();
    let world = World::with_account_macros().await;
    world.reword_macro(NAME, BYE, "고맙습니다.").await;
    assert!(world.read_macros().await);
    let id = world.account_macro(NAME).id;
    world.admin(Method::DELETE, &format!("/api/v2/macros/{id}"), Value::Null).await;
    // Before the macro's deletion is known, Zendesk refuses the reply that names it.
    let (ticket, reply) = next_reply(&world, 1).await;
    assert!(reply.contains("고맙습니다."), "{reply}");
    assert_eq!(world.macros_used(ticket), [0_i64; 0]);
    assert!(log.line("a macro of this reply is no longer in the account")["ticket"].is_string());
    assert!(world.read_macros().await);
    assert!(
        log.line(ALARM)["problems"].as_str().unwrap().starts_with("서비스의 사용자가 볼 수 있는 제목이 ")
    );
    let (ticket, reply) = next_reply(&world, 2).await;
    assert!(reply.contains("고맙습니다.") && world.macros_used(ticket).is_empty(), "{reply}");
    assert_eq!(log.lines("a macro of this reply is no longer in the account").len(), 1);
}

#[tokio::test]
async fn a_macro_that_is_switched_off_is_not_what_is_sent() {
    let world = World::with_account_macros().await;
    let id = world.account_macro(NAME).id;
    world.change_macro(id, json!({ "active": false })).await;
    assert!(world.read_macros().await);
    let [warning] = warnings(&world).await.try_into().unwrap();
    assert_eq!(warning["problems"], json!(["꺼져 있습니다"]));
    let (ticket, _) = next_reply(&world, 1).await;
    assert_eq!(world.macros_used(ticket), [0_i64; 0]);
}

#[tokio::test]
async fn paragraphs_come_from_the_account_too_and_are_counted() {
    let world = World::with_account_macros().await;
    world.reword_macro("why_hidden", "개인정보 보호", "고객님들의 개인정보 보호").await;
    assert!(world.read_macros().await);
    let id = world.open(&world.story(PAID));
    world.until_idle().await;
    world.customer_says(id, "주차장 이름은 왜 안 알려 주나요?").await;
    let replies = world.replies(id);
    assert!(replies.last().unwrap().contains("고객님들의 개인정보 보호"), "{replies:#?}");
    let ids = [NAME, "follow_up", "why_hidden"].map(|name| world.account_macro(name).id);
    assert_eq!(world.macros_used(id), ids);
}

#[tokio::test]
async fn while_the_account_cannot_be_read_what_served_goes_on() {
    let log = Log::collected();
    let world = World::with_account_macros().await;
    world.reword_macro(NAME, BYE, "고맙습니다.").await;
    let faults = world.sandbox.zendesk.faults();
    faults.inject(FaultRule::always("/api/v2/macros", Fault::unavailable(None)));
    assert!(!world.read_macros().await);
    assert_eq!(log.lines("the account's macros could not be read").len(), 1);
    let (_, reply) = next_reply(&world, 1).await;
    assert!(reply.contains(BYE), "{reply}");
    faults.clear();
    world.pass(Duration::from_mins(1));
    assert!(world.service.macros().unwrap().look().await, "it is tried again after a minute");
    let (_, reply) = next_reply(&world, 2).await;
    assert!(reply.contains("고맙습니다."), "{reply}");
}

#[tokio::test]
async fn people_keep_their_share_of_the_requests() {
    let world = World::with(from_the_account).await;
    world.fill_macros();
    let log = Log::collected();
    world
        .sandbox
        .zendesk
        .set_rate_limits(RateLimits { requests_per_minute: Some(12), ..RateLimits::ZENDESK });
    for _ in 0..10 {
        world.admin(Method::GET, "/api/v2/macros", Value::Null).await;
    }
    let keeper = world.service.macros().unwrap();
    assert!(keeper.look().await, "the account has not told yet");
    world.reload(|files| from_the_account(&mut files.settings));
    assert!(!keeper.look().await, "one request is left in this minute, and it is somebody else's");
    let told = log.line("the account's macros could not be read");
    assert_eq!(told["error"], "the account's budget of requests is used up");
    world.pass(Duration::from_mins(1));
    assert!(keeper.look().await);
}

#[tokio::test]
async fn an_account_with_many_macros_is_read_page_by_page() {
    let world = World::with(from_the_account).await;
    for number in 0..230 {
        let others = vec![RuleAction::new("comment_value", "남의 것")];
        world.sandbox.zendesk.add_macro(&format!("가{number}"), others).unwrap();
    }
    world.fill_macros();
    assert!(world.read_macros().await);
    assert_eq!(warnings(&world).await, [Value::Null; 0]);
}

#[tokio::test]
async fn a_macro_may_be_named_by_its_number() {
    let world = World::new().await;
    world.fill_macros();
    let id = world.account_macro(NAME).id;
    world.change_macro(id, json!({ "title": "환불 안내" })).await;
    let by_number = world
        .replica_with(|settings| {
            from_the_account(settings);
            settings.macros.ids.insert(NAME.to_owned(), id);
        })
        .await;
    assert!(by_number.read_macros().await);
    assert_eq!(warnings(&by_number).await, [Value::Null; 0]);
    let (ticket, _) = next_reply(&by_number, 1).await;
    assert_eq!(by_number.macros_used(ticket), [id]);
}

#[tokio::test]
async fn a_reload_keeps_the_accounts_texts_and_has_them_checked_by_the_new_policy() {
    let world = World::with_account_macros().await;
    world.reword_macro(NAME, BYE, "고맙습니다.").await;
    world.reword_macro("nothing_charged", BYE, "고맙습니다.").await;
    assert!(world.read_macros().await);
    world.reload(|files| {
        from_the_account(&mut files.settings);
        let policy = include_str!("../../../config/policy.toml");
        files.policy = misread::domain::policy::Policy::parse(&format!("{policy}\n# edited\n")).unwrap();
        // The guide now demands more of this text.
        let text = files.macros.text("nothing_charged").unwrap();
        let demanding =
            text.replacen("must_mention = [", "must_mention = [{ text = '새 안내', why = '가이드' },", 1);
        let demanding = demanding.replace("더 궁금하신 점", "새 안내나 더 궁금하신 점");
        let texts =
            files.macros.names().map(|name| (name.to_owned(), files.macros.text(name).unwrap().to_owned()));
        let texts: Vec<_> = texts
            .map(
                |(name, text)| {
                    if name == "nothing_charged" { (name, demanding.clone()) } else { (name, text) }
                },
            )
            .collect();
        files.macros = misread::domain::reply::Macros::parse(&texts).unwrap();
    });
    let (_, reply) = next_reply(&world, 1).await;
    assert!(reply.contains("고맙습니다."), "{reply}");
    let playbook = world.service.worker().parts().playbook.get();
    assert_eq!(playbook.macros.account_id("nothing_charged"), None, "the file's text serves");
    assert!(world.service.macros().unwrap().look().await, "a reload has the account read again");
    let [warning] = warnings(&world).await.try_into().unwrap();
    assert_eq!((&warning["macro"], &warning["serves"]), (&json!("nothing_charged"), &json!("the file")));
}

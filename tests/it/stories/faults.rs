//! Single faults, each with the service's reaction.

use std::time::Duration;

use misread::config::Settings;
use misread::domain::case::{Effect, Entry, Rest};
use misread::domain::ids::{Position, TicketId};
use misread::domain::parking::{ParkingUse, UseStatus, Won};
use misread::domain::reply::Macros;
use misread::domain::ticket::TicketStatus;
use misread::ports::CaseState;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::parking::ActionKind::{Cancellation, Inspection, Refund};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AgentUpdate, RateLimits, WebhookSwitches};

use crate::world::World;
use crate::world::crash_point::CrashPoint;
use crate::world::late::Late;

fn has(journal: &[Entry], wanted: impl Fn(&Entry) -> bool) -> bool {
    journal.iter().any(wanted)
}

#[tokio::test]
async fn a_lost_answer_to_the_public_reply_is_found_by_its_marker_and_not_sent_again() {
    let world = World::new().await;
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::AnswerLost));
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.until_idle().await;
    assert_eq!(world.replies(id).len(), 1);
    assert_eq!(world.notes(id).len(), 1);
    let journal = world.journal(id).await;
    assert!(
        has(&journal, |entry| matches!(entry, Entry::Written { found_by_marker: true, .. })),
        "{journal:?}"
    );
}

#[tokio::test]
async fn a_reply_that_is_still_under_way_is_waited_for_and_then_found() {
    let world = World::new().await;
    let late = Late::new(world.service.worker().parts().desk.clone(), false);
    let worker = world.worker_with(|parts| parts.desk = late.clone());
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.step_with(&worker).await;
    world.pass(Duration::from_secs(9));
    world.step_with(&worker).await;
    assert!(late.is_under_way() && world.replies(id).is_empty(), "nothing is sent again before ten seconds");
    late.arrive().await;
    world.live_with(&worker).await;
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
}

#[tokio::test]
async fn a_reply_that_arrives_after_it_was_looked_for_makes_the_second_one_conflict() {
    let world = World::new().await;
    let late = Late::new(world.service.worker().parts().desk.clone(), true);
    let worker = world.worker_with(|parts| parts.desk = late);
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.live_with(&worker).await;
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
    let journal = world.journal(id).await;
    assert!(has(&journal, |entry| matches!(entry, Entry::WriteConflict { .. })), "{journal:?}");
}

/// A world whose worker was killed after the reply was intended, when it may have been sent.
async fn killed_with_the_reply_under_way() -> (World, TicketId) {
    for steps in 0..60 {
        let world = World::with(|settings| settings.retry.unknown_settle_seconds = 300).await;
        let id = world.open(&world.story("결제 완료, 소유인증 완료"));
        let crash_point = CrashPoint::after(steps);
        let worker = world.worker_with(|parts| crash_point.into_parts(parts));
        tokio::select! {
            () = world.live_with(&worker) => break,
            () = crash_point.reached() => {}
        }
        let case = world.case(id).await;
        if matches!(case.unclear(), Some(record) if matches!(record.effect, Effect::Write(_))) {
            return (world, id);
        }
    }
    panic!("the reply was under way after no step");
}

#[tokio::test]
async fn after_a_crash_a_reply_that_may_be_under_way_is_waited_for_as_long_as_the_setting_says() {
    let (world, id) = killed_with_the_reply_under_way().await;
    world.pass(Duration::from_secs(299));
    world.step().await;
    assert_eq!(world.replies(id), [""; 0]);
    world.until_idle().await;
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
}

#[tokio::test]
async fn a_lost_answer_to_a_refund_is_asked_for_again_under_the_same_key() {
    let world = World::new().await;
    world.sandbox.parking.faults().inject(FaultRule::once("POST", "/refund", Fault::AnswerLost));
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    let journal = world.journal(id).await;
    assert!(
        has(&journal, |entry| matches!(entry, Entry::Acted { receipt, .. } if receipt.replayed)),
        "{journal:?}"
    );
}

#[tokio::test]
async fn an_answer_without_its_list_is_no_ticket_without_comments() {
    let (world, id) = World::opened("본인 확인이 안 된 문의자").await;
    for body in ["{}", r#"{"audits":null}"#, r#"{"audits":[{"id":1,"created_at":"2026-11-20T05:00:00Z"}]}"#] {
        let answer = Fault::Status { status: 200, retry_after: None, body: body.to_owned() };
        world.sandbox.zendesk.faults().inject(FaultRule::once("GET", "/audits", answer));
    }
    world.customer_says(id, "네 맞아요").await;
    assert_eq!(world.sandbox.zendesk.faults().struck(), 3);
    assert_eq!(world.actions(id), [Refund, Inspection]);
    let deferred = |entry: &Entry| matches!(entry, Entry::Deferred { reason, failed: true, .. } if reason.to_string().contains("cannot be read at"));
    let journal = world.journal(id).await;
    assert_eq!(journal.iter().filter(|entry| deferred(entry)).count(), 3, "{journal:?}");
    assert!(!has(&journal, |entry| matches!(entry, Entry::NothingNew)), "{journal:?}");
}

#[tokio::test]
async fn a_conflict_without_any_change_is_written_again() {
    let world = World::new().await;
    world
        .sandbox
        .zendesk
        .faults()
        .inject(FaultRule::once("PUT", "/tickets/", Fault::database_conflict()).times(2));
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.until_idle().await;
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
    assert_eq!(world.ticket(id).fields.status, TicketStatus::Solved);
}

#[tokio::test]
async fn what_zendesk_asks_to_wait_is_waited() {
    let world = World::new().await;
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::too_many_requests(300)));
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    let begin = world.now();
    world.until_idle().await;
    assert_eq!(world.replies(id).len(), 1);
    assert!(world.now().duration_since(begin).as_secs() >= 300);
}

#[tokio::test]
async fn a_case_that_fails_too_often_is_stuck_with_its_reason_and_a_new_delivery_revives_it() {
    let world = World::with(|settings| settings.retry.attempts = 5).await;
    world.sandbox.parking.faults().inject(FaultRule::always("/uses", Fault::unavailable(None)));
    let story = world.story("결제 완료, 소유인증 완료");
    let id = world.open(&story);
    world.until_idle().await;
    assert_eq!(world.state(id).await, CaseState::Stuck);
    let Some(Rest::Stuck(reason)) = world.case(id).await.rest else { panic!("not stuck") };
    let reason = reason.to_string();
    assert!(reason.contains("5 failures") && reason.contains("503"), "{reason}");
    assert_eq!((world.replies(id).len(), world.notes(id).len()), (0, 1), "people are told");

    world.sandbox.parking.faults().clear();
    world.wake(id, "agent_asked").await;
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    assert_eq!(world.ticket(id).fields.status, TicketStatus::Solved);
}

#[tokio::test]
async fn a_car_that_leaves_while_we_work_turns_a_cancellation_into_a_new_decision() {
    let world = World::new().await;
    let story = world.story("제휴 주차장 이용 중");
    let parking_use = story.uses[0].id.clone();
    let id = world.open(&story);
    // The first cancellation is delayed; meanwhile the car leaves and is charged.
    world.sandbox.parking.faults().inject(FaultRule::once(
        "POST",
        "/cancellation",
        Fault::unavailable(Some(30)),
    ));
    world.step().await;
    let now = world.now();
    let leave = |parking_use: &mut ParkingUse| {
        parking_use.status = UseStatus::Completed;
        parking_use.exited_at = Some(now);
        parking_use.amount = Some(Won(3_000));
    };
    world.sandbox.parking.alter_use(&parking_use, leave).unwrap();
    world.until_idle().await;
    assert_eq!(world.actions(id), [Refund, Inspection]);
    let journal = world.journal(id).await;
    let conflicts = journal.iter().filter(|entry| matches!(entry, Entry::ActionConflict { .. }));
    assert_eq!(
        conflicts.count(),
        1,
        "the use that came with the conflict is decided on at once: {journal:?}"
    );
    assert!(world.replies(id)[0].contains("결제취소"));
}

#[tokio::test]
async fn where_the_reply_cannot_be_completed_no_money_moves() {
    let world = World::new().await;
    // The text gives the time of exit, which this use does not have.
    world.reload(|files| {
        let texts = files.macros.names().map(|name| {
            let text = files.macros.text(name).unwrap().to_owned();
            let leaves = text.replacen("확인해 보니 ", "확인해 보니 {{ parking.exited_at }}까지, ", 1);
            (name.to_owned(), if name == "payment_cancelled" { leaves } else { text })
        });
        files.macros = Macros::parse(&texts.collect::<Vec<_>>()).unwrap();
    });
    let story = world.story("결제 완료, 소유인증 완료");
    world.sandbox.parking.alter_use(&story.uses[0].id, |parking_use| parking_use.exited_at = None).unwrap();
    let id = world.open(&story);
    world.until_idle().await;
    assert_eq!(world.actions(id), []);
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("payment_cancelled") && note.contains("parking.exited_at"), "{note}");
}

#[tokio::test]
async fn a_make_good_that_is_refused_after_the_cancellation_goes_to_an_agent_with_the_receipt() {
    let world = World::new().await;
    let refused = Fault::Status {
        status: 422,
        retry_after: None,
        body: r#"{"error":"direct_lot","message":"no make-good for directly operated lots"}"#.to_owned(),
    };
    world.sandbox.parking.faults().inject(FaultRule::once("POST", "/operator-make-good", refused));
    let id = world.open(&world.story("제휴 주차장 이용 중"));
    world.until_idle().await;
    assert_eq!(world.actions(id), [Cancellation]);
    assert_eq!(world.replies(id), [""; 0]);
    let [note] = world.notes(id).try_into().unwrap();
    assert!(note.contains("direct_lot") && note.contains("픽 취소: 완료 (접수번호"), "{note}");
    assert_eq!(world.ticket(id).fields.status, TicketStatus::Open);
}

#[tokio::test]
async fn duplicated_dropped_and_delayed_webhooks_settle_a_ticket_once() {
    let world = World::new().await;
    let switches =
        WebhookSwitches { duplicate: true, reorder: true, delay_seconds: 120, ..WebhookSwitches::default() };
    world.sandbox.zendesk.set_webhook_switches(switches);
    let ids = ["결제 완료, 소유인증 완료", "직영 주차장 미수"].map(|title| world.open(&world.story(title)));
    world.until_idle().await;
    for id in ids {
        assert_eq!((world.replies(id).len(), world.notes(id).len()), (1, 1));
    }
}

#[tokio::test]
async fn a_second_trigger_on_a_settled_ticket_changes_nothing() {
    let world = World::new().await;
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.until_idle().await;
    let before = world.ticket(id);
    world.wake(id, "start").await;
    world.until_idle().await;
    assert_eq!(world.ticket(id), before);
    assert_eq!(world.actions(id), [Refund, Inspection]);
}

#[tokio::test]
async fn our_own_budget_is_kept_before_zendesk_has_to_refuse() {
    let alone = |settings: &mut Settings| {
        (settings.zendesk.updates_per_minute, settings.zendesk.send_together) = (5, false);
    };
    let world = World::with(alone).await;
    world.sandbox.zendesk.set_rate_limits(RateLimits { updates_per_minute: Some(5), ..RateLimits::ZENDESK });
    let stories = world.sandbox.stories.clone();
    let ids: Vec<_> = stories.iter().map(|story| world.open(story)).collect();
    world.until_idle().await;
    for id in ids {
        assert!(matches!(world.state(id).await, CaseState::Ended | CaseState::Waiting));
        let failed = |entry: &Entry| matches!(entry, Entry::Deferred { failed: true, .. });
        assert!(!has(&world.journal(id).await, failed), "ticket {id} ran into a 429");
    }
}

#[tokio::test]
async fn refused_credentials_lose_no_ticket() {
    let world = World::new().await;
    let refused =
        Fault::Status { status: 401, retry_after: None, body: r#"{"error":"invalid_client"}"#.to_owned() };
    world.sandbox.zendesk.faults().inject(FaultRule::once("POST", "/oauth/tokens", refused).times(4));
    let id = world.open(&world.story("결제 완료, 소유인증 완료"));
    world.until_idle().await;
    assert_eq!(world.replies(id).len(), 1);
}

#[tokio::test]
async fn a_lost_note_is_looked_for_though_an_action_is_open_too() {
    let world = World::new().await;
    let id = world.open(&world.story("제휴 주차장 이용 중"));
    world.sandbox.parking.faults().inject(FaultRule::once("POST", "/cancellation", Fault::Reset));
    world.step().await;
    world.pass(Duration::from_secs(3));
    let touched = AgentUpdate::tags(&["somebody"]);
    world.sandbox.zendesk.agent_changes(id, ACCOUNT.agent, touched).unwrap();
    world.sandbox.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::Reset));
    world.until_idle().await;
    let journal = world.journal(id).await;
    let of_note = journal.iter().position(
        |entry| matches!(entry, Entry::Intended { effect: Effect::Write(write), .. } if !write.update.public),
    );
    let of = Position(u32::try_from(of_note.unwrap()).unwrap() + 1);
    assert!(has(&journal, |entry| *entry == Entry::NotFound { of }), "{journal:?}");
    assert_eq!(world.notes(id).len(), 1);
    assert!(world.notes(id)[0].contains("결과 미확인"), "{:?}", world.notes(id));
}

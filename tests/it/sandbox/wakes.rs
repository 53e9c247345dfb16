//! The sample account's triggers that wake the service: each fires when it should, and never for the service's own
//! writes.

use misread::account::triggers::{CUSTOMER_ANSWERED_BODY, FOLLOW_UP_BODY, GIVEN_BACK_BODY, START_BODY};
use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AgentUpdate, SERVICE_USER};
use serde_json::{Value, json};

use super::stage::Stage;
use super::triggers::webhook;

/// The kinds of all webhooks about a ticket, oldest first.
fn kinds(stage: &Stage, id: TicketId) -> Vec<String> {
    let sent = stage.zendesk.invocations().into_iter().filter(|invocation| invocation.ticket_id == id.get());
    sent.map(|invocation| {
        let body: Value = serde_json::from_str(&invocation.body).unwrap();
        assert_eq!(body["ticket_id"], id.to_string());
        body["kind"].as_str().unwrap().to_owned()
    })
    .collect()
}

async fn stage() -> Stage {
    let stage = Stage::set().await;
    webhook(&stage);
    stage
}

#[tokio::test]
async fn the_bodies_differ_in_their_kind_alone_and_hold_nothing_that_a_customer_typed() {
    for (body, kind) in [
        (FOLLOW_UP_BODY, "follow_up"),
        (CUSTOMER_ANSWERED_BODY, "customer_answered"),
        (GIVEN_BACK_BODY, "given_back"),
    ] {
        assert_eq!(body, START_BODY.replace("\"start\"", &format!("\"{kind}\"")));
    }
}

#[tokio::test]
async fn a_customer_who_answers_wakes_the_service_each_time() {
    let stage = stage().await;
    for tag in ["misread_waiting", "misread_done"] {
        let id = stage.open(&[tag]);
        assert_eq!(kinds(&stage, id), ["follow_up"], "opening is no answer");
        stage.zendesk.customer_comments(id, "네, 제 계정이에요").unwrap();
        stage.zendesk.customer_comments(id, "빨리 부탁드려요").unwrap();
        assert_eq!(kinds(&stage, id)[1..], ["customer_answered"; 2], "{tag}");
    }
}

#[tokio::test]
async fn only_comments_of_others_on_tickets_that_listen_wake_the_service() {
    let stage = stage().await;
    let untagged = stage.open(&["misread_prepared", "misread_handed_over"]);
    stage.zendesk.customer_comments(untagged, "네").unwrap();
    assert_eq!(kinds(&stage, untagged), ["follow_up"], "nobody waits for it");

    let id = stage.open(&["misread_waiting", "misread_done"]);
    stage.zendesk.agent_comments(id, ACCOUNT.agent, "확인 부탁드립니다", true).unwrap();
    stage.zendesk.agent_comments(id, ACCOUNT.agent, "메모", false).unwrap();
    stage.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::tags(&["vip"])).unwrap();
    // The customer does something without a message, such as rating or filling in a field.
    let customer = stage.zendesk.ticket(id).unwrap().fields.requester_id;
    stage.zendesk.agent_changes(id, customer, AgentUpdate::tags(&["rated"])).unwrap();
    stage.zendesk.agent_comments(id, customer, "비공개", false).unwrap();
    stage.zendesk.automation_changes(id, "…", AgentUpdate::status(TicketStatus::Pending)).unwrap();
    let told = ["follow_up", "customer_answered", "customer_answered", "customer_answered"];
    assert_eq!(kinds(&stage, id), told, "two of a colleague and a private one may hold a customer's words");
}

#[tokio::test]
async fn an_agent_who_gives_a_ticket_back_wakes_the_service() {
    let stage = stage().await;
    for tag in ["misread_airport_called", "misread_release"] {
        let id = stage.open(&["misread_handed_over", "misread_prepared"]);
        stage.zendesk.agent_comments(id, ACCOUNT.agent, "공항에 전화하겠습니다", false).unwrap();
        assert_eq!(kinds(&stage, id), ["follow_up"], "not yet");
        stage.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::tags(&[tag])).unwrap();
        assert_eq!(kinds(&stage, id)[1..], ["given_back"], "{tag}");
        let untag = AgentUpdate { remove_tags: vec![tag.to_owned()], ..AgentUpdate::default() };
        stage.zendesk.agent_changes(id, ACCOUNT.agent, untag).unwrap();
        assert_eq!(kinds(&stage, id)[1..], ["given_back"], "taken back");
    }
    let opened_so = stage.open(&["misread_release"]);
    assert_eq!(kinds(&stage, opened_so), [""; 0], "opening gives nothing back");
}

#[tokio::test]
async fn the_service_s_own_writes_send_no_webhook() {
    let stage = stage().await;
    let id = stage.plain_ticket();
    let every_tag = ["misread_waiting", "misread_done", "misread_airport_called", "misread_release"];
    let writes = [
        json!({ "tags": every_tag }),
        json!({ "comment": { "body": "답변", "public": true }, "status": "pending" }),
        json!({ "comment": { "body": "메모", "public": false } }),
        json!({ "status": "open", "tags": ["misread_airport_called"] }),
        json!({ "tags": ["misread_release", "vip"] }),
    ];
    for write in writes {
        assert_eq!(stage.put_ticket(id, write.clone()).await.status(), 200);
        let audits = stage.zendesk.audits(id);
        assert_eq!(audits.last().unwrap().author_id, SERVICE_USER);
        assert_eq!(kinds(&stage, id), [""; 0], "{write}");
    }
    stage.zendesk.agent_comments(id, ACCOUNT.agent, "이제 사람이", false).unwrap();
    assert_eq!(kinds(&stage, id), ["given_back"], "the same ticket, touched by a person");
}

//! `safe_update`: the stamp decides whether an update is accepted.

use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::seed::ACCOUNT;
use serde_json::{Value, json};
use std::time::Duration;

use super::stage::Stage;

const OPENED: &str = "2026-03-02T01:00:00Z";

#[tokio::test]
async fn an_outdated_stamp_is_a_conflict_and_writes_nothing() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    stage.clock.advance(Duration::from_secs(1));
    stage.zendesk.agent_comments(id, ACCOUNT.agent, "제가 볼게요", false).unwrap();

    let update = json!({ "comment": { "body": "답장", "public": true }, "safe_update": true, "updated_stamp": OPENED });
    let response = stage.put_ticket(id, update).await;
    assert_eq!(response.status(), 409);
    assert_eq!(response.json::<Value>().await.unwrap()["error"], "UpdateConflict");
    assert!(stage.zendesk.public_comments(id).is_empty());

    let update = json!({ "status": "open", "safe_update": true, "updated_stamp": "2026-03-02T01:00:01Z" });
    assert_eq!(stage.put_ticket(id, update).await.status(), 200);
}

#[tokio::test]
async fn safe_update_false_acts_as_true_and_a_stamp_alone_does_nothing() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    stage.clock.advance(Duration::from_secs(1));
    stage.zendesk.customer_comments(id, "하나 더요").unwrap();
    let mut update = json!({ "status": "open", "safe_update": false, "updated_stamp": OPENED });
    assert_eq!(stage.put_ticket(id, update.clone()).await.status(), 409);
    update.as_object_mut().unwrap().remove("safe_update");
    assert_eq!(stage.put_ticket(id, update).await.status(), 200);
    assert_eq!(stage.put_ticket(id, json!({ "status": "open", "safe_update": true })).await.status(), 409);
}

#[tokio::test]
async fn two_updates_within_a_second_cannot_be_told_apart() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    stage.zendesk.agent_comments(id, ACCOUNT.agent, "동시에 봤네요", false).unwrap();
    let update = json!({ "status": "open", "safe_update": true, "updated_stamp": OPENED });
    assert_eq!(stage.put_ticket(id, update).await.status(), 200);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_found_again_by_its_marker() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    stage.zendesk.faults().inject(FaultRule::once("PUT", "/tickets/", Fault::AnswerLost));
    let request = stage.ask_zendesk(reqwest::Method::PUT, &format!("/api/v2/tickets/{id}"));
    let update = json!({ "ticket": {
        "comment": { "body": "답장", "public": true }, "metadata": { "misread": "misread-1-7" },
    } });
    assert!(request.json(&update).send().await.is_err());

    let audits = stage.get(&format!("/api/v2/tickets/{id}/audits")).await;
    let marked: Vec<_> = audits["audits"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|audit| audit["metadata"]["custom"]["misread"] == "misread-1-7")
        .collect();
    assert_eq!(marked.len(), 1);
    assert_eq!(marked[0]["events"][0]["public"], true);
}

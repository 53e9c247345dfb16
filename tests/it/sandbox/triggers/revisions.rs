//! Earlier versions of a trigger, and the authors of its changes.

use std::time::Duration;

use misread::sandbox::zendesk::ADMIN_USER;
use reqwest::Method;
use serde_json::json;

use super::super::stage::Stage;

#[tokio::test]
async fn every_change_of_what_a_trigger_does_is_kept() {
    let stage = Stage::set().await;
    let condition = |value: &str| json!({ "field": "status", "operator": "is", "value": value });
    let made = stage
        .make(
            "/api/v2/triggers",
            "trigger",
            json!({ "title": "가", "conditions": { "all": [condition("open")] },
            "actions": [{ "field": "priority", "value": "low" }] }),
        )
        .await;
    let path = format!("/api/v2/triggers/{}", made["id"]);
    stage.clock.advance(Duration::from_mins(1));
    let change = json!({ "trigger": { "title": "나", "conditions": { "all": [condition("pending")] },
        "actions": [{ "field": "priority", "value": "low" }] } });
    stage.admin(Method::PUT, &path, change).await;
    stage.admin(Method::PUT, &path, json!({ "trigger": { "position": 7 } })).await;
    let list = stage.get(&format!("{path}/revisions.json")).await;
    assert_eq!(list["count"], 2, "a position is no revision");
    let newest = &list["trigger_revisions"][0];
    assert_eq!((&newest["id"], &newest["author_id"]), (&json!(2), &json!(ADMIN_USER)));
    assert_eq!(newest["created_at"], "2026-03-02T01:01:00Z");
    assert_eq!(newest["snapshot"]["title"], "나");
    let diff = &newest["diff"];
    assert_eq!((&diff["source_id"], &diff["target_id"]), (&json!(1), &json!(2)));
    assert_eq!(
        diff["title"],
        json!([{ "change": "-", "content": "가" }, { "change": "+", "content": "나" }])
    );
    assert_eq!((&diff["active"], &diff["actions"]), (&json!([]), &json!([])));
    let conditions = diff["conditions"]["all"].as_array().unwrap();
    assert_eq!(conditions[0]["value"], json!([{ "change": "-", "content": "open" }]));
    assert_eq!(conditions[1]["value"], json!([{ "change": "+", "content": "pending" }]));
}

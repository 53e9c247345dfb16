//! Triggers over the API: created, listed, changed, ordered, and refused.

use std::time::Duration;

use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AccountSwitches, SERVICE_USER};
use reqwest::Method;
use serde_json::{Value, json};

use super::super::stage::Stage;
use super::webhook;

fn titles(list: &Value) -> Vec<&str> {
    list["triggers"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect()
}

fn opening(title: &str) -> Value {
    json!({ "title": title, "conditions": { "all": [{ "field": "status", "operator": "less_than", "value": "solved" }] },
        "actions": [{ "field": "status", "value": "open" }] })
}

/// The description of a refusal about the record as a whole.
async fn problems(stage: &Stage, body: Value) -> Vec<String> {
    let (status, body) = stage.admin(Method::POST, "/api/v2/triggers", json!({ "trigger": body })).await;
    assert_eq!((status, &body["error"]), (422, &json!("RecordInvalid")), "{body}");
    let base = body["details"]["base"].as_array().cloned().unwrap_or_default();
    base.iter().map(|flaw| flaw["description"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_trigger_is_made_and_shown_as_recorded() {
    let stage = Stage::set().await;
    let conditions = json!([{ "field": "status", "operator": "less_than", "value": "solved" },
        { "field": "update_type", "operator": "is", "value": "Create" }]);
    let body = json!({ "trigger": { "title": "testTrigger", "actions": [{ "field": "status", "value": "open" }], "all": conditions } });
    let response = stage.ask_admin(Method::POST, "/api/v2/triggers.json").json(&body).send().await.unwrap();
    assert_eq!(response.status(), 201);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let made = response.json::<Value>().await.unwrap()["trigger"].take();
    let id = made["id"].as_i64().unwrap();
    assert_eq!(location, format!("{}/api/v2/triggers/{id}.json", stage.zendesk_url));
    let category = stage.get("/api/v2/trigger_categories").await["trigger_categories"][0]["id"].clone();
    assert!(category.is_string());
    let expected = json!({
        "url": location, "id": id, "title": "testTrigger", "active": true, "updated_at": "2026-03-02T01:00:00Z",
        "created_at": "2026-03-02T01:00:00Z", "default": false, "actions": [{ "field": "status", "value": "open" }],
        "conditions": { "all": conditions, "any": [] }, "description": null, "position": 5, "raw_title": "testTrigger",
        "category_id": category,
    });
    assert_eq!(made, expected, "behind the seed's four");
    assert_eq!(stage.get(&format!("/api/v2/triggers/{id}")).await["trigger"], expected);
    assert_eq!(stage.admin(Method::DELETE, &format!("/api/v2/triggers/{id}.json"), Value::Null).await.0, 204);
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let (status, body) =
            stage.admin(method, &format!("/api/v2/triggers/{id}"), json!({ "trigger": {} })).await;
        assert_eq!((status, &body["error"]), (404, &json!("RecordNotFound")));
    }
}

#[tokio::test]
async fn touching_conditions_or_actions_replaces_both() {
    let stage = Stage::set().await;
    let made = stage.make("/api/v2/triggers", "trigger", opening("가")).await;
    let path = format!("/api/v2/triggers/{}", made["id"]);
    let update = async |body: Value| {
        stage.clock.advance(Duration::from_secs(1));
        let (status, body) = stage.admin(Method::PUT, &path, json!({ "trigger": body })).await;
        assert_eq!(status, 200, "{body}");
        body["trigger"].clone()
    };
    let renamed = update(json!({ "title": "나", "description": "설명", "active": false })).await;
    assert_eq!((&renamed["conditions"], &renamed["actions"]), (&made["conditions"], &made["actions"]));
    assert_eq!((&renamed["description"], &renamed["active"]), (&json!("설명"), &json!(false)));
    assert_eq!(renamed["updated_at"], "2026-03-02T01:00:01Z");
    let actions_only = update(json!({ "actions": [{ "field": "priority", "value": "low" }] })).await;
    assert_eq!(actions_only["conditions"], json!({ "all": [], "any": [] }), "it fires on everything now");
    let conditions_only =
        update(json!({ "any": [{ "field": "status", "operator": "is", "value": "new" }] })).await;
    assert_eq!(
        (&conditions_only["actions"], &conditions_only["conditions"]["any"][0]["value"]),
        (&json!([]), &json!("new"))
    );
}

#[tokio::test]
async fn what_zendesk_does_not_know_is_told_in_its_words() {
    let stage = Stage::set().await;
    let (status, body) = stage
        .admin(Method::POST, "/api/v2/triggers", json!({ "trigger": { "title": "", "actions": [] } }))
        .await;
    assert_eq!((status, &body["details"]["title"][0]["error"]), (422, &json!("BlankValue")));
    assert_eq!(body["details"]["actions"][0]["error"], "BlankValue");
    let all = json!([
        { "field": "tags", "operator": "includes", "value": "a" },
        { "field": "status", "operator": "resembles", "value": "open" },
        { "field": "current_tags", "operator": "is", "value": "a" },
        { "field": "status", "operator": "is", "value": "ajar" },
        { "field": "via_id", "operator": "is_not", "value": "web" },
        { "field": "group_id", "operator": "is", "value": "5" },
        { "field": "custom_fields_5", "operator": "present" },
        { "field": "role", "operator": "is", "value": "5" },
    ]);
    let actions = json!([{ "field": "notification_webhook", "value": ["nowhere", "{}"] }, { "field": "comment_value", "value": "네" },
        { "field": "group_id", "value": "5" }, { "field": "status", "value": "open" }]);
    let told =
        problems(&stage, json!({ "title": "가", "conditions": { "all": all }, "actions": actions })).await;
    let expected = [
        "Invalid condition 'tags'",
        "Invalid operator 'resembles' in 'status'",
        "Invalid operator 'is' in 'current_tags'",
        "Invalid value 'ajar' in 'status / is / ajar'",
        "Invalid value 'web' in 'via_id / is_not / web'",
        "Invalid action 'comment_value' with '네'",
        "Invalid value '5' in 'group_id / is / 5'",
        "Invalid condition 'custom_fields_5'",
        "Invalid value '5' in 'role / is / 5'",
        "Invalid action 'notification_webhook' with 'nowhere'",
        "Invalid action 'group_id' with '5'",
    ];
    assert_eq!(told, expected);
    let mut body = opening("가");
    body["category_id"] = json!("5");
    let (status, refusal) = stage.admin(Method::POST, "/api/v2/triggers", json!({ "trigger": body })).await;
    assert_eq!((status, &refusal["details"]["category_id"][0]["error"]), (422, &json!("InvalidValue")));
    assert_eq!(titles(&stage.get("/api/v2/triggers").await).len(), 4, "nothing was made");
}

#[tokio::test]
async fn a_condition_may_name_the_current_user_by_id_where_the_account_takes_it() {
    let stage = Stage::set().await;
    let mut body = opening("가");
    body["conditions"] =
        json!({ "all": [{ "field": "role", "operator": "is_not", "value": SERVICE_USER.to_string() }] });
    stage.make("/api/v2/triggers", "trigger", body.clone()).await;
    let switches = AccountSwitches { role_takes_user_ids: false, ..AccountSwitches::default() };
    stage.zendesk.set_account_switches(switches);
    let expected = format!("Invalid value '{SERVICE_USER}' in 'role / is_not / {SERVICE_USER}'");
    assert_eq!(problems(&stage, body).await, [expected]);
}

#[tokio::test]
async fn only_webhooks_for_triggers_can_be_notified() {
    let stage = Stage::set().await;
    webhook(&stage);
    let notifying = |id: &str| {
        json!({ "title": "가", "conditions": { "all": [{ "field": "status", "operator": "is", "value": "open" }] },
            "actions": [{ "field": "notification_webhook", "value": [id, "{}"] }] })
    };
    stage.make("/api/v2/triggers", "trigger", notifying(ACCOUNT.webhook_id)).await;
    let for_events = stage
        .make("/api/v2/webhooks", "webhook", json!({ "name": "사건", "endpoint": "https://example.com", "http_method": "POST",
            "request_format": "json", "status": "active", "subscriptions": ["zen:event-type:ticket.created"] }))
        .await;
    let id = for_events["id"].as_str().unwrap();
    assert_eq!(
        problems(&stage, notifying(id)).await,
        [format!("Invalid action 'notification_webhook' with '{id}'")]
    );
}

#[tokio::test]
async fn lists_are_in_running_order_and_cut_into_pages() {
    let stage = Stage::set().await;
    let mut off = opening("가 꺼짐");
    off["active"] = json!(false);
    off["description"] = json!("꺼 두었다");
    stage.clock.advance(Duration::from_secs(1));
    stage.make("/api/v2/triggers", "trigger", off).await;
    let seed = [
        "[misread] 본인 미사용 접수",
        "[misread] 후속 문의 접수",
        "[misread] 고객 답변",
        "[misread] 상담사가 돌려줌",
    ];
    let all = [seed[0], seed[1], seed[2], seed[3], "가 꺼짐"];
    for (query, expected) in [("triggers.json", all.to_vec()), ("triggers/search?query=돌려", vec![seed[3]])]
    {
        assert_eq!(titles(&stage.get(&format!("/api/v2/{query}")).await), expected, "{query}");
    }
    let page = stage.get("/api/v2/triggers.json?page[size]=4").await;
    assert_eq!((titles(&page), &page["meta"]["has_more"]), (seed.to_vec(), &json!(true)));
    let next = page["links"]["next"].as_str().unwrap().replace(&stage.zendesk_url, "");
    let last = stage.get(&next).await;
    assert_eq!((titles(&last), &last["meta"]["has_more"]), (vec!["가 꺼짐"], &json!(false)));
    let back = last["links"]["prev"].as_str().unwrap().replace(&stage.zendesk_url, "");
    assert_eq!(titles(&stage.get(&back).await), seed);
}

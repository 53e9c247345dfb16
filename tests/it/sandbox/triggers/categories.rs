//! Trigger categories, whose errors have a form of their own.

use std::time::Duration;

use misread::sandbox::zendesk::AccountSwitches;
use reqwest::Method;
use serde_json::{Value, json};

use super::super::stage::Stage;

const PATH: &str = "/api/v2/trigger_categories";

async fn make(stage: &Stage, body: Value) -> Value {
    let (status, body) = stage.admin(Method::POST, PATH, json!({ "trigger_category": body })).await;
    assert_eq!(status, 200, "as described: {body}");
    body["trigger_category"].clone()
}

fn names(list: &Value) -> Vec<&str> {
    list["trigger_categories"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_new_account_has_one_and_others_are_made_renamed_and_moved() {
    let stage = Stage::set().await;
    assert_eq!(names(&stage.get(PATH).await), ["Initial category"]);
    let made = make(&stage, json!({ "name": "가 서비스" })).await;
    assert!(made["id"].is_string());
    assert_eq!((&made["position"], &made["created_at"]), (&json!(2), &json!("2026-03-02T01:00:00Z")));
    stage.clock.advance(Duration::from_secs(1));
    let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
    let (status, moved) =
        stage.admin(Method::PATCH, &path, json!({ "trigger_category": { "position": 0 } })).await;
    assert_eq!((status, &moved["trigger_category"]["name"]), (200, &json!("가 서비스")));
    assert_eq!(moved["trigger_category"]["updated_at"], "2026-03-02T01:00:01Z");
    assert_eq!(names(&stage.get(PATH).await), ["가 서비스", "Initial category"]);
}

#[tokio::test]
async fn a_trigger_can_bring_its_category_along() {
    let stage = Stage::set().await;
    let trigger = json!({ "title": "가", "category": { "name": "서비스" }, "actions": [{ "field": "status", "value": "open" }] });
    let made = stage.make("/api/v2/triggers", "trigger", trigger).await;
    let list = stage.get(PATH).await;
    assert_eq!(names(&list), ["Initial category", "서비스"]);
    assert_eq!(made["category_id"], list["trigger_categories"][1]["id"]);
    assert_eq!(made["position"], 1, "the first there");
    let path = format!("/api/v2/triggers/{}", made["id"]);
    let wrong = json!({ "trigger": { "category": { "name": "없어야 한다" }, "actions": [{ "field": "nothing", "value": "x" }] } });
    assert_eq!(stage.admin(Method::PUT, &path, wrong.clone()).await.0, 422);
    assert_eq!(stage.admin(Method::POST, "/api/v2/triggers", wrong).await.0, 422);
    assert_eq!(
        names(&stage.get(PATH).await),
        ["Initial category", "서비스"],
        "none for a trigger that is refused"
    );
    let moved = json!({ "trigger": { "category": { "name": "다음" } } });
    let (_, moved) = stage.admin(Method::PUT, &path, moved).await;
    assert_eq!(moved["trigger"]["category_id"], stage.get(PATH).await["trigger_categories"][2]["id"]);
}

#[tokio::test]
async fn errors_are_listed() {
    let stage = Stage::set().await;
    for (method, path, body, status, code) in [
        (
            Method::POST,
            PATH.to_owned(),
            json!({ "trigger_category": { "name": " " } }),
            400,
            "InvalidTriggerCategory",
        ),
        (Method::POST, PATH.to_owned(), json!({ "name": "x" }), 400, "InvalidTriggerCategory"),
        (
            Method::PATCH,
            format!("{PATH}/5"),
            json!({ "trigger_category": {} }),
            404,
            "TriggerCategoryNotFound",
        ),
        (
            Method::PATCH,
            format!("{PATH}/x"),
            json!({ "trigger_category": {} }),
            404,
            "TriggerCategoryNotFound",
        ),
        (Method::GET, format!("{PATH}?page[after]=x"), Value::Null, 400, "InvalidTriggerCategory"),
    ] {
        let (answered, body) = stage.admin(method.clone(), &path, body).await;
        assert_eq!((answered, &body["errors"][0]["code"]), (status, &json!(code)), "{method} {path}");
        assert!(body["errors"][0]["title"].is_string());
    }
}

#[tokio::test]
async fn an_account_without_categories_forbids_them_and_its_triggers_have_none() {
    let stage = Stage::set().await;
    let known = stage.get(PATH).await["trigger_categories"][0]["id"].as_str().unwrap().to_owned();
    let without = AccountSwitches { trigger_categories: false, ..AccountSwitches::default() };
    stage.zendesk.set_account_switches(without);
    let one = json!({ "trigger_category": { "name": "서비스" } });
    for (method, path, body) in [
        (Method::GET, PATH.to_owned(), Value::Null),
        (Method::POST, PATH.to_owned(), one.clone()),
        (Method::PATCH, format!("{PATH}/{known}"), one),
    ] {
        let (status, body) = stage.admin(method.clone(), &path, body).await;
        let code = &body["errors"][0]["code"];
        assert_eq!((status, code), (403, &json!("TriggerCategoriesNotEnabled")), "{method} {path}");
    }
    let action = json!([{ "field": "status", "value": "open" }]);
    let made = stage.make("/api/v2/triggers", "trigger", json!({ "title": "가", "actions": action })).await;
    assert_eq!(made["category_id"], Value::Null);
    let all = stage.get("/api/v2/triggers").await;
    assert!(all["triggers"].as_array().unwrap().iter().all(|trigger| trigger["category_id"].is_null()));
    for (category, status) in
        [(json!({ "category_id": known }), 422), (json!({ "category": { "name": "서비스" } }), 403)]
    {
        let mut trigger = json!({ "title": "나", "actions": action });
        trigger.as_object_mut().unwrap().extend(category.as_object().unwrap().clone());
        let refused = stage.admin(Method::POST, "/api/v2/triggers", json!({ "trigger": trigger })).await;
        assert_eq!(refused.0, status, "{}", refused.1);
    }
}

//! Options: added one by one, or replaced as a whole, which deletes the missing ones.

use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::AgentUpdate;
use reqwest::Method;
use serde_json::{Value, json};

use super::{PATH, Stage, make, refused};

fn own() -> String {
    format!("{PATH}/{}/options", ACCOUNT.consultation_type_field)
}

async fn put(stage: &Stage, body: Value) -> (u16, Value) {
    let (status, body) = stage.admin(Method::POST, &own(), json!({ "custom_field_option": body })).await;
    (status, body["custom_field_option"].clone())
}

fn values(list: &Value) -> Vec<&str> {
    list["custom_field_options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["value"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn an_option_is_added_with_201_and_changed_with_200() {
    let stage = Stage::set().await;
    let body = json!({ "custom_field_option": { "name": "주차_고객::기타", "value": "Etc" } });
    let response = stage.ask_admin(Method::POST, &own()).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["location"].to_str().unwrap(), format!("{}{}", stage.zendesk_url, own()));
    let made = response.json::<Value>().await.unwrap()["custom_field_option"].clone();
    let id = made["id"].as_i64().unwrap();
    let expected = json!({ "id": id, "name": "주차_고객::기타", "raw_name": "주차_고객::기타", "value": "etc", "position": 3,
        "allow_solving": true, "url": format!("{}{}/{id}.json", stage.zendesk_url, own()) });
    assert_eq!(made, expected, "behind the seed's three, in lower case as tags are");
    let (status, renamed) = put(&stage, json!({ "id": id, "name": "기타 문의", "position": 0 })).await;
    assert_eq!(
        (status, &renamed["name"], &renamed["value"], &renamed["position"]),
        (200, &json!("기타 문의"), &json!("etc"), &json!(0))
    );
    let (status, unknown) = put(&stage, json!({ "id": 5, "name": "새 것", "value": "new_one" })).await;
    assert_eq!(status, 201, "an unknown id makes a new one");
    assert_ne!(unknown["id"], 5);
    let list = stage.get(&own()).await;
    assert_eq!(
        values(&list),
        ["etc", "no_self_use_linked", "no_self_use_unlinked", "no_self_use_other", "new_one"]
    );
    assert_eq!((&list["count"], &list["next_page"]), (&json!(5), &Value::Null));
    assert_eq!(stage.get(&format!("{}/{id}", own())).await["custom_field_option"], renamed);
    let page = stage.get(&format!("{}?page[size]=2", own())).await;
    assert_eq!((values(&page).len(), &page["meta"]["has_more"]), (2, &json!(true)));
}

#[tokio::test]
async fn values_follow_the_rules_for_tags_and_are_unique_over_all_fields() {
    let stage = Stage::set().await;
    make(&stage, json!({ "type": "checkbox", "title": "동의", "tag": "agreed" })).await;
    make(&stage, json!({ "type": "tagger", "title": "다른", "custom_field_options": [{ "name": "가", "value": "elsewhere" }] })).await;
    for (value, error) in [
        ("no_self_use_linked", "DuplicateValue"),
        ("elsewhere", "DuplicateValue"),
        ("agreed", "DuplicateValue"),
        ("본인 미사용", "InvalidValue"),
        ("half!", "InvalidValue"),
        ("", "BlankValue"),
        (&"a".repeat(256), "InvalidValue"),
    ] {
        let details =
            refused(&stage, &own(), "custom_field_option", json!({ "name": "가", "value": value })).await;
        assert_eq!(details["value"][0]["error"], error, "{value}");
    }
    let details =
        refused(&stage, &own(), "custom_field_option", json!({ "name": " ", "value": "fine" })).await;
    assert_eq!(details["name"][0]["error"], "BlankValue");
    for value in ["본인_미사용", "a-b/c:d.e", &"a".repeat(255)] {
        assert_eq!(put(&stage, json!({ "name": "가", "value": value })).await.0, 201, "{value}");
    }
    let twice = json!([{ "name": "가", "value": "same" }, { "name": "나", "value": "same" }]);
    refused(
        &stage,
        PATH,
        "ticket_field",
        json!({ "type": "tagger", "title": "둘", "custom_field_options": twice }),
    )
    .await;
    let many: Vec<_> = (0..2001).map(|at| json!({ "name": "가", "value": format!("many_{at}") })).collect();
    let details = refused(
        &stage,
        PATH,
        "ticket_field",
        json!({ "type": "tagger", "title": "많다", "custom_field_options": many }),
    )
    .await;
    assert_eq!(details["custom_field_options"][0]["error"], "TooManyValues");
    let text = format!("{PATH}/{}/options", ACCOUNT.plate_field);
    refused(&stage, &text, "custom_field_option", json!({ "name": "가", "value": "x" })).await;
}

#[tokio::test]
async fn putting_options_deletes_those_left_out_and_their_values_vanish() {
    let stage = Stage::set().await;
    let [linked, other] = [stage.open(&["no_self_use_linked", "vip"]), stage.open(&["no_self_use_other"])];
    let field = ACCOUNT.consultation_type_field;
    let actions = json!([{ "field": format!("custom_fields_{field}"), "value": "no_self_use_linked" },
        { "field": "status", "value": "open" }]);
    let macro_id = stage.zendesk.add_macro("연동", serde_json::from_value(actions).unwrap()).unwrap();
    let before = stage.get(&own()).await["custom_field_options"].clone();
    let audits = stage.zendesk.audits(linked).len();
    let left = json!([{ "id": before[2]["id"], "name": "기타", "value": "no_self_use_other" }, { "name": "새", "value": "new_one" }]);
    let path = format!("{PATH}/{field}");
    let (status, body) =
        stage.admin(Method::PUT, &path, json!({ "ticket_field": { "custom_field_options": left } })).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(values(&body["ticket_field"]), ["no_self_use_other", "new_one"]);
    assert_eq!(body["ticket_field"]["custom_field_options"][0]["id"], before[2]["id"], "the same option");
    let ticket = stage.zendesk.ticket(linked).unwrap();
    assert!(ticket.fields.custom_fields.is_empty());
    assert!(ticket.fields.tags.iter().eq(["misread_sent", "vip"]), "{:?}", ticket.fields.tags);
    assert_eq!(ticket.audits.len(), audits, "no audit is written");
    assert_eq!(stage.zendesk.ticket(other).unwrap().fields.custom_fields[&field], "no_self_use_other");
    let left = stage.get(&format!("/api/v2/macros/{macro_id}")).await["macro"]["actions"].clone();
    assert_eq!(left, json!([{ "field": "status", "value": "open" }]), "macros lose it too");

    let untouched = json!({ "ticket_field": { "title": "상담 유형" } });
    let (_, body) = stage.admin(Method::PUT, &path, untouched).await;
    assert_eq!(values(&body["ticket_field"]).len(), 2, "left out, they stay");
}

#[tokio::test]
async fn a_deleted_option_s_value_vanishes_too() {
    let stage = Stage::set().await;
    let id = stage.open(&["no_self_use_linked"]);
    let option = stage.get(&own()).await["custom_field_options"][0]["id"].clone();
    let path = format!("{}/{option}", own());
    assert_eq!(stage.admin(Method::DELETE, &path, Value::Null).await, (204, Value::Null));
    assert_eq!(stage.admin(Method::DELETE, &path, Value::Null).await.0, 404);
    let ticket = stage.zendesk.ticket(id).unwrap().fields;
    assert!(ticket.custom_fields.is_empty() && !ticket.tags.contains("no_self_use_linked"));
    stage.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::tags(&["no_self_use_linked"])).unwrap();
    assert!(stage.zendesk.ticket(id).unwrap().fields.custom_fields.is_empty(), "only a tag now");
}

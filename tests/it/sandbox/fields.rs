//! Ticket fields and their options, and the effect of changes on tickets.

mod options;
mod required;

use std::time::Duration;

use misread::sandbox::seed::ACCOUNT;
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::Stage;

const PATH: &str = "/api/v2/ticket_fields";

async fn make(stage: &Stage, body: Value) -> Value {
    stage.make(PATH, "ticket_field", body).await
}

async fn refused(stage: &Stage, path: &str, key: &str, body: Value) -> Value {
    let (status, body) = stage.admin(Method::POST, path, json!({ key: body })).await;
    assert_eq!((status, &body["error"]), (422, &json!("RecordInvalid")), "{body}");
    body["details"].clone()
}

#[tokio::test]
async fn a_field_is_shown_with_every_recorded_key() {
    let stage = Stage::set().await;
    let made = make(&stage, json!({ "type": "text", "title": "I AM A TEST" })).await;
    let id = made["id"].as_i64().unwrap();
    let expected = json!({
        "url": format!("{}{PATH}/{id}.json", stage.zendesk_url), "id": id, "type": "text", "title": "I AM A TEST",
        "raw_title": "I AM A TEST", "description": "I AM A TEST", "raw_description": "I AM A TEST", "position": 9999,
        "active": true, "required": false, "collapsed_for_agents": false, "regexp_for_validation": null,
        "title_in_portal": "I AM A TEST", "raw_title_in_portal": "I AM A TEST", "visible_in_portal": false,
        "editable_in_portal": false, "required_in_portal": false, "tag": null, "created_at": "2026-03-02T01:00:00Z",
        "updated_at": "2026-03-02T01:00:00Z", "removable": true, "key": null, "agent_description": null,
    });
    assert_eq!(made, expected);
    stage.clock.advance(Duration::from_secs(1));
    let path = format!("{PATH}/{id}.json");
    let change = json!({ "ticket_field": { "title": "나", "type": "nonsense", "active": false, "agent_description": "상담사용" } });
    let (status, body) = stage.admin(Method::PUT, &path, change).await;
    let changed = &body["ticket_field"];
    assert_eq!((status, &changed["title"], &changed["title_in_portal"]), (200, &json!("나"), &json!("나")));
    assert_eq!(
        (&changed["type"], &changed["description"]),
        (&json!("text"), &json!("I AM A TEST")),
        "as recorded"
    );
    assert_eq!((&changed["active"], &changed["agent_description"]), (&json!(false), &json!("상담사용")));
    assert_eq!(changed["updated_at"], "2026-03-02T01:00:01Z");
    assert_eq!(stage.admin(Method::DELETE, &path, Value::Null).await, (204, Value::Null));
    assert_eq!(stage.agent(Method::GET, &path, Value::Null).await.0, 404);
}

#[tokio::test]
async fn every_type_can_be_made_and_keeps_what_it_holds() {
    let stage = Stage::set().await;
    let options = json!([{ "name": "가", "value": "ga" }, { "name": "나", "value": "na" }]);
    let id = stage.plain_ticket();
    for (kind, other, sent, kept) in [
        ("text", json!({}), json!("12가3456"), json!("12가3456")),
        ("textarea", json!({}), json!("한 줄\n두 줄"), json!("한 줄\n두 줄")),
        ("checkbox", json!({ "tag": "Agreed" }), json!(true), json!(true)),
        ("date", json!({}), json!("2026-02-27"), json!("2026-02-27")),
        ("integer", json!({}), json!(12), json!(12)),
        ("integer", json!({}), json!("12"), json!("12")),
        ("decimal", json!({}), json!("1.5"), json!("1.5")),
        ("regexp", json!({ "regexp_for_validation": "\\d+" }), json!("1"), json!("1")),
        ("partialcreditcard", json!({}), json!("1234"), json!("1234")),
        ("multiselect", json!({ "custom_field_options": options }), json!(["na", "nonsense"]), json!(["na"])),
        (
            "tagger",
            json!({ "custom_field_options": [{ "name": "다", "value": "da" }] }),
            json!("da"),
            json!("da"),
        ),
        (
            "tagger",
            json!({ "custom_field_options": [{ "name": "라", "value": "ra" }] }),
            json!("nonsense"),
            Value::Null,
        ),
        ("lookup", json!({}), json!("15"), json!("15")),
    ] {
        let mut body = other;
        body["type"] = json!(kind);
        body["title"] = json!(kind);
        let field = make(&stage, body).await;
        assert_eq!(field["type"], kind);
        let set = json!({ "custom_fields": [{ "id": field["id"], "value": sent }] });
        let response = stage.put_ticket(id, set).await;
        assert_eq!(response.status(), 200, "{kind}");
        let ticket = response.json::<Value>().await.unwrap()["ticket"].clone();
        let shown = ticket["custom_fields"].as_array().unwrap();
        let value = shown.iter().find(|one| one["id"] == field["id"]).unwrap()["value"].clone();
        assert_eq!(value, kept, "{kind}");
    }
    let tags: Vec<_> = stage.zendesk.ticket(id).unwrap().fields.tags.into_iter().collect();
    assert_eq!(tags, ["agreed", "da", "na"], "options and ticked boxes are tags");
}

#[tokio::test]
async fn values_of_another_form_than_the_field_s_are_refused_with_its_name() {
    let stage = Stage::set().await;
    let (id, mut fields) = (stage.plain_ticket(), Vec::new());
    for (kind, value) in
        [("integer", "열둘"), ("date", "27.02.2026"), ("decimal", "1,5"), ("checkbox", "vielleicht")]
    {
        let field = make(&stage, json!({ "type": kind, "title": kind })).await;
        fields.push(json!({ "id": field["id"], "value": value }));
    }
    let response = stage.put_ticket(id, json!({ "custom_fields": fields, "status": "open" })).await;
    assert_eq!(response.status(), 422);
    let body: Value = response.json().await.unwrap();
    let base = body["details"]["base"].as_array().unwrap();
    assert_eq!(base.len(), 4);
    let expected = json!({ "description": "integer: is invalid", "error": null, "ticket_field_id": fields[0]["id"],
        "ticket_field_type": "FieldInteger" });
    assert_eq!(base[0], expected);
}

#[tokio::test]
async fn tags_and_values_follow_each_other() {
    let stage = Stage::set().await;
    let boxed = make(&stage, json!({ "type": "checkbox", "title": "동의", "tag": "agreed" })).await["id"]
        .as_i64()
        .unwrap();
    let lots = json!({ "type": "multiselect", "title": "주차장", "custom_field_options":
        [{ "name": "인천", "value": "icn" }, { "name": "김포", "value": "gmp" }] });
    let lots = make(&stage, lots).await["id"].as_i64().unwrap();
    let id = stage.open(&["agreed", "gmp", "vip"]);
    let held = || stage.zendesk.ticket(id).unwrap().fields.custom_fields;
    assert_eq!((&held()[&boxed], &held()[&lots]), (&json!(true), &json!(["gmp"])));
    stage.put_ticket(id, json!({ "tags": ["icn", "gmp"] })).await;
    assert_eq!((&held()[&boxed], &held()[&lots]), (&json!(false), &json!(["icn", "gmp"])));
    let values = json!([{ "id": boxed, "value": "true" }, { "id": lots, "value": null }]);
    stage.put_ticket(id, json!({ "custom_fields": values })).await;
    assert_eq!(held().get(&lots), None);
    assert!(stage.zendesk.ticket(id).unwrap().fields.tags.iter().eq(["agreed"]));
}

#[tokio::test]
async fn what_cannot_be_a_field_is_told() {
    let stage = Stage::set().await;
    let details = refused(&stage, PATH, "ticket_field", json!({ "type": "colour", "title": "" })).await;
    assert_eq!(
        (&details["type"][0]["error"], &details["title"][0]["error"]),
        (&json!("InvalidValue"), &json!("BlankValue"))
    );
    let details = refused(&stage, PATH, "ticket_field", json!({ "type": "tagger", "title": "가" })).await;
    assert_eq!(details["custom_field_options"][0]["error"], "BlankValue");
    let (status, _) =
        stage.admin(Method::PUT, &format!("{PATH}/5"), json!({ "ticket_field": { "title": "x" } })).await;
    assert_eq!(status, 404);
    let path = format!("{PATH}/{}", ACCOUNT.plate_field);
    assert_eq!(stage.admin(Method::PUT, &path, json!({ "ticket_field": { "title": " " } })).await.0, 422);
}

#[tokio::test]
async fn system_fields_are_listed_and_cannot_be_deleted() {
    let stage = Stage::set().await;
    let list = stage.get(PATH).await;
    let fields = list["ticket_fields"].as_array().unwrap();
    let types: Vec<_> = fields.iter().map(|field| field["type"].as_str().unwrap()).collect();
    let system =
        ["subject", "description", "status", "tickettype", "priority", "group", "assignee", "custom_status"];
    assert_eq!((&types[..8], &types[8..]), (system.as_slice(), ["tagger", "text", "text"].as_slice()));
    assert_eq!(list["count"], 11);
    let url = format!("{}{PATH}/{}.json", stage.zendesk_url, fields[0]["id"]);
    let subject = json!({ "url": url, "id": fields[0]["id"], "type": "subject", "title": "제목", "raw_title": "제목",
        "description": "제목", "raw_description": "제목", "position": 1, "active": true, "required": false,
        "collapsed_for_agents": false, "regexp_for_validation": null, "title_in_portal": "제목", "raw_title_in_portal": "제목",
        "visible_in_portal": true, "editable_in_portal": true, "required_in_portal": true, "tag": null,
        "created_at": "2023-09-09T23:52:02Z", "updated_at": "2023-09-09T23:52:02Z", "removable": false, "key": null,
        "agent_description": null });
    assert_eq!(fields[0], subject);
    let status = &fields[2];
    for part in ["visible_in_portal", "editable_in_portal", "required_in_portal"] {
        assert_eq!(status[part], false, "{part}");
    }
    assert_eq!((&status["removable"], &status["sub_type_id"]), (&json!(false), &json!(1)));
    assert_eq!(status["system_field_options"][0]["value"], "open");
    assert_eq!(fields[7]["custom_statuses"].as_array().unwrap().len(), 5);
    let path = format!("{PATH}/{}", fields[0]["id"]);
    assert_eq!(stage.get(&path).await["ticket_field"], fields[0]);
    assert_eq!(stage.admin(Method::DELETE, &path, Value::Null).await.0, 403);
    let page = stage.get(&format!("{PATH}?page[size]=9")).await;
    let ids: Vec<_> =
        page["ticket_fields"].as_array().unwrap().iter().map(|field| field["id"].as_i64().unwrap()).collect();
    assert!(ids.is_sorted() && ids.len() == 9 && page["meta"]["has_more"] == true, "pages are by id");
}

#[tokio::test]
async fn a_deleted_field_takes_its_values_along_but_not_their_tags() {
    let stage = Stage::set().await;
    let id = stage.open(&["no_self_use_linked"]);
    let path = format!("{PATH}/{}", ACCOUNT.consultation_type_field);
    assert_eq!(stage.admin(Method::DELETE, &path, Value::Null).await.0, 204);
    let ticket = stage.zendesk.ticket(id).unwrap().fields;
    assert!(ticket.custom_fields.is_empty() && ticket.tags.contains("no_self_use_linked"));
}

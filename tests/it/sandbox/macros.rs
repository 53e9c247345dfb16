//! Macros in the account: who may see and change them, and the record of each change.

mod applying;

use std::time::Duration;

use misread::domain::ticket::TicketStatus;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{ADMIN_USER, SERVICE_USER};
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::Stage;

fn saying(title: &str, text: &str) -> Value {
    json!({ "title": title, "actions": [{ "field": "comment_value", "value": text }] })
}

fn titles(list: &Value) -> Vec<&str> {
    list["macros"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect()
}

async fn refused(stage: &Stage, body: Value) -> Value {
    let (status, body) = stage.admin(Method::POST, "/api/v2/macros", json!({ "macro": body })).await;
    assert_eq!((status, &body["error"]), (422, &json!("RecordInvalid")), "{body}");
    body["details"].clone()
}

#[tokio::test]
async fn a_macro_is_shown_as_recorded() {
    let stage = Stage::set().await;
    let made =
        stage.make("/api/v2/macros.json", "macro", saying("본인 미사용::결제취소", "취소했습니다")).await;
    let id = made["id"].as_i64().unwrap();
    let expected = json!({
        "url": format!("{}/api/v2/macros/{id}.json", stage.zendesk_url), "id": id, "title": "본인 미사용::결제취소",
        "active": true, "updated_at": "2026-03-02T01:00:00Z", "created_at": "2026-03-02T01:00:00Z", "default": false,
        "position": 10000, "description": null,
        "actions": [{ "field": "comment_value", "value": "취소했습니다" }], "restriction": null,
        "raw_title": "본인 미사용::결제취소",
    });
    assert_eq!(made, expected);
    assert_eq!(stage.get(&format!("/api/v2/macros/{id}")).await["macro"], expected);
    let second = stage.make("/api/v2/macros", "macro", saying("둘째", "네")).await;
    assert_eq!(second["position"], 10001);
    assert_eq!(stage.admin(Method::DELETE, &format!("/api/v2/macros/{id}.json"), Value::Null).await.0, 204);
    assert_eq!(stage.agent(Method::GET, &format!("/api/v2/macros/{id}"), Value::Null).await.0, 404);
}

#[tokio::test]
async fn an_update_keeps_the_actions_that_are_left_out_and_replaces_all_that_are_given() {
    let stage = Stage::set().await;
    let made = stage
        .make(
            "/api/v2/macros",
            "macro",
            json!({ "title": "가", "description": "설명",
        "actions": [{ "field": "status", "value": "solved" }, { "field": "comment_value", "value": "네" }] }),
        )
        .await;
    let path = format!("/api/v2/macros/{}", made["id"]);
    let update = async |body: Value| {
        stage.clock.advance(Duration::from_secs(1));
        let (status, body) = stage.admin(Method::PUT, &path, json!({ "macro": body })).await;
        assert_eq!(status, 200, "{body}");
        body["macro"].clone()
    };
    let renamed = update(json!({ "title": "나" })).await;
    assert_eq!((&renamed["actions"], &renamed["description"]), (&made["actions"], &json!("설명")));
    assert_eq!(renamed["updated_at"], "2026-03-02T01:00:01Z");
    assert_eq!(
        update(json!({ "title": "나" })).await["updated_at"],
        "2026-03-02T01:00:01Z",
        "nothing changed"
    );
    let changed =
        update(json!({ "actions": [{ "field": "status", "value": "pending" }], "description": null })).await;
    assert_eq!(changed["actions"], json!([{ "field": "status", "value": "pending" }]));
    assert_eq!(
        (&changed["description"], &changed["updated_at"]),
        (&Value::Null, &json!("2026-03-02T01:00:03Z"))
    );
}

#[tokio::test]
async fn what_a_macro_cannot_be_is_told_all_at_once() {
    let stage = Stage::set().await;
    let details = refused(&stage, json!({ "title": " ", "actions": [] })).await;
    assert_eq!(details["title"][0]["error"], "BlankValue");
    assert_eq!(details["actions"][0]["error"], "BlankValue");
    let wrong = [
        ("status", json!("new")),
        ("status", json!("closed")),
        ("notification_webhook", json!(["id", "{}"])),
        ("comment_value", json!(["channel:letter", "네"])),
        ("comment_mode_is_public", json!("maybe")),
        ("group_id", json!("5")),
        ("custom_fields_5", json!("x")),
        ("nonsense", json!("x")),
    ];
    let actions: Vec<_> =
        wrong.iter().map(|(field, value)| json!({ "field": field, "value": value })).collect();
    let details = refused(&stage, json!({ "title": "가", "actions": actions })).await;
    let told: Vec<_> =
        details["base"].as_array().unwrap().iter().map(|flaw| flaw["description"].clone()).collect();
    assert_eq!(told, wrong.map(|(field, _)| format!("Invalid action '{field}'")));
    let right = json!([
        { "field": "status", "value": "hold" }, { "field": "priority", "value": "high" }, { "field": "type", "value": "task" },
        { "field": "group_id", "value": ACCOUNT.agents_group.to_string() }, { "field": "group_id", "value": "current_groups" },
        { "field": "assignee_id", "value": "current_user" }, { "field": "assignee_id", "value": "" },
        { "field": "current_tags", "value": "a b" }, { "field": "remove_tags", "value": "c" },
        { "field": format!("custom_fields_{}", ACCOUNT.plate_field), "value": "12가3456" },
        { "field": "subject", "value": "제목" }, { "field": "comment_value", "value": ["channel:all", "네"] },
        { "field": "comment_value_html", "value": "<p>네</p>" }, { "field": "comment_mode_is_public", "value": false },
        { "field": "cc", "value": ACCOUNT.agent.to_string() }, { "field": "follower", "value": ACCOUNT.agent },
        { "field": "side_conversation", "value": ["주제", "본문"] },
    ]);
    stage.make("/api/v2/macros", "macro", json!({ "title": "모두", "actions": right })).await;
}

#[tokio::test]
async fn agents_have_macros_of_their_own_and_see_those_that_are_for_them() {
    let stage = Stage::set().await;
    let with = |title: &str, restriction: Value| {
        let mut body = saying(title, "네");
        body["restriction"] = restriction;
        json!({ "macro": body })
    };
    let (status, _) = stage.agent(Method::POST, "/api/v2/macros", with("모두의", Value::Null)).await;
    assert_eq!(status, 403, "what is for all is the admin's");
    let own = json!({ "type": "User", "id": SERVICE_USER });
    let (status, mine) = stage.agent(Method::POST, "/api/v2/macros", with("내 것", own)).await;
    assert_eq!(status, 201, "{mine}");
    let path = format!("/api/v2/macros/{}", mine["macro"]["id"]);
    assert_eq!(
        stage.agent(Method::PUT, &path, with("공유", Value::Null)).await.0,
        403,
        "not into everybody's"
    );
    assert_eq!(stage.agent(Method::PUT, &path, json!({ "macro": { "active": false } })).await.0, 200);

    let group = json!({ "type": "Group", "id": ACCOUNT.agents_group });
    let (_, grouped) = stage.admin(Method::POST, "/api/v2/macros", with("팀의", group)).await;
    assert_eq!(grouped["macro"]["restriction"]["ids"], json!([ACCOUNT.agents_group]));
    let admins = json!({ "type": "User", "id": ADMIN_USER });
    let (_, hidden) = stage.admin(Method::POST, "/api/v2/macros", with("관리자의", admins)).await;
    let hidden = format!("/api/v2/macros/{}", hidden["macro"]["id"]);
    assert_eq!(stage.agent(Method::GET, &hidden, Value::Null).await.0, 403);
    stage.admin(Method::POST, "/api/v2/macros", with("모두의", Value::Null)).await;

    assert_eq!(titles(&stage.get("/api/v2/macros").await), ["내 것", "모두의", "팀의"]);
    let (_, all) = stage.admin(Method::GET, "/api/v2/macros", Value::Null).await;
    assert_eq!(titles(&all), ["관리자의", "내 것", "모두의", "팀의"]);
    assert_eq!(titles(&stage.get("/api/v2/macros?access=shared").await), ["모두의", "팀의"]);
    assert_eq!(titles(&stage.get("/api/v2/macros/active").await), ["모두의", "팀의"], "the own one is off");
}

#[tokio::test]
async fn lists_are_alphabetical_and_cut_into_pages() {
    let stage = Stage::set().await;
    for (title, text) in [("나::둘", "2"), ("가", "1"), ("나::하나", "1"), ("다", "3")] {
        stage.clock.advance(Duration::from_secs(1));
        stage.make("/api/v2/macros", "macro", saying(title, text)).await;
    }
    let list = stage.get("/api/v2/macros.json").await;
    assert_eq!(titles(&list), ["가", "나::둘", "나::하나", "다"]);
    assert_eq!((&list["count"], &list["next_page"]), (&json!(4), &Value::Null));
    let first = stage.get("/api/v2/macros.json?per_page=3").await;
    assert_eq!(titles(&first).len(), 3);
    let next = first["next_page"].as_str().unwrap().replace(&stage.zendesk_url, "");
    assert_eq!(titles(&stage.get(&next).await), ["다"]);

    let mut seen = Vec::new();
    let mut path = "/api/v2/macros.json?page[size]=2".to_owned();
    loop {
        let page = stage.get(&path).await;
        seen.extend(titles(&page).into_iter().map(str::to_owned));
        if page["meta"]["has_more"] == false {
            break;
        }
        path = page["links"]["next"].as_str().unwrap().replace(&stage.zendesk_url, "");
    }
    assert_eq!(seen, ["가", "나::둘", "나::하나", "다"]);
    assert_eq!(titles(&stage.get("/api/v2/macros/active").await), ["가", "나::둘", "나::하나", "다"]);
}

#[tokio::test]
async fn the_audit_log_tells_who_changed_which_macro_and_when() {
    let stage = Stage::set().await;
    let id = stage.make("/api/v2/macros", "macro", saying("가", "네")).await["id"].clone();
    let other = stage.make("/api/v2/macros", "macro", saying("다른 것", "네")).await["id"].clone();
    stage.clock.advance(Duration::from_mins(5));
    let change = json!({ "macro": saying("나", "아니요") });
    stage.admin(Method::PUT, &format!("/api/v2/macros/{id}"), change).await;
    let of = |id: &Value| format!("/api/v2/audit_logs?filter[source_type]=rule&filter[source_id]={id}");
    let (status, log) = stage.admin(Method::GET, &of(&id), Value::Null).await;
    assert_eq!(status, 200);
    let entries = log["audit_logs"].as_array().unwrap();
    assert_eq!(entries.len(), 2, "newest first: {log}");
    let entry = &entries[0];
    for (key, expected) in [
        ("action", json!("update")),
        ("action_label", json!("Updated")),
        ("actor_id", json!(ADMIN_USER)),
        ("actor_name", json!("관리자")),
        ("source_id", id.clone()),
        ("source_type", json!("rule")),
        ("source_label", json!("나")),
        ("change_description", json!("Title changed from 가 to 나\nActions changed")),
        ("created_at", json!("2026-03-02T01:05:00Z")),
    ] {
        assert_eq!(entry[key], expected, "{key}");
    }
    assert!(entry["ip_address"].is_string());
    let address = format!("{}/api/v2/audit_logs/{}.json", stage.zendesk_url, entry["id"]);
    assert_eq!(entry["url"], address);
    stage.admin(Method::DELETE, &format!("/api/v2/macros/{other}"), Value::Null).await;
    let (_, gone) = stage.admin(Method::GET, &of(&other), Value::Null).await;
    assert_eq!(gone["audit_logs"][0]["source_label"], "다른 것");
}

#[tokio::test]
async fn updates_that_name_a_macro_count_in_its_usage_and_unknown_ones_are_refused() {
    let stage = Stage::set().await;
    let (macro_id, ticket) = (stage.a_macro(), stage.plain_ticket());
    for _ in 0..2 {
        let response = stage.put_ticket(ticket, json!({ "macro_id": macro_id, "status": "open" })).await;
        assert_eq!(response.status(), 200);
        stage.clock.advance(Duration::from_mins(45));
    }
    let list = stage.get("/api/v2/macros?include=usage_24h").await;
    assert_eq!(list["macros"][0]["usage_24h"], 2);
    assert!(stage.get("/api/v2/macros").await["macros"][0].get("usage_24h").is_none(), "only when asked for");
    let response = stage.put_ticket(ticket, json!({ "macro_ids": [42], "status": "pending" })).await;
    assert_eq!(response.status(), 422);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["details"]["macro_ids"][0]["error"], "InvalidValue");
    let status = stage.zendesk.ticket(ticket).unwrap().fields.status;
    assert_eq!(status, TicketStatus::Open, "nothing of it was done");
}

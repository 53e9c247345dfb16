//! Zendesk's API: reading and updating tickets, fields, groups, tags.

use misread::domain::ticket::TicketStatus;
use misread::ports::Clock as _;
use misread::sandbox::seed::{self, ACCOUNT};
use misread::sandbox::zendesk::AgentUpdate;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

use super::stage::Stage;

#[tokio::test]
async fn a_ticket_is_read_with_its_requester() {
    let stage = Stage::set().await;
    let story = &seed::stories(stage.clock.now())[3];
    let id = story.open(&stage.zendesk).unwrap();
    let answer = stage.get(&format!("/api/v2/tickets/{id}.json?include=users")).await;
    let ticket = &answer["ticket"];
    assert_eq!(ticket["id"], id.get());
    assert_eq!(ticket["status"], "new");
    assert_eq!(ticket["updated_at"], "2026-03-02T01:00:00Z", "whole seconds");
    assert_eq!(ticket["tags"], json!(["misread_sent", "no_self_use"]));
    assert!(ticket["url"].as_str().unwrap().ends_with(&format!("/api/v2/tickets/{id}.json")));
    let plate = json!({ "id": ACCOUNT.plate_field, "value": "２１７다 ３３９０" });
    assert!(ticket["custom_fields"].as_array().unwrap().contains(&plate));
    let requester = &answer["users"][0];
    assert_eq!(requester["id"], ticket["requester_id"]);
    assert_eq!((&requester["external_id"], &requester["verified"]), (&json!("acct-0004"), &json!(true)));
    assert_eq!(requester["role"], "end-user");
}

#[tokio::test]
async fn an_update_changes_all_at_once_and_makes_one_audit_with_our_marker() {
    let stage = Stage::set().await;
    let id = stage.open(&["vip"]);
    let macro_id = stage.a_macro();
    stage.clock.advance(Duration::from_secs(5));
    let response = stage
        .put_ticket(
            id,
            json!({
                "comment": { "body": "처리했습니다 <b>", "public": true }, "status": "solved",
                "group_id": ACCOUNT.agents_group, "assignee_id": null, "tags": ["vip", "misread_done"],
                "custom_fields": [{ "id": ACCOUNT.consultation_type_field, "value": "no_self_use_linked" }],
                "metadata": { "misread": "misread-1-7" }, "macro_ids": [macro_id],
            }),
        )
        .await;
    assert_eq!(response.status(), 200);
    assert!(response.headers().get("x-zendesk-api-warn").is_none());
    assert_eq!(response.headers()["zendesk-ratelimit-tickets-update"], "total=100; remaining=99; resets=60");
    let body: Value = response.json().await.unwrap();
    assert_eq!(
        body["ticket"]["tags"],
        json!(["misread_done", "no_self_use_linked", "vip"]),
        "an option is a tag"
    );
    assert_eq!(body["ticket"]["updated_at"], "2026-03-02T01:00:05Z");
    assert_eq!(body["audit"]["metadata"]["custom"], json!({ "misread": "misread-1-7" }));
    let event = |name: &str| {
        let events = body["audit"]["events"].as_array().unwrap();
        events.iter().find(|event| event["field_name"] == name || event["type"] == name).unwrap().clone()
    };
    assert_eq!(event("status")["previous_value"], "new");
    assert_eq!(event("group_id")["value"], ACCOUNT.agents_group.to_string(), "ids are strings");
    assert_eq!(event(&ACCOUNT.consultation_type_field.to_string())["value"], "no_self_use_linked");
    assert_eq!(event("AgentMacroReference")["macro_id"], macro_id.to_string());
    assert_eq!(event("AgentMacroReference")["macro_title"], "본인 미사용::결제취소");
    assert!(event("Comment")["html_body"].as_str().unwrap().contains("&lt;b&gt;"));
    assert_eq!(stage.zendesk.public_comments(id)[0].body, "처리했습니다 <b>");
    let listed = stage.get(&format!("/api/v2/tickets/{id}/audits")).await;
    assert_eq!(listed["audits"][1], body["audit"]);
}

#[tokio::test]
async fn unknown_keys_are_ignored_with_a_warning() {
    let stage = Stage::set().await;
    let id = stage.open(&["vip"]);
    let response = stage.put_ticket(id, json!({ "additional_tags": ["x"], "description": "neu" })).await;
    assert_eq!(response.status(), 200);
    let warning = response.headers()["x-zendesk-api-warn"].to_str().unwrap();
    assert!(
        warning.contains(r#":unpermitted_keys=>["ticket.additional_tags", "ticket.description"]"#),
        "{warning}"
    );
    let ticket = stage.zendesk.ticket(id).unwrap();
    assert!(ticket.fields.tags.iter().eq(["vip"]));
    assert_eq!(ticket.audits.len(), 1, "nothing happened");
}

#[tokio::test]
async fn replacing_the_tags_without_an_option_s_tag_clears_its_field() {
    let stage = Stage::set().await;
    let id = stage.open(&["no_self_use_linked"]);
    let field = ACCOUNT.consultation_type_field;
    assert_eq!(stage.zendesk.ticket(id).unwrap().fields.custom_fields[&field], "no_self_use_linked");
    stage.put_ticket(id, json!({ "tags": ["a b", "C"] })).await;
    let ticket = stage.zendesk.ticket(id).unwrap().fields;
    assert!(ticket.tags.iter().eq(["a", "b", "c"]));
    assert!(!ticket.custom_fields.contains_key(&field));

    stage.put_ticket(id, json!({ "custom_fields": [{ "id": field, "value": "not_an_option" }] })).await;
    assert!(!stage.zendesk.ticket(id).unwrap().fields.custom_fields.contains_key(&field));
}

#[tokio::test]
async fn impossible_updates_are_refused_with_the_field() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let agent = AgentUpdate { assignee_id: Some(ACCOUNT.agent), ..AgentUpdate::default() };
    stage.zendesk.agent_changes(id, ACCOUNT.agent, agent).unwrap();
    stage.zendesk.alter_user(ACCOUNT.agent, |user| user.group_ids.clear()).unwrap();
    let refused = [
        (json!({ "status": "done" }), "status"),
        (json!({ "group_id": 1 }), "group"),
        (json!({ "assignee_id": 1 }), "assignee"),
        (json!({ "group_id": ACCOUNT.airport_desk_group }), "assignee"),
    ];
    for (update, field) in refused {
        let response = stage.put_ticket(id, update).await;
        assert_eq!(response.status(), 422);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["error"], "RecordInvalid");
        assert_eq!(body["details"][field][0]["error"], "InvalidValue");
    }
    let both = json!({ "group_id": ACCOUNT.airport_desk_group, "assignee_id": null });
    assert_eq!(stage.put_ticket(id, both).await.status(), 200);
}

#[tokio::test]
async fn closed_merged_and_deleted_tickets_take_no_updates() {
    let stage = Stage::set().await;
    let [closed, merged, deleted, target] = [(); 4].map(|()| stage.plain_ticket());
    stage.zendesk.close(closed).unwrap();
    stage.zendesk.merge(merged, target, ACCOUNT.agent).unwrap();
    stage.zendesk.delete(deleted).unwrap();
    for id in [closed, merged] {
        let response = stage.put_ticket(id, json!({ "status": "open" })).await;
        assert_eq!(response.status(), 422);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["details"]["status"][0]["description"], "Status: closed prevents ticket update");
    }
    let response = stage.put_ticket(deleted, json!({ "status": "open" })).await;
    assert_eq!(response.status(), 404);
    assert_eq!(
        response.json::<Value>().await.unwrap(),
        json!({ "error": "RecordNotFound", "description": "Not found" })
    );
    assert_eq!(stage.put_ticket(target, json!({ "status": "open" })).await.status(), 200);
    assert_eq!(stage.zendesk.internal_notes(target).len(), 1);
}

#[tokio::test]
async fn a_customer_s_answer_reopens_a_solved_ticket() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    for status in [TicketStatus::Pending, TicketStatus::Solved] {
        stage.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::status(status)).unwrap();
        stage.zendesk.customer_comments(id, "아직 해결이 안 됐어요").unwrap();
        assert_eq!(stage.zendesk.ticket(id).unwrap().fields.status, TicketStatus::Open);
    }
    stage.zendesk.close(id).unwrap();
    assert!(stage.zendesk.customer_comments(id, "여보세요?").is_err());
}

#[tokio::test]
async fn audits_come_in_cursor_pages_both_ways() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    for text in ["하나", "둘", "셋"] {
        stage.zendesk.agent_comments(id, ACCOUNT.agent, text, false).unwrap();
    }
    let known: Vec<i64> = stage.zendesk.audits(id).iter().map(|audit| audit.id).collect();
    for (sort, expected) in
        [("created_at", known.clone()), ("-created_at", known.into_iter().rev().collect())]
    {
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let path = format!("/api/v2/tickets/{id}/audits?page[size]=3&sort={sort}{after}");
            let page = stage.get(&path).await;
            seen.extend(page["audits"].as_array().unwrap().iter().map(|audit| audit["id"].as_i64().unwrap()));
            assert!(page["links"]["next"].is_string(), "also on the last page");
            if page["meta"]["has_more"] == false {
                break;
            }
            after = format!("&page[after]={}", page["meta"]["after_cursor"].as_str().unwrap());
        }
        assert_eq!(seen, expected);
    }
    let comments = stage.get(&format!("/api/v2/tickets/{id}/comments?per_page=3&page=2")).await;
    assert_eq!((&comments["count"], &comments["comments"][0]["body"]), (&json!(4), &json!("셋")));
}

#[tokio::test]
async fn the_tags_endpoint_sets_adds_and_removes() {
    let stage = Stage::set().await;
    let id = stage.open(&["a"]);
    let path = format!("/api/v2/tickets/{id}/tags.json");
    let steps = [
        (Method::PUT, json!({ "tags": ["b"] }), 200, json!(["a", "b"])),
        (Method::POST, json!({ "tags": ["c", "d"] }), 201, json!(["c", "d"])),
        (Method::DELETE, json!({ "tags": ["c"] }), 200, json!(["d"])),
        (
            Method::PUT,
            json!({ "tags": ["e"], "safe_update": "true", "updated_stamp": "2020-01-01T00:00:00Z" }),
            409,
            json!(null),
        ),
    ];
    for (method, body, status, tags) in steps {
        let response = stage.ask_zendesk(method, &path).json(&body).send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.json::<Value>().await.unwrap()["tags"], tags);
    }
}

#[tokio::test]
async fn fields_and_groups_are_as_the_seed_says() {
    let stage = Stage::set().await;
    let field = stage.get(&format!("/api/v2/ticket_fields/{}", ACCOUNT.consultation_type_field)).await;
    let options = field["ticket_field"]["custom_field_options"].as_array().unwrap();
    assert_eq!(options[1]["name"], "주차_고객::결제::본인 미사용::비연동");
    assert_eq!(options[1]["value"], "no_self_use_unlinked");
    let groups = stage.get("/api/v2/groups.json").await;
    let names: Vec<_> =
        groups["groups"].as_array().unwrap().iter().map(|group| group["name"].clone()).collect();
    assert_eq!(names, ["공항 담당", "보상 담당", "일반 상담", "주차장 확인 담당"], "in alphabetical order");
    let unknown = stage.ask_zendesk(Method::GET, "/api/v2/nonsense").send().await.unwrap();
    assert_eq!(unknown.status(), 404);
    assert_eq!(unknown.headers()["content-type"], "application/json; charset=utf-8");
    assert!(unknown.headers().contains_key("x-request-id") && unknown.headers().contains_key("etag"));
    assert_eq!(unknown.json::<Value>().await.unwrap()["error"], "InvalidEndpoint");
}

//! The preview of a macro's changes changes nothing.

use misread::domain::ids::TicketId;
use misread::ports::Clock as _;
use misread::sandbox::seed::{self, ACCOUNT};
use misread::sandbox::zendesk::{ADMIN_USER, SERVICE_USER};
use reqwest::Method;
use serde_json::{Value, json};

use super::Stage;

async fn applied(stage: &Stage, id: &Value, ticket: Option<TicketId>) -> Value {
    let path = match ticket {
        Some(ticket) => format!("/api/v2/tickets/{ticket}/macros/{id}/apply.json"),
        None => format!("/api/v2/macros/{id}/apply.json"),
    };
    stage.get(&path).await["result"]["ticket"].clone()
}

async fn settling(stage: &Stage) -> Value {
    let plate = format!("custom_fields_{}", ACCOUNT.plate_field);
    let consultation = format!("custom_fields_{}", ACCOUNT.consultation_type_field);
    let made = stage.make("/api/v2/macros", "macro", json!({ "title": "결제취소", "actions": [
        { "field": "comment_value", "value": "{{ticket.requester.name}}님, {{ticket.id}}번 문의입니다. {{ticket.nonsense}}{{current_user.name}} 드림" },
        { "field": "status", "value": "solved" }, { "field": "current_tags", "value": "misread_done" },
        { "field": "group_id", "value": ACCOUNT.agents_group.to_string() },
        { "field": "assignee_id", "value": "current_user" }, { "field": plate, "value": "12가3456" },
        { "field": consultation, "value": "no_self_use_linked" },
    ] })).await;
    made["id"].clone()
}

#[tokio::test]
async fn with_a_ticket_the_whole_ticket_is_shown_as_it_would_be() {
    let stage = Stage::set().await;
    let (id, ticket) = (settling(&stage).await, stage.open(&["vip"]));
    let before = stage.zendesk.ticket(ticket).unwrap();
    let shown = applied(&stage, &id, Some(ticket)).await;
    assert_eq!((&shown["id"], &shown["status"]), (&json!(ticket.get()), &json!("solved")));
    assert_eq!(shown["tags"], json!(["misread_done", "no_self_use_linked", "vip"]));
    assert_eq!(shown["assignee_id"], SERVICE_USER);
    let plate = json!({ "id": ACCOUNT.plate_field, "value": "12가3456" });
    assert!(shown["custom_fields"].as_array().unwrap().contains(&plate));
    let text = format!("{}님, {ticket}번 문의입니다. misread 드림", requester_name(&stage, ticket));
    assert_eq!(
        shown["comment"],
        json!({ "body": text, "public": true, "scoped_body": [["channel:all", text]] })
    );
    assert_eq!(stage.zendesk.ticket(ticket).unwrap(), before, "nothing was done");
}

fn requester_name(stage: &Stage, ticket: TicketId) -> String {
    let requester = stage.zendesk.ticket(ticket).unwrap().fields.requester_id;
    let stories = seed::stories(stage.clock.now());
    stories.into_iter().find(|story| story.customer.id == requester).unwrap().customer.name
}

#[tokio::test]
async fn without_a_ticket_only_what_would_change_is_shown_raw() {
    let stage = Stage::set().await;
    let id = settling(&stage).await;
    let shown = applied(&stage, &id, None).await;
    let keys: Vec<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["assignee_id", "comment", "fields", "group_id", "status", "tags"]);
    assert_eq!(shown["tags"], json!(["misread_done"]), "what the macro names");
    assert_eq!(shown["comment"]["public"], true);
    assert!(shown["comment"]["body"].as_str().unwrap().starts_with("{{ticket.requester.name}}님"));
}

#[tokio::test]
async fn of_several_fields_the_last_is_shown() {
    let stage = Stage::set().await;
    let (id, ticket) = (settling(&stage).await, stage.plain_ticket());
    let expected = json!({ "id": ACCOUNT.consultation_type_field, "value": "no_self_use_linked" });
    for ticket in [None, Some(ticket)] {
        assert_eq!(applied(&stage, &id, ticket).await["fields"], expected);
    }
}

#[tokio::test]
async fn comments_are_public_as_the_macro_or_else_the_ticket_says() {
    let stage = Stage::set().await;
    let ticket = stage.plain_ticket();
    let comment = async |actions: Value| {
        let made = stage.make("/api/v2/macros", "macro", json!({ "title": "가", "actions": actions })).await;
        applied(&stage, &made["id"], Some(ticket)).await["comment"].clone()
    };
    let text = json!({ "field": "comment_value", "value": ["channel:web", "메모"] });
    let private = comment(json!([text, { "field": "comment_mode_is_public", "value": "false" }])).await;
    assert_eq!(private, json!({ "body": "메모", "public": false, "scoped_body": [["channel:web", "메모"]] }));
    let html =
        comment(json!([{ "field": "comment_value_html", "value": "<p>안녕 <b>하세요</b></p><p>끝</p>" }]))
            .await;
    assert_eq!(html["body"], "안녕 하세요\n끝");
    assert_eq!(html["html_body"], "<p>안녕 <b>하세요</b></p><p>끝</p>");
    assert!(comment(json!([{ "field": "status", "value": "open" }])).await.is_null(), "no words, no comment");
}

#[tokio::test]
async fn a_macro_that_belongs_to_another_agent_or_is_gone_is_not_applied() {
    let stage = Stage::set().await;
    let ticket = stage.plain_ticket();
    let body = json!({ "title": "가", "restriction": { "type": "User", "id": ADMIN_USER },
        "actions": [{ "field": "status", "value": "open" }] });
    let id = stage.make("/api/v2/macros", "macro", body).await["id"].clone();
    let path = format!("/api/v2/tickets/{ticket}/macros/{id}/apply");
    assert_eq!(stage.agent(Method::GET, &path, Value::Null).await.0, 403);
    assert_eq!(stage.admin(Method::GET, &path, Value::Null).await.0, 200);
    for path in
        [format!("/api/v2/tickets/{ticket}/macros/5/apply"), format!("/api/v2/tickets/1/macros/{id}/apply")]
    {
        assert_eq!(stage.admin(Method::GET, &path, Value::Null).await.0, 404, "{path}");
    }
}

//! Views in the account: who may see and change them, what they may ask for, and which tickets they show.

use misread::domain::ticket::TicketStatus;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::AgentUpdate;
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::Stage;

fn open_with(tag: &str) -> Value {
    json!({ "title": tag, "all": [
        { "field": "status", "operator": "less_than", "value": "solved" },
        { "field": "current_tags", "operator": "includes", "value": tag }],
        "output": { "columns": ["status", "updated"], "sort_by": "updated", "sort_order": "asc" } })
}

#[tokio::test]
async fn a_view_is_shown_and_an_update_of_one_list_of_conditions_replaces_that_list() {
    let stage = Stage::set().await;
    let made = stage.make("/api/v2/views.json", "view", open_with("vip")).await;
    let id = made["id"].as_i64().unwrap();
    assert_eq!(made["conditions"]["all"], open_with("vip")["all"]);
    assert_eq!((&made["conditions"]["any"], &made["restriction"]), (&json!([]), &Value::Null));
    assert_eq!(made["execution"]["columns"][0], json!({ "id": "status", "title": "status" }));
    assert_eq!(stage.get(&format!("/api/v2/views/{id}")).await["view"], made);
    let any = json!({ "view": { "any": [{ "field": "priority", "operator": "is", "value": "high" }], "conditions": {} } });
    let (status, changed) = stage.admin(Method::PUT, &format!("/api/v2/views/{id}"), any).await;
    assert_eq!((status, &changed["view"]["conditions"]["all"]), (200, &made["conditions"]["all"]));
    assert_eq!(changed["view"]["conditions"]["any"].as_array().unwrap().len(), 1);
    let list = stage.get("/api/v2/views").await;
    assert_eq!(list["views"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_view_needs_a_title_and_a_condition_that_narrows_it_and_asks_only_for_what_a_ticket_is() {
    let stage = Stage::set().await;
    let tags = json!({ "field": "current_tags", "operator": "includes", "value": "vip" });
    let open = json!({ "field": "status", "operator": "less_than", "value": "solved" });
    for (view, told) in [
        (json!({ "all": [open] }), "Title: cannot be blank"),
        (json!({ "title": "가", "all": [tags] }), "at least one of the following ticket properties"),
        (
            json!({ "title": "가", "all": [], "any": [open] }),
            "at least one of the following ticket properties",
        ),
        (
            json!({ "title": "가", "all": [open, { "field": "update_type", "operator": "is", "value": "Change" }] }),
            "Invalid condition 'update_type / is'",
        ),
        (
            json!({ "title": "가", "all": [{ "field": "status", "operator": "changed", "value": "" }] }),
            "Invalid condition 'status / changed'",
        ),
        (
            json!({ "title": "가", "all": [open, { "field": "group_id", "operator": "is", "value": "77" }] }),
            "Invalid value '77'",
        ),
        (
            json!({ "title": "가", "all": [open], "output": { "columns": ["plate"] } }),
            "Invalid column 'plate'",
        ),
        (
            json!({ "title": "가", "all": [open], "output": { "columns": ["status"], "sort_by": "description" } }),
            "Invalid column to group or sort by",
        ),
    ] {
        let (status, body) = stage.admin(Method::POST, "/api/v2/views", json!({ "view": view })).await;
        assert_eq!(status, 422, "{body}");
        assert!(body["details"].to_string().contains(told), "{told}: {body}");
    }
}

#[tokio::test]
async fn agents_see_shared_views_and_make_only_their_own() {
    let stage = Stage::set().await;
    let shared = stage.make("/api/v2/views", "view", open_with("vip")).await["id"].clone();
    let mut others = open_with("others");
    others["restriction"] = json!({ "type": "Group", "id": ACCOUNT.compensation_group });
    let others = stage.make("/api/v2/views", "view", others).await["id"].clone();
    let (_, list) = stage.agent(Method::GET, "/api/v2/views", Value::Null).await;
    let seen: Vec<&Value> = list["views"].as_array().unwrap().iter().map(|view| &view["id"]).collect();
    assert!(seen.contains(&&shared), "{list}");
    let part = json!({ "view": { "active": false } });
    assert_eq!(stage.agent(Method::PUT, &format!("/api/v2/views/{shared}"), part).await.0, 403);
    assert_eq!(stage.agent(Method::POST, "/api/v2/views", json!({ "view": open_with("mine") })).await.0, 403);
    assert_eq!(
        stage.get(&format!("/api/v2/views/{others}")).await["view"]["restriction"]["ids"],
        json!([ACCOUNT.compensation_group])
    );
    assert_eq!(stage.admin(Method::GET, "/api/v2/views/77", Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_view_shows_the_tickets_that_fulfil_its_conditions_now() {
    let stage = Stage::set().await;
    let view = stage.make("/api/v2/views", "view", open_with("vip")).await["id"].clone();
    let (one, other) = (stage.open(&["vip"]), stage.open(&[]));
    let shown = async || {
        let list = stage.get(&format!("/api/v2/views/{view}/tickets")).await;
        list["tickets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|ticket| ticket["id"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown().await, [one.get()]);
    stage.zendesk.agent_changes(other, ACCOUNT.agent, AgentUpdate::tags(&["vip"])).unwrap();
    assert_eq!(shown().await, [one.get(), other.get()]);
    assert_eq!(stage.zendesk.views_of(other, ACCOUNT.agent).unwrap(), ["vip"]);
    let solved = AgentUpdate::status(TicketStatus::Solved);
    stage.zendesk.agent_changes(one, ACCOUNT.agent, solved).unwrap();
    assert_eq!(shown().await, [other.get()]);
}

#[tokio::test]
async fn an_agent_who_uses_a_macro_makes_one_update_in_the_interface_that_names_it() {
    let stage = Stage::set().await;
    let id = stage.open(&["vip"]);
    let used = json!({ "title": "가", "actions": [
        { "field": "current_tags", "value": "called" }, { "field": "status", "value": "open" },
        { "field": "comment_value", "value": "{{ticket.id}}번 확인" }, { "field": "comment_mode_is_public", "value": "false" }] });
    let used = stage.make("/api/v2/macros", "macro", used).await["id"].as_i64().unwrap();
    stage.zendesk.agent_uses_macro(id, ACCOUNT.agent, used).unwrap();
    let ticket = stage.zendesk.ticket(id).unwrap();
    assert!(ticket.fields.tags.contains("called") && ticket.fields.tags.contains("vip"));
    assert_eq!(ticket.fields.status, TicketStatus::Open);
    let audit = ticket.audits.last().unwrap();
    assert_eq!(audit.author_id, ACCOUNT.agent);
    let kinds: Vec<&str> = audit.events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!((kinds.first(), kinds.last()), (Some(&"Comment"), Some(&"AgentMacroReference")));
    assert_eq!(ticket.comments.last().unwrap().body, format!("{id}번 확인"));
    let off = json!({ "macro": { "active": false } });
    stage.admin(Method::PUT, &format!("/api/v2/macros/{used}"), off).await;
    assert!(stage.zendesk.agent_uses_macro(id, ACCOUNT.agent, used).is_err(), "it is not offered any more");
}

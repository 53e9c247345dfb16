//! Searching tickets.

use std::time::Duration;

use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AgentUpdate, TagSpelling, TicketSwitches};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::stage::Stage;

async fn ask(stage: &Stage, path: &str, query: &[(&str, &str)]) -> Response {
    stage.ask_zendesk(Method::GET, path).query(query).send().await.unwrap()
}

fn ids(answer: &Value) -> Vec<i64> {
    answer["results"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

/// The export of all tickets that match a query.
async fn found(stage: &Stage, query: &str) -> Vec<i64> {
    let response = ask(stage, "/api/v2/search/export", &[("query", query), ("filter[type]", "ticket")]).await;
    assert_eq!(response.status(), 200, "{query}");
    ids(&response.json().await.unwrap())
}

#[tokio::test]
async fn tickets_are_found_by_status_tags_times_and_fields() {
    let stage = Stage::set().await;
    let first = stage.open(&["no_self_use", "vip"]).get();
    stage.clock.advance(Duration::from_mins(10));
    let second = stage.open(&["no_self_use_linked"]);
    stage.clock.advance(Duration::from_mins(10));
    stage.zendesk.agent_changes(second, ACCOUNT.agent, AgentUpdate::status(TicketStatus::Pending)).unwrap();
    let third = stage.plain_ticket();
    stage.zendesk.close(third).unwrap();
    let (second, third) = (second.get(), third.get());
    let by_field = format!("custom_field_{}:no_self_use_linked", ACCOUNT.consultation_type_field);
    for (query, expected) in [
        ("status<solved", vec![second, first]),
        ("status>=pending order_by:created_at sort:desc", vec![third, second]),
        ("status:new status:closed", vec![third, first]),
        ("tags:vip tags:no_self_use_linked", vec![second, first]),
        ("tags:misread_sent -tags:vip", vec![second]),
        ("-tags:vip status<=pending", vec![second]),
        ("created>2026-03-02T01:00:00Z", vec![third, second]),
        ("created>=2026-03-02T01:00:00Z created<2026-03-02T01:20:00Z", vec![second, first]),
        ("updated_at>2026-03-02T01:10:00Z", vec![third, second]),
        (&by_field, vec![second]),
        ("", vec![third, second, first]),
    ] {
        assert_eq!(found(&stage, query).await, expected, "{query}");
    }
    stage.zendesk.delete(TicketId::try_from(first).unwrap()).unwrap();
    assert_eq!(found(&stage, "tags:vip").await, [0; 0], "what is deleted is not found");
}

#[tokio::test]
async fn a_tag_with_a_blank_is_searched_in_quotes() {
    let stage = Stage::set().await;
    let switches = TicketSwitches { tag_spelling: TagSpelling::Keep, ..TicketSwitches::default() };
    stage.zendesk.set_ticket_switches(switches);
    let id = stage.plain_ticket();
    stage.put_ticket(id, json!({ "tags": ["본인 미사용"] })).await;
    assert_eq!(found(&stage, r#"tags:"본인 미사용""#).await, [id.get()]);
}

#[tokio::test]
async fn quotes_keep_a_value_together() {
    let stage = Stage::set().await;
    let switches = TicketSwitches { tag_spelling: TagSpelling::Keep, ..TicketSwitches::default() };
    stage.zendesk.set_ticket_switches(switches);
    let [together, solved, apart] = [(); 3].map(|()| stage.plain_ticket());
    stage.put_ticket(together, json!({ "tags": ["본인 미사용"] })).await;
    stage.put_ticket(solved, json!({ "tags": ["본인 미사용"], "status": "solved" })).await;
    stage.put_ticket(apart, json!({ "tags": ["본인", "미사용", "\"본인", "미사용\""] })).await;
    // Two blanks between the terms are not a third term: an empty one would be refused.
    assert_eq!(found(&stage, r#"tags:"본인 미사용"  status<solved"#).await, [together.get()]);
}

#[tokio::test]
async fn the_index_lags_behind_and_what_is_found_is_shown_as_it_is() {
    let stage = Stage::set().await;
    let switches = TicketSwitches { search_lag: Duration::from_mins(2), ..TicketSwitches::default() };
    let old = stage.open(&["a"]);
    stage.zendesk.set_ticket_switches(switches);
    assert_eq!(found(&stage, "tags:a").await, [old.get()], "from before there was a lag");
    let new = stage.open(&["a"]);
    stage.put_ticket(old, json!({ "tags": ["b"] })).await;
    assert_eq!(found(&stage, "tags:a").await, [old.get()]);
    assert_eq!(found(&stage, "tags:b").await, [0; 0]);
    let answer: Value =
        ask(&stage, "/api/v2/search", &[("query", "type:ticket tags:a")]).await.json().await.unwrap();
    assert_eq!(answer["results"][0]["tags"], json!(["b"]), "as it is by now");

    stage.clock.advance(Duration::from_secs(119));
    stage.put_ticket(old, json!({ "tags": ["c"] })).await;
    stage.clock.advance(Duration::from_secs(1));
    assert_eq!(found(&stage, "tags:a").await, [new.get()]);
    assert_eq!(found(&stage, "tags:b").await, [old.get()], "the second change is not known yet");
    stage.clock.advance(Duration::from_mins(2));
    assert_eq!(found(&stage, "tags:c").await, [old.get()]);
}

#[tokio::test]
async fn results_come_in_pages_up_to_the_first_thousand_tickets() {
    let stage = Stage::set().await;
    let mut opened = Vec::new();
    for _ in 0..3 {
        opened.push(stage.open(&["a"]).get());
        stage.clock.advance(Duration::from_mins(1));
    }
    let query = ("query", "type:ticket tags:a");
    let page = async |more: &[(&str, &str)]| {
        let response = ask(&stage, "/api/v2/search.json", &[&[query], more].concat()).await;
        assert_eq!(response.status(), 200);
        response.json::<Value>().await.unwrap()
    };
    let first = page(&[("per_page", "2")]).await;
    assert_eq!((ids(&first), &first["count"]), (vec![opened[2], opened[1]], &json!(3)));
    assert_eq!((&first["results"][0]["result_type"], &first["facets"]), (&json!("ticket"), &Value::Null));
    assert!(first["next_page"].as_str().unwrap().contains("page=2"));
    let last = page(&[("per_page", "2"), ("page", "2")]).await;
    assert_eq!((ids(&last), &last["next_page"]), (vec![opened[0]], &Value::Null));
    let sorted = page(&[("sort_by", "updated_at"), ("sort_order", "asc")]).await;
    assert_eq!(ids(&sorted), opened);

    assert_eq!(ids(&page(&[("page", "10")]).await), [0; 0]);
    let beyond = ask(&stage, "/api/v2/search", &[query, ("page", "11")]).await;
    assert_eq!(beyond.status(), 422);
    let body: Value = beyond.json().await.unwrap();
    assert_eq!(body["error"], "invalid");
    assert!(body["description"].as_str().unwrap().contains("Search Response Limits"), "{body}");
}

#[tokio::test]
async fn an_export_shows_everything_once_while_tickets_change() {
    let stage = Stage::set().await;
    let opened: Vec<i64> = (0..3).map(|_| stage.open(&["a"]).get()).collect();
    let base = [("query", "tags:a"), ("filter[type]", "ticket"), ("page[size]", "2")];
    let first: Value = ask(&stage, "/api/v2/search/export", &base).await.json().await.unwrap();
    assert_eq!(ids(&first), [opened[2], opened[1]]);
    assert_eq!((&first["meta"]["has_more"], &first["links"]["prev"]), (&json!(true), &Value::Null));
    stage.clock.advance(Duration::from_mins(59));
    stage.open(&["a"]);
    let cursor = first["meta"]["after_cursor"].as_str().unwrap();
    let next = [base.as_slice(), &[("page[after]", cursor)]].concat();
    let second: Value = ask(&stage, "/api/v2/search/export", &next).await.json().await.unwrap();
    assert_eq!((ids(&second), &second["meta"]["has_more"]), (vec![opened[0]], &json!(false)));
    stage.clock.advance(Duration::from_mins(1));
    assert_eq!(ask(&stage, "/api/v2/search/export", &next).await.status(), 400, "the cursor has expired");
    let largest = [("query", "tags:a"), ("filter[type]", "ticket"), ("page[size]", "1000")];
    assert_eq!(ask(&stage, "/api/v2/search/export", &largest).await.status(), 200);
}

#[tokio::test]
async fn what_the_search_does_not_know_is_refused_by_name() {
    let stage = Stage::set().await;
    let export = ("filter[type]", "ticket");
    let refused = [
        ("/api/v2/search", vec![("query", "tags:a")], "type:ticket"),
        ("/api/v2/search", vec![("query", "type:ticket subject:주차")], "subject:주차"),
        ("/api/v2/search", vec![], "query"),
        ("/api/v2/search/export", vec![("query", "tags:a type:ticket"), export], "filter[type]"),
        ("/api/v2/search/export", vec![("query", "tags:a")], "filter[type]"),
        ("/api/v2/search/export", vec![("query", "assignee:me"), export], "assignee:me"),
    ];
    for (path, query, named) in refused {
        let response = ask(&stage, path, &query).await;
        assert_eq!(response.status(), 400, "{path} {query:?}");
        let body: Value = response.json().await.unwrap();
        let description = body["description"].as_str().unwrap();
        assert!(body["error"] == "invalid" && description.contains(named), "{body}");
    }
    let large = [("query", "tags:a"), export, ("page[size]", "1001")];
    assert_eq!(ask(&stage, "/api/v2/search/export", &large).await.status(), 400);
}

#[tokio::test]
async fn what_is_not_modelled_is_refused_by_name() {
    let stage = Stage::set().await;
    for term in [
        "주차",
        "type:user",
        "status:done",
        "-status:open",
        "updated>yesterday",
        "updated:2026-03-02",
        "tags>x",
        "subject:주차",
        "custom_field_1:*",
        "custom_field_x:1",
        "status:",
    ] {
        let query = format!("type:ticket {term}");
        let response = ask(&stage, "/api/v2/search", &[("query", &query)]).await;
        assert_eq!(response.status(), 400, "{query}");
        let body: Value = response.json().await.unwrap();
        assert!(body["description"].as_str().unwrap().contains(&format!("{term:?}")), "{body}");
    }
}

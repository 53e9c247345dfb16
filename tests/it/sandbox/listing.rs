//! Lists of many tickets and users.

use std::time::Duration;

use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::Clock as _;
use misread::sandbox::seed::{self, ACCOUNT};
use misread::sandbox::zendesk::AgentUpdate;
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::Stage;

fn ids(answer: &Value, list: &str) -> Vec<i64> {
    answer[list].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

async fn refusal(stage: &Stage, path: &str) -> (u16, Value) {
    let response = stage.ask_zendesk(Method::GET, path).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn tickets_are_shown_by_the_hundred_with_what_belongs_to_them() {
    let stage = Stage::set().await;
    let stories = seed::stories(stage.clock.now());
    let [first, second] = [0, 1].map(|at| stories[at].open(&stage.zendesk).unwrap());
    let assigned = AgentUpdate {
        assignee_id: Some(ACCOUNT.agent),
        group_id: Some(ACCOUNT.agents_group),
        comment: Some("볼게요".to_owned()),
        ..AgentUpdate::default()
    };
    stage.zendesk.agent_changes(second, ACCOUNT.agent, assigned).unwrap();
    let path = format!("/api/v2/tickets/show_many.json?ids={second},1,{first},{second}");
    let plain = stage.get(&path).await;
    assert_eq!(
        ids(&plain, "tickets"),
        [first.get(), second.get()],
        "by id, each once; unknown ones are absent"
    );
    assert_eq!((&plain["count"], &plain["next_page"]), (&json!(2), &Value::Null));
    assert!(plain["tickets"][0].get("comment_count").is_none() && plain.get("users").is_none());

    let full = stage.get(&format!("{path}&include=users,groups,comment_count")).await;
    let counts = [0, 1].map(|at| full["tickets"][at]["comment_count"].clone());
    assert_eq!(counts, [1, 2]);
    let mut people = [stories[0].customer.id, stories[1].customer.id, ACCOUNT.agent];
    people.sort_unstable();
    assert_eq!(ids(&full, "users"), people);
    assert_eq!(ids(&full, "groups"), [ACCOUNT.agents_group]);
    let alone = stage.get(&format!("/api/v2/tickets/{second}?include=comment_count")).await;
    assert_eq!(alone["ticket"]["comment_count"], 2);

    let too_many = vec!["1"; 101].join(",");
    let (code, body) = refusal(&stage, &format!("/api/v2/tickets/show_many?ids={too_many}")).await;
    assert_eq!((code, &body["error"]), (400, &json!("TooManyValues")));
    assert_eq!(refusal(&stage, "/api/v2/tickets/show_many").await.0, 400);
}

/// Every id of a list, read to its end in cursor pages of two.
async fn pages(stage: &Stage, path: &str) -> Vec<i64> {
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = stage.get(&format!("/api/v2/tickets?page[size]=2{path}{after}")).await;
        seen.extend(ids(&page, "tickets"));
        if page["meta"]["has_more"] == false {
            return seen;
        }
        let next = page["links"]["next"].as_str().unwrap();
        let cursor = page["meta"]["after_cursor"].as_str().unwrap();
        assert!(next.starts_with(&stage.zendesk_url) && next.contains(cursor), "{next}");
        after = format!("&page[after]={cursor}");
    }
}

#[tokio::test]
async fn all_tickets_are_listed_in_cursor_pages_in_every_order() {
    let stage = Stage::set().await;
    let opened: Vec<TicketId> = (0..5).map(|_| stage.plain_ticket()).collect();
    for at in [3, 1] {
        stage.clock.advance(Duration::from_mins(1));
        let solved = AgentUpdate::status(TicketStatus::Solved);
        stage.zendesk.agent_changes(opened[at], ACCOUNT.agent, solved).unwrap();
    }
    let named = |order: [usize; 5]| order.map(|at| opened[at].get());
    assert_eq!(pages(&stage, "").await, named([0, 1, 2, 3, 4]));
    assert_eq!(pages(&stage, "&sort=updated_at").await, named([0, 2, 4, 3, 1]));
    assert_eq!(pages(&stage, "&sort=-updated_at").await, named([1, 3, 4, 2, 0]));
    assert_eq!(pages(&stage, "&sort=-status").await, named([3, 1, 4, 2, 0]));
    stage.zendesk.delete(opened[2]).unwrap();
    assert_eq!(pages(&stage, "").await.len(), 4, "what is deleted is not listed");
}

#[tokio::test]
async fn a_ticket_that_moves_between_two_pages_hides_no_other() {
    let stage = Stage::set().await;
    let opened: Vec<TicketId> = (0..4).map(|_| stage.plain_ticket()).collect();
    let first = stage.get("/api/v2/tickets?page[size]=2&sort=updated_at").await;
    assert_eq!(ids(&first, "tickets"), [opened[0].get(), opened[1].get()]);
    stage.clock.advance(Duration::from_mins(1));
    stage.zendesk.agent_comments(opened[1], ACCOUNT.agent, "메모", false).unwrap();
    let cursor = first["meta"]["after_cursor"].as_str().unwrap();
    let rest = stage.get(&format!("/api/v2/tickets?page[size]=9&sort=updated_at&page[after]={cursor}")).await;
    assert_eq!(ids(&rest, "tickets"), [2, 3, 1].map(|at: usize| opened[at].get()));
    let back =
        stage.get(&format!("/api/v2/tickets?page[size]=9&sort=updated_at&page[before]={cursor}")).await;
    assert_eq!(ids(&back, "tickets"), [opened[0].get()]);
}

#[tokio::test]
async fn all_tickets_are_listed_in_offset_pages_up_to_the_hundredth() {
    let stage = Stage::set().await;
    let opened: Vec<i64> = (0..3).map(|_| stage.plain_ticket().get()).collect();
    let page = stage.get("/api/v2/tickets?per_page=2&page=2&sort_by=updated_at&sort_order=desc").await;
    assert_eq!((ids(&page, "tickets"), &page["count"]), (vec![opened[0]], &json!(3)));
    assert_eq!(page["next_page"], Value::Null);
    let previous = page["previous_page"].as_str().unwrap();
    for part in ["page=1", "per_page=2", "sort_by=updated_at", "sort_order=desc"] {
        assert!(previous.contains(part), "{previous}");
    }
    assert_eq!(refusal(&stage, "/api/v2/tickets?page=100").await.0, 200);
    assert_eq!(refusal(&stage, "/api/v2/tickets?page=101").await.0, 400);
    for wrong in ["page[size]=101", "page[size]=0", "page[after]=x", "sort=nonsense"] {
        assert_eq!(refusal(&stage, &format!("/api/v2/tickets?{wrong}")).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn tickets_are_found_by_the_company_s_own_id() {
    let stage = Stage::set().await;
    let [one, other] = [(); 2].map(|()| stage.plain_ticket());
    stage.put_ticket(one, json!({ "external_id": "order-7" })).await;
    let found = stage.get("/api/v2/tickets?external_id=order-7").await;
    assert_eq!(ids(&found, "tickets"), [one.get()]);
    assert_eq!(found["tickets"][0]["external_id"], "order-7");
    stage.put_ticket(other, json!({ "external_id": "order-7" })).await;
    assert_eq!(stage.get("/api/v2/tickets?external_id=order-7").await["count"], 2, "it need not be unique");
}

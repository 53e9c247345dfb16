//! The control routes: curl can do everything that a test does by method.

use misread::domain::ticket::TicketStatus;
use misread::ports::Clock as _;
use misread::sandbox::seed::{self, ACCOUNT};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::stage::Stage;

async fn send(stage: &Stage, method: Method, url: String, body: Value) -> (StatusCode, Value) {
    let response = stage.http.request(method, url).json(&body).send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() })
}

#[tokio::test]
async fn customers_and_agents_can_be_played_over_http() {
    let stage = Stage::set().await;
    let tickets = format!("{}/sandbox/tickets", stage.zendesk_url);
    let new = json!({ "requester_id": seed::stories(stage.clock.now())[0].customer.id, "subject": "문의",
        "description": "취소해 주세요", "tags": ["vip"], "custom_fields": { "6150000000102": "12가3456" } });
    let (status, opened) = send(&stage, Method::POST, tickets.clone(), new).await;
    assert_eq!(status, 201);
    let ticket = format!("{tickets}/{}", opened["ticket_id"]);
    let steps = [
        ("customer-comment", json!({ "text": "여보세요?" }), 204),
        (
            "agent-update",
            json!({ "agent_id": ACCOUNT.agent, "update": {
            "comment": "볼게요", "status": "solved", "custom_fields": { "6150000000102": null } } }),
            204,
        ),
        ("agent-update", json!({ "agent_id": 5, "update": {} }), 404),
        ("close", json!({}), 204),
        ("customer-comment", json!({ "text": "늦었네요" }), 409),
    ];
    for (step, body, expected) in steps {
        assert_eq!(send(&stage, Method::POST, format!("{ticket}/{step}"), body).await.0, expected, "{step}");
    }
    let (_, seen) = send(&stage, Method::GET, ticket.clone(), Value::Null).await;
    assert_eq!(seen["status"], "closed");
    assert_eq!(seen["comments"].as_array().unwrap().len(), 3);
    assert_eq!(seen["audits"].as_array().unwrap().len(), 4);
    assert_eq!(seen["custom_fields"], json!({}));
    assert_eq!(send(&stage, Method::DELETE, ticket, Value::Null).await.0, 204);
    assert_eq!(send(&stage, Method::GET, format!("{tickets}/1"), Value::Null).await.0, 404);
    assert!(stage.zendesk.tickets().is_empty());
}

#[tokio::test]
async fn people_with_a_copy_can_be_played_over_http() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let user_id = seed::stories(stage.clock.now())[1].customer.id;
    let url = format!("{}/sandbox/tickets/{id}/cc-comment", stage.zendesk_url);
    let comment = json!({ "user_id": user_id, "text": "저도 기다려요" });
    assert_eq!(send(&stage, Method::POST, url.clone(), comment.clone()).await.0, 422, "not yet");
    stage.put_ticket(id, json!({ "email_ccs": [{ "user_id": user_id }] })).await;
    assert_eq!(send(&stage, Method::POST, url, comment).await.0, 204);
    assert_eq!(stage.zendesk.public_comments(id)[0].author_id, user_id);
}

#[tokio::test]
async fn every_switch_can_be_set_and_looked_at_over_http() {
    let stage = Stage::set().await;
    let at = |path: &str| format!("{}/sandbox/{path}", stage.zendesk_url);
    for (path, set) in [
        ("account-switches", json!({ "role_takes_user_ids": false, "trigger_categories": false })),
        (
            "ticket-switches",
            json!({ "tag_spelling": "keep", "language": "korean", "search_lag_milliseconds": 1500 }),
        ),
        ("job-pace", json!({ "queued_milliseconds": 0, "per_item_milliseconds": 5 })),
        (
            "job-switches",
            json!({ "kill_next": 1, "fail_next_items": 2, "ignore_stamps": true, "hold": true }),
        ),
        (
            "webhook-switches",
            json!({ "duplicate": true, "drop_next": 1, "reorder": true, "delay_seconds": 2,
                "seed": 7, "drop_percent": 20, "duplicate_percent": 5, "delay_up_to_seconds": 9, "shuffle": true }),
        ),
        (
            "rate-limits",
            json!({ "requests_per_minute": 1, "updates_per_minute": 2, "updates_per_ticket": 3,
                "calls_per_endpoint": 5, "webhook_calls_per_minute": 6, "jobs_at_once": null }),
        ),
    ] {
        let (_, before) = send(&stage, Method::GET, at(path), Value::Null).await;
        assert_ne!(before, set, "{path}");
        assert_eq!(send(&stage, Method::PUT, at(path), set.clone()).await.0, 204, "{path}");
        assert_eq!(send(&stage, Method::GET, at(path), Value::Null).await.1, set, "{path}");
    }
    assert_eq!(stage.zendesk.ticket_switches().search_lag.as_millis(), 1500);
    // Switches that the request leaves out are turned off.
    assert_eq!(send(&stage, Method::PUT, at("job-switches"), json!({ "kill_next": 1 })).await.0, 204);
    assert!(!stage.zendesk.job_switches().hold);
    assert_eq!(send(&stage, Method::PUT, at("webhook-switches"), json!({ "drop_percent": 20 })).await.0, 204);
    assert_eq!(stage.zendesk.webhook_switches().chances.drop_percent, 20);
}

#[tokio::test]
async fn the_triggers_of_a_new_account_can_be_had_over_http() {
    let stage = Stage::set().await;
    let url = format!("{}/sandbox/default-triggers", stage.zendesk_url);
    let (_, before) = stage.admin(Method::GET, "/api/v2/triggers", Value::Null).await;
    assert_eq!(send(&stage, Method::POST, url, Value::Null).await.0, 201);
    let (_, after) = stage.admin(Method::GET, "/api/v2/triggers", Value::Null).await;
    let known = before["triggers"].as_array().unwrap().len();
    let added = &after["triggers"].as_array().unwrap()[known..];
    assert_eq!(added[0]["title"], "Notify requester and CCs of received request");
    assert_eq!((added.len(), &after["count"]), (7, &json!(known + 7)));
}

#[tokio::test]
async fn jobs_can_be_watched_over_http() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let request = stage.ask_zendesk(Method::PUT, &format!("/api/v2/tickets/update_many?ids={id}"));
    request.json(&json!({ "ticket": { "status": "open" } })).send().await.unwrap();
    stage.clock.advance(std::time::Duration::from_mins(1));
    let (_, jobs) =
        send(&stage, Method::GET, format!("{}/sandbox/jobs", stage.zendesk_url), Value::Null).await;
    assert_eq!((&jobs[0]["state"], &jobs[0]["progress"]), (&json!("completed"), &json!(1)));
    assert_eq!(jobs[0]["results"][0]["id"], id.get());
}

#[tokio::test]
async fn the_parking_system_can_be_inspected_and_changed_over_http() {
    let stage = Stage::set().await;
    let at = |path: &str| format!("{}/sandbox/{path}", stage.parking_url);
    assert_eq!(send(&stage, Method::PUT, at("uses/use-0002/status"), json!("unpaid")).await.0, 204);
    assert_eq!(send(&stage, Method::PUT, at("uses/nothing/status"), json!("unpaid")).await.0, 404);
    stage.order("key-1", "use-0002", "receivable-withdrawal").await;
    for (use_id, expected) in [("use-0011", 204), ("use-0011", 422), ("nothing", 404)] {
        let url = at(&format!("uses/{use_id}/payment"));
        assert_eq!(send(&stage, Method::POST, url, Value::Null).await.0, expected, "{use_id}");
    }
    let (_, actions) = send(&stage, Method::GET, at("actions"), Value::Null).await;
    assert_eq!(actions[0]["kind"], "receivable-withdrawal");
    assert_eq!(actions[0]["key"], "key-1");
    let (_, mut uses) = send(&stage, Method::GET, at("uses"), Value::Null).await;
    let mut one = uses[0].take();
    one["id"] = json!("use-new");
    assert_eq!(send(&stage, Method::PUT, at("uses"), one).await.0, 204);
    assert_eq!(stage.parking.uses().len(), uses.as_array().unwrap().len() + 1);
}

#[tokio::test]
async fn faults_and_switches_can_be_set_over_http_and_never_strike_the_control_routes() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let at = |path: &str| format!("{}/sandbox/{path}", stage.zendesk_url);
    let rule = json!({ "fault": "status", "status": 503, "retry_after": 3, "times": 1 });
    assert_eq!(send(&stage, Method::POST, at("faults"), rule).await.0, 201);
    let (_, waiting) = send(&stage, Method::GET, at("faults"), Value::Null).await;
    assert_eq!(waiting[0]["retry_after"], 3);
    assert_eq!(stage.put_ticket(id, json!({ "status": "open" })).await.status(), 503);
    assert_eq!(stage.put_ticket(id, json!({ "status": "open" })).await.status(), 200);
    assert_eq!(stage.zendesk.ticket(id).unwrap().fields.status, TicketStatus::Open);

    assert_eq!(send(&stage, Method::POST, at("faults"), json!({ "fault": "answer_lost" })).await.0, 201);
    assert_eq!(send(&stage, Method::DELETE, at("faults"), Value::Null).await.0, 204);
    assert_eq!(send(&stage, Method::PUT, at("webhook-switches"), json!({ "duplicate": true })).await.0, 204);
    assert!(stage.zendesk.webhook_switches().duplicate);
    let limits = json!({ "requests_per_minute": 0, "updates_per_minute": null, "updates_per_ticket": null });
    assert_eq!(send(&stage, Method::PUT, at("rate-limits"), limits).await.0, 204);
    assert_eq!(stage.put_ticket(id, json!({ "status": "open" })).await.status(), 429);
}

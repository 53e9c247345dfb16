//! Custom statuses, and their relation to the status of a ticket.

use misread::domain::ids::TicketId;
use reqwest::Method;
use serde_json::{Value, json};

use super::Stage;

const PATH: &str = "/api/v2/custom_statuses";

async fn make(stage: &Stage, category: &str, label: &str) -> i64 {
    let body = json!({ "status_category": category, "agent_label": label });
    stage.make(PATH, "custom_status", body).await["id"].as_i64().unwrap()
}

async fn default_of(stage: &Stage, category: &str) -> i64 {
    let list = stage.get(PATH).await;
    let mut all = list["custom_statuses"].as_array().unwrap().iter();
    let found = all.find(|one| one["status_category"] == category && one["default"] == true);
    found.unwrap()["id"].as_i64().unwrap()
}

/// Status and custom status of a ticket.
async fn shown(stage: &Stage, id: TicketId) -> (String, i64) {
    let ticket = stage.get(&format!("/api/v2/tickets/{id}")).await["ticket"].clone();
    (ticket["status"].as_str().unwrap().to_owned(), ticket["custom_status_id"].as_i64().unwrap())
}

#[tokio::test]
async fn a_status_is_shown_as_recorded_and_what_cannot_be_one_is_refused() {
    let stage = Stage::set().await;
    let body = json!({ "agent_label": "agent", "end_user_label": "end", "status_category": "open" });
    let made = stage.make("/api/v2/custom_statuses.json", "custom_status", body).await;
    let id = made["id"].as_i64().unwrap();
    let expected = json!({ "url": format!("{}{PATH}/{id}.json", stage.zendesk_url), "id": id, "status_category": "open",
        "agent_label": "agent", "raw_agent_label": "agent", "end_user_label": "end", "raw_end_user_label": "end",
        "description": null, "raw_description": null, "end_user_description": null, "raw_end_user_description": null,
        "active": true, "default": false, "created_at": "2026-03-02T01:00:00Z", "updated_at": "2026-03-02T01:00:00Z" });
    assert_eq!(made, expected);
    for body in [
        json!({ "status_category": "closed", "agent_label": "x" }),
        json!({ "agent_label": "x" }),
        json!({ "status_category": "open", "agent_label": "" }),
        json!({ "status_category": "open", "agent_label": "가".repeat(49) }),
    ] {
        assert_eq!(stage.admin(Method::POST, PATH, json!({ "custom_status": body })).await.0, 422, "{body}");
    }
    let list = stage.get(PATH).await;
    assert_eq!(list["custom_statuses"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn either_names_the_other_and_both_must_agree() {
    let stage = Stage::set().await;
    let (waiting, asked) =
        (make(&stage, "pending", "회신 대기").await, make(&stage, "open", "확인 중").await);
    let id = stage.plain_ticket();
    assert_eq!(shown(&stage, id).await, ("new".to_owned(), default_of(&stage, "new").await));
    let put = async |ticket: Value| stage.put_ticket(id, ticket).await.status().as_u16();
    assert_eq!(put(json!({ "custom_status_id": waiting })).await, 200);
    assert_eq!(shown(&stage, id).await, ("pending".to_owned(), waiting));
    let audit = stage.zendesk.audits(id).pop().unwrap();
    let changed: Vec<_> = audit.events.iter().map(|event| event["field_name"].as_str().unwrap()).collect();
    assert_eq!(changed, ["custom_status_id", "status"]);

    assert_eq!(put(json!({ "status": "open" })).await, 200);
    assert_eq!(shown(&stage, id).await, ("open".to_owned(), default_of(&stage, "open").await));
    assert_eq!(put(json!({ "custom_status_id": asked, "status": "open" })).await, 200);
    assert_eq!(shown(&stage, id).await, ("open".to_owned(), asked));
    assert_eq!(
        put(json!({ "custom_status_id": waiting, "status": "open" })).await,
        422,
        "they contradict each other"
    );
    assert_eq!(put(json!({ "custom_status_id": 5 })).await, 422);
    let new = default_of(&stage, "new").await;
    assert_eq!(put(json!({ "custom_status_id": new })).await, 422, "nothing is new again");
    assert_eq!(shown(&stage, id).await, ("open".to_owned(), asked));
    assert_eq!(put(json!({ "priority": "low" })).await, 200);
    assert_eq!(shown(&stage, id).await.1, asked, "other updates leave it");
    assert_eq!(put(json!({ "status": "open" })).await, 200);
    assert_eq!(
        shown(&stage, id).await.1,
        default_of(&stage, "open").await,
        "a status alone is the default one"
    );

    let done = make(&stage, "solved", "환불 완료").await;
    assert_eq!(put(json!({ "custom_status_id": done })).await, 200);
    stage.zendesk.close(id).unwrap();
    assert_eq!(shown(&stage, id).await, ("closed".to_owned(), done));
}

//! Fields that must be filled in before a ticket is solved.

use misread::domain::ticket::TicketStatus;
use misread::sandbox::seed::ACCOUNT;
use reqwest::Method;
use serde_json::{Value, json};

use super::{PATH, Stage, make};

async fn require(stage: &Stage, id: i64) {
    let (status, body) = stage
        .admin(Method::PUT, &format!("{PATH}/{id}"), json!({ "ticket_field": { "required": true } }))
        .await;
    assert_eq!((status, &body["ticket_field"]["required"]), (200, &json!(true)));
}

async fn put(stage: &Stage, id: misread::domain::ids::TicketId, ticket: Value) -> (u16, Value) {
    let response = stage.put_ticket(id, ticket).await;
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn solving_without_a_required_value_is_refused_in_zendesk_s_words() {
    let stage = Stage::set().await;
    require(&stage, ACCOUNT.plate_field).await;
    let id = stage.plain_ticket();
    let solving = json!({ "status": "solved", "comment": { "body": "처리했습니다", "public": true } });
    let (status, body) = put(&stage, id, solving.clone()).await;
    let expected = json!({ "error": "RecordInvalid", "description": "Record validation errors", "details": { "base": [{
        "description": "차량번호: is required when solving a ticket", "error": null,
        "ticket_field_id": ACCOUNT.plate_field, "ticket_field_type": "FieldText",
    }] } });
    assert_eq!((status, body), (422, expected));
    assert_eq!(stage.zendesk.ticket(id).unwrap().comments.len(), 1, "nothing of it was done");
    assert_eq!(put(&stage, id, json!({ "status": "pending" })).await.0, 200, "only solving needs it");
    let mut filled = solving;
    filled["custom_fields"] = json!([{ "id": ACCOUNT.plate_field, "value": "12가3456" }]);
    assert_eq!(put(&stage, id, filled).await.0, 200, "in the same update");
    assert_eq!(stage.zendesk.ticket(id).unwrap().fields.status, TicketStatus::Solved);
}

#[tokio::test]
async fn all_that_is_lacking_is_told_at_once_also_of_system_fields() {
    let stage = Stage::set().await;
    let list = stage.get(PATH).await;
    let system = |kind: &str| {
        let fields = list["ticket_fields"].as_array().unwrap();
        fields.iter().find(|field| field["type"] == kind).unwrap()["id"].as_i64().unwrap()
    };
    for id in [system("assignee"), system("priority"), ACCOUNT.consultation_type_field, ACCOUNT.plate_field] {
        require(&stage, id).await;
    }
    let agreed =
        make(&stage, json!({ "type": "checkbox", "title": "동의", "required": true })).await["id"].clone();
    let id = stage.plain_ticket();
    let (status, body) = put(&stage, id, json!({ "status": "solved", "priority": "low" })).await;
    let told: Vec<_> = body["details"]["base"]
        .as_array()
        .unwrap()
        .iter()
        .map(|flaw| flaw["ticket_field_type"].clone())
        .collect();
    assert_eq!(
        (status, json!(told)),
        (422, json!(["FieldAssignee", "FieldTagger", "FieldText", "FieldCheckbox"]))
    );
    let update = json!({ "status": "solved", "group_id": ACCOUNT.agents_group, "assignee_id": ACCOUNT.agent, "priority": "low",
        "tags": ["no_self_use_linked"], "custom_fields": [{ "id": ACCOUNT.plate_field, "value": "1" }, { "id": agreed, "value": true }] });
    assert_eq!(put(&stage, id, update).await.0, 200, "a tag fills in the drop-down");
}

#[tokio::test]
async fn only_fields_of_the_ticket_s_form_and_options_that_allow_it_count() {
    let stage = Stage::set().await;
    require(&stage, ACCOUNT.plate_field).await;
    let form =
        stage.make("/api/v2/ticket_forms", "ticket_form", json!({ "name": "전화" })).await["id"].clone();
    let id = stage.plain_ticket();
    assert_eq!(put(&stage, id, json!({ "ticket_form_id": form, "status": "solved" })).await.0, 200);
    let with_plate = json!({ "name": "방문", "ticket_field_ids": [ACCOUNT.plate_field] });
    let form = stage.make("/api/v2/ticket_forms", "ticket_form", with_plate).await["id"].clone();
    assert_eq!(put(&stage, id, json!({ "ticket_form_id": form, "status": "solved" })).await.0, 422);

    let options = format!("{PATH}/{}/options", ACCOUNT.consultation_type_field);
    require(&stage, ACCOUNT.consultation_type_field).await;
    let open =
        json!({ "custom_field_option": { "name": "미정", "value": "undecided", "allow_solving": false } });
    assert_eq!(stage.admin(Method::POST, &options, open).await.0, 201);
    let id = stage.plain_ticket();
    let plate = json!([{ "id": ACCOUNT.plate_field, "value": "1" }]);
    for (tag, status) in [("undecided", 422), ("no_self_use_other", 200)] {
        let update = json!({ "status": "solved", "custom_fields": plate, "tags": [tag] });
        assert_eq!(put(&stage, id, update).await.0, status, "{tag}");
    }
}

#[tokio::test]
async fn fields_that_are_not_in_use_and_triggers_that_solve_ask_for_nothing() {
    let stage = Stage::set().await;
    require(&stage, ACCOUNT.plate_field).await;
    let trigger = json!({ "title": "x", "conditions": { "all": [{ "field": "current_tags", "operator": "includes", "value": "done" }] },
        "actions": [{ "field": "status", "value": "solved" }] });
    stage.make("/api/v2/triggers", "trigger", trigger).await;
    let id = stage.plain_ticket();
    assert_eq!(put(&stage, id, json!({ "tags": ["done"] })).await.0, 200);
    assert_eq!(stage.zendesk.ticket(id).unwrap().fields.status, TicketStatus::Solved);
    let off = json!({ "ticket_field": { "active": false } });
    stage.admin(Method::PUT, &format!("{PATH}/{}", ACCOUNT.plate_field), off).await;
    let id = stage.plain_ticket();
    assert_eq!(put(&stage, id, json!({ "status": "solved" })).await.0, 200);
}

#[tokio::test]
async fn bulk_updates_are_asked_too() {
    let stage = Stage::set().await;
    require(&stage, ACCOUNT.plate_field).await;
    let id = stage.plain_ticket();
    let path = format!("/api/v2/tickets/update_many?ids={id}");
    let (status, job) = stage.agent(Method::PUT, &path, json!({ "ticket": { "status": "solved" } })).await;
    assert_eq!(status, 200);
    stage.clock.advance(std::time::Duration::from_mins(1));
    let job = stage.get(&format!("/api/v2/job_statuses/{}", job["job_status"]["id"].as_str().unwrap())).await;
    let result = &job["job_status"]["results"][0];
    assert_eq!((&result["success"], &result["error"]), (&json!(false), &json!("RecordInvalid")));
    assert_eq!(result["details"], "차량번호: is required when solving a ticket");
}

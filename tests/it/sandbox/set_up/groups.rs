//! Groups and their members.

use std::time::Duration;

use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::SERVICE_USER;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Stage, names};

const PATH: &str = "/api/v2/groups";

#[tokio::test]
async fn a_group_is_shown_as_recorded_and_changed() {
    let stage = Stage::set().await;
    let made = stage.make("/api/v2/groups.json", "group", json!({ "name": "야간 상담" })).await;
    let id = made["id"].as_i64().unwrap();
    let expected = json!({ "url": format!("{}{PATH}/{id}.json", stage.zendesk_url), "id": id, "is_public": true,
        "name": "야간 상담", "description": "", "default": false, "deleted": false,
        "created_at": "2026-03-02T01:00:00Z", "updated_at": "2026-03-02T01:00:00Z" });
    assert_eq!(made, expected);
    stage.clock.advance(Duration::from_secs(1));
    let own = format!("{PATH}/{id}");
    let (status, body) = stage.admin(Method::PUT, &own, json!({ "group": { "description": "밤" } })).await;
    assert_eq!(
        (status, &body["group"]["name"], &body["group"]["description"]),
        (200, &json!("야간 상담"), &json!("밤"))
    );
    assert_eq!(body["group"]["updated_at"], "2026-03-02T01:00:01Z");
    for name in ["", "야간 상담"] {
        assert_eq!(
            stage.admin(Method::POST, PATH, json!({ "group": { "name": name } })).await.0,
            422,
            "{name:?}"
        );
    }
}

#[tokio::test]
async fn a_deleted_group_is_still_listed_but_takes_no_tickets_and_has_no_members() {
    let stage = Stage::set().await;
    let own = format!("{PATH}/{}", ACCOUNT.airport_desk_group);
    let members = async || {
        let list = stage.get("/api/v2/group_memberships").await;
        let all = list["group_memberships"].as_array().unwrap().clone();
        all.into_iter().filter(|one| one["group_id"] == ACCOUNT.airport_desk_group).count()
    };
    assert_eq!(members().await, 2, "the agent and the service");
    assert_eq!(stage.admin(Method::DELETE, &own, Value::Null).await, (204, Value::Null));
    assert_eq!(stage.admin(Method::DELETE, &own, Value::Null).await.0, 404);
    assert_eq!(stage.get(&own).await["group"]["deleted"], true);
    assert_eq!(members().await, 0);
    let names_of = async |query: &str| stage.get(&format!("{PATH}{query}")).await["count"].clone();
    assert_eq!(
        (names_of("").await, names_of("?exclude_deleted=true").await, names_of("/assignable").await),
        (json!(4), json!(3), json!(3))
    );
    let ticket = stage.plain_ticket();
    let response = stage.put_ticket(ticket, json!({ "group_id": ACCOUNT.airport_desk_group })).await;
    assert_eq!(response.status(), 422);
    assert_eq!(stage.admin(Method::GET, &format!("{own}/memberships"), Value::Null).await.0, 404);
    assert_eq!(
        names(&stage.get("/api/v2/groups/assignable").await, "groups"),
        ["보상 담당", "일반 상담", "주차장 확인 담당"]
    );
}

#[tokio::test]
async fn memberships_are_told_and_made() {
    let stage = Stage::set().await;
    let group = stage.make(PATH, "group", json!({ "name": "야간 상담" })).await["id"].clone();
    let of_group = format!("{PATH}/{group}/memberships");
    assert_eq!(stage.get(&of_group).await["count"], 0);
    let body = json!({ "user_id": SERVICE_USER, "group_id": group });
    let made = stage.make("/api/v2/group_memberships", "group_membership", body.clone()).await;
    assert_eq!(
        (&made["user_id"], &made["group_id"], &made["default"]),
        (&json!(SERVICE_USER), &group, &json!(false))
    );
    assert!(
        made["url"].as_str().unwrap().ends_with(&format!("/api/v2/group_memberships/{}.json", made["id"]))
    );
    assert_eq!(stage.get(&of_group).await["group_memberships"], json!([made]));
    let all = stage.get("/api/v2/group_memberships").await;
    let all = all["group_memberships"].as_array().unwrap();
    let theirs = || all.iter().filter(|one| one["user_id"] == SERVICE_USER);
    assert_eq!((theirs().count(), theirs().filter(|one| one["default"] == true).count()), (5, 1));
    assert!(
        names(&stage.get(&format!("/api/v2/users/{SERVICE_USER}/groups")).await, "groups")
            .contains(&"야간 상담")
    );
    let again = json!({ "group_membership": body });
    assert_eq!(stage.admin(Method::POST, "/api/v2/group_memberships", again).await.0, 422);
    let customer = stage.zendesk.ticket(stage.plain_ticket()).unwrap().fields.requester_id;
    let customer = json!({ "group_membership": { "user_id": customer, "group_id": group } });
    assert_eq!(
        stage.admin(Method::POST, "/api/v2/group_memberships", customer).await.0,
        422,
        "customers work nowhere"
    );
    let ticket = stage.plain_ticket();
    let assigned = json!({ "group_id": group, "assignee_id": SERVICE_USER });
    assert_eq!(stage.put_ticket(ticket, assigned).await.status(), 200);
}

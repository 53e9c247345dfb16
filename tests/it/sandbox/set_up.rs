//! Groups, forms, brands and statuses of the account.

mod groups;
mod statuses;
mod users;

use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{DEFAULT_BRAND, DEFAULT_FORM};
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::Stage;

fn names<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list[key].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn forms_are_made_beside_the_default_one() {
    let stage = Stage::set().await;
    let path = "/api/v2/ticket_forms";
    let list = stage.get(path).await;
    assert_eq!(names(&list, "ticket_forms"), ["기본 티켓 양식"]);
    let default = &list["ticket_forms"][0];
    assert_eq!((&default["id"], &default["default"]), (&json!(DEFAULT_FORM), &json!(true)));
    assert!(
        default["ticket_field_ids"].as_array().unwrap().contains(&json!(ACCOUNT.plate_field)),
        "it shows every field"
    );
    let body = json!({ "name": "본인 미사용", "ticket_field_ids": [ACCOUNT.plate_field] });
    let made = stage.make(path, "ticket_form", body).await;
    for (key, expected) in [
        ("name", json!("본인 미사용")),
        ("display_name", json!("본인 미사용")),
        ("position", json!(2)),
        ("active", json!(true)),
        ("default", json!(false)),
        ("end_user_visible", json!(true)),
        ("in_all_brands", json!(true)),
        ("restricted_brand_ids", json!([])),
        ("ticket_field_ids", json!([ACCOUNT.plate_field])),
    ] {
        assert_eq!(made[key], expected, "{key}");
    }
    for body in [json!({ "name": "" }), json!({ "name": "x", "ticket_field_ids": [5] })] {
        assert_eq!(stage.admin(Method::POST, path, json!({ "ticket_form": body })).await.0, 422, "{body}");
    }
    let ticket = stage.plain_ticket();
    assert_eq!(stage.put_ticket(ticket, json!({ "ticket_form_id": made["id"] })).await.status(), 200);
    assert_eq!(stage.put_ticket(ticket, json!({ "ticket_form_id": 5 })).await.status(), 422);
}

#[tokio::test]
async fn brands_are_made_and_tickets_move_between_them() {
    let stage = Stage::set().await;
    let path = "/api/v2/brands";
    let made = stage.make(path, "brand", json!({ "name": "공항 주차", "subdomain": "airport" })).await;
    assert_eq!(
        (&made["brand_url"], &made["default"], &made["active"]),
        (&json!("https://airport.zendesk.com"), &json!(false), &json!(true))
    );
    assert_eq!(made["ticket_form_ids"], json!([DEFAULT_FORM]));
    assert_eq!(names(&stage.get(path).await, "brands"), ["공항 주차", "주차 고객센터"]);
    let id = &made["id"];
    let ticket = stage.plain_ticket();
    let shown = async || stage.get(&format!("/api/v2/tickets/{ticket}")).await["ticket"]["brand_id"].clone();
    assert_eq!(shown().await, DEFAULT_BRAND);
    assert_eq!(stage.put_ticket(ticket, json!({ "brand_id": id })).await.status(), 200);
    assert_eq!(&shown().await, id);
    let audit = stage.zendesk.audits(ticket).pop().unwrap();
    assert!(
        audit
            .events
            .iter()
            .any(|event| event["field_name"] == "brand_id" && event["value"] == id.to_string().as_str())
    );
    assert_eq!(stage.put_ticket(ticket, json!({ "brand_id": 5 })).await.status(), 422, "unknown");
    for (body, error) in [
        (json!({ "name": "", "subdomain": "x" }), "BlankValue"),
        (json!({ "name": "x", "subdomain": "airport" }), "DuplicateValue"),
    ] {
        let (status, answer) = stage.admin(Method::POST, path, json!({ "brand": body })).await;
        assert_eq!(status, 422);
        assert!(answer.to_string().contains(error), "{answer}");
    }
}

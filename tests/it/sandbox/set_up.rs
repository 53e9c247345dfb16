//! Groups, forms, brands, statuses, dynamic content and settings of the account.

mod groups;
mod statuses;
mod users;

use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AccountSwitches, DEFAULT_BRAND, DEFAULT_FORM};
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::Stage;

fn names<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list[key].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn forms_are_made_changed_and_deleted_but_not_the_default_one() {
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
    let body = json!({ "name": "본인 미사용", "display_name": "주차한 적 없어요", "end_user_visible": false,
        "ticket_field_ids": [ACCOUNT.plate_field] });
    let made = stage.make(path, "ticket_form", body).await;
    for (key, expected) in [
        ("name", json!("본인 미사용")),
        ("display_name", json!("주차한 적 없어요")),
        ("position", json!(2)),
        ("active", json!(true)),
        ("default", json!(false)),
        ("end_user_visible", json!(false)),
        ("in_all_brands", json!(true)),
        ("restricted_brand_ids", json!([])),
        ("ticket_field_ids", json!([ACCOUNT.plate_field])),
    ] {
        assert_eq!(made[key], expected, "{key}");
    }
    let own = format!("{path}/{}", made["id"]);
    let (status, off) = stage.admin(Method::PUT, &own, json!({ "ticket_form": { "active": false } })).await;
    assert_eq!((status, &off["ticket_form"]["name"]), (200, &json!("본인 미사용")));
    assert_eq!(names(&stage.get(&format!("{path}?active=false")).await, "ticket_forms"), ["본인 미사용"]);
    let ticket = stage.plain_ticket();
    let response = stage.put_ticket(ticket, json!({ "ticket_form_id": made["id"] })).await;
    assert_eq!(response.status(), 422, "not in use");
    for (method, path, body, status) in [
        (Method::POST, path.to_owned(), json!({ "ticket_form": { "name": "" } }), 422),
        (
            Method::POST,
            path.to_owned(),
            json!({ "ticket_form": { "name": "x", "ticket_field_ids": [5] } }),
            422,
        ),
        (Method::PUT, format!("{path}/{DEFAULT_FORM}"), json!({ "ticket_form": { "active": false } }), 422),
        (Method::DELETE, format!("{path}/{DEFAULT_FORM}"), Value::Null, 422),
        (Method::DELETE, own.clone(), Value::Null, 204),
        (Method::GET, own, Value::Null, 404),
    ] {
        assert_eq!(stage.admin(method.clone(), &path, body).await.0, status, "{method} {path}");
    }
    stage.zendesk.set_account_switches(AccountSwitches { ticket_forms: false, ..AccountSwitches::default() });
    assert_eq!(stage.admin(Method::GET, path, Value::Null).await.0, 403, "not in this plan");
}

#[tokio::test]
async fn brands_are_made_and_changed_and_tickets_move_between_them() {
    let stage = Stage::set().await;
    let path = "/api/v2/brands";
    let made = stage.make(path, "brand", json!({ "name": "공항 주차", "subdomain": "airport" })).await;
    assert_eq!(
        (&made["brand_url"], &made["default"], &made["active"]),
        (&json!("https://airport.zendesk.com"), &json!(false), &json!(true))
    );
    assert_eq!(made["ticket_form_ids"], json!([DEFAULT_FORM]));
    assert_eq!(names(&stage.get(path).await, "brands"), ["공항 주차", "주차 고객센터"]);
    let (id, own) = (&made["id"], format!("{path}/{}", made["id"]));
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
    assert_eq!(stage.admin(Method::PUT, &own, json!({ "brand": { "active": false } })).await.0, 200);
    assert_eq!(stage.put_ticket(ticket, json!({ "brand_id": id })).await.status(), 422, "not in use");
    for (body, error) in [
        (json!({ "name": "", "subdomain": "x" }), "BlankValue"),
        (json!({ "name": "x", "subdomain": "airport" }), "DuplicateValue"),
    ] {
        let (status, answer) = stage.admin(Method::POST, path, json!({ "brand": body })).await;
        assert_eq!(status, 422);
        assert!(answer.to_string().contains(error), "{answer}");
    }
    let (status, _) = stage
        .admin(Method::PUT, &format!("{path}/{DEFAULT_BRAND}"), json!({ "brand": { "active": false } }))
        .await;
    assert_eq!(status, 422);
}

#[tokio::test]
async fn dynamic_content_is_made_and_renamed_under_the_same_placeholder() {
    let stage = Stage::set().await;
    let path = "/api/v2/dynamic_content/items";
    let body = json!({ "name": "Snowboard Problem", "default_locale_id": 69, "variants": [
        { "locale_id": 69, "content": "안녕" }, { "locale_id": 1, "content": "Hello", "active": false }] });
    let made = stage.make(path, "item", body.clone()).await;
    assert_eq!(made["placeholder"], "{{dc.snowboard_problem}}");
    assert_eq!(
        (&made["variants"][0]["default"], &made["variants"][1]["active"]),
        (&json!(true), &json!(false))
    );
    let own = format!("{path}/{}", made["id"]);
    let (_, renamed) = stage.admin(Method::PUT, &own, json!({ "item": { "name": "다른 이름" } })).await;
    assert_eq!(
        (&renamed["item"]["name"], &renamed["item"]["placeholder"]),
        (&json!("다른 이름"), &made["placeholder"])
    );
    assert_eq!(stage.get(path).await["items"], json!([renamed["item"]]));
    assert_eq!(
        stage.admin(Method::POST, path, json!({ "item": body })).await.0,
        422,
        "the placeholder is taken"
    );
    let silent = json!({ "item": { "name": "x", "default_locale_id": 1, "variants": [{ "locale_id": 69, "content": "" }] } });
    assert_eq!(stage.admin(Method::POST, path, silent).await.0, 422, "the default language has no text");
    assert_eq!(stage.admin(Method::DELETE, &own, Value::Null).await.0, 204);
    assert_eq!(stage.admin(Method::GET, &own, Value::Null).await.0, 404);
    stage
        .zendesk
        .set_account_switches(AccountSwitches { dynamic_content: false, ..AccountSwitches::default() });
    assert_eq!(stage.admin(Method::GET, path, Value::Null).await.0, 403, "not in this plan");
}

#[tokio::test]
async fn settings_tell_what_the_account_can_do() {
    let stage = Stage::set().await;
    let settings = stage.get("/api/v2/account/settings.json").await["settings"].clone();
    assert_eq!(settings["brands"]["default_brand_id"], DEFAULT_BRAND);
    assert_eq!(
        (&settings["active_features"]["ticket_forms"], &settings["tickets"]["tagging"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(settings["api"]["api_token_access"], "true");
    stage.zendesk.set_account_switches(AccountSwitches { ticket_forms: false, ..AccountSwitches::default() });
    let settings = stage.get("/api/v2/account/settings").await;
    assert_eq!(settings["settings"]["active_features"]["ticket_forms"], false);
}

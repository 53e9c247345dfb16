//! Changes by others are detected, and corrected in our own items; other items are never changed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::world::ground::Ground;

const START: &str = "[misread] 본인 미사용 접수";

fn id(one: &Value) -> String {
    one["id"].as_str().map_or_else(|| one["id"].to_string(), str::to_owned)
}

#[tokio::test]
async fn what_was_changed_of_ours_is_shown_part_by_part_and_put_right() {
    let mut ground = Ground::set_up().await;
    let webhook = id(&ground.one("webhooks", "misread").await);
    let start = ground.one("triggers", START).await;
    let answered = id(&ground.one("triggers", "[misread] 고객 답변").await);
    let mut conditions = start["conditions"].clone();
    conditions["all"][2]["value"] = json!("misread_sent");
    conditions["all"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "field": "priority", "operator": "is", "value": "high" }));
    let edited = json!({ "trigger": { "conditions": conditions, "actions": start["actions"], "title": "이름을 바꿈" } });
    ground.admin(Method::PUT, &format!("triggers/{}", id(&start)), edited).await;
    ground
        .admin(Method::PUT, &format!("triggers/{answered}"), json!({ "trigger": { "active": false } }))
        .await;
    let off =
        json!({ "webhook": { "status": "inactive", "endpoint": "https://old.example/webhooks/zendesk" } });
    ground.admin(Method::PATCH, &format!("webhooks/{webhook}"), off).await;
    ground.deployment.webhook_bearer = Some("t0ken".into());
    let drift = ground.drift().await;
    assert_eq!(
        drift,
        [
            "~ webhook: endpoint: https://old.example/webhooks/zendesk → https://misread.example/webhooks/zendesk; \
             status: inactive → active; authentication: nothing → bearer_token",
            "~ trigger [misread] 본인 미사용 접수: all: current_tags not_includes misread_sent → \
             current_tags not_includes misread_done misread_handed_over misread_prepared misread_sent misread_waiting; \
             all: priority is high → nothing",
            "~ trigger [misread] 고객 답변: active: false → true",
        ]
    );
    ground.apply().await.unwrap();
    assert_eq!(ground.drift().await, Vec::<String>::new());
    let mended = ground.one("triggers", "이름을 바꿈").await;
    assert_eq!(mended["conditions"], start["conditions"], "people may call it what they like");
}

#[tokio::test]
async fn an_option_that_is_missing_is_added_and_none_is_lost() {
    let ground = Ground::empty().await;
    let body = json!({ "ticket_field": { "type": "tagger", "title": "상담유형", "custom_field_options": [
        { "name": "배송", "value": "delivery" },
        { "name": "내 이름", "value": "no_self_use_linked" } ] } });
    ground.admin(Method::POST, "ticket_fields", body).await;
    let drift = ground.drift().await;
    let of_options: Vec<&String> = drift.iter().filter(|line| line.contains("option")).collect();
    assert_eq!(
        of_options,
        [
            "+ option 주차_고객::결제::본인 미사용::비연동 of 상담유형",
            "+ option 주차_고객::결제::본인 미사용::기타 of 상담유형"
        ]
    );
    ground.apply().await.unwrap();
    assert_eq!(ground.drift().await, Vec::<String>::new());
    let field = ground.one("ticket_fields", "상담유형").await;
    let values: Vec<&str> = field["custom_field_options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|option| option["value"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["delivery", "no_self_use_linked", "no_self_use_unlinked", "no_self_use_other"]);
}

#[tokio::test]
async fn a_secret_that_was_rotated_is_told_and_never_shown() {
    let mut ground = Ground::set_up().await;
    let (setup, account) = ground.apply().await.unwrap();
    ground.deployment.webhook_secrets = vec![setup.signing_secret(&account).await.unwrap().unwrap()];
    assert_eq!(ground.drift().await, Vec::<String>::new());
    let webhook = id(&ground.one("webhooks", "misread").await);
    let fresh = ground.admin(Method::POST, &format!("webhooks/{webhook}/signing_secret"), Value::Null).await;
    let drift = ground.drift().await;
    assert_eq!(drift.len(), 1);
    assert!(drift[0].starts_with("! signing secret: the webhook signs with another one"), "{drift:?}");
    let secret = fresh["signing_secret"]["secret"].as_str().unwrap();
    assert!(!format!("{:?}", ground.plan().await).contains(secret));
}

#[tokio::test]
async fn what_others_made_is_reported_where_it_is_in_the_way_and_never_changed() {
    let ground = Ground::empty().await;
    let theirs = json!({ "trigger": { "title": START, "conditions": { "all": [
        { "field": "current_tags", "operator": "includes", "value": "no_self_use" }], "any": [] },
        "actions": [{ "field": "current_tags", "value": "seen" }] } });
    ground.admin(Method::POST, "triggers", theirs).await;
    let webhook = json!({ "webhook": { "name": "ours by hand", "endpoint": "https://misread.example/webhooks/zendesk",
        "http_method": "PUT", "request_format": "json", "status": "active", "subscriptions": ["conditional_ticket_events"] } });
    ground.admin(Method::POST, "webhooks", webhook).await;
    for _ in 0..2 {
        ground
            .admin(
                Method::POST,
                "ticket_fields",
                json!({ "ticket_field": { "type": "text", "title": "차량번호" } }),
            )
            .await;
    }
    let colour = json!({ "ticket_field": { "type": "tagger", "title": "색", "custom_field_options": [
        { "name": "빨강", "value": "misread_done" }] } });
    ground.admin(Method::POST, "ticket_fields", colour).await;
    let (triggers, webhooks) = (ground.one("triggers", START).await, ground.all("webhooks").await);
    ground.apply().await.unwrap();
    let left = ground.drift().await;
    assert_eq!(left.len(), 4, "{left:#?}");
    for (line, beginning) in left.iter().zip([
        "! field 차량번호: there are several of this title and type: #",
        "! tags: option 빨강 of 색 (#",
        "! webhook: ",
        "! trigger [misread] 본인 미사용 접수: #",
    ]) {
        assert!(line.starts_with(beginning), "{line}");
    }
    assert!(left[2].contains("was made by hand and differs: http_method: PUT → POST"), "{}", left[2]);
    assert_eq!(ground.one("triggers", START).await, triggers);
    assert_eq!(ground.all("webhooks").await, webhooks);
}

#[tokio::test]
async fn what_was_made_by_hand_and_is_right_is_left_as_it_is() {
    let ground = Ground::set_up().await;
    for (kind, key) in [("webhooks", "webhook"), ("triggers", "trigger")] {
        for one in ground.all(kind).await {
            let method = if key == "webhook" { Method::PATCH } else { Method::PUT };
            ground
                .admin(
                    method,
                    &format!("{kind}/{}", id(&one)),
                    json!({ key: { "description": "손으로 만듦" } }),
                )
                .await;
        }
    }
    assert_eq!(ground.drift().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_start_tag_with_a_blank_has_a_trigger_that_is_switched_off_when_it_is_no_longer_set() {
    let mut ground = Ground::set_up().await;
    ground.settings.zendesk.start_tags.push("본인 미사용".to_owned());
    assert_eq!(ground.drift().await, ["+ trigger [misread] 본인 미사용 접수: 본인 미사용"]);
    ground.apply().await.unwrap();
    ground.settings.zendesk.start_tags.pop();
    let old =
        "~ trigger [misread] 본인 미사용 접수: 본인 미사용, which is no longer wanted: active: true → false";
    assert_eq!(ground.drift().await, [old]);
    ground.apply().await.unwrap();
    assert_eq!(ground.drift().await, Vec::<String>::new());
}

#[tokio::test]
async fn numbers_in_the_settings_that_lead_nowhere_are_told_with_their_setting() {
    let mut ground = Ground::set_up().await;
    ground.settings.zendesk.groups.airport_desk = Some(77);
    ground.settings.zendesk.fields.plate = ground.one("ticket_fields", "상담유형").await["id"].as_i64();
    let drift = ground.drift().await;
    assert!(drift[0].starts_with("! group 공항 담당: the settings name #77"), "{drift:#?}");
    assert!(drift[1].contains("is a field of type `tagger`, and must be `text` or `regexp`"), "{drift:#?}");
    assert_eq!(drift.len(), 2);
}

#[tokio::test]
async fn the_mark_says_which_webhook_is_ours_and_the_triggers_follow_it() {
    let ground = Ground::set_up().await;
    let old = ground.one("webhooks", "misread").await;
    let unmarked = json!({ "webhook": { "description": "예전 것" } });
    ground.admin(Method::PATCH, &format!("webhooks/{}", id(&old)), unmarked).await;
    let new = json!({ "webhook": { "name": "next", "description": old["description"], "endpoint": old["endpoint"],
        "http_method": "POST", "request_format": "json", "status": "active", "subscriptions": ["conditional_ticket_events"] } });
    let new = id(&ground.admin(Method::POST, "webhooks", new).await["webhook"]);
    let drift = ground.drift().await;
    assert_eq!(drift.len(), 4, "{drift:#?}");
    let told = format!("do: notification_webhook {} {{", id(&old));
    assert!(drift.iter().all(|line| line.contains(&told) && line.contains(&new)), "{drift:#?}");
    ground.apply().await.unwrap();
    assert_eq!(ground.drift().await, Vec::<String>::new());
    for trigger in
        ground.all("triggers").await.iter().filter(|one| one["title"].to_string().contains("[misread]"))
    {
        assert_eq!(trigger["actions"][0]["value"][0], new.as_str());
    }
}

#[tokio::test]
async fn a_trigger_that_tells_our_webhook_the_same_under_another_title_is_for_a_person() {
    let ground = Ground::set_up().await;
    let webhook = id(&ground.one("webhooks", "misread").await);
    let theirs = json!({ "trigger": { "title": "옛 트리거", "actions": [
        { "field": "notification_webhook", "value": [webhook, "{\"ticket_id\":\"{{ticket.id}}\"}"] }],
        "conditions": { "all": [{ "field": "status", "operator": "is", "value": "new" }], "any": [] } } });
    ground.admin(Method::POST, "triggers", theirs).await;
    let drift = ground.drift().await;
    assert!(drift.len() == 1 && drift[0].starts_with("! trigger 옛 트리거: #"), "{drift:#?}");
    // The same for a copy of one of ours, including its mark.
    let ours = ground.one("triggers", START).await;
    let copy = json!({ "trigger": { "title": "복사본", "description": ours["description"], "conditions": ours["conditions"],
        "actions": ours["actions"], "position": 0 } });
    let copy = ground.admin(Method::POST, "triggers", copy).await;
    let drift = ground.drift().await;
    assert_eq!(drift.len(), 2, "{drift:#?}");
    assert!(drift.iter().all(|line| line.ends_with("notifies our webhook as well")), "{drift:#?}");
    ground.admin(Method::DELETE, &format!("triggers/{}", copy["trigger"]["id"]), Value::Null).await;
    ground.apply().await.unwrap();
    let old = ground.one("triggers", "옛 트리거").await;
    assert_eq!(old["active"], true, "it is not ours to switch off");
    ground
        .admin(Method::PUT, &format!("triggers/{}", id(&old)), json!({ "trigger": { "active": false } }))
        .await;
    assert_eq!(ground.drift().await, Vec::<String>::new());
}

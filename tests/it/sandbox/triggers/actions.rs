//! The actions of triggers: on the ticket, by webhook and by mail.

use misread::domain::ticket::TicketStatus;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{ADMIN_USER, AgentUpdate, NewTicket, SERVICE_USER, Webhook};
use reqwest::Method;
use serde_json::{Value, json};

use super::super::stage::Stage;
use super::{tags, trigger, webhook};

/// A trigger with these actions on every new ticket.
fn doing(actions: &Value) -> Value {
    json!({ "title": "x", "conditions": { "all": [{ "field": "update_type", "operator": "is", "value": "Create" }] },
        "actions": actions })
}

#[tokio::test]
async fn tickets_are_changed_in_every_way_that_a_rule_knows() {
    let stage = Stage::set().await;
    let brand =
        stage.make("/api/v2/brands", "brand", json!({ "name": "공항", "subdomain": "airport" })).await;
    let form = stage.make("/api/v2/ticket_forms", "ticket_form", json!({ "name": "공항" })).await;
    let status = json!({ "status_category": "hold", "agent_label": "공항 확인 중" });
    let custom = stage.make("/api/v2/custom_statuses", "custom_status", status).await["id"].clone();
    let plate = format!("custom_fields_{}", ACCOUNT.plate_field);
    let actions = json!([
        { "field": "set_tags", "value": "a b" }, { "field": "current_tags", "value": "c d" },
        { "field": "remove_tags", "value": "a" }, { "field": "custom_status_id", "value": custom.to_string() },
        { "field": "priority", "value": "high" }, { "field": "type", "value": "incident" },
        { "field": "group_id", "value": ACCOUNT.airport_desk_group.to_string() },
        { "field": "assignee_id", "value": ACCOUNT.agent.to_string() }, { "field": plate, "value": "12가3456" },
        { "field": "brand_id", "value": brand["id"] }, { "field": "ticket_form_id", "value": form["id"] },
        { "field": "cc", "value": "requester_id" }, { "field": "follower", "value": ACCOUNT.agent },
    ]);
    stage.zendesk.add_trigger(trigger(doing(&actions))).unwrap();
    let id = stage.open(&["vip"]);
    let ticket = stage.get(&format!("/api/v2/tickets/{id}")).await["ticket"].clone();
    for (key, expected) in [
        ("tags", json!(["b", "c", "d"])),
        ("status", json!("hold")),
        ("custom_status_id", custom),
        ("priority", json!("high")),
        ("type", json!("incident")),
        ("group_id", json!(ACCOUNT.airport_desk_group)),
        ("assignee_id", json!(ACCOUNT.agent)),
        ("brand_id", brand["id"].clone()),
        ("ticket_form_id", form["id"].clone()),
        ("email_cc_ids", json!([ticket["requester_id"]])),
        ("follower_ids", json!([ACCOUNT.agent])),
    ] {
        assert_eq!(ticket[key], expected, "{key}");
    }
    let plate = json!({ "id": ACCOUNT.plate_field, "value": "12가3456" });
    assert!(ticket["custom_fields"].as_array().unwrap().contains(&plate));
    let audits = stage.zendesk.audits(id);
    let by_rule = audits[0].events.iter().filter(|event| event["via"]["source"]["rel"] == "trigger");
    let fields: Vec<_> = by_rule.map(|event| event["field_name"].as_str().unwrap().to_owned()).collect();
    assert!(
        ["assignee_id", "brand_id", "custom_status_id", "status"]
            .iter()
            .all(|one| fields.contains(&(*one).to_owned()))
    );
}

#[tokio::test]
async fn groups_and_assignees_are_emptied_and_follow_each_other() {
    let stage = Stage::set().await;
    let update = json!({ "field": "role", "operator": "is", "value": SERVICE_USER.to_string() });
    let moving = |actions: Value| {
        trigger(json!({ "title": "x", "conditions": { "all": [update] }, "actions": actions }))
    };
    stage.zendesk.add_trigger(moving(json!([{ "field": "assignee_id", "value": "current_user" }]))).unwrap();
    let id = stage.plain_ticket();
    stage.put_ticket(id, json!({ "priority": "low" })).await;
    assert_eq!(stage.zendesk.ticket(id).unwrap().fields.assignee_id, Some(SERVICE_USER));
    stage.zendesk.alter_user(SERVICE_USER, |user| user.group_ids = [ACCOUNT.agents_group].into()).unwrap();
    let away = json!([{ "field": "group_id", "value": ACCOUNT.airport_desk_group.to_string() }]);
    stage.zendesk.add_trigger(moving(away)).unwrap();
    stage.put_ticket(id, json!({ "priority": "high" })).await;
    let fields = stage.zendesk.ticket(id).unwrap().fields;
    assert_eq!(
        (fields.group_id, fields.assignee_id),
        (Some(ACCOUNT.airport_desk_group), None),
        "not a member"
    );
    let nobody = json!([{ "field": "group_id", "value": "" }, { "field": "assignee_id", "value": "" }]);
    stage.zendesk.add_trigger(moving(nobody)).unwrap();
    stage.put_ticket(id, json!({ "priority": "low" })).await;
    let fields = stage.zendesk.ticket(id).unwrap().fields;
    assert_eq!((fields.group_id, fields.assignee_id), (None, None));
}

#[tokio::test]
async fn comments_and_what_else_the_fake_does_not_have_are_refused() {
    let stage = Stage::set().await;
    let refused = [
        ("comment_value", json!("안녕하세요")),
        ("comment_mode_is_public", json!("true")),
        ("status", json!("new")),
        ("priority", json!("extreme")),
        ("notification_user", json!(["requester_id", "주제"])),
        ("notification_webhook", json!("id")),
        ("satisfaction_score", json!("offered")),
        ("tweet_requester", json!("안녕")),
    ];
    for (field, value) in refused {
        let definition = trigger(doing(&json!([{ "field": field, "value": value }])));
        let problem = stage.zendesk.add_trigger(definition).unwrap_err().to_string();
        assert!(problem.contains(&format!("Invalid action '{field}'")), "{problem}");
    }
}

#[tokio::test]
async fn mails_are_told_in_the_audit_as_recorded() {
    let stage = Stage::set().await;
    let recipients = ["requester_and_ccs", "requester_id", "assignee_id", "current_user", "all_agents"];
    for recipient in recipients {
        let mail = json!([{ "field": "notification_user", "value": [recipient, "[{{ticket.id}}]", "{{ticket.title}}"] }]);
        let mut definition = doing(&mail);
        definition["title"] = json!(recipient);
        stage.make("/api/v2/triggers", "trigger", definition).await;
    }
    let mail = json!([{ "field": "notification_group", "value": [ACCOUNT.airport_desk_group.to_string(), "주제", "본문"] }]);
    let mut definition = doing(&mail);
    definition["title"] = json!("group");
    let group_trigger = stage.make("/api/v2/triggers", "trigger", definition).await["id"].clone();
    let requester_id = stage.zendesk.ticket(stage.plain_ticket()).unwrap().fields.requester_id;
    let new = NewTicket { requester_id, email_cc_ids: [ADMIN_USER].into(), ..NewTicket::default() };
    let id = stage.zendesk.open_ticket(new).unwrap();
    let audit = stage.zendesk.audits(id).remove(0);
    let mails: Vec<&Value> = audit.events.iter().filter(|event| event["type"] == "Notification").collect();
    let of = |title: &str| {
        let found = mails.iter().find(|mail| mail["via"]["source"]["from"]["title"] == title);
        found.map(|mail| mail["recipients"].clone())
    };
    let mut both = [ADMIN_USER, requester_id];
    both.sort_unstable();
    assert_eq!(of("requester_and_ccs"), Some(json!(both)));
    assert_eq!(of("requester_id"), Some(json!([requester_id])));
    assert_eq!(of("assignee_id"), None, "nobody has it");
    assert_eq!(of("current_user"), Some(json!([requester_id])));
    let staff = of("all_agents").unwrap();
    assert!(
        [SERVICE_USER, ADMIN_USER, ACCOUNT.agent]
            .iter()
            .all(|id| staff.as_array().unwrap().contains(&json!(id)))
    );
    let group = of("group").unwrap();
    assert!(
        group.as_array().unwrap().contains(&json!(ACCOUNT.agent))
            && !group.as_array().unwrap().contains(&json!(ADMIN_USER))
    );
    let mail = mails.iter().find(|mail| mail["via"]["source"]["from"]["title"] == "group").unwrap();
    assert_eq!((&mail["subject"], &mail["body"]), (&json!("주제"), &json!("본문")));
    assert_eq!(
        mail["via"],
        json!({ "channel": "rule", "source": { "rel": "trigger", "from":
        { "deleted": false, "title": "group", "id": group_trigger, "revision_id": 1 } } })
    );
    let raw = mails.iter().find(|mail| mail["via"]["source"]["from"]["title"] == "requester_id").unwrap();
    assert_eq!(raw["subject"], "[{{ticket.id}}]", "not rendered, as recorded");
}

#[tokio::test]
async fn a_new_account_s_triggers_mail_public_comments_to_requester_and_copies() {
    let stage = Stage::set().await;
    stage.zendesk.clone().with_default_triggers().unwrap();
    let requester_id = stage.zendesk.ticket(stage.plain_ticket()).unwrap().fields.requester_id;
    let new = NewTicket { requester_id, email_cc_ids: [ADMIN_USER].into(), ..NewTicket::default() };
    let id = stage.zendesk.open_ticket(new).unwrap();
    let mailed = || {
        let audit = stage.zendesk.audits(id).pop().unwrap();
        let mails = audit.events.into_iter().filter(|event| event["type"] == "Notification");
        mails
            .map(|mail| {
                (
                    mail["via"]["source"]["from"]["title"].as_str().unwrap().to_owned(),
                    mail["recipients"].clone(),
                )
            })
            .collect::<Vec<_>>()
    };
    let received = mailed();
    let titles: Vec<_> = received.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(
        titles,
        ["Notify requester and CCs of received request", "Notify all agents of received request"]
    );
    let both = received[0].1.as_array().unwrap();
    assert!(both.contains(&json!(requester_id)) && both.contains(&json!(ADMIN_USER)));

    stage.zendesk.agent_comments(id, ACCOUNT.agent, "메모", false).unwrap();
    assert_eq!(mailed(), [], "a note is not mailed");
    stage.put_ticket(id, json!({ "comment": { "body": "답장", "public": true } })).await;
    assert_eq!(mailed(), [("Notify requester and CCs of comment update".to_owned(), received[0].1.clone())]);
    let assign = AgentUpdate {
        assignee_id: Some(ACCOUNT.agent),
        group_id: Some(ACCOUNT.agents_group),
        status: Some(TicketStatus::Solved),
        ..AgentUpdate::default()
    };
    stage.zendesk.agent_changes(id, SERVICE_USER, assign).unwrap();
    assert_eq!(mailed(), [("Notify assignee of assignment".to_owned(), json!([ACCOUNT.agent]))]);
    stage.zendesk.customer_comments(id, "아직요").unwrap();
    let titles: Vec<_> = mailed().into_iter().map(|(title, _)| title).collect();
    assert_eq!(titles, ["Notify requester and CCs of comment update", "Notify assignee of reopened ticket"]);
}

#[tokio::test]
async fn earlier_actions_show_in_what_later_ones_send() {
    let stage = Stage::set().await;
    webhook(&stage);
    let template = "{\"tags\":\"{{ticket.tags}}\",\"id\":\"{{ticket.id}}\"}";
    let actions = json!([{ "field": "current_tags", "value": "first" },
        { "field": "notification_webhook", "value": [ACCOUNT.webhook_id, template] }, { "field": "current_tags", "value": "last" }]);
    stage.zendesk.add_trigger(trigger(doing(&actions))).unwrap();
    let id = stage.plain_ticket();
    let body: Value = serde_json::from_str(&stage.zendesk.invocations().pop().unwrap().body).unwrap();
    assert_eq!(body, json!({ "tags": "first", "id": id.to_string() }));
    assert_eq!(tags(&stage, id), ["first", "last"]);
}

#[tokio::test]
async fn triggers_run_by_category_then_position_and_inactive_webhooks_are_told_nothing() {
    let stage = Stage::set().await;
    webhook(&stage);
    let (_, second) = stage
        .admin(Method::POST, "/api/v2/trigger_categories", json!({ "trigger_category": { "name": "뒤" } }))
        .await;
    let second = &second["trigger_category"]["id"];
    let says = |word: &str, place: Value| {
        let mut body =
            doing(&json!([{ "field": "notification_webhook", "value": [ACCOUNT.webhook_id, word] }]));
        for (key, value) in place.as_object().unwrap() {
            body[key] = value.clone();
        }
        body
    };
    let places = [
        ("넷", json!({ "category_id": second, "position": 2 })),
        ("셋", json!({ "category_id": second, "position": 1 })),
        ("둘", json!({ "position": 900 })),
        ("하나", json!({ "position": 800 })),
    ];
    for (word, place) in places {
        stage.make("/api/v2/triggers", "trigger", says(word, place)).await;
    }
    stage.plain_ticket();
    let said = || stage.zendesk.take_invocations().into_iter().map(|sent| sent.body).collect::<Vec<_>>();
    assert_eq!(said(), ["하나", "둘", "셋", "넷"]);
    let off = json!({ "webhook": { "status": "inactive" } });
    let path = format!("/api/v2/webhooks/{}", ACCOUNT.webhook_id);
    assert_eq!(stage.admin(Method::PATCH, &path, off).await.0, 204);
    stage.plain_ticket();
    assert_eq!(said(), [""; 0]);
    stage.zendesk.add_webhook(Webhook {
        id: ACCOUNT.webhook_id.to_owned(),
        endpoint: "http://127.0.0.1:9/".to_owned(),
        secret: "secret".to_owned(),
        bearer_token: None,
    });
    stage.plain_ticket();
    assert_eq!(said().len(), 4);
}

//! The trigger engine.

mod actions;
mod categories;
mod conditions;
mod managing;
mod revisions;

use misread::domain::ids::TicketId;
use misread::sandbox::SandboxError;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AgentUpdate, TriggerDefinition, Webhook};
use serde_json::{Value, json};

use super::stage::Stage;

fn trigger(value: Value) -> TriggerDefinition {
    serde_json::from_value(value).unwrap()
}

fn adds(tag: &str, conditions: &Value) -> TriggerDefinition {
    trigger(json!({ "title": tag, "conditions": { "all": conditions },
        "actions": [{ "field": "current_tags", "value": tag }] }))
}

fn tags(stage: &Stage, id: TicketId) -> Vec<String> {
    stage.zendesk.ticket(id).unwrap().fields.tags.into_iter().collect()
}

/// A webhook that the test reads from the outbox instead of sending.
pub(super) fn webhook(stage: &Stage) {
    stage.zendesk.add_webhook(Webhook {
        id: ACCOUNT.webhook_id.to_owned(),
        endpoint: "http://127.0.0.1:9/".to_owned(),
        secret: "secret".to_owned(),
        bearer_token: None,
    });
}

#[tokio::test]
async fn the_start_trigger_notifies_once_for_a_ticket() {
    let stage = Stage::set().await;
    webhook(&stage);
    let untagged = stage.plain_ticket();
    let tagged = stage.open(&["no_self_use"]);
    stage.zendesk.agent_comments(tagged, ACCOUNT.agent, "확인 중", false).unwrap();
    stage.zendesk.customer_comments(tagged, "언제 되나요?").unwrap();
    stage.put_ticket(tagged, json!({ "status": "pending" })).await;
    assert_eq!(tags(&stage, tagged), ["misread_sent", "no_self_use"]);

    stage.zendesk.agent_changes(untagged, ACCOUNT.agent, AgentUpdate::tags(&["본인_미사용"])).unwrap();
    let sent: Vec<_> = stage.zendesk.invocations().iter().map(|invocation| invocation.ticket_id).collect();
    assert_eq!(sent, [tagged.get(), untagged.get()]);
}

#[tokio::test]
async fn a_later_trigger_s_change_lets_an_earlier_one_run_in_the_same_update() {
    let stage = Stage::set().await;
    let needs = |tag| json!([{ "field": "current_tags", "operator": "includes", "value": tag }]);
    stage.zendesk.add_trigger(adds("third", &needs("second"))).unwrap();
    stage.zendesk.add_trigger(adds("second", &needs("first"))).unwrap();
    let id = stage.open(&["first"]);
    assert_eq!(tags(&stage, id), ["first", "second", "third"]);
    let audits = stage.zendesk.audits(id);
    assert_eq!(audits.len(), 1, "what triggers change stands in the audit of the update");
    let by_rule: Vec<_> = audits[0].events.iter().filter(|event| event["via"]["channel"] == "rule").collect();
    assert_eq!(by_rule.len(), 2);
    assert_eq!(by_rule[1]["via"]["source"]["from"]["title"], "third");
}

#[tokio::test]
async fn conditions_see_who_did_what() {
    let stage = Stage::set().await;
    let plate = format!("custom_fields_{}", ACCOUNT.plate_field);
    let rules = [
        (
            "by_customer",
            json!([{ "field": "role", "operator": "is", "value": "end_user" },
            { "field": "update_type", "operator": "is", "value": "Change" }]),
        ),
        (
            "replied",
            json!([{ "field": "comment_is_public", "operator": "is", "value": true },
            { "field": "role", "operator": "is", "value": "agent" }]),
        ),
        (
            "solved_now",
            json!([{ "field": "status", "operator": "changed" },
            { "field": "status", "operator": "is", "value": "solved" }]),
        ),
        ("plate_known", json!([{ "field": plate, "operator": "present" }])),
        (
            "at_airport_desk",
            json!([{ "field": "group_id", "operator": "is", "value": ACCOUNT.airport_desk_group.to_string() }]),
        ),
    ];
    for (tag, conditions) in rules {
        stage.zendesk.add_trigger(adds(tag, &conditions)).unwrap();
    }
    let id = stage.plain_ticket();
    assert!(tags(&stage, id).is_empty());
    stage.zendesk.agent_comments(id, ACCOUNT.agent, "메모", false).unwrap();
    assert!(tags(&stage, id).is_empty());
    stage.zendesk.agent_comments(id, ACCOUNT.agent, "답장", true).unwrap();
    assert_eq!(tags(&stage, id), ["replied"]);
    stage.zendesk.customer_comments(id, "네").unwrap();
    assert_eq!(tags(&stage, id), ["by_customer", "replied"]);
    let fields = json!([{ "id": ACCOUNT.plate_field, "value": "12가3456" }]);
    stage
        .put_ticket(
            id,
            json!({ "custom_fields": fields, "status": "solved", "group_id": ACCOUNT.airport_desk_group }),
        )
        .await;
    assert_eq!(tags(&stage, id), ["at_airport_desk", "by_customer", "plate_known", "replied", "solved_now"]);
}

#[tokio::test]
async fn a_rule_that_the_engine_does_not_know_is_refused_when_it_is_added() {
    let stage = Stage::set().await;
    let unknown = [
        adds("x", &json!([{ "field": "satisfaction_score", "operator": "is", "value": "good" }])),
        adds("x", &json!([{ "field": "status", "operator": "resembles", "value": "open" }])),
        trigger(
            json!({ "title": "x", "conditions": {}, "actions": [{ "field": "comment_value", "value": "hello" }] }),
        ),
    ];
    for definition in unknown {
        let problem = stage.zendesk.add_trigger(definition).unwrap_err();
        assert!(matches!(problem, SandboxError::UnsupportedRule(_)), "{problem}");
    }
}

#[tokio::test]
async fn placeholders_are_rendered_escaped_or_raw() {
    let stage = Stage::set().await;
    webhook(&stage);
    let template = "{\"id\":\"{{ticket.id}}\",\"at\":\"{{ ticket.updated_at_with_timestamp }}\",\"status\":\"{{ticket.status}}\",\
        \"tags\":\"{{ticket.tags}}\",\"who\":\"{{ticket.requester.external_id}}\",\"text\":\"{{ticket.latest_comment}}\",\
        \"type\":\"{{ticket.ticket_field_option_title_6150000000101}}\",\"none\":\"{{ticket.nonsense}}\"}";
    stage
        .zendesk
        .add_trigger(trigger(json!({ "title": "x",
            "conditions": { "all": [{ "field": "role", "operator": "is", "value": "agent" }] },
            "actions": [{ "field": "notification_webhook", "value": [ACCOUNT.webhook_id, template] }] })))
        .unwrap();
    let id = stage.open(&["no_self_use_linked", "vip"]);
    let latest_body = || stage.zendesk.invocations().pop().unwrap().body;

    stage.zendesk.agent_comments(id, ACCOUNT.agent, "\"네\"\n끝", true).unwrap();
    let body: Value = serde_json::from_str(&latest_body()).unwrap();
    let expected = json!({ "id": id.to_string(), "at": "2026-03-02T01:00:00Z", "status": "New",
        "tags": "misread_sent no_self_use_linked vip", "who": "acct-0001", "text": "\"네\"\n끝",
        "type": "주차_고객::결제::본인 미사용::연동", "none": "" });
    assert_eq!(body, expected);
}

//! Zendesk's default triggers of a new account: they notify people by mail.

use serde_json::{Value, json};

use super::{Conditions, RuleAction, RuleCondition, TriggerDefinition};

/// Conditions and recipients are from recorded accounts; the texts are the fake's own.
pub(in crate::zendesk) fn default_triggers() -> Vec<TriggerDefinition> {
    vec![
        trigger(
            "Notify requester and CCs of received request",
            &[
                ("update_type", "is", json!("Create")),
                ("status", "is_not", json!("solved")),
                ("ticket_is_public", "is", json!("public")),
                ("comment_is_public", "is", json!(true)),
                ("role", "is", json!("end_user")),
            ],
            json!([
                "requester_and_ccs",
                "[접수 완료]",
                "문의({{ticket.id}})가 접수되었습니다. 곧 답변드리겠습니다."
            ]),
        ),
        trigger(
            "Notify requester and CCs of comment update",
            &[("update_type", "is", json!("Change")), ("comment_is_public", "is", json!(true))],
            json!([
                "requester_and_ccs",
                "[{{ticket.account}}] Re: {{ticket.title}}",
                "{{ticket.latest_comment}}"
            ]),
        ),
        trigger(
            "Notify requester of new proactive ticket",
            &[
                ("update_type", "is", json!("Create")),
                ("ticket_is_public", "is", json!("public")),
                ("role", "is", json!("agent")),
            ],
            json!([
                "requester_and_ccs",
                "{{ticket.title}}",
                "상담원이 문의를 등록했습니다.\n\n{{ticket.latest_public_comment}}"
            ]),
        ),
        trigger(
            "Notify assignee of comment update",
            &[
                ("comment_is_public", "is", json!("not_relevant")),
                ("assignee_id", "is_not", json!("current_user")),
                ("assignee_id", "is_not", json!("requester_id")),
                ("assignee_id", "not_changed", json!(null)),
                ("status", "not_value_previous", json!("solved")),
            ],
            json!(["assignee_id", "[{{ticket.account}}] Re: {{ticket.title}}", "{{ticket.latest_comment}}"]),
        ),
        trigger(
            "Notify assignee of assignment",
            &[("assignee_id", "changed", json!(null)), ("assignee_id", "is_not", json!("current_user"))],
            json!([
                "assignee_id",
                "[{{ticket.account}}] 배정: {{ticket.title}}",
                "#{{ticket.id}} 문의가 배정되었습니다."
            ]),
        ),
        trigger(
            "Notify assignee of reopened ticket",
            &[
                ("assignee_id", "is_not", json!("current_user")),
                ("status", "value_previous", json!("solved")),
                ("status", "is_not", json!("closed")),
            ],
            json!([
                "assignee_id",
                "[{{ticket.account}}] Re: {{ticket.title}}",
                "#{{ticket.id}} 문의가 다시 열렸습니다."
            ]),
        ),
        trigger(
            "Notify all agents of received request",
            &[("update_type", "is", json!("Create"))],
            json!([
                "all_agents",
                "[{{ticket.account}}] {{ticket.title}}",
                "#{{ticket.id}} 문의가 접수되었습니다."
            ]),
        ),
    ]
}

/// A trigger that notifies users when all conditions hold.
fn trigger(title: &str, all: &[(&str, &str, Value)], notification: Value) -> TriggerDefinition {
    let condition = |(field, operator, value): &(&str, &str, Value)| RuleCondition {
        field: (*field).to_owned(),
        operator: (*operator).to_owned(),
        value: value.clone(),
    };
    TriggerDefinition {
        title: title.to_owned(),
        active: true,
        conditions: Conditions { all: all.iter().map(condition).collect(), any: Vec::new() },
        actions: vec![RuleAction { field: "notification_user".to_owned(), value: notification }],
    }
}

//! The placeholders of a webhook's body, in both languages.

use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::Clock as _;
use misread::sandbox::seed::{self, ACCOUNT};
use misread::sandbox::zendesk::{AgentUpdate, Channel, Language, NewTicket, TicketSwitches};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::stage::Stage;
use super::triggers::webhook;

/// The result of each placeholder after an agent's update of a ticket.
fn rendered(stage: &Stage, id: TicketId, placeholders: &[&str]) -> Vec<String> {
    let names = placeholders.iter().enumerate();
    let template: Map<String, Value> =
        names.map(|(at, name)| (at.to_string(), json!(format!("{{{{{name}}}}}")))).collect();
    let trigger = json!({ "title": "x", "conditions": { "all": [{ "field": "role", "operator": "is", "value": "agent" }] },
        "actions": [{ "field": "notification_webhook", "value": [ACCOUNT.webhook_id, Value::Object(template).to_string()] }] });
    stage.zendesk.add_trigger(serde_json::from_value(trigger).unwrap()).unwrap();
    stage.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::tags(&["touched"])).unwrap();
    let body = stage.zendesk.invocations().pop().unwrap().body;
    let body: Value = serde_json::from_str(&body).unwrap();
    (0..placeholders.len()).map(|at| body[at.to_string()].as_str().unwrap().to_owned()).collect()
}

async fn ticket(stage: &Stage) -> TicketId {
    webhook(stage);
    let stories = seed::stories(stage.clock.now());
    let new = NewTicket {
        requester_id: stories[0].customer.id,
        subject: "문의".to_owned(),
        description: "저 주차한 적 없어요".to_owned(),
        channel: Channel::Messaging,
        email_cc_ids: [stories[1].customer.id].into(),
        ..NewTicket::default()
    };
    let id = stage.zendesk.open_ticket(new).unwrap();
    stage.put_ticket(id, json!({ "priority": "urgent", "type": "question", "external_id": "order-7" })).await;
    let update = AgentUpdate {
        comment: Some("볼게요".to_owned()),
        status: Some(TicketStatus::Pending),
        assignee_id: Some(ACCOUNT.agent),
        group_id: Some(ACCOUNT.agents_group),
        ..AgentUpdate::default()
    };
    stage.zendesk.agent_changes(id, ACCOUNT.agent, update).unwrap();
    id
}

#[tokio::test]
async fn titles_and_days_are_in_the_account_s_language() {
    let stage = Stage::set().await;
    let id = ticket(&stage).await;
    let names = [
        "ticket.status",
        "ticket.priority",
        "ticket.ticket_type",
        "ticket.via",
        "ticket.created_at",
        "ticket.requester.role",
        "ticket.latest_comment.created_at_with_time",
        "ticket.status | downcase",
    ];
    let english = [
        "Pending",
        "Urgent",
        "Question",
        "Messaging",
        "March 2, 2026",
        "End-user",
        "March 2, 2026 10:00",
        "pending",
    ];
    assert_eq!(rendered(&stage, id, &names), english);
    stage
        .zendesk
        .set_ticket_switches(TicketSwitches { language: Language::Korean, ..TicketSwitches::default() });
    let korean = [
        "대기 중",
        "긴급",
        "질문",
        "메시징",
        "2026년 3월 2일",
        "최종 사용자",
        "2026년 3월 2일 10:00",
        "대기 중",
    ];
    assert_eq!(rendered(&stage, id, &names), korean);
    let titles = [TicketStatus::New, TicketStatus::Open, TicketStatus::Hold, TicketStatus::Solved];
    for (status, title) in titles.into_iter().zip(["신규", "열림", "보류 중", "해결됨"]) {
        stage.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::status(status)).unwrap();
        assert_eq!(rendered(&stage, id, &["ticket.status"]), [title]);
    }
}

#[tokio::test]
async fn a_ticket_its_people_and_its_comments_can_be_told() {
    let stage = Stage::set().await;
    let id = ticket(&stage).await;
    let ticket = stage.zendesk.ticket(id).unwrap();
    let stories = seed::stories(stage.clock.now());
    let [customer, copied] = [0, 1].map(|at| stories[at].customer.clone());
    let field = stage.get(&format!("/api/v2/users/{}", ACCOUNT.agent)).await["user"]["name"].take();
    let link = format!("{}/agent/tickets/{id}", stage.zendesk_url);
    let list = format!(
        "#<Comment id: {}, value: \"볼게요\">, #<Comment id: {}, value: \"저 주차한 적 없어요\">",
        ticket.comments[1].id, ticket.comments[0].id
    );
    let host = link.strip_prefix("http://").unwrap();
    for (name, expected) in [
        ("ticket.external_id", "order-7"),
        ("ticket.brand.name", "주차 고객센터"),
        ("ticket.ticket_form", "기본 티켓 양식"),
        ("ticket.group.name", "일반 상담"),
        ("ticket.account", "sandbox"),
        ("ticket.link", &link),
        ("ticket.url_with_protocol", &link),
        ("ticket.url", host),
        ("ticket.cc_names", &copied.name),
        ("ticket.requester.name", &customer.name),
        ("ticket.requester.email", &customer.email),
        ("ticket.requester.language", "한국어"),
        ("ticket.submitter.id", &customer.id.to_string()),
        ("ticket.assignee.name", field.as_str().unwrap()),
        ("ticket.assignee.first_name", "상담사"),
        ("ticket.assignee.last_name", "한지민"),
        ("current_user.id", &ACCOUNT.agent.to_string()),
        ("ticket.latest_comment", "볼게요"),
        ("ticket.latest_comment_html", "볼게요"),
        ("ticket.latest_comment.is_public", "false"),
        ("ticket.latest_comment.author.name", field.as_str().unwrap()),
        ("ticket.latest_public_comment.value", "저 주차한 적 없어요"),
        ("ticket.latest_public_comment_rich.is_public", "true"),
        ("ticket.comments", &list),
        ("ticket.due_date", ""),
        ("ticket.organization.name", ""),
        ("ticket.latest_comment.attachments", ""),
        ("ticket.Status", ""),
    ] {
        assert_eq!(rendered(&stage, id, &[name]), [expected], "{name}");
    }
}

#[tokio::test]
async fn fields_of_every_kind_can_be_told() {
    let stage = Stage::set().await;
    let id = ticket(&stage).await;
    let fields = json!([{ "id": ACCOUNT.plate_field, "value": "12가3456" }, { "id": ACCOUNT.used_at_field, "value": 7 },
        { "id": ACCOUNT.consultation_type_field, "value": "no_self_use_linked" }]);
    let response = stage.ask_zendesk(Method::PUT, &format!("/api/v2/tickets/{id}"));
    response.json(&json!({ "ticket": { "custom_fields": fields } })).send().await.unwrap();
    let name = |prefix: &str, field: i64| format!("ticket.ticket_field_{prefix}{field}");
    for (name, expected) in [
        (name("", ACCOUNT.plate_field), "12가3456"),
        (name("", ACCOUNT.used_at_field), "7"),
        (name("", ACCOUNT.consultation_type_field), "no_self_use_linked"),
        (name("option_title_", ACCOUNT.consultation_type_field), "주차_고객::결제::본인 미사용::연동"),
        (name("option_title_", ACCOUNT.plate_field), ""),
        (name("", 1), ""),
    ] {
        assert_eq!(rendered(&stage, id, &[&name]), [expected], "{name}");
    }
}

//! The account's set-up: from nothing to a settled ticket; drift; other people's items; and an interrupted set-up.

pub(crate) mod check;
mod drift;
mod for_agents;
mod wakes;

use misread::domain::case::Ending;
use misread::domain::ticket::TicketStatus;
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AccountSwitches, SERVICE_USER};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::http_client;
use crate::long;
use crate::world::World;
use crate::world::ground::{Ground, into_settings};

/// Everything that the set-up creates, in order.
const ALL: [&str; 24] = [
    "+ group 일반 상담",
    "+ group 공항 담당",
    "+ group 주차장 확인 담당",
    "+ group 보상 담당",
    "+ the service's user in group 일반 상담",
    "+ the service's user in group 공항 담당",
    "+ the service's user in group 주차장 확인 담당",
    "+ the service's user in group 보상 담당",
    "+ field 상담유형",
    "+ field 차량번호",
    "+ webhook",
    "+ trigger category misread",
    "+ trigger [misread] 본인 미사용 접수",
    "+ trigger [misread] 후속 문의 접수",
    "+ trigger [misread] 고객 답변",
    "+ trigger [misread] 상담사가 돌려줌",
    "+ macro [misread] 공항 통화 완료",
    "+ macro [misread] 준비된 답변 보내기",
    "+ macro [misread] 서비스로 돌려주기",
    "+ view [misread] 막힘",
    "+ view [misread] 승인 대기",
    "+ view [misread] 공항 통화 대기",
    "+ view [misread] 고객 답변 대기",
    "+ view [misread] 사람이 이어받음",
];

/// The account's current state, without numbers and times.
async fn state(ground: &Ground) -> Vec<String> {
    let mut lines = Vec::new();
    for (kind, keys) in [
        ("webhooks", &["name", "description", "endpoint", "status", "authentication"][..]),
        ("trigger_categories", &["name"]),
        ("triggers", &["title", "description", "active", "conditions"]),
        ("ticket_fields", &["title", "type"]),
        ("groups", &["name"]),
        ("group_memberships", &["user_id"]),
        ("macros", &["title", "description", "active", "actions", "restriction"]),
        ("views", &["title", "description", "active", "conditions", "restriction"]),
    ] {
        for one in ground.all(kind).await {
            let shown: Vec<String> = keys.iter().map(|key| without_ids(&one[*key])).collect();
            let options = one["custom_field_options"].as_array().into_iter().flatten();
            let options: Vec<&Value> = options.map(|option| &option["value"]).collect();
            lines.push(format!("{kind} {} {options:?}", shown.join(" ")));
        }
    }
    lines.sort();
    lines
}

/// A value as text; a group's id in a view is another one in every account.
fn without_ids(value: &Value) -> String {
    let mut value = value.clone();
    for condition in value.get_mut("all").and_then(Value::as_array_mut).into_iter().flatten() {
        if condition["field"] == "group_id" {
            condition["value"] = json!("a group");
        }
    }
    value.to_string()
}

#[tokio::test]
async fn an_empty_account_is_planned_applied_and_then_settles_a_ticket() {
    let mut ground = Ground::empty().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    ground.deployment.public_url = Some(format!("http://{}", listener.local_addr().unwrap()));
    ground.deployment.webhook_bearer = Some("bearer-t0ken".into());
    assert_eq!(ground.drift().await, ALL);
    assert_eq!(ground.drift().await, ALL, "planning changes nothing");

    let (setup, account) = ground.apply().await.unwrap();
    assert_eq!(ground.drift().await, Vec::<String>::new());
    let secret = setup.signing_secret(&account).await.unwrap().unwrap();
    ground.deployment.webhook_secrets = vec![secret.clone()];
    assert_eq!(ground.drift().await, Vec::<String>::new());
    let (_, again) = ground.apply().await.unwrap();
    assert_eq!(again.triggers, account.triggers, "nothing is done twice");

    let numbers = setup.numbers(&account);
    let world = World::in_account(
        &ground,
        listener,
        |deployment| {
            deployment.webhook_secrets = vec![secret];
            deployment.webhook_bearer = Some("bearer-t0ken".into());
        },
        |settings| into_settings(&numbers, settings),
    )
    .await;
    let story = world.story("결제 완료, 소유인증 완료");
    let mut ticket = story.ticket();
    let plate = numbers.fields[1].1;
    ticket.custom_fields =
        ticket.custom_fields.remove(&ACCOUNT.plate_field).map(|text| (plate, text)).into_iter().collect();
    let id = world.sandbox.zendesk.open_ticket(ticket).unwrap();
    world.until_idle().await;
    assert_eq!(world.ending(id).await, Ending::Settled);
    assert_eq!(world.stands(id, "misread_done"), (TicketStatus::Solved, true));
    let chosen = &world.ticket(id).fields.custom_fields[&numbers.fields[0].1];
    assert!(chosen.as_str().unwrap().starts_with("no_self_use_"), "{chosen}");
    let sent = world.sandbox.zendesk.invocations();
    assert_eq!(sent.len(), 1, "the service's own writes wake nobody: {sent:#?}");
}

#[tokio::test]
async fn a_set_up_that_is_cut_off_at_any_call_comes_to_the_same_end() {
    let whole = state(&Ground::set_up().await).await;
    assert_eq!(whole.iter().filter(|line| line.contains("[misread]")).count(), 4 + 8, "{whole:#?}");
    for fault in [Fault::AnswerLost, Fault::Reset].into_iter().take(long::cases(1, 2)) {
        let mut cuts = 0;
        loop {
            let ground = Ground::empty().await;
            let rule = FaultRule {
                method: Some("POST".to_owned()),
                path: "/api/v2/".to_owned(),
                skip: cuts,
                times: Some(1),
                fault: fault.clone(),
            };
            ground.sandbox.zendesk.faults().inject(rule);
            let Err(error) = ground.apply().await else { break };
            assert!(format!("{error:#}").contains("run the command again"), "{error:#}");
            ground.apply().await.unwrap();
            assert_eq!(state(&ground).await, whole, "cut at write {cuts} by {fault:?}");
            cuts += u32::try_from(long::step(3)).unwrap();
        }
        assert_eq!(cuts, 24, "the last write was cut");
    }
}

#[tokio::test]
async fn who_may_not_set_up_is_told_so_and_nothing_is_changed() {
    let mut ground = Ground::empty().await;
    let before = state(&ground).await;
    let wrong_rights = ground.deployment.service.clone();
    let admin = ground.deployment.admin.replace(wrong_rights);
    let error = format!("{:#}", ground.apply().await.err().unwrap());
    assert!(error.contains("Zendesk does not allow it (GET /api/v2/webhooks: 403 Forbidden"), "{error}");
    assert!(
        error.contains("MISREAD_ZENDESK_ADMIN_CLIENT_ID and MISREAD_ZENDESK_ADMIN_CLIENT_SECRET"),
        "{error}"
    );
    ground.deployment.admin = admin;
    assert_eq!(state(&ground).await, before);
}

#[tokio::test]
async fn an_account_without_trigger_categories_is_set_up_without_one() {
    let ground = Ground::empty().await;
    let without = AccountSwitches { trigger_categories: false, ..AccountSwitches::default() };
    ground.sandbox.zendesk.set_account_switches(without);
    let planned = ground.drift().await;
    let expected: Vec<&str> = ALL.into_iter().filter(|line| !line.contains("category")).collect();
    assert_eq!(planned, expected);
    let (_, account) = ground.apply().await.unwrap();
    assert_eq!(account.categories, None);
    assert_eq!(ground.drift().await, Vec::<String>::new());
    let ours = ground.all("triggers").await;
    let ours: Vec<&Value> =
        ours.iter().filter(|one| one["title"].as_str().unwrap().contains("[misread]")).collect();
    assert_eq!(ours.len(), 4);
    assert!(ours.iter().all(|trigger| trigger["category_id"].is_null()), "{ours:#?}");
    // If the account gets categories later, its triggers stay where they are.
    ground.sandbox.zendesk.set_account_switches(AccountSwitches::default());
    assert_eq!(ground.drift().await, Vec::<String>::new());
}

#[tokio::test]
async fn where_an_answer_lacks_its_list_nothing_is_made_anew() {
    let ground = Ground::set_up().await;
    let before = state(&ground).await;
    for (kind, body) in [
        ("webhooks", "{}"),
        ("trigger_categories", r#"{"errors":[]}"#),
        ("triggers", r#"{"triggers":null}"#),
        ("ticket_fields", r#"{"ticket_fields":{}}"#),
        ("groups", r#"{"groups_":[]}"#),
        ("users/6130907993114/groups", "{}"),
        ("macros", "{}"),
        ("views", r#"{"views":null}"#),
    ] {
        let answer = Fault::Status { status: 200, retry_after: None, body: body.to_owned() };
        let rule = FaultRule::once("GET", &format!("/api/v2/{kind}?"), answer);
        ground.sandbox.zendesk.faults().inject(rule);
        let struck = ground.sandbox.zendesk.faults().struck();
        let error = format!("{:#}", ground.apply().await.err().unwrap());
        assert!(error.starts_with("no usable answer of Zendesk: GET /api/v2/"), "{kind}: {error}");
        assert_eq!(ground.sandbox.zendesk.faults().struck(), struck + 1, "{kind}");
        assert_eq!(state(&ground).await, before, "{kind}");
    }
}

#[tokio::test]
async fn what_changes_between_plan_and_apply_is_not_carried_out_unseen() {
    let ground = Ground::empty().await;
    let setup = ground.begin().await.unwrap();
    let shown = setup.plan(&setup.look().await.unwrap());
    let without_webhook: Vec<_> = shown.into_iter().filter(|item| item.what != "webhook").collect();
    let error = setup.apply(&without_webhook, |_| Ok(())).await.unwrap_err().to_string();
    assert!(error.starts_with("webhook: the account was changed since the plan was shown"), "{error}");
}

#[tokio::test]
async fn the_running_service_asks_for_no_right_to_the_set_up() {
    let (world, _) = World::opened("인천공항 결제 완료").await;
    let (http, url) = (http_client::client(), &world.sandbox.zendesk_url);
    let call = |method, path: &str, token: &str| {
        http.request(method, format!("{url}/api/v2/{path}")).bearer_auth(token).json(&json!({}))
    };
    let tokens = world.sandbox.zendesk.access_tokens();
    assert!(!tokens.is_empty());
    for token in tokens {
        let shown = call(Method::GET, "oauth/tokens/current", &token).send().await.unwrap();
        let shown = &shown.json::<Value>().await.unwrap()["token"];
        assert_eq!(
            (&shown["scopes"], &shown["user_id"]),
            (&json!(["tickets:write", "read"]), &json!(SERVICE_USER))
        );
        for (method, path) in [
            (Method::POST, "triggers"),
            (Method::POST, "webhooks"),
            (Method::GET, "webhooks"),
            (Method::POST, "macros"),
        ] {
            let answer = call(method.clone(), path, &token).send().await.unwrap();
            assert_eq!(answer.status(), 403, "{method} {path}");
        }
    }
}

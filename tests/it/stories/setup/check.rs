//! The check of a live account reports everything that can be wrong, with the remedy, and changes nothing.

use std::time::Duration;

use misread::account::setup::{Item, Verdict};
use misread::config::{Answers, ZendeskCredentials};
use misread::sandbox::faults::{Fault, FaultRule};
use misread::sandbox::zendesk::{
    AccountSwitches, AgentUpdate, NewTicket, Profile, Role, SERVICE_USER, TagSpelling, TicketSwitches, User,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::clock::ManualClock;
use crate::world::ground::{Ground, into_settings};

const AGENT: i64 = 88;

/// An account without problems.
pub(crate) async fn good_ground() -> Ground {
    let mut ground = Ground::empty().await;
    let (setup, account) = ground.apply().await.unwrap();
    let numbers = setup.numbers(&account);
    into_settings(&numbers, &mut ground.settings);
    ground.deployment.webhook_secrets = vec![setup.signing_secret(&account).await.unwrap().unwrap()];
    ground.sandbox.zendesk.add_user(User {
        id: AGENT,
        name: "상담사 한지민".to_owned(),
        email: "agent@sandbox.example".to_owned(),
        role: Role::Agent,
        external_id: None,
        verified: true,
        group_ids: numbers.groups.iter().map(|(_, id)| *id).collect(),
        profile: Profile::default(),
    });
    ground
}

async fn check(ground: &Ground) -> Vec<Item> {
    misread::setup::check(&ground.settings, &ground.deployment, ground.clock.clone()).await.unwrap()
}

/// The findings without their remedies.
fn wrong(items: &[Item]) -> Vec<String> {
    let lines = items.iter().filter_map(|Item { what, verdict, .. }| match verdict {
        Verdict::Manual { why, help } => {
            assert!(!help.is_empty(), "{what}");
            Some(format!("{what}: {why}"))
        }
        Verdict::Missing { .. } | Verdict::Differs { .. } => panic!("{what}: no finding of a check"),
        Verdict::Good { .. } | Verdict::NotLooked { .. } | Verdict::Unread { .. } => None,
    });
    lines.collect()
}

fn not_looked(items: &[Item]) -> Vec<&str> {
    let wanted = |item: &&Item| matches!(item.verdict, Verdict::NotLooked { .. });
    items.iter().filter(wanted).map(|item| item.what.as_str()).collect()
}

/// The requested items that could not be checked.
fn unread(items: &[Item]) -> Vec<String> {
    let lines = items.iter().filter_map(|Item { what, verdict, .. }| match verdict {
        Verdict::Unread { why, help } => {
            assert!(!help.is_empty(), "{what}");
            Some(format!("{what}: {why}"))
        }
        _ => None,
    });
    lines.collect()
}

#[tokio::test]
async fn texts_that_operations_keep_in_the_account_are_looked_through() {
    let ground = Ground::set_up().await;
    let mut files = misread::config::load_files(&std::collections::BTreeMap::new()).unwrap();
    let look = async |files: &misread::config::Files| {
        let found = misread::setup::check_macros(files, &ground.deployment, ground.clock.clone());
        found.await.unwrap()
    };
    assert_eq!(look(&files).await, [], "the texts are files");
    files.settings.macros.source = misread::config::MacroSource::Zendesk;
    let missing = wrong(&look(&files).await);
    assert_eq!(missing.len(), files.macros.names().count());
    assert!(
        missing[0].starts_with("macro `airport_interim`: 서비스의 사용자가 볼 수 있는 제목이 "),
        "{}",
        missing[0]
    );
    let zendesk = &ground.sandbox.zendesk;
    for name in files.macros.names() {
        zendesk.add_macro(&format!("misread::{name}"), files.macros.actions(name).unwrap()).unwrap();
    }
    assert_eq!(wrong(&look(&files).await), [""; 0]);
    zendesk.add_macro("misread::reminder", files.macros.actions("reminder").unwrap()).unwrap();
    let [twice] = wrong(&look(&files).await).try_into().unwrap();
    assert!(twice.starts_with("macro `reminder`: 같은 제목의 매크로가 여럿입니다"), "{twice}");
}

#[tokio::test]
async fn an_account_that_is_as_it_should_be_is_good_and_nothing_of_it_is_changed() {
    let mut ground = good_ground().await;
    let before = super::state(&ground).await;
    let items = check(&ground).await;
    assert_eq!(wrong(&items), Vec::<String>::new());
    assert_eq!(not_looked(&items), ["spelling of the start tags"], "nobody has written yet");
    assert_eq!(super::state(&ground).await, before);

    // With only the service's credentials everything but webhooks is checked.
    ground.deployment.admin = None;
    let items = check(&ground).await;
    assert_eq!(wrong(&items), Vec::<String>::new());
    assert_eq!(not_looked(&items), ["webhook", "signing secret", "spelling of the start tags"]);
}

#[tokio::test]
async fn an_empty_account_lacks_everything() {
    let ground = Ground::empty().await;
    let wrong = wrong(&check(&ground).await);
    let missing = wrong.iter().filter(|line| line.ends_with(": it is not there")).count();
    assert_eq!(missing, super::ALL.len(), "{wrong:#?}");
    assert!(wrong.iter().any(|line| {
        line.starts_with("numbers in misread.toml: `zendesk.fields.consultation_type`이(가) 없습니다")
    }));
}

/// Makes one thing wrong and returns its report.
async fn is_told(expected: &str, spoil: impl AsyncFnOnce(&mut Ground)) {
    let mut ground = good_ground().await;
    spoil(&mut ground).await;
    let told = wrong(&check(&ground).await);
    assert!(told.len() == 1 && told[0].starts_with(expected), "expected `{expected}`, told {told:#?}");
}

async fn change(ground: &Ground, kind: &str, title: &str, key: &str, body: Value) {
    let one = ground.one(kind, title).await;
    let id = one["id"].as_str().map_or_else(|| one["id"].to_string(), str::to_owned);
    let method = if key == "webhook" { Method::PATCH } else { Method::PUT };
    ground.admin(method, &format!("{kind}/{id}"), json!({ key: body })).await;
}

#[tokio::test]
async fn drift_of_webhook_and_triggers_is_told() {
    is_told("webhook: status: inactive → active", async |ground| {
        change(ground, "webhooks", "misread", "webhook", json!({ "status": "inactive" })).await;
    })
    .await;
    is_told("trigger [misread] 고객 답변: active: false → true", async |ground| {
        change(ground, "triggers", "[misread] 고객 답변", "trigger", json!({ "active": false })).await;
    })
    .await;
    is_told("signing secret: the webhook signs with another one", async |ground| {
        ground.deployment.webhook_secrets = vec!["another".into()];
    })
    .await;
    is_told(
        "webhook.webhook_id: the settings let 01OTHER in alone, and deliveries come by ",
        async |ground| {
            ground.settings.webhook.webhook_id = Some("01OTHER".to_owned());
        },
    )
    .await;
    is_told("triggers of others: 청소 (#", async |ground| {
        let body = json!({ "trigger": { "title": "청소", "actions": [{ "field": "remove_tags", "value": "vip misread_done" }],
            "conditions": { "all": [{ "field": "status", "operator": "is", "value": "solved" }], "any": [] } } });
        ground.admin(Method::POST, "triggers", body).await;
    })
    .await;
    is_told("order of our triggers: they run at places ", async |ground| {
        change(ground, "triggers", "[misread] 본인 미사용 접수", "trigger", json!({ "position": 9 })).await;
    })
    .await;
}

#[tokio::test]
async fn what_hinders_fields_groups_brands_forms_and_statuses_is_told() {
    is_told(
        "option 주차_고객::결제::본인 미사용::기타 of 상담유형: it is not there",
        async |ground| {
            let field = ground.one("ticket_fields", "상담유형").await;
            let path =
                format!("ticket_fields/{}/options/{}", field["id"], field["custom_field_options"][2]["id"]);
            ground.admin(Method::DELETE, &path, Value::Null).await;
        },
    )
    .await;
    is_told("fields that are required on solving: 환불 사유 (#", async |ground| {
        let body = json!({ "ticket_field": { "type": "text", "title": "환불 사유", "required": true } });
        ground.admin(Method::POST, "ticket_fields", body).await;
    })
    .await;
    is_told("field 차량번호: #", async |ground| {
        change(ground, "ticket_fields", "차량번호", "ticket_field", json!({ "active": false })).await;
    })
    .await;
    is_told("agents in group 일반 상담: there is nobody but the service", async |ground| {
        let first = ground.settings.zendesk.groups.agents.unwrap();
        ground.sandbox.zendesk.alter_user(AGENT, |user| user.group_ids.retain(|id| *id != first)).unwrap();
    })
    .await;
    is_told("the service's user in group 일반 상담: it is not there", async |ground| {
        let first = ground.settings.zendesk.groups.agents.unwrap();
        ground
            .sandbox
            .zendesk
            .alter_user(SERVICE_USER, |user| user.group_ids.retain(|id| *id != first))
            .unwrap();
    })
    .await;
    is_told("status #5: there is none of this number", async |ground| {
        ground.settings.zendesk.custom_statuses.open = Some(5);
    })
    .await;
    is_told("status #", async |ground| {
        let body = json!({ "custom_status": { "status_category": "open", "agent_label": "공항 확인" } });
        let made = ground.admin(Method::POST, "custom_statuses", body).await;
        ground.settings.zendesk.custom_statuses.solved = made["custom_status"]["id"].as_i64();
    })
    .await;
}

#[tokio::test]
async fn brands_and_forms_that_are_not_there_are_told() {
    let mut ground = good_ground().await;
    (ground.settings.zendesk.brands, ground.settings.zendesk.forms) = (vec![6], vec![7]);
    let told = wrong(&check(&ground).await);
    assert_eq!(
        told[2..],
        ["brand #6: there is none of this number", "form #7: there is none of this number"]
    );
    assert!(
        told[0].starts_with("trigger [misread] 본인 미사용 접수: all: nothing → brand_id is 6"),
        "{told:#?}"
    );
    assert!(
        told[1].starts_with("trigger [misread] 후속 문의 접수: all: nothing → brand_id is 6"),
        "{told:#?}"
    );
    let error = format!("{:#}", ground.apply().await.err().unwrap());
    assert!(
        error.contains("Zendesk refuses it: PUT /api/v2/triggers/{id}: 422 RecordInvalid (base): "),
        "{error}"
    );
    assert!(error.contains("'brand_id / is / 6'"), "in Zendesk's own words: {error}");
    let body = json!({ "ticket_form": { "name": "문의", "ticket_field_ids": [ground.settings.zendesk.fields.plate] } });
    let made = ground.admin(Method::POST, "ticket_forms", body).await["ticket_form"]["id"].as_i64().unwrap();
    let brand = ground.all("brands").await[0]["id"].as_i64().unwrap();
    (ground.settings.zendesk.brands, ground.settings.zendesk.forms) = (vec![brand], vec![made]);
    ground.apply().await.unwrap();
    assert_eq!(wrong(&check(&ground).await), ["fields of form 문의: the form lacks 상담유형"]);
}

#[tokio::test]
async fn credentials_rights_clocks_and_limits_are_looked_at() {
    is_told("sign-in of the service: sandbox", async |ground| {
        ground
            .sandbox
            .zendesk
            .alter_user(SERVICE_USER, |user| {
                user.role = Role::Admin;
                user.name = "sandbox".to_owned();
            })
            .unwrap();
    })
    .await;
    is_told(
        "sign-in of the service: misread (#6130907993114) may only write internal notes",
        async |ground| {
            let light = |user: &mut User| user.profile.light = true;
            ground.sandbox.zendesk.alter_user(SERVICE_USER, light).unwrap();
        },
    )
    .await;
    is_told("sign-in of the admin: its user's role is `agent`", async |ground| {
        ground.deployment.admin = Some(ground.deployment.service.clone());
    })
    .await;
    is_told("limits: ", async |ground| {
        ground.settings.zendesk.updates_per_minute = 300;
    })
    .await;
    let ground = good_ground().await;
    let ahead = ManualClock::at("2026-11-20T07:00:00Z");
    let told = misread::setup::check(&ground.settings, &ground.deployment, ahead).await.unwrap();
    assert_eq!(wrong(&told), ["clocks: Zendesk's is -7200 s from ours"]);
    let mut ground = good_ground().await;
    ground.deployment.service = ground.deployment.admin.take().unwrap();
    ground.sandbox.zendesk.revoke_tokens();
    ground
        .sandbox
        .zendesk
        .alter_user(misread::sandbox::zendesk::ADMIN_USER, |user| user.profile.suspended = true)
        .unwrap();
    let told = wrong(&check(&ground).await);
    assert_eq!(told, ["sign-in of the service: Zendesk takes the credentials for nobody's"]);
    let mut ground = good_ground().await;
    let wrong_secret =
        ZendeskCredentials::OAuth { client_id: "misread".to_owned(), client_secret: "wrong".into() };
    ground.deployment.service = wrong_secret;
    let told = wrong(&check(&ground).await);
    let beginning = "sign-in of the service: cannot sign in to Zendesk (no access token: ";
    assert!(told.len() == 1 && told[0].starts_with(beginning), "{told:?}");
    let mut ground = good_ground().await;
    ground.settings.zendesk.messaging = Answers::Reply;
    assert!(not_looked(&check(&ground).await).contains(&"tickets of messaging channels"));
}

#[tokio::test]
async fn the_spelling_that_the_account_really_stores_is_told() {
    for (spelling, expected) in [
        (TagSpelling::Split, Some("the account stores two tags, 본인 + 미사용")),
        (TagSpelling::Underscore, None),
        (TagSpelling::Keep, Some("the account stores `본인 미사용` with its blank")),
    ] {
        let ground = good_ground().await;
        let zendesk = &ground.sandbox.zendesk;
        zendesk.set_ticket_switches(TicketSwitches { tag_spelling: spelling, ..zendesk.ticket_switches() });
        let id = zendesk
            .open_ticket(NewTicket {
                requester_id: ground.sandbox.stories[0].customer.id,
                subject: "문의".to_owned(),
                description: "주차한 적 없어요".to_owned(),
                ..NewTicket::default()
            })
            .unwrap();
        ground.clock.advance(Duration::from_mins(1));
        zendesk.agent_changes(id, AGENT, AgentUpdate::tags(&["본인 미사용"])).unwrap();
        let items = check(&ground).await;
        let told = wrong(&items);
        match expected {
            Some(expected) => {
                let beginning = format!("spelling of the start tags: {expected}");
                assert!(told.len() == 1 && told[0].starts_with(&beginning), "{spelling:?}: {told:#?}");
            }
            None => assert_eq!((told, not_looked(&items)), (Vec::new(), Vec::new()), "{spelling:?}"),
        }
    }
}

/// An account whose responses to some requests differ.
async fn answering(path: &str, fault: Fault) -> Ground {
    let ground = good_ground().await;
    ground.sandbox.zendesk.revoke_tokens();
    ground.sandbox.zendesk.faults().inject(FaultRule::always(path, fault));
    ground
}

fn status(status: u16, body: &str) -> Fault {
    Fault::Status { status, retry_after: None, body: body.to_owned() }
}

#[tokio::test]
async fn an_account_without_trigger_categories_is_good() {
    let ground = good_ground().await;
    let without = AccountSwitches { trigger_categories: false, ..AccountSwitches::default() };
    ground.sandbox.zendesk.set_account_switches(without);
    let items = check(&ground).await;
    assert_eq!((wrong(&items), unread(&items)), (Vec::new(), Vec::new()));
    let category = items.iter().find(|item| item.what == "trigger category misread").unwrap();
    let Verdict::Good { note } = &category.verdict else { panic!("{category:?}") };
    assert_eq!(note, "the account has no categories, its triggers do without");
}

#[tokio::test]
async fn what_could_not_be_looked_at_is_told_apart_from_what_is_wrong_and_nothing_is_taken_for_missing() {
    let forbidden = r#"{"error":{"title":"Forbidden","message":"You do not have access to this page."}}"#;
    for (path, fault, what, why) in [
        (
            "/api/v2/triggers",
            status(403, forbidden),
            "triggers",
            "Zendesk does not let the user of MISREAD_ZENDESK_ADMIN_CLIENT_ID",
        ),
        (
            "/api/v2/triggers",
            Fault::bad_gateway_html(),
            "triggers",
            "no usable answer of Zendesk: GET /api/v2/triggers: 502",
        ),
        (
            "/api/v2/trigger_categories",
            status(200, "{}"),
            "trigger categories",
            "no usable answer of Zendesk: GET /api/v2/trigger_categories",
        ),
        ("/api/v2/ticket_fields", status(200, "{}"), "fields", "no usable answer of Zendesk"),
        ("/api/v2/groups?", status(200, "{}"), "groups", "no usable answer of Zendesk"),
        ("/groups?", status(403, forbidden), "groups", "Zendesk does not let the user of"),
        ("/api/v2/webhooks?", Fault::empty_server_error(), "webhooks", "no usable answer of Zendesk"),
        ("/signing_secret", status(403, forbidden), "signing secret", "Zendesk does not let the user of"),
        (
            "/memberships",
            status(403, forbidden),
            "agents in group 일반 상담",
            "Zendesk does not let the user of MISREAD_ZENDESK_CLIENT_ID",
        ),
        (
            "/oauth/tokens/current",
            Fault::unavailable(None),
            "scopes of the service",
            "no usable answer of Zendesk",
        ),
    ] {
        let ground = answering(path, fault).await;
        let items = check(&ground).await;
        assert_eq!(wrong(&items), Vec::<String>::new(), "{path}");
        let told = unread(&items);
        assert!(told.iter().any(|line| line.starts_with(&format!("{what}: {why}"))), "{path}: {told:#?}");
        assert!(items.len() > 10, "the rest is looked at: {items:#?}");
    }
}

#[tokio::test]
async fn that_zendesk_gives_no_answer_is_not_blamed_on_the_settings() {
    for fault in [Fault::Reset, Fault::bad_gateway_html(), Fault::too_many_requests(1)] {
        let ground = answering("", fault.clone()).await;
        let items = check(&ground).await;
        assert_eq!(wrong(&items), Vec::<String>::new(), "{fault:?}");
        let [told] = unread(&items).try_into().unwrap();
        assert!(
            told.starts_with("sign-in of the service: no usable answer of Zendesk: no access token: "),
            "{told}"
        );
        assert!(!told.contains("MISREAD_"), "{told}");
    }
    let ground =
        answering("/oauth/tokens", status(404, r#"{"error":{"title":"No help desk at acme"}}"#)).await;
    let [told] = wrong(&check(&ground).await).try_into().unwrap();
    assert!(told.contains("look at MISREAD_ZENDESK_URL and at MISREAD_ZENDESK_CLIENT_ID"), "{told}");
}

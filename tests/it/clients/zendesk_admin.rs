//! The set-up's client against the fake account: what it can read, create and change, and how it reports failures.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use misread::ports::Clock as _;
use misread::sandbox::zendesk::{DEFAULT_BRAND, DEFAULT_FORM, FakeZendesk, ZendeskSettings};
use misread::zendesk::Credentials;
use misread::zendesk::admin::{
    AdminClient, AdminError, AdminOptions, Brand, CustomStatus, Group, Macro, TicketField, TicketForm,
    Trigger, TriggerCategory, Webhook,
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::clock;
use super::stub::{self, Reply, Stub};
use crate::clock::ManualClock;

/// A client with an API token. It requests no access token, so that a test sees only its own calls.
pub(super) fn admin(url: &str, clock: Arc<ManualClock>) -> AdminClient {
    let credentials =
        Credentials::ApiToken { email: "admin@example.com".to_owned(), token: "admin-t0ken".into() };
    with(url, credentials, clock)
}

fn with(base_url: &str, credentials: Credentials, clock: Arc<ManualClock>) -> AdminClient {
    let (base_url, timeout) = (base_url.to_owned(), Duration::from_secs(5));
    let variables = "MISREAD_ZENDESK_ADMIN_CLIENT_ID and MISREAD_ZENDESK_ADMIN_CLIENT_SECRET";
    AdminClient::new(AdminOptions { base_url, credentials, variables, timeout, proxy: false }, clock).unwrap()
}

/// An empty fake account, and its address.
async fn account() -> (FakeZendesk, String, DropGuard) {
    let zendesk = FakeZendesk::new(clock(), ZendeskSettings::new("misread", "secret")).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (served, stop) = (zendesk.clone(), CancellationToken::new());
    let stopped = stop.clone();
    tokio::spawn(async move { served.serve(listener, stopped).await });
    (zendesk, url, stop.drop_guard())
}

/// A client with the OAuth credentials of the account's admin.
async fn admin_of_an_account() -> (FakeZendesk, AdminClient, DropGuard) {
    let (zendesk, url, stop) = account().await;
    let credentials = AdminOptions::oauth("misread-admin".to_owned(), "secret-admin".into());
    (zendesk, with(&url, credentials, clock()), stop)
}

#[tokio::test]
async fn webhooks_are_made_changed_in_part_and_tell_their_secret() {
    let (_zendesk, admin, _stop) = admin_of_an_account().await;
    let body = json!({ "name": "misread", "description": "ours", "endpoint": "https://misread.example/webhooks/zendesk",
        "http_method": "POST", "request_format": "json", "status": "active",
        "subscriptions": ["conditional_ticket_events"],
        "authentication": { "type": "bearer_token", "data": { "token": "t" }, "add_position": "header" } });
    let made: Webhook = admin.create(body).await.unwrap();
    admin.change::<Webhook>(&made.id, json!({ "status": "inactive" })).await.unwrap();
    let listed = admin.list::<Webhook>().await.unwrap();
    let changed = Webhook { status: "inactive".to_owned(), ..made.clone() };
    assert_eq!(listed, [changed], "the rest stays");
    assert_eq!(made.authentication.unwrap().kind, "bearer_token");
    assert_eq!(admin.signing_secret(&made.id).await.unwrap().expose_secret().len(), 44);
    assert_eq!(admin.get::<Webhook>("01NONE").await.unwrap(), None);
}

#[tokio::test]
async fn triggers_fields_groups_statuses_brands_forms_and_macros_are_read_made_and_changed() {
    let (_zendesk, admin, _stop) = admin_of_an_account().await;
    let category: TriggerCategory = admin.create(json!({ "name": "misread" })).await.unwrap();
    assert!(admin.list::<TriggerCategory>().await.unwrap().contains(&category));
    let trigger = json!({ "title": "t", "description": "d", "category_id": category.id,
        "conditions": { "all": [{ "field": "status", "operator": "less_than", "value": "solved" }], "any": [] },
        "actions": [{ "field": "current_tags", "value": "seen" }] });
    let made: Trigger = admin.create(trigger).await.unwrap();
    assert_eq!((made.description.as_deref(), made.category_id.as_deref()), (Some("d"), Some(&*category.id)));
    assert_eq!((&*made.conditions.all[0].operator, &made.actions[0].value), ("less_than", &json!("seen")));
    admin.change::<Trigger>(&made.id.to_string(), json!({ "active": false })).await.unwrap();
    let off = admin.get::<Trigger>(&made.id.to_string()).await.unwrap().unwrap();
    assert_eq!((off.active, off.actions), (false, made.actions));

    let field: TicketField = admin
        .create(json!({ "type": "tagger", "title": "상담유형" ,
            "custom_field_options": [{ "name": "기타", "value": "other" }] }))
        .await
        .unwrap();
    let option = admin.add_option(field.id, "주차::연동", "linked").await.unwrap();
    let found = admin.get::<TicketField>(&field.id.to_string()).await.unwrap().unwrap();
    assert_eq!((found.kind.as_str(), found.custom_field_options.len()), ("tagger", 2), "none is lost");
    assert_eq!(found.custom_field_options[1], option);
    assert!(admin.list::<TicketField>().await.unwrap().contains(&found));

    let group: Group = admin.create(json!({ "name": "공항 담당" })).await.unwrap();
    assert!(admin.list::<Group>().await.unwrap().contains(&group));
    let service = json!({ "name": "바뀐 이름" });
    admin.change::<Group>(&group.id.to_string(), service).await.unwrap();
    assert_eq!(admin.get::<Group>(&group.id.to_string()).await.unwrap().unwrap().name, "바뀐 이름");

    let status: CustomStatus =
        admin.create(json!({ "status_category": "open", "agent_label": "공항 확인" })).await.unwrap();
    assert!(admin.list::<CustomStatus>().await.unwrap().contains(&status));
    assert_eq!(admin.list::<Brand>().await.unwrap()[0].id, DEFAULT_BRAND);
    assert_eq!(admin.list::<TicketForm>().await.unwrap()[0].id, DEFAULT_FORM);

    let body = json!({ "title": "본인 미사용::안내", "actions": [{ "field": "status", "value": "solved" }] });
    let made: Macro = admin.create(body).await.unwrap();
    admin.change::<Macro>(&made.id.to_string(), json!({ "active": false })).await.unwrap();
    let listed = admin.list::<Macro>().await.unwrap();
    assert_eq!((listed.len(), &listed[0].title, listed[0].active), (1, &made.title, false));
    assert_eq!(admin.me().await.unwrap().role.as_deref(), Some("admin"));
}

#[tokio::test]
async fn long_lists_are_read_to_the_end() {
    let (zendesk, admin, _stop) = admin_of_an_account().await;
    for number in 0..250 {
        let solving = json!([{ "field": "status", "value": "solved" }]);
        zendesk.add_macro(&format!("매크로 {number}"), serde_json::from_value(solving).unwrap()).unwrap();
    }
    let mut ids: Vec<i64> = admin.list::<Macro>().await.unwrap().iter().map(|found| found.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 250);
}

#[tokio::test]
async fn a_list_that_knows_no_cursors_is_read_by_numbers() {
    let group = |id: i64| json!({ "id": id, "name": "g" });
    let stub = Stub::start(move |seen| match seen.target.as_str() {
        "/api/v2/groups?page%5Bsize%5D=100" => {
            stub::json(200, json!({ "groups": [group(1)], "next_page": "https://x/page=2" }))
        }
        _ => stub::json(200, json!({ "groups": [group(2)], "next_page": null })),
    })
    .await;
    let groups = admin(&stub.url, clock()).list::<Group>().await.unwrap();
    assert_eq!(groups.iter().map(|group| group.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(stub.targets()[1], "GET /api/v2/groups?per_page=100&page=2");
}

#[tokio::test]
async fn what_is_turned_away_waits_as_long_as_zendesk_says_reads_and_writes_alike() {
    for write in [false, true] {
        let calls = AtomicU32::new(0);
        let stub = Stub::start(move |_| {
            if calls.fetch_add(1, Ordering::SeqCst) < 2 {
                return stub::json(429, json!({ "error": "APIRateLimitExceeded" }))
                    .header("retry-after", "93");
            }
            stub::json(200, json!({ "group": { "id": 1, "name": "g" } }))
        })
        .await;
        let clock = clock();
        let (began, admin) = (clock.now(), admin(&stub.url, clock.clone()));
        if write {
            admin.create::<Group>(json!({ "name": "g" })).await.unwrap();
        } else {
            admin.get::<Group>("1").await.unwrap().unwrap();
        }
        assert_eq!(stub.targets().len(), 3);
        assert_eq!(clock.now().duration_since(began).as_secs(), 2 * 93);
    }
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_not_repeated_and_a_read_is() {
    let fail = |reply: Reply| async move { Stub::always(reply).await };
    let stub = fail(stub::html(502)).await;
    let lost = admin(&stub.url, clock()).create::<Group>(json!({ "name": "g" })).await.unwrap_err();
    assert!(matches!(lost, AdminError::Unknown { .. }), "{lost:?}");
    assert!(lost.to_string().contains("run the command again"), "{lost}");
    assert_eq!(stub.targets().len(), 1);

    let stub = fail(stub::html(502)).await;
    let error = admin(&stub.url, clock()).list::<Group>().await.unwrap_err();
    assert!(matches!(error, AdminError::Unavailable { .. }), "{error:?}");
    assert_eq!(stub.targets().len(), 9, "and given up at last");
}

#[tokio::test]
async fn refusals_say_what_is_wrong_and_which_variables_to_look_at() {
    for (status, body, kind, words) in [
        (401, json!({ "error": "Couldn't authenticate you" }), "SignIn", "MISREAD_ZENDESK_ADMIN_CLIENT_ID"),
        (403, json!({ "error": { "title": "Forbidden" } }), "Forbidden", "as an admin, with the scopes"),
        (
            422,
            json!({ "error": "RecordInvalid", "details": { "title": [{ "error": "BlankValue" }] } }),
            "Refused",
            "title: BlankValue",
        ),
        (404, json!({ "error": "RecordNotFound" }), "Missing", "it is not there"),
    ] {
        let stub = Stub::always(stub::json(status, body)).await;
        let error = admin(&stub.url, clock()).change::<Group>("1", Value::Null).await.unwrap_err();
        assert!(
            format!("{error:?}").starts_with(kind) && error.to_string().contains(words),
            "{error:?}: {error}"
        );
    }
    let (_zendesk, url, _stop) = account().await;
    let wrong = AdminOptions::oauth("misread-admin".to_owned(), "another".into());
    let error = with(&url, wrong, clock()).list::<Group>().await.unwrap_err();
    assert!(error.to_string().starts_with("cannot sign in to Zendesk (no access token: "), "{error}");
    let service = AdminOptions::oauth("misread".to_owned(), "secret".into());
    let error = with(&url, service, clock()).list::<Webhook>().await.unwrap_err();
    assert!(matches!(error, AdminError::Forbidden { .. }), "{error:?}");
}

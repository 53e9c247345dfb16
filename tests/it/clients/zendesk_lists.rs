//! A response without the requested list is a failure, never an empty list.

use misread::account::missed::{MissedQuery, StatusRange};
use misread::ports::{CallError, Helpdesk as _, MacroShelf as _, Search as _};
use misread::zendesk::ZendeskClient;
use misread::zendesk::admin::{
    AdminClient, AdminError, Brand, CustomStatus, Group, Macro, Membership, Resource, TicketField,
    TicketForm, Trigger, TriggerCategory, Webhook,
};
use serde_json::{Value, json};

use super::stub::{self, Stub, failure};
use super::zendesk_admin::admin;
use super::zendesk_ticket::{audit, requester, ticket};
use super::{clock, desk, key, read, ticket_id};

/// Responses without this list.
fn without(list: &str) -> [Value; 5] {
    [
        json!({}),
        json!({ "error": null }),
        json!({ (list): null, "meta": { "has_more": false } }),
        json!({ (list): {}, "meta": { "has_more": false } }),
        json!({ format!("{list}_"): [], "meta": { "has_more": false } }),
    ]
}

async fn asks(desk: &ZendeskClient, list: &str) -> Result<(), CallError> {
    match list {
        "ticket" => read(desk, 5).await.map(drop),
        "audits" => desk.changes(ticket_id(5), 9).await.map(drop),
        "macros" => desk.macros().await.map(drop),
        "job_statuses" => desk.jobs_under_way(&key(5, 1)).await.map(drop),
        _ => {
            let (any_of, none_of) = (vec!["a".to_owned()], Vec::new());
            let told = MissedQuery {
                any_of,
                none_of,
                standing: StatusRange::Unsolved,
                changed_since: None,
                only_waiting: false,
            };
            desk.find(&told, None).await.map(drop)
        }
    }
}

#[tokio::test]
async fn a_read_of_the_service_without_its_list_is_tried_again() {
    for list in ["ticket", "audits", "results", "macros", "job_statuses"] {
        for body in without(list) {
            let stub = Stub::always(stub::json(200, &body)).await;
            let (kind, text) = failure(asks(&desk(&stub.url), list).await);
            assert_eq!(kind, "retry", "{list}: {body}");
            assert!(text.contains("cannot be read at"), "{list}: {body}: {text}");
        }
    }
}

#[tokio::test]
async fn a_list_that_does_not_say_whether_it_goes_on_is_not_whole() {
    for list in ["results", "macros", "job_statuses"] {
        let more = json!({ "has_more": true });
        for body in
            [json!({ (list): [] }), json!({ (list): [], "meta": {} }), json!({ (list): [], "meta": more })]
        {
            let stub = Stub::always(stub::json(200, &body)).await;
            assert_eq!(failure(asks(&desk(&stub.url), list).await).0, "retry", "{list}: {body}");
        }
    }
    let numbered =
        json!({ "audits": [], "next_page": "https://acme.example/api/v2/tickets/5/audits?page=2" });
    let stub = Stub::always(stub::json(200, numbered)).await;
    assert_eq!(failure(asks(&desk(&stub.url), "audits").await).0, "retry");
}

#[tokio::test]
async fn what_is_within_an_answer_is_not_taken_for_empty_either() {
    let whole = || json!({ "ticket": ticket(), "users": [requester()] });
    let stub = Stub::always(stub::json(200, whole())).await;
    assert!(asks(&desk(&stub.url), "ticket").await.is_ok());
    for part in ["email_cc_ids", "custom_fields", "tags"] {
        let mut lacking = whole();
        lacking["ticket"].as_object_mut().unwrap().remove(part);
        let stub = Stub::always(stub::json(200, lacking)).await;
        let (kind, text) = failure(asks(&desk(&stub.url), "ticket").await);
        assert_eq!(kind, "retry", "{part}");
        assert!(text.contains(&format!("missing field `{part}`")), "{text}");
    }
    let stub = Stub::always(stub::json(200, json!({ "ticket": ticket() }))).await;
    assert_eq!(failure(asks(&desk(&stub.url), "ticket").await).0, "retry", "nobody was brought along");
    let mut silent = audit(1, 9, "web", &json!({}), &json!([]));
    silent.as_object_mut().unwrap().remove("events");
    let stub =
        Stub::always(stub::json(200, json!({ "audits": [silent], "meta": { "has_more": false } }))).await;
    let (kind, text) = failure(asks(&desk(&stub.url), "audits").await);
    assert_eq!(kind, "retry");
    assert!(text.contains("missing field `events`"), "{text}");
}

async fn is_unavailable<T: std::fmt::Debug>(
    list: &str,
    ask: impl AsyncFn(&AdminClient) -> Result<T, AdminError>,
) {
    for body in without(list) {
        let stub = Stub::always(stub::json(200, &body)).await;
        let error = ask(&admin(&stub.url, clock())).await.unwrap_err();
        assert!(matches!(error, AdminError::Unavailable { .. }), "{list}: {body}: {error:?}");
        assert!(error.to_string().starts_with("no usable answer of Zendesk: "), "{error}");
    }
}

async fn is_no_list<R: Resource + std::fmt::Debug>() {
    is_unavailable(R::NAMES.1, async |admin| admin.list::<R>().await).await;
}

#[tokio::test]
async fn a_list_of_the_set_up_that_is_missing_is_an_error() {
    is_no_list::<Webhook>().await;
    is_no_list::<Trigger>().await;
    is_no_list::<TriggerCategory>().await;
    is_no_list::<TicketField>().await;
    is_no_list::<Group>().await;
    is_no_list::<Membership>().await;
    is_no_list::<CustomStatus>().await;
    is_no_list::<Brand>().await;
    is_no_list::<TicketForm>().await;
    is_no_list::<Macro>().await;
    is_unavailable("trigger_categories", async |admin| admin.trigger_categories().await).await;
    is_unavailable("groups", async |admin| admin.groups_of(7).await).await;
    is_unavailable("group_memberships", async |admin| admin.members_of(7).await).await;
    is_unavailable("tags", async |admin| admin.tags_like("no").await).await;
    is_unavailable("results", async |admin| admin.tags_of_tickets(&["no".to_owned()]).await).await;
    is_unavailable("macros", async |admin| admin.account_macros().await).await;
}

#[tokio::test]
async fn only_the_name_of_the_error_tells_that_an_account_has_no_trigger_categories() {
    let answer = |code: &str| json!({ "errors": [{ "code": code, "title": "…" }] });
    let stub = Stub::always(stub::json(403, answer("TriggerCategoriesNotEnabled"))).await;
    assert_eq!(admin(&stub.url, clock()).trigger_categories().await, Ok(None));
    for (status, code) in [(403, "Forbidden"), (404, "TriggerCategoriesNotEnabled")] {
        let stub = Stub::always(stub::json(status, answer(code))).await;
        assert!(admin(&stub.url, clock()).trigger_categories().await.is_err(), "{status} {code}");
    }
    let stub = Stub::always(stub::json(403, answer("ProductLimitExceeded"))).await;
    let full = admin(&stub.url, clock()).create::<TriggerCategory>(json!({ "name": "misread" })).await;
    assert!(matches!(full, Err(AdminError::Refused { .. })), "{full:?}");
}

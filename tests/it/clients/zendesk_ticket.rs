//! Reading tickets, their requesters and their history.

use misread::domain::ids::AccountId;
use misread::domain::ticket::{Audience, ChangeAuthor, Person, TicketStatus, UserRole};
use misread::ports::Helpdesk;
use serde_json::{Value, json};

use super::stub::{self, Seen, Stub, failure, html};
use super::{clock, desk, desk_with, read, ticket_id, time};

pub(super) fn ticket() -> Value {
    json!({
        "url": "https://acme.example/api/v2/tickets/5.json", "id": 5, "status": "open", "requester_id": 6_130_907_993_114_i64,
        "updated_at": "2026-03-02T09:00:00Z", "description": "제가 이용하지 않았어요", "tags": ["no_self_use", "vip"],
        "group_id": 31, "assignee_id": null, "via": {"channel": "web"}, "email_cc_ids": [],
        "custom_fields": [{"id": 70, "value": true}, {"id": 71, "value": "parking_misread"}, {"id": 72, "value": "12가 3456"},
            {"id": 73, "value": "2026-02-27"}],
    })
}

pub(super) fn requester() -> Value {
    json!({"id": 6_130_907_993_114_i64, "name": "홍길동", "external_id": "account-1", "verified": true, "role": "end-user",
        "email": "customer@example.com"})
}

#[tokio::test]
async fn a_ticket_comes_with_its_requester_in_one_call() {
    let agent = json!({"id": 8, "name": "상담원", "external_id": "account-9", "verified": true});
    let stub =
        Stub::always(stub::json(200, json!({"ticket": ticket(), "users": [agent, requester()]}))).await;
    let ticket = read(&desk(&format!("{}/", stub.url)), 5).await.unwrap().unwrap();
    assert_eq!(ticket.status, TicketStatus::Open);
    assert_eq!(ticket.updated_at, time("2026-03-02T09:00:00Z"));
    assert_eq!(ticket.tags, ["no_self_use", "vip"]);
    assert_eq!((ticket.group_id, ticket.assignee_id), (Some(31), None));
    assert_eq!(ticket.plate.as_deref(), Some("12가 3456"));
    assert_eq!(ticket.used_at.as_deref(), Some("2026-02-27"));
    assert_eq!(ticket.consultation_type.as_deref(), Some("parking_misread"));
    assert_eq!(ticket.requester.id, 6_130_907_993_114);
    assert_eq!(ticket.requester.external_id, Some(AccountId::new("account-1")));
    assert!(ticket.requester.verified);
    assert_eq!((ticket.requester.role, ticket.requester.suspended), (Some(UserRole::EndUser), false));
    assert!(ticket.audience.is_plain());
    assert_eq!(stub.targets(), ["GET /api/v2/tickets/5?include=users%2Ccomment_count"]);
    assert_eq!(stub.seen()[0].header("authorization"), "Basic Ym90QGV4YW1wbGUuY29tL3Rva2VuOnQwa2Vu");
}

#[tokio::test]
async fn a_requester_who_was_not_brought_along_is_fetched() {
    let stub = Stub::start(|seen: &Seen| match seen.target.as_str() {
        "/api/v2/users/6130907993114" => stub::json(200, json!({"user": requester()})),
        _ => stub::json(200, json!({"ticket": ticket(), "users": []})),
    })
    .await;
    let ticket = read(&desk(&stub.url), 5).await.unwrap().unwrap();
    assert_eq!(ticket.requester.name, "홍길동");
    assert_eq!(stub.seen().len(), 2);
}

#[tokio::test]
async fn what_zendesk_does_not_know_is_not_made_up() {
    let mut bare = ticket();
    bare["custom_fields"] = json!([{"id": 71, "value": null}]);
    bare["description"] = Value::Null;
    bare["status"] = json!("escalated");
    let stranger = json!({"id": 6_130_907_993_114_i64, "name": null, "external_id": "", "verified": null});
    let stub = Stub::always(stub::json(200, json!({"ticket": bare, "users": [stranger]}))).await;
    let ticket = read(&desk(&stub.url), 5).await.unwrap().unwrap();
    assert_eq!((ticket.plate, ticket.consultation_type, ticket.used_at), (None, None, None));
    assert_eq!(ticket.status, TicketStatus::Unknown);
    assert_eq!(ticket.requester.external_id, None);
    assert!(!ticket.requester.verified);
}

#[tokio::test]
async fn what_kind_of_user_the_requester_is_is_told() {
    for (role, suspended, expected) in [
        (json!("end-user"), json!(false), (Some(UserRole::EndUser), false)),
        (json!("agent"), json!(true), (Some(UserRole::Agent), true)),
        (json!("admin"), json!(null), (Some(UserRole::Admin), false)),
        (json!("robot"), json!(true), (Some(UserRole::Unknown), true)),
        (json!(null), json!(null), (None, false)),
    ] {
        let mut user = requester();
        (user["role"], user["suspended"]) = (role, suspended);
        let stub = Stub::always(stub::json(200, json!({"ticket": ticket(), "users": [user]}))).await;
        let requester = read(&desk(&stub.url), 5).await.unwrap().unwrap().requester;
        assert_eq!((requester.role, requester.suspended), expected);
    }
}

#[tokio::test]
async fn other_people_with_a_copy_are_named() {
    let mut copied = ticket();
    copied["email_cc_ids"] = json!([6_130_907_993_114_i64, 21, 22]);
    let mother = json!({"id": 21, "name": "어머니"});
    let stub = Stub::always(stub::json(200, json!({"ticket": copied, "users": [mother, requester()]}))).await;
    let audience = read(&desk(&stub.url), 5).await.unwrap().unwrap().audience;
    let person = |id, name: &str| Person { id, name: name.to_owned() };
    let copied = vec![person(21, "어머니"), person(22, "")];
    assert_eq!(audience, Audience { copies: 2, copied, ..Audience::default() });
}

#[tokio::test]
async fn a_caller_without_an_address_cannot_be_reached() {
    let unreachable = async |channel: Value, email: Option<Value>| {
        let (mut called, mut user) = (ticket(), requester());
        user.as_object_mut().unwrap().remove("email");
        called["via"] = json!({"channel": channel});
        if let Some(email) = email {
            user["email"] = email;
        }
        let stub = Stub::always(stub::json(200, json!({"ticket": called, "users": [user]}))).await;
        read(&desk(&stub.url), 5).await.unwrap().unwrap().audience.unreachable
    };
    for channel in [
        json!("voice"),
        json!("phone_call_inbound"),
        json!("api_voicemail"),
        json!(34),
        json!("web"),
        json!("email"),
        json!(0),
    ] {
        assert!(unreachable(channel.clone(), Some(json!(null))).await, "{channel}");
        assert!(unreachable(channel.clone(), Some(json!(""))).await, "{channel}");
        assert!(unreachable(channel.clone(), None).await, "{channel}");
        assert!(!unreachable(channel.clone(), Some(json!("a@b.example"))).await, "{channel}");
    }
    for channel in ["api", "native_messaging", "mobile_sdk", "chat", "facebook", "sms", "kakao"] {
        assert!(!unreachable(json!(channel), Some(json!(null))).await, "{channel}");
        assert!(!unreachable(json!(channel), None).await, "{channel}");
    }
}

#[tokio::test]
async fn an_account_without_a_field_has_tickets_without_its_value() {
    let stub = Stub::always(stub::json(200, json!({"ticket": ticket(), "users": [requester()]}))).await;
    let without_plate = desk_with(&stub.url, |options| options.fields.plate = None, clock());
    let ticket = read(&without_plate, 5).await.unwrap().unwrap();
    assert_eq!((ticket.plate, ticket.used_at.as_deref()), (None, Some("2026-02-27")));
    let without_time = desk_with(&stub.url, |options| options.fields.used_at = None, clock());
    let ticket = read(&without_time, 5).await.unwrap().unwrap();
    assert_eq!((ticket.plate.as_deref(), ticket.used_at), (Some("12가 3456"), None));
}

#[tokio::test]
async fn a_ticket_that_follows_a_closed_one_says_which() {
    for (key, value, expected) in [
        (
            "via",
            json!({"channel": "email", "source": {"rel": "follow_up", "from": {"ticket_id": 7}}}),
            Some(7),
        ),
        ("via", json!({"channel": "email", "source": {"rel": "inbound", "from": {"ticket_id": 7}}}), None),
        (
            "via",
            json!({"channel": "email", "source": {"rel": "follow_up", "from": {"ticket_id": "7"}}}),
            None,
        ),
        ("via", json!(null), None),
        ("followup_source_id", json!(7), Some(7)),
        ("followup_source_id", json!(null), None),
        ("followup_source_id", json!(-7), None),
    ] {
        let mut ticket = ticket();
        ticket[key] = value.clone();
        let stub = Stub::always(stub::json(200, json!({"ticket": ticket, "users": [requester()]}))).await;
        let seen = read(&desk(&stub.url), 5).await.unwrap().unwrap();
        assert_eq!(seen.follows, expected.map(ticket_id), "{key} {value}");
    }
}

#[tokio::test]
async fn only_the_words_record_not_found_mean_that_a_ticket_is_gone() {
    let gone =
        Stub::always(stub::json(404, json!({"error": "RecordNotFound", "description": "Not found"}))).await;
    assert_eq!(read(&desk(&gone.url), 5).await, Ok(None));
    for reply in [
        html(404),
        stub::json(404, json!({"error": "InvalidEndpoint", "description": "Not found"})),
        stub::json(404, json!({"error": {"title": "No help desk at acme.example", "message": "…"}})),
        stub::json(404, ""),
    ] {
        let wrong = Stub::always(reply.clone()).await;
        assert_eq!(failure(read(&desk(&wrong.url), 5).await).0, "retry", "{reply:?}");
    }
}

#[tokio::test]
async fn a_ticket_that_was_not_asked_for_is_not_taken() {
    let stub = Stub::always(stub::json(200, json!({"ticket": ticket(), "users": [requester()]}))).await;
    let (kind, text) = failure(read(&desk(&stub.url), 6).await);
    assert_eq!(kind, "retry");
    assert!(text.ends_with("it is about another ticket"), "{text}");
}

#[tokio::test]
async fn a_ticket_without_its_tags_is_not_believed_because_a_write_would_wipe_them() {
    let mut untagged = ticket();
    untagged.as_object_mut().unwrap().remove("tags");
    let stub = Stub::always(stub::json(200, json!({"ticket": untagged, "users": [requester()]}))).await;
    let (kind, text) = failure(read(&desk(&stub.url), 5).await);
    assert_eq!(kind, "retry");
    assert!(text.contains("`ticket`: missing field `tags`"), "{text}");
}

pub(super) fn audit(id: i64, author_id: i64, channel: &str, custom: &Value, events: &Value) -> Value {
    json!({"id": id, "ticket_id": 5, "created_at": format!("2026-03-02T09:00:{:02}Z", id % 100), "author_id": author_id,
        "via": {"channel": channel, "source": {"from": {}, "to": {}, "rel": null}},
        "metadata": {"system": {}, "custom": custom}, "events": events})
}

#[tokio::test]
async fn the_history_tells_who_did_what_over_all_pages() {
    let stub = Stub::start(|seen: &Seen| {
        let by_trigger = json!({"id": 3, "type": "Change", "field_name": "tags", "via": {"channel": "rule"}});
        let first = json!([
            audit(101, 9, "web", &json!({}), &json!([{"id": 1, "type": "Create"}, {"id": 2, "type": "Comment", "body": "…"}])),
            audit(102, 8, "api", &json!({"misread": "misread-5-7"}), &json!([{"type": "Comment", "public": true}, by_trigger])),
        ]);
        let second = json!([
            audit(104, 44, "web", &json!({"misread": "misread-5-9"}), &json!([{"type": "VoiceComment"}, {"type": "FromTheFuture"}])),
            audit(103, -1, "rule", &json!([]), &json!([{"type": "Change"}, {"type": "Comment", "public": false}])),
            json!({"id": 105, "created_at": "2026-03-02T10:00:00Z", "author_id": null, "via": null, "events": []}),
        ]);
        if seen.target.contains("after") {
            stub::json(200, json!({"audits": second, "meta": {"has_more": false, "after_cursor": "c2"}, "links": {"next": "x"}}))
        } else {
            stub::json(200, json!({"audits": first, "meta": {"has_more": true, "after_cursor": "c+1=="}}))
        }
    })
    .await;
    let changes = desk(&stub.url).changes(ticket_id(5), 9).await.unwrap();
    let told: Vec<_> =
        changes.iter().map(|change| (change.audit_id, change.author, change.spoke_publicly)).collect();
    assert_eq!(
        told,
        [
            (101, ChangeAuthor::Requester, true),
            (102, ChangeAuthor::Service, true),
            (103, ChangeAuthor::Rule, false),
            (104, ChangeAuthor::Other { user_id: 44 }, true),
            (105, ChangeAuthor::Other { user_id: -1 }, false),
        ]
    );
    assert_eq!(changes[1].marker.as_deref(), Some("misread-5-7"));
    assert!(changes.iter().filter(|change| change.audit_id != 102).all(|change| change.marker.is_none()));
    assert_eq!(
        stub.targets(),
        [
            "GET /api/v2/tickets/5/audits?page%5Bsize%5D=100",
            "GET /api/v2/tickets/5/audits?page%5Bsize%5D=100&page%5Bafter%5D=c%2B1%3D%3D",
        ]
    );
}

#[tokio::test]
async fn an_archived_ticket_has_a_history_without_pages() {
    let stub =
        Stub::always(stub::json(200, json!({"audits": [audit(1, 9, "web", &json!({}), &json!([]))]}))).await;
    assert_eq!(desk(&stub.url).changes(ticket_id(5), 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_page_of_long_comments_is_read_whole() {
    let long = "가".repeat(20_000);
    let event = json!([{"type": "Comment", "body": long, "html_body": long, "plain_body": long}]);
    let audits: Vec<_> = (0..20).map(|id| audit(id, 9, "web", &json!({}), &event)).collect();
    let stub = Stub::always(stub::json(200, json!({"audits": audits, "meta": {"has_more": false}}))).await;
    assert_eq!(desk(&stub.url).changes(ticket_id(5), 9).await.unwrap().len(), 20);
}

#[tokio::test]
async fn a_history_that_cannot_be_read_to_its_end_is_no_history() {
    let stub = Stub::always(stub::json(200, json!({"audits": [], "meta": {"has_more": true}}))).await;
    assert_eq!(failure(desk(&stub.url).changes(ticket_id(5), 9).await).0, "retry");
    let stub =
        Stub::always(stub::json(200, json!({"audits": [], "meta": {"has_more": true, "after_cursor": "c"}})))
            .await;
    assert_eq!(failure(desk(&stub.url).changes(ticket_id(5), 9).await).0, "retry");
    assert_eq!(stub.seen().len(), 2, "the cursor stands still");
    let page = std::sync::atomic::AtomicU32::new(0);
    let endless = Stub::start(move |_| {
        let cursor = page.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string();
        stub::json(200, json!({"audits": [], "meta": {"has_more": true, "after_cursor": cursor}}))
    })
    .await;
    let (kind, text) = failure(desk(&endless.url).changes(ticket_id(5), 9).await);
    assert_eq!(kind, "permanent");
    assert!(text.contains("more than 10000 audits"), "{text}");
    let gone =
        Stub::always(stub::json(404, json!({"error": "RecordNotFound", "description": "Not found"}))).await;
    assert_eq!(failure(desk(&gone.url).changes(ticket_id(5), 9).await).0, "retry");
}

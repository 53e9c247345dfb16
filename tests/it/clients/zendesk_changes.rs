//! What the history of a ticket says of the requester's words and of the tags that somebody added.

use std::time::{Duration, Instant};

use misread::domain::ticket::{ChangeAuthor, TicketChange};
use misread::ports::Desk;
use serde_json::{Value, json};

use super::stub::{self, Stub};
use super::zendesk_ticket::audit;
use super::{desk, ticket_id};

const REQUESTER: i64 = 9;
const AGENT: i64 = 44;

/// The only change of a history that is this one audit.
async fn change(audit: Value) -> TicketChange {
    let stub = Stub::always(stub::json(200, json!({"audits": [audit], "meta": {"has_more": false}}))).await;
    desk(&stub.url).changes(ticket_id(5), REQUESTER).await.unwrap().pop().unwrap()
}

async fn said(author_id: i64, events: Value) -> Option<String> {
    change(audit(1, author_id, "web", &json!({}), &events)).await.said
}

async fn added(author_id: i64, channel: &str, events: Value) -> Vec<String> {
    change(audit(1, author_id, channel, &json!({}), &events)).await.added_tags
}

fn tagged(before: &Value, after: &Value) -> Value {
    json!({"type": "Change", "field_name": "tags", "previous_value": before, "value": after})
}

#[tokio::test]
async fn what_the_requester_says_for_all_to_see_is_said() {
    let one = json!({"type": "Comment", "author_id": 9, "public": true, "body": "네, 맞아요"});
    let two = json!({"type": "Comment", "author_id": 9, "body": "차는 집에 있었어요"});
    assert_eq!(said(REQUESTER, json!([one])).await.as_deref(), Some("네, 맞아요"));
    assert_eq!(
        said(REQUESTER, json!([one, {"type": "FromTheFuture", "author_id": "9", "body": {}}, two])).await,
        Some("네, 맞아요\n\n차는 집에 있었어요".to_owned())
    );
    let unsigned = json!({"type": "Comment", "body": "네"});
    assert_eq!(said(REQUESTER, json!([unsigned])).await.as_deref(), Some("네"), "the audit's author's");
    assert_eq!(
        said(AGENT, json!([one])).await.as_deref(),
        Some("네, 맞아요"),
        "entered by an agent for them"
    );
}

#[tokio::test]
async fn what_others_say_or_nobody_is_to_see_is_not_said() {
    let by_rule = json!({"channel": "rule"});
    for (author_id, event) in [
        (REQUESTER, json!({"type": "Comment", "author_id": 9, "public": false, "body": "네"})),
        (REQUESTER, json!({"type": "Comment", "author_id": 44, "public": true, "body": "네"})),
        (AGENT, json!({"type": "Comment", "public": true, "body": "네"})),
        (AGENT, json!({"type": "Comment", "author_id": null, "public": true, "body": "네"})),
        (REQUESTER, json!({"type": "Comment", "author_id": "nobody", "body": "네"})),
        (REQUESTER, json!({"type": "Comment", "author_id": 9, "body": " \n"})),
        (REQUESTER, json!({"type": "Comment", "author_id": 9, "body": null})),
        (REQUESTER, json!({"type": "VoiceComment", "author_id": 9, "body": "통화 기록"})),
        (REQUESTER, json!({"type": "Notification", "author_id": 9, "body": "접수되었습니다"})),
        (REQUESTER, json!({"type": "Comment", "body": "자동 안내", "via": by_rule})),
    ] {
        assert_eq!(said(author_id, json!([event])).await, None, "{event}");
    }
}

#[tokio::test]
async fn tags_that_were_not_there_before_are_added() {
    let release = |before: Value, after: Value| async move {
        added(AGENT, "web", json!([tagged(&before, &after)])).await
    };
    assert_eq!(release(json!(["vip"]), json!(["misread_release", "vip"])).await, ["misread_release"]);
    assert_eq!(release(json!("vip"), json!("misread_release  vip")).await, ["misread_release"]);
    assert_eq!(release(json!(null), json!(["b", "a", "b"])).await, ["a", "b"]);
    assert_eq!(release(json!(["misread_release", "vip"]), json!(["vip"])).await, [""; 0]);
    assert_eq!(release(json!(["vip"]), json!(null)).await, [""; 0]);
    let created = json!({"type": "Create", "field_name": "tags", "value": ["no_self_use"]});
    assert_eq!(added(REQUESTER, "web", json!([created])).await, ["no_self_use"]);
}

/// Each compared with each, the tags of the largest answer would take hours.
#[tokio::test]
async fn any_number_of_tags_is_compared_in_a_moment() {
    let tags = |letter: char| (0..100_000).map(|number| format!("{letter}{number}")).collect::<Vec<_>>();
    let event = tagged(&json!(tags('a')), &json!(tags('b')));
    let begun = Instant::now();
    assert_eq!(added(AGENT, "web", json!([event])).await.len(), 100_000);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_is_no_change_of_tags_adds_none() {
    for event in [
        json!({"type": "Change", "field_name": "subject", "previous_value": "", "value": "misread_release"}),
        json!({"type": "Change", "field_name": "72", "value": ["misread_release"]}),
        json!({"type": "Change", "value": ["misread_release"]}),
        json!({"type": "Comment", "field_name": "tags", "value": ["misread_release"]}),
        json!({"type": "Change", "field_name": "tags", "value": {"misread_release": true}}),
    ] {
        assert_eq!(added(AGENT, "web", json!([event])).await, [""; 0], "{event}");
    }
}

#[tokio::test]
async fn a_tag_that_a_rule_added_is_nobody_s_permission() {
    let by_person = tagged(&json!(["vip"]), &json!(["vip", "misread_release"]));
    let mut by_rule = tagged(&json!(["vip", "misread_release"]), &json!(["vip", "misread_release", "late"]));
    by_rule["via"] = json!({"channel": "rule", "source": {"rel": "trigger"}});
    let both = audit(1, AGENT, "web", &json!({}), &json!([by_person, by_rule]));
    let change = change(both).await;
    assert_eq!(change.author, ChangeAuthor::Other { user_id: AGENT });
    assert_eq!(change.added_tags, ["misread_release"]);
    assert_eq!(added(AGENT, "web", json!([by_rule])).await, [""; 0]);
    assert_eq!(added(-1, "rule", json!([by_person])).await, [""; 0], "an automation");
}

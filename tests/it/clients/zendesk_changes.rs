//! Reading a ticket's history: the requester's words, the warnings against them, and the tags that were added.

use std::time::{Duration, Instant};

use misread::domain::marker;
use misread::domain::ticket::{ChangeAuthor, TicketChange, Warning};
use misread::ports::Helpdesk;
use serde_json::{Value, json};

use super::stub::{self, SERVICE, Stub, failure};
use super::zendesk_ticket::audit;
use super::{desk, key, note, send, ticket_id};

const REQUESTER: i64 = 9;
const AGENT: i64 = 44;

/// The only change of a history with this one audit.
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
async fn what_others_say_and_what_is_private_is_not_said() {
    let by_rule = json!({"channel": "rule"});
    for (author_id, event) in [
        (REQUESTER, json!({"type": "Comment", "author_id": 9, "public": false, "body": "네"})),
        (REQUESTER, json!({"type": "Comment", "author_id": 44, "public": true, "body": "네"})),
        (AGENT, json!({"type": "Comment", "public": true, "body": "네"})),
        (AGENT, json!({"type": "Comment", "author_id": null, "public": true, "body": "네"})),
        (REQUESTER, json!({"type": "Comment", "author_id": "nobody", "body": "네"})),
        (REQUESTER, json!({"type": "VoiceComment", "author_id": 9, "public": false, "body": "통화 기록"})),
        (REQUESTER, json!({"type": "Notification", "author_id": 9, "body": "접수되었습니다"})),
        (REQUESTER, json!({"type": "Comment", "body": "자동 안내", "via": by_rule})),
    ] {
        assert_eq!(said(author_id, json!([event])).await, None, "{event}");
    }
}

#[tokio::test]
async fn a_comment_without_a_text_is_said_too_and_its_files_are_counted() {
    let file = |inline: bool| json!({"id": 1, "file_name": "사진.jpg", "inline": inline});
    let picture =
        "<div><img src=\"https://acme.example/attachments/token/x/?name=a.png\"><img src=\"b\"></div>";
    for (event, said, attachments) in [
        (json!({"type": "Comment", "body": " \n"}), "", 0),
        (json!({"type": "Comment", "body": null}), "", 0),
        (json!({"type": "Comment"}), "", 0),
        (json!({"type": "Comment", "body": "", "attachments": [file(false)]}), "", 1),
        (json!({"type": "Comment", "body": "네", "attachments": [file(false), file(true), 7]}), "네", 3),
        (
            json!({"type": "Comment", "body": "네", "html_body": picture, "attachments": [file(true)]}),
            "네",
            2,
        ),
        (json!({"type": "Comment", "body": "네", "attachments": {"id": 1}}), "네", 0),
        (json!({"type": "VoiceComment", "author_id": 9, "body": "통화 기록", "data": {}}), "", 1),
    ] {
        let change = change(audit(1, REQUESTER, "web", &json!({}), &json!([event]))).await;
        assert_eq!((change.said.as_deref(), change.attachments), (Some(said), attachments), "{event}");
        assert!(change.warnings.is_empty(), "{event}");
    }
    let blank = json!({"type": "Comment", "body": " "});
    let one = json!({"type": "Comment", "body": "네", "attachments": [file(false)]});
    assert_eq!(said(REQUESTER, json!([blank, one])).await.as_deref(), Some("네"));
    let theirs =
        json!({"type": "Comment", "author_id": AGENT, "body": "보세요", "attachments": [file(false)]});
    assert_eq!(change(audit(1, AGENT, "web", &json!({}), &json!([theirs]))).await.attachments, 0);
}

/// The warnings of an audit with one comment of the requester.
async fn warned(author_id: i64, channel: &str, metadata: &Value, more: &Value) -> Vec<Warning> {
    let mut comment = json!({"type": "Comment", "author_id": REQUESTER, "public": true, "body": "네"});
    comment.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut audit = audit(1, author_id, channel, &json!({}), &json!([comment]));
    audit["metadata"].as_object_mut().unwrap().extend(metadata.as_object().unwrap().clone());
    change(audit).await.warnings.into_iter().collect()
}

#[tokio::test]
async fn what_zendesk_says_against_the_requester_s_words_is_told() {
    use Warning::{Automatic, NotInConversation, NotSignedIn, NotTrusted, OnBehalf, OverApi, UnknownFlag};
    let none = json!({});
    let options = json!({"11": {"trusted": false, "message": {"user": "상담원", "user_id": AGENT}}});
    let on_behalf = json!({"flags": [11], "flags_options": options, "trusted": false});
    for (author, channel, metadata, comment, expected) in [
        (REQUESTER, "web", none.clone(), none.clone(), vec![]),
        (
            REQUESTER,
            "email",
            json!({"flags": [], "flags_options": {}, "trusted": true}),
            none.clone(),
            vec![],
        ),
        (REQUESTER, "email", json!({"flags": [2, 0]}), none.clone(), vec![NotTrusted, NotInConversation]),
        (REQUESTER, "email", json!({"trusted": false}), none.clone(), vec![NotTrusted]),
        (REQUESTER, "web", json!({"flags": [99], "trusted": false}), none.clone(), vec![UnknownFlag]),
        (REQUESTER, "api", none.clone(), none.clone(), vec![OverApi]),
        (AGENT, "web", none.clone(), none.clone(), vec![OnBehalf]),
        (AGENT, "api", on_behalf, none.clone(), vec![OnBehalf, OverApi]),
        (REQUESTER, "web", none.clone(), json!({"metadata": {"flags": [3]}}), vec![NotSignedIn]),
        (REQUESTER, "web", none.clone(), json!({"trusted": false}), vec![NotTrusted]),
        (REQUESTER, "web", json!({"flags": [4]}), json!({"trusted": false}), vec![NotTrusted, Automatic]),
        (REQUESTER, "web", none.clone(), json!({"via": {"channel": "api"}}), vec![OverApi]),
        (REQUESTER, "web", none.clone(), json!({"via": {"channel": 5}}), vec![OverApi]),
    ] {
        assert_eq!(
            warned(author, channel, &metadata, &comment).await,
            expected,
            "{channel} {metadata} {comment}"
        );
    }
}

#[tokio::test]
async fn where_the_requester_said_nothing_there_is_nothing_to_doubt() {
    let silent = json!({"type": "Change", "field_name": "72", "value": "12가3456"});
    let other = json!({"type": "Comment", "author_id": AGENT, "body": "확인하겠습니다"});
    for event in [silent, other] {
        let mut audit = audit(1, AGENT, "api", &json!({}), &json!([event]));
        audit["metadata"]["flags"] = json!([2, 3]);
        audit["metadata"]["trusted"] = json!(false);
        assert!(change(audit).await.warnings.is_empty(), "{event}");
    }
}

#[tokio::test]
async fn a_writer_in_the_requester_s_name_changes_nothing_else() {
    let comment = json!({"type": "Comment", "author_id": REQUESTER, "body": "네"});
    let opened =
        json!({"type": "Change", "field_name": "status", "previous_value": "pending", "value": "open"});
    let solved =
        json!({"type": "Change", "field_name": "status", "previous_value": "open", "value": "solved"});
    let note = json!({"type": "Comment", "author_id": AGENT, "public": false, "body": "대신 적음"});
    let told = json!({"type": "Notification", "subject": "…", "body": "…", "recipients": [1]});
    let mut by_rule = tagged(&json!([]), &json!(["late"]));
    by_rule["via"] = json!({"channel": "rule"});
    let other = ChangeAuthor::Other { user_id: AGENT };
    for (events, expected) in [
        (json!([comment]), ChangeAuthor::Requester),
        (json!([comment, opened, told, by_rule]), ChangeAuthor::Requester),
        (json!([comment, solved]), other),
        (json!([comment, tagged(&json!([]), &json!(["misread_release"]))]), other),
        (json!([comment, {"type": "Change", "field_name": "72", "value": "12가3456"}]), other),
        (json!([comment, {"type": "Create", "field_name": "status", "value": "new"}]), other),
        (json!([comment, {"type": "FromTheFuture"}]), other),
        (json!([comment, note]), other),
        (json!([comment, comment]), other),
        (json!([note]), other),
        (json!([opened]), other),
    ] {
        assert_eq!(change(audit(1, AGENT, "api", &json!({}), &events)).await.author, expected, "{events}");
    }
}

#[tokio::test]
async fn another_requester_and_the_words_of_others_are_told() {
    let moved = json!({"type": "Change", "field_name": "requester_id", "previous_value": "8", "value": "9"});
    let first = json!({"type": "Create", "field_name": "requester_id", "value": "9"});
    for (event, expected) in [(moved, true), (first, false)] {
        let change = change(audit(1, AGENT, "web", &json!({}), &json!([event]))).await;
        assert_eq!(change.requester_changed, expected, "{event}");
    }
    let said = |author_id: i64, public: bool| json!({"type": "Comment", "author_id": author_id, "public": public, "body": "네"});
    let by_rule = json!({"type": "Comment", "author_id": -1, "body": "…", "via": {"channel": "rule"}});
    for (author_id, custom, events, expected) in [
        (REQUESTER, json!({}), json!([said(REQUESTER, true)]), None),
        (77, json!({}), json!([said(77, true)]), Some(77)),
        (77, json!({}), json!([{"type": "Comment", "body": "네"}]), Some(77)),
        (AGENT, json!({}), json!([said(AGENT, false), said(REQUESTER, true), said(77, true)]), Some(77)),
        (AGENT, json!({}), json!([said(AGENT, false)]), None),
        (AGENT, json!({}), json!([by_rule]), None),
        (SERVICE, json!({}), json!([said(SERVICE, true)]), None),
        (AGENT, json!({"misread": "misread-5-7"}), json!([said(77, true)]), Some(77)),
    ] {
        let change = change(audit(1, author_id, "web", &custom, &events)).await;
        assert_eq!(change.said_by_other, expected, "{events}");
    }
    let automation = audit(1, -1, "rule", &json!({}), &json!([said(-1, true)]));
    assert_eq!(change(automation).await.said_by_other, None);
}

/// Zendesk may cut a text at any place.
#[tokio::test]
async fn half_an_emoji_does_not_make_a_history_unreadable() {
    let whole = json!({"audits": [audit(1, REQUESTER, "web", &json!({}), &json!([{"type": "Comment", "body": "네 HALF"}]))]});
    let stub = Stub::always(stub::json(200, whole.to_string().replace("HALF", r"\ud83d").as_str())).await;
    let changes = desk(&stub.url).changes(ticket_id(5), REQUESTER).await.unwrap();
    assert_eq!(changes[0].said.as_deref(), Some("네 \u{fffd}"));
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

#[tokio::test]
async fn what_another_writer_changed_beside_comments_and_tags_is_named_with_its_channel() {
    let set =
        |field: &str| json!({"type": "Change", "field_name": field, "previous_value": null, "value": "1"});
    let by_rule =
        json!({"type": "Change", "field_name": "group_id", "value": "1", "via": {"channel": "rule"}});
    let events = json!([
        set("priority"), set("360001234599"), tagged(&json!(["a", "b"]), &json!(["b"])), said_by(AGENT), by_rule,
        {"type": "Notification"}, {"type": "AgentMacroReference"}, {"type": "CommentRedactionEvent"}, {"type": "Change"},
    ]);
    let by_agent = change(audit(1, AGENT, "api", &json!({}), &events)).await;
    let names: Vec<&str> = by_agent.touched.iter().map(String::as_str).collect();
    assert_eq!(names, ["360001234599", "Change", "CommentRedactionEvent", "priority"]);
    assert_eq!(by_agent.removed_tags, ["a"]);
    let by_program = async |channel: &str, author| {
        change(audit(1, author, channel, &json!({}), &json!([set("priority")]))).await.by_program
    };
    for channel in ["api", "web_service", "app"] {
        assert_eq!(by_program(channel, AGENT).await.as_deref(), Some(channel));
    }
    for channel in ["web", "mobile", "mail", "chat", "sample_ticket"] {
        assert_eq!(by_program(channel, AGENT).await, None, "{channel}");
    }
    let own = change(audit(1, SERVICE, "api", &json!({}), &events)).await;
    assert!(own.touched.is_empty() && own.by_program.is_none(), "the service knows what it writes");
    let mut merged = audit(1, AGENT, "api", &json!({}), &json!([said_by(AGENT)]));
    merged["via"] = json!({"channel": "api", "source": {"from": {"ticket_id": 6}, "to": {}, "rel": "merge"}});
    assert_eq!(change(merged).await.touched.into_iter().collect::<Vec<_>>(), ["merge"]);
}

fn said_by(author_id: i64) -> Value {
    json!({"type": "Comment", "author_id": author_id, "public": false, "body": "메모"})
}

/// Comparing each tag of the largest response with each other would take hours.
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
async fn a_tag_that_a_rule_added_is_no_permission() {
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

/// The metadata that a client writes with this note under the key 5-7.
async fn written_metadata() -> Value {
    let answer =
        json!({"ticket": {"id": 5, "updated_at": "2026-03-02T09:30:00Z"}, "audit": {"id": 1, "events": []}});
    let stub = Stub::always(stub::json(200, answer)).await;
    send(&desk(&stub.url), &key(5, 7), &note("확인했습니다"), "2026-03-02T09:00:00Z").await.unwrap();
    stub.seen()[0].body["ticket"]["metadata"].clone()
}

#[tokio::test]
async fn the_services_hand_is_its_user_and_its_marker_counts_by_the_seal() {
    let ours = written_metadata().await;
    let digest = marker::digest(&note("확인했습니다"));
    let bare = json!({"misread": "misread-5-7"});
    let with = |key: &str, value: Value| {
        let mut metadata = ours.clone();
        metadata[key] = value;
        metadata
    };
    let seal = ours["misread_seal"].as_str().unwrap();
    let of_another_text = seal.replace(&digest, &marker::digest(&note("환불했습니다")));
    let known = Some("misread-5-7".to_owned());
    let service = ChangeAuthor::Service;
    for (who, metadata, author, expected, sealed) in [
        (SERVICE, ours.clone(), service, known.clone(), Some(digest.clone())),
        (SERVICE, bare.clone(), service, known, None),
        (SERVICE, json!({}), service, None, None),
        (SERVICE, with("misread", json!("misread-5-9")), service, None, None),
        (SERVICE, with("misread_seal", json!(of_another_text)), service, None, None),
        (SERVICE, with("misread_seal", json!(format!("9{seal}"))), service, None, None),
        (SERVICE, with("misread_seal", json!("")), service, None, None),
        (AGENT, ours.clone(), ChangeAuthor::Other { user_id: AGENT }, None, None),
        (AGENT, bare.clone(), ChangeAuthor::Other { user_id: AGENT }, None, None),
        (REQUESTER, ours.clone(), ChangeAuthor::Requester, None, None),
    ] {
        let event = json!([{"type": "Comment", "public": false, "body": "확인했습니다"}]);
        let change = change(audit(1, who, "api", &metadata, &event)).await;
        assert_eq!(
            (change.author, change.marker, change.sealed),
            (author, expected, sealed),
            "{who} {metadata}"
        );
    }
    // The same marker, copied to another ticket.
    let event = json!([{"type": "Comment", "public": false, "body": "확인했습니다"}]);
    let copied = json!({"audits": [audit(1, SERVICE, "api", &ours, &event)], "meta": {"has_more": false}});
    let stub = Stub::always(stub::json(200, copied)).await;
    let [change] = desk(&stub.url).changes(ticket_id(6), REQUESTER).await.unwrap().try_into().unwrap();
    assert_eq!((change.author, change.marker), (service, None));
}

#[tokio::test]
async fn only_what_is_done_in_the_agents_interface_is_a_persons_hand() {
    for (channel, expected) in [
        (json!("web"), true),
        (json!("web_form"), true),
        (json!("batch"), true),
        (json!("mobile"), true),
        (json!(0), true),
        (json!(20), true),
        (json!("api"), false),
        (json!("web_service"), false),
        (json!(5), false),
        (json!("rule"), false),
        (json!(8), false),
        (json!("email"), false),
        (json!("mobile_sdk"), false),
        (json!("from_the_future"), false),
        (json!(null), false),
    ] {
        let event = json!([tagged(&json!([]), &json!(["misread_release"]))]);
        let mut audit = audit(1, AGENT, "", &json!({}), &event);
        audit["via"]["channel"] = channel.clone();
        let change = change(audit).await;
        assert_eq!(change.in_interface, expected, "{channel}");
        assert_eq!(change.is_by_a_person(), expected, "{channel}");
    }
}

#[tokio::test]
async fn as_whom_we_are_signed_in_is_asked_once_and_must_be_known() {
    let me = |id: Value| {
        move |seen: &stub::Seen| {
            let history = json!({"audits": [], "meta": {"has_more": false}});
            if seen.target == "/api/v2/users/me" {
                stub::json(200, json!({"user": {"id": id, "name": "Anonymous user"}}))
            } else {
                stub::json(200, history)
            }
        }
    };
    let stub = Stub::start_all(me(json!(8))).await;
    let client = desk(&stub.url);
    client.changes(ticket_id(5), REQUESTER).await.unwrap();
    client.changes(ticket_id(6), REQUESTER).await.unwrap();
    let asked = stub.targets().iter().filter(|target| target.as_str() == "GET /api/v2/users/me").count();
    assert_eq!(asked, 1);
    let stub = Stub::start_all(me(json!(null))).await;
    let (kind, text) = failure(desk(&stub.url).changes(ticket_id(5), REQUESTER).await);
    assert!(kind == "retry" && text.contains("as whom we are signed in"), "{kind}: {text}");
}

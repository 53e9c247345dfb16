//! Zendesk's warnings about a comment, its author's channel, its attachments, and whether its author can be answered.

use misread::account::sliding_window::Lane;
use misread::domain::ids::TicketId;
use misread::domain::ticket::{Audience, ChangeAuthor, Person, TicketChange, UserRole, Warning};
use misread::ports::{Clock as _, Helpdesk as _};
use misread::sandbox::seed::{self, ACCOUNT};
use misread::sandbox::zendesk::{
    AgentUpdate, Channel, CustomerMessage, NewTicket, Profile, Role, SERVICE_USER, User,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::conversation::desk;
use super::stage::{Stage, answered};

fn customer(stage: &Stage, at: usize) -> User {
    seed::stories(stage.clock.now())[at].customer.clone()
}

/// The last audit as Zendesk returns it.
async fn last_audit(stage: &Stage, id: TicketId) -> Value {
    let listed = stage.get(&format!("/api/v2/tickets/{id}/audits")).await;
    listed["audits"].as_array().unwrap().last().unwrap().clone()
}

/// The last change as the service reads it.
async fn last_change(stage: &Stage, id: TicketId) -> TicketChange {
    let requester_id = stage.zendesk.ticket(id).unwrap().fields.requester_id;
    desk(stage).changes(id, requester_id).await.unwrap().pop().unwrap()
}

fn warnings(change: &TicketChange) -> Vec<Warning> {
    change.warnings.iter().copied().collect()
}

/// Plays an event over the control routes.
async fn control(stage: &Stage, method: Method, path: &str, body: Value) -> (u16, Value) {
    answered(stage.http.request(method, format!("{}/sandbox/{path}", stage.zendesk_url)).json(&body)).await
}

#[tokio::test]
async fn a_plain_comment_has_nothing_against_it() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    stage.zendesk.customer_comments(id, "네").unwrap();
    let metadata = last_audit(&stage, id).await["metadata"].take();
    assert_eq!(metadata.as_object().unwrap().keys().collect::<Vec<_>>(), ["custom", "system"]);
    let change = last_change(&stage, id).await;
    assert_eq!((change.author, change.said.as_deref()), (ChangeAuthor::Requester, Some("네")));
    assert!(change.warnings.is_empty() && change.attachments == 0 && change.said_by_other.is_none());
}

#[tokio::test]
async fn flags_stand_in_the_audit_and_in_the_comment() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let message = json!({ "text": "네", "via": "email", "flags": [3, 0] });
    let path = format!("tickets/{id}/customer-comment");
    assert_eq!(control(&stage, Method::POST, &path, message).await.0, 204);
    let audit = last_audit(&stage, id).await;
    let comments = stage.get(&format!("/api/v2/tickets/{id}/comments")).await;
    for metadata in [&audit["metadata"], &comments["comments"][1]["metadata"]] {
        assert_eq!(metadata["flags"], json!([0, 3]));
        assert_eq!(
            metadata["flags_options"],
            json!({ "0": { "trusted": false }, "3": { "trusted": false } })
        );
        assert_eq!(metadata["trusted"], false);
    }
    assert_eq!(audit["via"]["channel"], "email");
    assert_eq!(warnings(&last_change(&stage, id).await), [Warning::NotTrusted, Warning::NotSignedIn]);
}

#[tokio::test]
async fn what_is_written_in_a_customers_name_is_flagged_by_itself() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let author_id = stage.zendesk.ticket(id).unwrap().fields.requester_id;
    let update = json!({ "comment": { "body": "네", "public": true, "author_id": author_id } });
    assert_eq!(stage.put_ticket(id, update).await.status(), 200);
    let audit = last_audit(&stage, id).await;
    assert_eq!(
        (&audit["author_id"], &audit["events"][0]["author_id"]),
        (&json!(SERVICE_USER), &json!(author_id))
    );
    let message = json!({ "user": "misread", "user_id": SERVICE_USER });
    assert_eq!(audit["metadata"]["flags"], json!([11]));
    assert_eq!(audit["metadata"]["flags_options"], json!({ "11": { "trusted": false, "message": message } }));
    let change = last_change(&stage, id).await;
    assert_eq!((change.author, change.said.as_deref()), (ChangeAuthor::Requester, Some("네")));
    assert_eq!(warnings(&change), [Warning::OnBehalf, Warning::OverApi]);

    let by_agent = CustomerMessage {
        text: "전화로 들었습니다".to_owned(),
        on_behalf_by: Some(ACCOUNT.agent),
        ..CustomerMessage::default()
    };
    stage.zendesk.customer_sends(id, by_agent).unwrap();
    let change = last_change(&stage, id).await;
    assert_eq!((change.author, warnings(&change)), (ChangeAuthor::Requester, vec![Warning::OnBehalf]));

    let more = AgentUpdate {
        comment: Some("네".to_owned()),
        comment_author_id: Some(author_id),
        public: true,
        ..AgentUpdate::tags(&["vip"])
    };
    stage.zendesk.agent_changes(id, ACCOUNT.agent, more).unwrap();
    let change = last_change(&stage, id).await;
    assert_eq!(change.author, ChangeAuthor::Other { user_id: ACCOUNT.agent });
    assert_eq!((change.said.as_deref(), warnings(&change)), (Some("네"), vec![Warning::OnBehalf]));
    let nobody = CustomerMessage { on_behalf_by: Some(5), ..CustomerMessage::default() };
    assert!(stage.zendesk.customer_sends(id, nobody).is_err());
}

#[tokio::test]
async fn an_opening_may_be_written_down_by_an_agent() {
    let stage = Stage::set().await;
    let requester_id = customer(&stage, 0).id;
    let open = async |more: Value| {
        let mut new =
            json!({ "requester_id": requester_id, "subject": "문의", "description": "취소해 주세요" });
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, opened) = control(&stage, Method::POST, "tickets", new).await;
        assert_eq!(status, 201);
        let id: TicketId = serde_json::from_value(opened["ticket_id"].clone()).unwrap();
        (id, last_change(&stage, id).await)
    };
    let (_, own) = open(json!({ "flags": [3], "attachments": ["차.jpg"] })).await;
    assert_eq!((own.author, own.attachments), (ChangeAuthor::Requester, 1));
    assert_eq!(warnings(&own), [Warning::NotSignedIn]);
    let (_, plain) = open(json!({ "submitter_id": ACCOUNT.agent })).await;
    assert_eq!((plain.said, plain.said_by_other), (None, Some(ACCOUNT.agent)));
    let (id, behalf) =
        open(json!({ "submitter_id": ACCOUNT.agent, "on_behalf": true, "channel": "api" })).await;
    assert_eq!(behalf.author, ChangeAuthor::Other { user_id: ACCOUNT.agent });
    assert_eq!((behalf.said.as_deref(), behalf.said_by_other), (Some("취소해 주세요"), None));
    assert_eq!(warnings(&behalf), [Warning::OnBehalf, Warning::OverApi]);
    let ticket = stage.get(&format!("/api/v2/tickets/{id}")).await;
    assert_eq!(ticket["ticket"]["via"]["channel"], "api");
    assert_eq!(ticket["ticket"]["submitter_id"], ACCOUNT.agent);
}

#[tokio::test]
async fn files_come_with_a_comment_that_need_not_have_a_text() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    // The account knows its own address after a reply.
    stage.get("/api/v2/users/me").await;
    let files = vec!["사진.JPG".to_owned(), "기록".to_owned()];
    let message = CustomerMessage { attachments: files, ..CustomerMessage::default() };
    stage.zendesk.customer_sends(id, message).unwrap();
    let comments = stage.get(&format!("/api/v2/tickets/{id}/comments")).await;
    let (comment, event) = (&comments["comments"][1], &last_audit(&stage, id).await["events"][0]);
    assert_eq!((&comment["body"], &comment["attachments"]), (&json!(""), &event["attachments"]));
    let file = &event["attachments"][0];
    assert_eq!((&file["file_name"], &file["content_type"]), (&json!("사진.JPG"), &json!("image/jpeg")));
    assert_eq!((&file["inline"], file["size"].is_u64()), (&json!(false), true));
    assert!(file["content_url"].as_str().unwrap().starts_with(&stage.zendesk_url));
    assert_ne!(file["id"], event["attachments"][1]["id"]);
    let change = last_change(&stage, id).await;
    assert_eq!((change.said.as_deref(), change.attachments), (Some(""), 2));

    stage.zendesk.customer_sends(id, CustomerMessage::default()).unwrap();
    let change = last_change(&stage, id).await;
    assert_eq!((change.said.as_deref(), change.attachments), (Some(""), 0));

    let call = json!({ "text": "통화 내용", "via": "voice", "spoken": true });
    assert_eq!(control(&stage, Method::POST, &format!("tickets/{id}/customer-comment"), call).await.0, 204);
    assert_eq!(last_audit(&stage, id).await["events"][0]["type"], "VoiceComment");
    let change = last_change(&stage, id).await;
    assert_eq!((change.said.as_deref(), change.attachments), (Some(""), 1));
}

#[tokio::test]
async fn people_with_a_copy_come_with_the_ticket_and_may_answer() {
    let stage = Stage::set().await;
    let (requester, mother) = (customer(&stage, 0), customer(&stage, 1));
    let new = NewTicket {
        requester_id: requester.id,
        subject: "문의".to_owned(),
        description: "취소해 주세요".to_owned(),
        email_cc_ids: [mother.id].into(),
        ..NewTicket::default()
    };
    let id = stage.zendesk.open_ticket(new).unwrap();
    for path in [format!("{id}?include=users"), format!("show_many?ids={id}&include=users")] {
        let answer = stage.get(&format!("/api/v2/tickets/{path}")).await;
        let users: Vec<_> =
            answer["users"].as_array().unwrap().iter().map(|user| user["id"].clone()).collect();
        assert_eq!(users, [requester.id, mother.id], "{path}");
    }
    let audience = desk(&stage).ticket(id, Lane::Fresh).await.unwrap().unwrap().audience;
    let copied = vec![Person { id: mother.id, name: mother.name.clone() }];
    assert_eq!(audience, Audience { copies: 1, copied, ..Audience::default() });
    stage.zendesk.cc_comments(id, mother.id, "네, 맞아요").unwrap();
    let change = last_change(&stage, id).await;
    assert_eq!((change.said, change.said_by_other), (None, Some(mother.id)));
}

#[tokio::test]
async fn a_suspended_requester_gets_no_reply() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let requester = customer(&stage, 0);
    let path = format!("users/{}/suspended", requester.id);
    assert_eq!(control(&stage, Method::PUT, &path, json!(true)).await.0, 204);
    assert_eq!(control(&stage, Method::PUT, "users/5/suspended", json!(true)).await.0, 404);
    let ticket = desk(&stage).ticket(id, Lane::Fresh).await.unwrap().unwrap();
    assert_eq!((ticket.requester.role, ticket.requester.suspended), (Some(UserRole::EndUser), true));

    let reply = |public: bool| json!({ "comment": { "body": "답장", "public": public } });
    let refused = stage.put_ticket(id, reply(true)).await;
    assert_eq!(refused.status(), 422);
    let flaw = json!({ "description": format!("Requester: {} is suspended.", requester.name), "error": "UserSuspended" });
    let expected = json!({ "error": "RecordInvalid", "description": "Record validation errors",
        "details": { "requester": [flaw] } });
    assert_eq!(refused.json::<Value>().await.unwrap(), expected);
    assert_eq!(stage.put_ticket(id, reply(false)).await.status(), 200, "a note");
    assert_eq!(stage.put_ticket(id, json!({ "status": "open" })).await.status(), 200);
    assert!(stage.zendesk.public_comments(id).is_empty());
    assert_eq!(control(&stage, Method::PUT, &path, json!(false)).await.0, 204);
    assert_eq!(stage.put_ticket(id, reply(true)).await.status(), 200);
}

#[tokio::test]
async fn a_caller_has_no_address_and_a_colleague_may_be_the_requester() {
    let stage = Stage::set().await;
    let caller =
        json!({ "id": 77, "name": "발신자", "email": null, "role": "end-user", "phone": "+82 10-1234-5678" });
    assert_eq!(control(&stage, Method::PUT, "users", caller).await.0, 204);
    let user = stage.get("/api/v2/users/77").await;
    assert_eq!((&user["user"]["email"], &user["user"]["phone"]), (&json!(null), &json!("+82 10-1234-5678")));
    let new = |requester_id, channel| NewTicket {
        requester_id,
        subject: "문의".to_owned(),
        description: "취소해 주세요".to_owned(),
        channel,
        ..NewTicket::default()
    };
    let read = async |id| desk(&stage).ticket(id, Lane::Fresh).await.unwrap().unwrap();
    let by_phone = stage.zendesk.open_ticket(new(77, Channel::Voice)).unwrap();
    assert!(read(by_phone).await.audience.unreachable);
    let ticket = stage.get(&format!("/api/v2/tickets/{by_phone}")).await;
    assert_eq!(ticket["ticket"]["via"]["channel"], "voice");
    let known = stage.zendesk.open_ticket(new(customer(&stage, 0).id, Channel::Voice)).unwrap();
    assert!(!read(known).await.audience.unreachable, "they have an address");

    stage.zendesk.add_user(User {
        id: 78,
        name: "동료".to_owned(),
        email: "colleague@sandbox.example".to_owned(),
        role: Role::Agent,
        external_id: None,
        verified: true,
        group_ids: [].into(),
        profile: Profile::default(),
    });
    let internal = stage.zendesk.open_ticket(new(78, Channel::Web)).unwrap();
    assert_eq!(read(internal).await.requester.role, Some(UserRole::Agent));
}

#[tokio::test]
async fn an_agent_may_put_in_another_requester() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let (before, after) = (customer(&stage, 0).id, customer(&stage, 1).id);
    let path = format!("tickets/{id}/agent-update");
    let update = json!({ "agent_id": ACCOUNT.agent, "update": { "requester_id": after } });
    assert_eq!(control(&stage, Method::POST, &path, update).await.0, 204);
    let event = last_audit(&stage, id).await["events"][0].take();
    assert_eq!((&event["type"], &event["field_name"]), (&json!("Change"), &json!("requester_id")));
    let (value, previous) = (json!(after.to_string()), json!(before.to_string()));
    assert_eq!((&event["value"], &event["previous_value"]), (&value, &previous));
    let changes = desk(&stage).changes(id, after).await.unwrap();
    let moved: Vec<_> = changes.iter().map(|change| change.requester_changed).collect();
    assert_eq!(moved, [false, true]);
    let nobody = AgentUpdate { requester_id: Some(5), ..AgentUpdate::default() };
    assert!(stage.zendesk.agent_changes(id, ACCOUNT.agent, nobody).is_err());
}

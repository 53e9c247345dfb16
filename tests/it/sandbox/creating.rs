//! Creation of tickets by the API and by people, and the resulting tickets.

use std::collections::{BTreeMap, BTreeSet};

use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::ports::Clock as _;
use misread::sandbox::seed::{self, ACCOUNT};
use misread::sandbox::zendesk::{
    AgentUpdate, Channel, CustomerMessage, DEFAULT_BRAND, DEFAULT_FORM, NewTicket, SERVICE_USER,
};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::stage::Stage;

async fn post(stage: &Stage, ticket: &Value) -> Response {
    let request = stage.ask_zendesk(Method::POST, "/api/v2/tickets.json");
    request.json(&json!({ "ticket": ticket })).send().await.unwrap()
}

fn customer(stage: &Stage, at: usize) -> i64 {
    seed::stories(stage.clock.now())[at].customer.id
}

#[tokio::test]
async fn a_ticket_that_is_opened_by_api_shows_every_key_of_a_recorded_one() {
    let stage = Stage::set().await;
    let response = post(&stage, &json!({ "subject": "test", "description": "test" })).await;
    assert_eq!(response.status(), 201);
    assert!(response.headers().get("x-idempotency-lookup").is_none());
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let body: Value = response.json().await.unwrap();
    let ticket = body["ticket"].as_object().unwrap();
    assert_eq!(ticket["url"], location);
    let keys: BTreeSet<_> = ticket.keys().map(String::as_str).collect();
    let recorded = "allow_attachments allow_channelback assignee_id brand_id collaborator_ids created_at \
        custom_fields custom_status_id description due_at email_cc_ids external_id fields follower_ids followup_ids \
        forum_topic_id from_messaging_channel generated_timestamp group_id has_incidents id is_public organization_id \
        priority problem_id raw_subject recipient requester_id satisfaction_rating sharing_agreement_ids status subject \
        submitter_id tags ticket_form_id type updated_at url via";
    assert_eq!(keys, recorded.split_whitespace().collect());
    assert_eq!(ticket["via"], json!({ "channel": "api", "source": { "from": {}, "to": {}, "rel": null } }));
    assert_eq!(
        (&ticket["requester_id"], &ticket["submitter_id"]),
        (&json!(SERVICE_USER), &json!(SERVICE_USER))
    );
    assert_eq!(
        (&ticket["brand_id"], &ticket["ticket_form_id"]),
        (&json!(DEFAULT_BRAND), &json!(DEFAULT_FORM))
    );
    assert_eq!(ticket["fields"], ticket["custom_fields"]);
    assert_eq!(ticket["generated_timestamp"], stage.clock.now().as_second());
    assert_eq!(body["audit"]["events"][0]["body"], "test");
    assert_eq!(body["audit"]["via"]["channel"], "api");
}

#[tokio::test]
async fn a_ticket_is_opened_for_a_customer_with_everything_that_belongs_to_it() {
    let stage = Stage::set().await;
    let requester = customer(&stage, 0);
    let brand =
        stage.make("/api/v2/brands", "brand", json!({ "name": "공항", "subdomain": "airport" })).await;
    let form = stage.make("/api/v2/ticket_forms", "ticket_form", json!({ "name": "전화" })).await;
    let response = post(&stage, &json!({
        "comment": { "body": "전화로 접수\n둘째 줄", "public": false }, "requester_id": requester,
        "submitter_id": ACCOUNT.agent, "assignee_id": ACCOUNT.agent, "group_id": ACCOUNT.agents_group,
        "status": "open", "priority": "high", "type": "question", "tags": ["no_self_use"], "external_id": 17,
        "custom_fields": [{ "id": ACCOUNT.plate_field, "value": "12가3456" }], "brand_id": brand["id"], "ticket_form_id": form["id"],
        "metadata": { "misread": "opened" }, "macro_ids": [stage.a_macro()], "nonsense": true,
    }))
    .await;
    let warning = response.headers()["x-zendesk-api-warn"].to_str().unwrap();
    assert!(warning.contains(r#":action=>"create", :unpermitted_keys=>["ticket.nonsense"]"#), "{warning}");
    let body: Value = response.json().await.unwrap();
    let ticket = &body["ticket"];
    for (key, expected) in [
        ("subject", json!("전화로 접수")),
        ("description", json!("전화로 접수\n둘째 줄")),
        ("requester_id", json!(requester)),
        ("submitter_id", json!(ACCOUNT.agent)),
        ("status", json!("open")),
        ("priority", json!("high")),
        ("external_id", json!("17")),
        ("brand_id", brand["id"].clone()),
        ("ticket_form_id", form["id"].clone()),
        ("is_public", json!(false)),
        ("tags", json!(["misread_sent", "no_self_use"])),
    ] {
        assert_eq!(ticket[key], expected, "{key}");
    }
    assert_eq!(body["audit"]["metadata"]["custom"], json!({ "misread": "opened" }));
    assert_eq!(body["audit"]["author_id"], SERVICE_USER);
    let kinds: BTreeSet<_> = body["audit"]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["AgentMacroReference", "Change", "Comment", "Create"].into());
    let id = TicketId::try_from(ticket["id"].as_i64().unwrap()).unwrap();
    let comment = &stage.zendesk.ticket(id).unwrap().comments[0];
    assert_eq!((comment.author_id, comment.public), (ACCOUNT.agent, false));
    let list = stage.get(&format!("/api/v2/tickets/{id}/comments")).await;
    assert_eq!(list["comments"][0]["via"]["channel"], "api");
}

#[tokio::test]
async fn a_requester_who_is_not_known_becomes_an_end_user() {
    let stage = Stage::set().await;
    let new = json!({ "subject": "문의", "comment": { "html_body": "<p>안녕하세요</p><p>1 &lt; 2</p>" },
        "requester": { "name": "홍길동", "email": "hong@example.com" } });
    let first: Value = post(&stage, &new).await.json().await.unwrap();
    let second: Value = post(&stage, &new).await.json().await.unwrap();
    let requester = first["ticket"]["requester_id"].as_i64().unwrap();
    assert_eq!(second["ticket"]["requester_id"], requester);
    assert_ne!(second["ticket"]["id"], first["ticket"]["id"]);
    let user = stage.get(&format!("/api/v2/users/{requester}")).await;
    assert_eq!((&user["user"]["name"], &user["user"]["role"]), (&json!("홍길동"), &json!("end-user")));
    assert_eq!(first["ticket"]["description"], "안녕하세요\n1 < 2");
    let event = &first["audit"]["events"][0];
    let html = "<div class=\"zd-comment\" dir=\"auto\"><p>안녕하세요</p><p>1 &lt; 2</p></div>";
    assert_eq!((&event["html_body"], &event["plain_body"]), (&json!(html), &json!("안녕하세요\n1 < 2")));
}

#[tokio::test]
async fn a_ticket_without_a_word_or_a_requester_is_refused_and_leaves_no_trace() {
    let stage = Stage::set().await;
    let comment = json!({ "body": "문의" });
    let refused = [
        (json!({ "subject": "문의" }), "description", "BlankValue"),
        (json!({ "comment": comment, "requester_id": 5 }), "requester", "InvalidValue"),
        (json!({ "comment": comment, "submitter_id": 5 }), "submitter", "InvalidValue"),
        (json!({ "comment": comment, "requester": { "name": "홍길동" } }), "requester", "InvalidValue"),
        (json!({ "comment": comment, "status": "done" }), "status", "InvalidValue"),
    ];
    for (new, field, error) in refused {
        let response = post(&stage, &new).await;
        assert_eq!(response.status(), 422, "{new}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["details"][field][0]["error"], error, "{new}");
    }
    assert!(stage.zendesk.tickets().is_empty());
    assert_eq!(post(&stage, &json!({ "comment": comment })).await.status(), 201);
}

#[tokio::test]
async fn people_open_tickets_by_every_channel() {
    let stage = Stage::set().await;
    let open = |new: NewTicket| {
        let new = NewTicket {
            requester_id: customer(&stage, 0),
            subject: "문의".to_owned(),
            description: "저 주차한 적 없어요".to_owned(),
            ..new
        };
        stage.zendesk.open_ticket(new)
    };
    let channels =
        [(Channel::Web, "web"), (Channel::Email, "email"), (Channel::Messaging, "native_messaging")];
    for (channel, word) in channels {
        let id = open(NewTicket { channel, ..NewTicket::default() }).unwrap();
        stage.put_ticket(id, json!({ "status": "open" })).await;
        let ticket = stage.get(&format!("/api/v2/tickets/{id}")).await["ticket"].take();
        assert_eq!(ticket["via"]["channel"], word, "as it came in, whatever was changed since");
        assert_eq!(ticket["from_messaging_channel"], channel == Channel::Messaging);
    }
    let by_agent = NewTicket {
        submitter_id: Some(ACCOUNT.agent),
        email_cc_ids: [customer(&stage, 1)].into(),
        brand_id: Some(77),
        ticket_form_id: Some(88),
        ..NewTicket::default()
    };
    let id = open(by_agent).unwrap();
    let ticket = stage.get(&format!("/api/v2/tickets/{id}")).await["ticket"].take();
    assert_eq!((&ticket["submitter_id"], &ticket["brand_id"]), (&json!(ACCOUNT.agent), &json!(77)));
    assert_eq!(
        (&ticket["ticket_form_id"], &ticket["email_cc_ids"]),
        (&json!(88), &json!([customer(&stage, 1)]))
    );
    let audit = &stage.zendesk.audits(id)[0];
    assert_eq!(
        (audit.author_id, stage.zendesk.ticket(id).unwrap().comments[0].author_id),
        (ACCOUNT.agent, ACCOUNT.agent)
    );
    assert!(open(NewTicket { email_cc_ids: [5].into(), ..NewTicket::default() }).is_err());
    assert!(open(NewTicket { submitter_id: Some(5), ..NewTicket::default() }).is_err());
}

#[tokio::test]
async fn copies_go_to_people_who_are_added_and_they_may_answer_all() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let [cc, other] = [1, 2].map(|at| customer(&stage, at));
    let added = json!({ "email_ccs": [{ "user_id": cc, "action": "put" }, { "user_email": "new@example.com", "user_name": "새 사람" }],
        "additional_collaborators": [other], "followers": [{ "user_id": ACCOUNT.agent }] });
    let body: Value = stage.put_ticket(id, added).await.json().await.unwrap();
    let new = stage.zendesk.ticket(id).unwrap().fields.placement.email_cc_ids;
    let new = new.into_iter().find(|id| ![cc, other].contains(id)).unwrap();
    assert_eq!(body["ticket"]["email_cc_ids"].as_array().unwrap().len(), 3);
    assert_eq!(body["ticket"]["follower_ids"], json!([ACCOUNT.agent]));
    assert_eq!(body["ticket"]["collaborator_ids"].as_array().unwrap().len(), 4);
    let event = |kind: &str| {
        body["audit"]["events"]
            .as_array()
            .unwrap()
            .iter()
            .find(|event| event["type"] == kind)
            .unwrap()
            .clone()
    };
    assert_eq!(event("EmailCcChange")["previous_email_ccs"], json!([]));
    assert!(
        event("EmailCcChange")["current_email_ccs"].as_array().unwrap().contains(&json!("new@example.com"))
    );
    assert_eq!(event("FollowerChange")["current_followers"], json!(["agent@sandbox.example"]));

    stage.put_ticket(id, json!({ "status": "pending" })).await;
    stage.zendesk.cc_comments(id, cc, "저도 기다려요").unwrap();
    let ticket = stage.zendesk.ticket(id).unwrap();
    let comment = ticket.comments.last().unwrap();
    assert_eq!((comment.author_id, comment.public, ticket.fields.status), (cc, true, TicketStatus::Open));
    let list = stage.get(&format!("/api/v2/tickets/{id}/comments")).await;
    assert_eq!(list["comments"][1]["via"]["channel"], "email");

    let gone = json!({ "email_ccs": [{ "user_id": cc, "action": "delete" }, { "user_email": "new@example.com", "action": "delete" }] });
    stage.put_ticket(id, gone).await;
    assert!(stage.zendesk.ticket(id).unwrap().fields.placement.email_cc_ids.iter().eq([&other]));
    assert!(stage.zendesk.cc_comments(id, cc, "저도요").is_err());
    assert!(stage.zendesk.cc_comments(id, new, "저도요").is_err());
    for wrong in [json!({ "email_ccs": [{ "user_id": 5 }] }), json!({ "followers": [{ "user_id": cc }] })] {
        assert_eq!(stage.put_ticket(id, wrong).await.status(), 422);
    }
}

#[tokio::test]
async fn a_comment_is_taken_as_html_and_its_tags_go_from_the_plain_text() {
    let stage = Stage::set().await;
    let id = stage.plain_ticket();
    let html = "<p>취소되었습니다.<br>감사합니다.</p>";
    let response = stage.put_ticket(id, json!({ "comment": { "html_body": html, "public": true } })).await;
    assert!(response.headers().get("x-zendesk-api-warn").is_none());
    let body: Value = response.json().await.unwrap();
    let event = &body["audit"]["events"][0];
    assert_eq!(event["plain_body"], "취소되었습니다.\n감사합니다.");
    assert_eq!(event["html_body"], format!("<div class=\"zd-comment\" dir=\"auto\">{html}</div>"));
    assert_eq!(stage.zendesk.public_comments(id)[0].html_body.as_deref(), Some(html));
}

#[tokio::test]
async fn a_follow_up_has_the_closed_tickets_tags_and_fields_unless_others_are_named() {
    let stage = Stage::set().await;
    let id = stage.open(&["late", "vip"]);
    let ask = json!({ "via_followup_source_id": id, "comment": { "body": "아직이에요" } });
    let begun = async |ask: &Value| post(&stage, ask).await.json::<Value>().await.unwrap()["ticket"].take();
    let unrelated = begun(&ask).await;
    assert_eq!((&unrelated["tags"], &unrelated["via"]["source"]["rel"]), (&json!([]), &Value::Null));
    let plate = BTreeMap::from([(ACCOUNT.plate_field, json!("12가3456"))]);
    let filled = AgentUpdate { custom_fields: plate, ..AgentUpdate::default() };
    stage.zendesk.agent_changes(id, ACCOUNT.agent, filled).unwrap();
    stage.zendesk.close(id).unwrap();
    let follow_up = begun(&ask).await;
    assert_eq!(follow_up["tags"], json!(["late", "vip"]));
    assert_eq!(follow_up["via"]["source"]["rel"], "follow_up");
    assert_eq!(follow_up["via"]["source"]["from"]["ticket_id"], json!(id));
    assert_eq!(follow_up["followup_source_id"], json!(id));
    assert_eq!(follow_up["requester_id"], json!(customer(&stage, 0)));
    let fields = follow_up["custom_fields"].as_array().unwrap();
    let plate = fields.iter().find(|field| field["id"] == ACCOUNT.plate_field).unwrap();
    assert_eq!((&plate["value"], &follow_up["status"]), (&json!("12가3456"), &json!("new")));
    let with_tags = json!({ "via_followup_source_id": id, "comment": { "body": "아직" }, "tags": ["other"] });
    assert_eq!(begun(&with_tags).await["tags"], json!(["other"]));
    let parent = stage.get(&format!("/api/v2/tickets/{id}")).await;
    assert_eq!(parent["ticket"]["followup_ids"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_mail_to_a_closed_ticket_makes_a_follow_up_and_a_form_does_not() {
    let stage = Stage::set().await;
    let id = stage.open(&["no_self_use"]);
    stage.zendesk.close(id).unwrap();
    assert!(stage.zendesk.customer_comments(id, "늦었네요").is_err());
    let mail =
        CustomerMessage { text: "늦었네요".into(), via: Channel::Email, ..CustomerMessage::default() };
    let made = stage.zendesk.customer_sends(id, mail).unwrap();
    let fields = stage.zendesk.ticket(made).unwrap().fields;
    assert_eq!((fields.description.as_str(), fields.status), ("늦었네요", TicketStatus::New));
    assert_eq!(fields.placement.followup_source_id, Some(id.get()));
    assert!(fields.tags.contains("no_self_use"));
}

//! Every condition with its operators: a trigger that fires sets its own title as a tag on the ticket.

use misread::domain::ids::TicketId;
use misread::domain::ticket::TicketStatus;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AgentUpdate, Channel, NewTicket, SERVICE_USER};
use serde_json::{Value, json};

use super::super::stage::Stage;
use super::{adds, tags};

/// Triggers with one condition each, by the tag that they set.
fn watching(stage: &Stage, conditions: &[(&str, &str, &str, Value)]) {
    for (tag, field, operator, value) in conditions {
        let condition = json!([{ "field": field, "operator": operator, "value": value }]);
        stage.zendesk.add_trigger(adds(tag, &condition)).unwrap();
    }
}

/// The tags set since the last call; they are removed again without a trigger.
fn fired(stage: &Stage, id: TicketId) -> Vec<String> {
    let tags = tags(stage, id);
    let quietly = AgentUpdate { remove_tags: tags.clone(), ..AgentUpdate::default() };
    stage.zendesk.automation_changes(id, "quietly", quietly).unwrap();
    tags
}

/// Triggers that react to the test's update, but not to the removal of tags after it.
fn only_by_people(stage: &Stage, conditions: &[(&str, &str, &str, Value)]) {
    for (tag, field, operator, value) in conditions {
        let conditions = json!([
            { "field": field, "operator": operator, "value": value },
            { "field": "current_via_id", "operator": "is_not", "value": "8" },
        ]);
        stage.zendesk.add_trigger(adds(tag, &conditions)).unwrap();
    }
}

fn to(stage: &Stage, id: TicketId, status: TicketStatus) {
    stage.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::status(status)).unwrap();
}

#[tokio::test]
async fn a_status_is_compared_with_what_it_is_was_and_became() {
    let stage = Stage::set().await;
    let with = |tag, operator, value| (tag, "status", operator, json!(value));
    only_by_people(
        &stage,
        &[
            with("is", "is", "pending"),
            with("is_not", "is_not", "pending"),
            with("less", "less_than", "pending"),
            with("greater", "greater_than", "pending"),
            with("to", "value", "pending"),
            with("not_to", "not_value", "pending"),
            with("from", "value_previous", "open"),
            with("not_from", "not_value_previous", "open"),
            ("changed", "status", "changed", Value::Null),
            ("not_changed", "status", "not_changed", Value::Null),
        ],
    );
    let id = stage.plain_ticket();
    assert_eq!(
        fired(&stage, id),
        ["is_not", "less", "not_changed", "not_from", "not_to"],
        "new is no change"
    );
    to(&stage, id, TicketStatus::Open);
    assert_eq!(fired(&stage, id), ["changed", "is_not", "less", "not_from", "not_to"]);
    to(&stage, id, TicketStatus::Pending);
    assert_eq!(fired(&stage, id), ["changed", "from", "is", "to"]);
    to(&stage, id, TicketStatus::Pending);
    assert_eq!(fired(&stage, id), ["is", "not_changed", "not_from", "not_to"]);
    to(&stage, id, TicketStatus::Solved);
    assert_eq!(fired(&stage, id), ["changed", "greater", "is_not", "not_from", "not_to"]);
}

#[tokio::test]
async fn tags_are_included_or_not_in_upper_and_lower_case() {
    let stage = Stage::set().await;
    watching(
        &stage,
        &[
            ("one_of", "current_tags", "includes", json!("VIP 본인_미사용")),
            ("none_of", "current_tags", "not_includes", json!("vip regular")),
        ],
    );
    for (own, expected) in [
        (["vip"].as_slice(), ["one_of", "vip"].as_slice()),
        (&["본인_미사용"], &["none_of", "one_of", "본인_미사용"]),
        (&["regular"], &["regular"]),
    ] {
        let id = stage.open(own);
        let got: Vec<_> = tags(&stage, id).into_iter().filter(|tag| tag != "misread_sent").collect();
        assert_eq!(got, expected);
    }
}

#[tokio::test]
async fn who_made_the_update_and_how_is_seen() {
    let stage = Stage::set().await;
    only_by_people(
        &stage,
        &[
            ("created", "update_type", "is", json!("Create")),
            ("customer", "role", "is", json!("end_user")),
            ("staff", "role", "is", json!("agent")),
            ("service", "role", "is", json!(SERVICE_USER.to_string())),
            ("not_service", "role", "is_not", json!(SERVICE_USER.to_string())),
            ("public", "comment_is_public", "is", json!("true")),
            ("private", "comment_is_public", "is", json!(false)),
            ("any", "comment_is_public", "is", json!("not_relevant")),
            ("visible", "comment_is_public", "is", json!("requester_can_see_comment")),
            ("by_api", "current_via_id", "is", json!("5")),
            ("came_by_mail", "via_id", "is", json!(4)),
            ("for_all", "ticket_is_public", "is", json!("public")),
            ("for_us", "ticket_is_public", "is", json!("private")),
        ],
    );
    let new = NewTicket {
        requester_id: stage.zendesk.ticket(stage.plain_ticket()).unwrap().fields.requester_id,
        channel: Channel::Email,
        ..NewTicket::default()
    };
    let id = stage.zendesk.open_ticket(new).unwrap();
    let always = ["came_by_mail", "for_all"];
    let and = |more: &[&str]| {
        let mut all: Vec<_> = always.iter().chain(more).map(|&tag| tag.to_owned()).collect();
        all.sort();
        all
    };
    assert_eq!(fired(&stage, id), and(&["any", "created", "customer", "not_service", "public", "visible"]));
    stage.zendesk.agent_comments(id, ACCOUNT.agent, "메모", false).unwrap();
    assert_eq!(fired(&stage, id), and(&["any", "not_service", "private", "staff"]));
    stage.put_ticket(id, json!({ "comment": { "body": "답장", "public": true } })).await;
    assert_eq!(fired(&stage, id), and(&["any", "by_api", "public", "service", "staff", "visible"]));
    stage.put_ticket(id, json!({ "priority": "low" })).await;
    assert_eq!(fired(&stage, id), and(&["by_api", "service", "staff"]));
}

#[tokio::test]
async fn people_and_groups_are_compared_by_id_by_their_part_and_as_unset() {
    let stage = Stage::set().await;
    let group = json!(ACCOUNT.airport_desk_group.to_string());
    only_by_people(
        &stage,
        &[
            ("nobody", "assignee_id", "is", json!("")),
            ("somebody", "assignee_id", "is_not", json!("")),
            ("agent", "assignee_id", "is", json!(ACCOUNT.agent.to_string())),
            ("not_me", "assignee_id", "is_not", json!("current_user")),
            ("not_requester", "assignee_id", "is_not", json!("requester_id")),
            ("assigned", "assignee_id", "changed", Value::Null),
            ("no_group", "group_id", "is", json!("")),
            ("airport", "group_id", "is", group.clone()),
            ("to_airport", "group_id", "value", group.clone()),
            ("from_airport", "group_id", "value_previous", group),
            ("own", "requester_id", "is", json!("current_user")),
        ],
    );
    let id = stage.plain_ticket();
    assert_eq!(fired(&stage, id), ["no_group", "nobody", "not_me", "not_requester", "own"]);
    let desk = json!({ "group_id": ACCOUNT.airport_desk_group, "assignee_id": ACCOUNT.agent });
    stage.put_ticket(id, desk).await;
    let expected = ["agent", "airport", "assigned", "not_me", "not_requester", "somebody", "to_airport"];
    assert_eq!(fired(&stage, id), expected);
    stage.put_ticket(id, json!({ "assignee_id": SERVICE_USER })).await;
    assert_eq!(fired(&stage, id), ["airport", "assigned", "not_requester", "somebody"]);
    stage.put_ticket(id, json!({ "group_id": null, "assignee_id": null })).await;
    let expected = ["assigned", "from_airport", "no_group", "nobody", "not_me", "not_requester"];
    assert_eq!(fired(&stage, id), expected);
}

#[tokio::test]
async fn what_a_new_ticket_has_counts_as_changed() {
    let stage = Stage::set().await;
    watching(
        &stage,
        &[
            ("grouped", "group_id", "changed", Value::Null),
            ("assigned", "assignee_id", "changed", Value::Null),
            ("to_group", "group_id", "value", json!(ACCOUNT.agents_group)),
            ("left_group", "group_id", "value_previous", json!(ACCOUNT.agents_group)),
        ],
    );
    let requester_id = stage.zendesk.ticket(stage.plain_ticket()).unwrap().fields.requester_id;
    let new = NewTicket { requester_id, group_id: Some(ACCOUNT.agents_group), ..NewTicket::default() };
    let id = stage.zendesk.open_ticket(new).unwrap();
    assert_eq!(tags(&stage, id), ["grouped", "to_group"]);
}

#[tokio::test]
async fn priorities_types_titles_brands_forms_and_organisations_are_compared() {
    let stage = Stage::set().await;
    let brand =
        stage.make("/api/v2/brands", "brand", json!({ "name": "공항", "subdomain": "airport" })).await;
    let form = stage.make("/api/v2/ticket_forms", "ticket_form", json!({ "name": "공항" })).await;
    only_by_people(
        &stage,
        &[
            ("unrated", "priority", "is", json!("")),
            ("below_high", "priority", "less_than", json!("high")),
            ("above_normal", "priority", "greater_than", json!("normal")),
            ("rated_down", "priority", "value_previous", json!("urgent")),
            ("question", "type", "is", json!("question")),
            ("untyped", "type", "is", json!("")),
            ("word", "subject_includes_word", "includes", json!("주차 취소")),
            ("no_word", "subject_includes_word", "not_includes", json!("환불 주차장")),
            ("phrase", "subject_includes_word", "is", json!("주차 요금")),
            ("airport", "brand_id", "is", brand["id"].clone()),
            ("brand_changed", "brand_id", "changed", Value::Null),
            ("airport_form", "ticket_form_id", "is", json!(form["id"].to_string())),
            ("member", "organization_id", "is", json!("9")),
        ],
    );
    let id = stage.plain_ticket();
    let expected = ["below_high", "brand_changed", "no_word", "unrated", "untyped"];
    assert_eq!(fired(&stage, id), expected);
    let update = json!({ "priority": "urgent", "type": "question", "subject": "[문의] 주차 요금 환불",
        "brand_id": brand["id"], "ticket_form_id": form["id"] });
    stage.put_ticket(id, update).await;
    let expected = ["above_normal", "airport", "airport_form", "brand_changed", "phrase", "question", "word"];
    assert_eq!(fired(&stage, id), expected);
    let requester = stage.zendesk.ticket(id).unwrap().fields.requester_id;
    stage.zendesk.alter_user(requester, |user| user.profile.organization_id = Some(9)).unwrap();
    stage.put_ticket(id, json!({ "priority": "low", "type": null, "subject": "문의" })).await;
    let expected = ["airport", "airport_form", "below_high", "member", "no_word", "rated_down", "untyped"];
    assert_eq!(fired(&stage, id), expected);
}

#[tokio::test]
async fn custom_fields_are_compared_by_what_they_hold() {
    let stage = Stage::set().await;
    let field =
        async |body: Value| stage.make("/api/v2/ticket_fields", "ticket_field", body).await["id"].clone();
    let amount = field(json!({ "type": "integer", "title": "금액" })).await;
    let day = field(json!({ "type": "date", "title": "이용일" })).await;
    let agreed = field(json!({ "type": "checkbox", "title": "동의", "tag": "agreed" })).await;
    let lots = field(json!({ "type": "multiselect", "title": "주차장", "custom_field_options":
        [{ "name": "인천", "value": "icn" }, { "name": "김포", "value": "gmp" }] }))
    .await;
    let key = |id: &Value| format!("custom_fields_{id}");
    let [amount_key, day_key, agreed_key, lots_key] = [&amount, &day, &agreed, &lots].map(key);
    let consultation = key(&json!(ACCOUNT.consultation_type_field));
    only_by_people(
        &stage,
        &[
            ("linked", &consultation, "is", json!("no_self_use_linked")),
            ("relinked", &consultation, "value_previous", json!("no_self_use_other")),
            ("told", &amount_key, "present", Value::Null),
            ("untold", &amount_key, "not_present", Value::Null),
            ("large", &amount_key, "greater_than", json!("900")),
            ("at_most", &amount_key, "less_than_equal", json!("1000")),
            ("early", &day_key, "less_than", json!("2026-03-01")),
            ("yes", &agreed_key, "is", json!("true")),
            ("no", &agreed_key, "is", json!("false")),
            ("incheon", &lots_key, "includes", json!(["icn"])),
            ("not_gimpo", &lots_key, "not_includes", json!(["gmp"])),
        ],
    );
    let id = stage.plain_ticket();
    assert_eq!(fired(&stage, id), ["no", "not_gimpo", "untold"]);
    let set = |values: Value| stage.put_ticket(id, json!({ "custom_fields": values }));
    let response = set(json!([
        { "id": ACCOUNT.consultation_type_field, "value": "no_self_use_other" }, { "id": amount, "value": "1000" },
        { "id": day, "value": "2026-02-27" }, { "id": agreed, "value": true }, { "id": lots, "value": ["icn", "gmp"] },
    ]))
    .await;
    assert_eq!(response.status(), 200);
    let expected = [
        "agreed",
        "at_most",
        "early",
        "gmp",
        "icn",
        "incheon",
        "large",
        "misread_sent",
        "no_self_use_other",
        "told",
        "yes",
    ];
    assert_eq!(tags(&stage, id), expected, "the values of options, and the tag of the box, are tags");
    set(json!([{ "id": ACCOUNT.consultation_type_field, "value": "no_self_use_linked" }])).await;
    let seen = tags(&stage, id);
    assert!(seen.contains(&"linked".to_owned()) && seen.contains(&"relinked".to_owned()), "{seen:?}");
}

#[tokio::test]
async fn custom_statuses_are_compared_by_lists_of_ids() {
    let stage = Stage::set().await;
    let status = json!({ "status_category": "pending", "agent_label": "공항 회신 대기" });
    let waiting = stage.make("/api/v2/custom_statuses", "custom_status", status).await["id"].clone();
    let statuses = stage.get("/api/v2/custom_statuses").await;
    let new = statuses["custom_statuses"][0]["id"].clone();
    only_by_people(
        &stage,
        &[
            ("waits", "custom_status_id", "includes", json!([waiting.to_string(), "5"])),
            ("else", "custom_status_id", "not_includes", json!([waiting])),
            ("moved", "custom_status_id", "changed", Value::Null),
            ("was_new", "custom_status_id", "value_previous", json!([new])),
        ],
    );
    let id = stage.plain_ticket();
    assert_eq!(fired(&stage, id), ["else"]);
    assert_eq!(stage.put_ticket(id, json!({ "custom_status_id": waiting })).await.status(), 200);
    assert_eq!(fired(&stage, id), ["moved", "waits", "was_new"]);
    assert_eq!(stage.put_ticket(id, json!({ "status": "pending" })).await.status(), 200);
    assert_eq!(fired(&stage, id), ["else", "moved"], "a status alone means its default custom status");
}

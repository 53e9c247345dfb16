//! The spelling in which tags are stored, and the list of all tags.

use misread::domain::ids::TicketId;
use misread::sandbox::seed::ACCOUNT;
use misread::sandbox::zendesk::{AgentUpdate, TagSpelling, TicketSwitches};
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::Stage;

fn spell(stage: &Stage, tag_spelling: TagSpelling) {
    stage.zendesk.set_ticket_switches(TicketSwitches { tag_spelling, ..TicketSwitches::default() });
}

fn stored(stage: &Stage, id: TicketId) -> Vec<String> {
    stage.zendesk.ticket(id).unwrap().fields.tags.into_iter().collect()
}

#[tokio::test]
async fn a_blank_in_a_tag_splits_it_becomes_an_underscore_or_stays() {
    let stage = Stage::set().await;
    for (spelling, expected) in [
        (TagSpelling::Split, vec!["vip", "필요", "확인"]),
        (TagSpelling::Underscore, vec!["vip", "확인_필요"]),
        (TagSpelling::Keep, vec!["vip", "확인 필요"]),
    ] {
        spell(&stage, spelling);
        let by_update = stage.plain_ticket();
        assert_eq!(stage.put_ticket(by_update, json!({ "tags": ["확인 필요", "VIP"] })).await.status(), 200);
        let by_agent = stage.plain_ticket();
        stage
            .zendesk
            .agent_changes(by_agent, ACCOUNT.agent, AgentUpdate::tags(&["확인 필요", "VIP"]))
            .unwrap();
        let by_endpoint = stage.plain_ticket();
        let request = stage.ask_zendesk(Method::PUT, &format!("/api/v2/tickets/{by_endpoint}/tags"));
        let answer = request.json(&json!({ "tags": ["확인 필요", "VIP"] })).send().await.unwrap();
        assert_eq!(answer.json::<Value>().await.unwrap()["tags"], json!(expected));
        let new = json!({ "ticket": { "comment": { "body": "문의" }, "tags": ["확인 필요", "VIP"] } });
        let opened = stage.ask_zendesk(Method::POST, "/api/v2/tickets").json(&new).send().await.unwrap();
        assert_eq!(opened.json::<Value>().await.unwrap()["ticket"]["tags"], json!(expected));
        for id in [by_update, by_agent, by_endpoint] {
            assert_eq!(stored(&stage, id), expected, "{spelling:?}");
        }
        let untag = AgentUpdate { remove_tags: vec!["확인 필요".to_owned()], ..AgentUpdate::default() };
        stage.zendesk.agent_changes(by_update, ACCOUNT.agent, untag).unwrap();
        assert_eq!(stored(&stage, by_update), ["vip"]);
    }
}

#[tokio::test]
async fn an_account_that_takes_no_blanks_refuses_the_whole_update() {
    let stage = Stage::set().await;
    spell(&stage, TagSpelling::Reject);
    let id = stage.plain_ticket();
    let response = stage.put_ticket(id, json!({ "tags": ["본인 미사용"], "status": "open" })).await;
    assert_eq!(response.status(), 422);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["details"]["tags"][0]["error"], "InvalidValue");
    assert!(stage.zendesk.agent_changes(id, ACCOUNT.agent, AgentUpdate::tags(&["본인 미사용"])).is_err());
    assert_eq!(stage.zendesk.audits(id).len(), 1);
    assert_eq!(stage.put_ticket(id, json!({ "tags": ["본인_미사용"] })).await.status(), 200);
    assert_eq!(stage.put_ticket(id, json!({ "tags": "one two" })).await.status(), 200, "one text is a list");
    assert_eq!(stored(&stage, id), ["one", "two"]);
}

#[tokio::test]
async fn blanks_split_become_underscores_stay_or_are_refused() {
    let stage = Stage::set().await;
    let store = |spelling: TagSpelling| {
        spell(&stage, spelling);
        let id = stage.plain_ticket();
        let update = AgentUpdate::tags(&["본인 미사용", "VIP", " "]);
        let changed = stage.zendesk.agent_changes(id, ACCOUNT.agent, update);
        changed.map(|()| stored(&stage, id)).map_err(|problem| problem.to_string())
    };
    let expected = |tags: &[&str]| Ok(tags.iter().map(|&tag| tag.to_owned()).collect());
    assert_eq!(store(TagSpelling::Split), expected(&["vip", "미사용", "본인"]));
    // The account's trigger starts on that tag and adds its own.
    assert_eq!(store(TagSpelling::Underscore), expected(&["misread_sent", "vip", "본인_미사용"]));
    assert_eq!(store(TagSpelling::Keep), expected(&["vip", "본인 미사용"]));
    let refused = r#"the sandbox cannot set tags: "본인 미사용" has a blank in it"#;
    assert_eq!(store(TagSpelling::Reject), Err(refused.to_owned()));
}

#[tokio::test]
async fn rules_take_blanks_as_separators_even_where_the_account_refuses_them() {
    let stage = Stage::set().await;
    spell(&stage, TagSpelling::Reject);
    let id = stage.open(&["a b"]);
    stage.zendesk.automation_changes(id, "…", AgentUpdate::tags(&["c d"])).unwrap();
    assert_eq!(stored(&stage, id), ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn tags_are_suggested_by_how_they_or_a_word_in_them_begin() {
    let stage = Stage::set().await;
    stage.open(&["set_by_this_trigger", "본인_미사용", "미사용", "other"]);
    stage.open(&["미사용"]);
    let suggested = async |name: &str| {
        let request = stage.ask_zendesk(Method::GET, "/api/v2/autocomplete/tags").query(&[("name", name)]);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap()["tags"].take())
    };
    assert_eq!(suggested("Trig").await, (200, json!(["set_by_this_trigger"])));
    assert_eq!(suggested("rigger").await, (200, json!([])));
    assert_eq!(suggested("미사").await, (200, json!(["미사용", "본인_미사용"])), "the most used first");
    assert_eq!(suggested("x").await.0, 400);
}
